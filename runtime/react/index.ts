/** The browser door of the runtime: what the portal and the designer are made of. */
export { type Api, createApi, createWorkspaceApi, type ListQuery, type WorkspaceApi } from './api/client.ts'
export { ApiProblem, isProblem, type ProblemDetail } from './api/problem.ts'
export { createTransport, type Transport } from './api/transport.ts'
export { FieldValue, useFormat } from './fields/cells.tsx'
export { Faces } from './fields/faces.tsx'
export { widgetOf } from './fields/widgets.ts'
export { type DraftPlace, sweepDrafts } from './form/drafts.ts'
export type { FormActor } from './form/engine.ts'
export { FormView, type FormViewProps } from './form/FormView.tsx'
export { createInterpretingCheck } from './form/interpreting-validator.ts'
// `RecordForm` has no place here: it brings the form renderer, which pages without a form need not load.
export { loadServedValidator } from './form/served-validator.ts'
export { iconNames, NamedIcon } from './parts/icons.tsx'
export {
  AppLink,
  type Navigation,
  NavigationProvider,
  useFollow,
  useNavigation,
} from './parts/navigation.tsx'
export { EmptyState, FailedState, LoadingRows, PageHead, Panel } from './parts/states.tsx'
export { AppProviders, createQueries } from './providers.tsx'
export { fontFamily, resolveVariables, theme } from './theme/theme.ts'
export { DetailView } from './views/DetailView.tsx'
export { EarningsView, LedgerList } from './views/EarningsView.tsx'
export { Explained, ExplainView } from './views/ExplainView.tsx'
export { HistoryView } from './views/HistoryView.tsx'
export { HomeView } from './views/HomeView.tsx'
export { InboxView, useWaiting } from './views/InboxView.tsx'
export { CreateButtons, freshTable, isSort, type TableState, TableView } from './views/TableView.tsx'
export { TaskView } from './views/TaskView.tsx'
export { TimelineView } from './views/TimelineView.tsx'
export { readConditions } from './views/table/conditions.ts'
export { createI18n, readLocale, type Speech, useSpeech } from './words/i18n.ts'
export { useWorkspace, WorkspaceLoader, WorkspaceProvider, type WorkspaceState } from './workspace.tsx'
