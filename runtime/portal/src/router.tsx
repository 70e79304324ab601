import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router'
import { isSort, readConditions, type TableState } from '../../react/index.ts'
import type { InboxSearch } from './inbox-search.ts'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { StartPage } from './pages/StartPage.tsx'
import { WorkspaceShell } from './shell/WorkspaceShell.tsx'

/** What a list keeps in the address: short names, nothing where nothing is set. */
export interface TableSearch {
  readonly q?: string
  readonly where?: string
  readonly sort?: string
  readonly as?: string
}

export function readTable(search: TableSearch): TableState {
  const [field, direction] = (search.sort ?? '').split(':')
  const sort = { field, direction }
  return {
    search: search.q ?? '',
    conditions: readConditions(search.where),
    sort: isSort(sort) && sort.field !== '' ? sort : null,
    rows: search.as === 'rows',
  }
}

export function writeTable({ search, conditions, sort, rows }: TableState): TableSearch {
  return {
    ...(search ? { q: search } : {}),
    ...(conditions.length > 0 ? { where: JSON.stringify(conditions) } : {}),
    ...(sort ? { sort: `${sort.field}:${sort.direction}` } : {}),
    ...(rows ? { as: 'rows' } : {}),
  }
}

const text = (value: unknown) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

const inboxSearch = (search: Record<string, unknown>): InboxSearch => ({
  box: text(search.box),
  q: text(search.q),
  flow: text(search.flow),
  by: text(search.by),
  late: text(search.late),
  days: text(search.days),
  from: text(search.from),
  to: text(search.to),
  run: text(search.run),
})

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })
const start = createRoute({ getParentRoute: () => root, path: '/', component: StartPage })
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: text(search.next) }),
  component: lazyRouteComponent(() => import('./pages/SignInPage.tsx'), 'SignInPage'),
})
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation/$token',
  component: lazyRouteComponent(() => import('./pages/InvitationPage.tsx'), 'InvitationPage'),
})
const workspace = createRoute({
  getParentRoute: () => root,
  path: '/w/$workspace',
  component: WorkspaceShell,
})
const home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/ViewPage.tsx'), 'HomePage'),
})
const view = createRoute({
  getParentRoute: () => workspace,
  path: '/v/$view',
  validateSearch: (search: Record<string, unknown>): TableSearch => ({
    q: text(search.q),
    where: text(search.where),
    sort: text(search.sort),
  }),
  component: lazyRouteComponent(() => import('./pages/ViewPage.tsx'), 'ViewPage'),
})
const record = createRoute({
  getParentRoute: () => workspace,
  path: '/v/$view/$id',
  component: lazyRouteComponent(() => import('./pages/ViewPage.tsx'), 'RecordPage'),
})
/** A record by its object: for whoever does not know the portal's views. */
const anyRecord = createRoute({
  getParentRoute: () => workspace,
  path: '/r/$object/$id',
  component: lazyRouteComponent(() => import('./pages/ViewPage.tsx'), 'AnyRecordPage'),
})
const form = createRoute({
  getParentRoute: () => workspace,
  path: '/f/$form',
  component: lazyRouteComponent(() => import('./pages/FormPage.tsx'), 'FormPage'),
})
const editForm = createRoute({
  getParentRoute: () => workspace,
  path: '/f/$form/$id',
  component: lazyRouteComponent(() => import('./pages/FormPage.tsx'), 'FormPage'),
})
const inbox = createRoute({
  getParentRoute: () => workspace,
  path: '/inbox/{-$task}',
  validateSearch: inboxSearch,
  // What is chosen in the list, typed above it and in focus stays when a task is opened beside it.
  remountDeps: ({ params }) => params.workspace,
  component: lazyRouteComponent(() => import('./pages/InboxPage.tsx'), 'InboxPage'),
})
const runs = createRoute({
  getParentRoute: () => workspace,
  path: '/runs',
  component: lazyRouteComponent(() => import('./pages/RunsPage.tsx'), 'RunsPage'),
})
const figures = createRoute({
  getParentRoute: () => workspace,
  path: '/runs/figures',
  component: lazyRouteComponent(() => import('./pages/RunsPage.tsx'), 'FiguresPage'),
})
const versions = createRoute({
  getParentRoute: () => workspace,
  path: '/runs/versions',
  validateSearch: (search: Record<string, unknown>): { run?: string | undefined } => ({
    run: text(search.run),
  }),
  component: lazyRouteComponent(() => import('./pages/RunsPage.tsx'), 'VersionsPage'),
})
const run = createRoute({
  getParentRoute: () => workspace,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('./pages/RunPage.tsx'), 'RunPage'),
})
const delegations = createRoute({
  getParentRoute: () => workspace,
  path: '/delegations',
  component: lazyRouteComponent(() => import('./pages/DelegationsPage.tsx'), 'DelegationsPage'),
})
const notifications = createRoute({
  getParentRoute: () => workspace,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./pages/NotificationsPage.tsx'), 'NotificationsPage'),
})

const mailPage = lazyRouteComponent(() => import('./pages/MailPage.tsx'), 'MailPage')
const mails = createRoute({ getParentRoute: () => workspace, path: '/mail', component: mailPage })
const mail = createRoute({ getParentRoute: () => workspace, path: '/mail/$mail', component: mailPage })

export function createPortalRouter() {
  return createRouter({
    routeTree: root.addChildren([
      start,
      signIn,
      invitation,
      workspace.addChildren([
        home,
        view,
        record,
        anyRecord,
        form,
        editForm,
        inbox,
        runs,
        figures,
        versions,
        run,
        delegations,
        notifications,
        mails,
        mail,
      ]),
    ]),
    // Another record, form or case is a page of its own: nothing entered for one shows up in the next.
    defaultRemountDeps: ({ params }) => params,
    defaultPreload: 'intent',
    scrollRestoration: true,
    // Plain texts in the address: a list that is shared in a chat should be readable.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
      const written = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()
      return written === '' ? '' : `?${written}`
    },
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>
  }
}
