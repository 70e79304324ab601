import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { App } from './App.tsx'
import { CasesPage } from './pages/CasesPage.tsx'
import { ChangesPage } from './pages/ChangesPage.tsx'
import { DefinitionPage } from './pages/DefinitionPage.tsx'
import { DefinitionsPage } from './pages/DefinitionsPage.tsx'
import { MembersPage } from './pages/MembersPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { ReleasesPage } from './pages/ReleasesPage.tsx'

const root = createRootRoute({ component: App, notFoundComponent: NotFoundPage })

const definition = createRoute({
  getParentRoute: () => root,
  path: '/definition',
  validateSearch: (search: Record<string, unknown>) => ({
    pack: String(search.pack ?? ''),
    path: String(search.path ?? ''),
  }),
  component: function Definition() {
    const { pack, path } = definition.useSearch()
    // Another definition is another editor: nothing of the one before may stay.
    return <DefinitionPage key={`${pack}/${path}`} pack={pack} path={path} />
  },
})

const pages = [
  { path: '/', component: DefinitionsPage },
  { path: '/changes', component: ChangesPage },
  { path: '/cases', component: CasesPage },
  { path: '/releases', component: ReleasesPage },
  { path: '/members', component: MembersPage },
] as const

export const router = createRouter({
  basepath: '/builder',
  routeTree: root.addChildren([
    definition,
    ...pages.map(({ path, component }) => createRoute({ getParentRoute: () => root, path, component })),
  ]),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
