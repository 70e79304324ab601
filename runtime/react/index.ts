/** The browser door of the runtime: what the portal and the designer are made of. */
export { type Api, createApi, createWorkspaceApi, type ListQuery, type WorkspaceApi } from './api/client.ts'
export { ApiProblem, isProblem } from './api/problem.ts'
export { createTransport } from './api/transport.ts'
export { FieldValue } from './fields/cells.tsx'
export { Faces } from './fields/faces.tsx'
export { sweepDrafts } from './form/drafts.ts'
export { FormView } from './form/FormView.tsx'
export { CredentialsForm } from './parts/CredentialsForm.tsx'
// `RecordForm` has no place here: it brings the form renderer, which pages without a form need not load.
export { NamedIcon } from './parts/icons.tsx'
export {
  AppLink,
  type Navigation,
  NavigationProvider,
  useFollow,
  useNavigation,
} from './parts/navigation.tsx'
export { SignInForm } from './parts/SignInForm.tsx'
export { EmptyState, FailedState, LoadingRows, PageHead, Panel } from './parts/states.tsx'
export { AppProviders } from './providers.tsx'
export { fontFamily, theme } from './theme/theme.ts'
export { DetailView } from './views/DetailView.tsx'
export { EarningsView } from './views/EarningsView.tsx'
export { NotificationBell } from './views/flows/Notifications.tsx'
export { RunView } from './views/flows/RunView.tsx'
export { HomeView } from './views/HomeView.tsx'
export { InboxView, useWaiting } from './views/InboxView.tsx'
export { type Box, boxes, type InboxState, isAmount } from './views/inbox/boxes.ts'
export { useLiveCounts } from './views/inbox/live-counts.ts'
export { CreateButtons, isSort, type TableState, TableView } from './views/TableView.tsx'
export { TaskView } from './views/TaskView.tsx'
export { readConditions } from './views/table/conditions.ts'
export { createI18n, readLocale, useSpeech } from './words/i18n.ts'
export { useWorkspace, WorkspaceLoader, WorkspaceProvider } from './workspace.tsx'
