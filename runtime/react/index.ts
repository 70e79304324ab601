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
export { CreateButtons, freshTable, type TableState, TableView } from './views/TableView.tsx'
export { createI18n, readLocale, type Speech, useSpeech } from './words/i18n.ts'
export { useWorkspace, WorkspaceLoader, WorkspaceProvider, type WorkspaceState } from './workspace.tsx'
