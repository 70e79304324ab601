import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { App } from './App.tsx'
import { DefinitionsPage } from './pages/DefinitionsPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { PageLoading } from './shell/Loaded.tsx'

const root = createRootRoute({ component: App, notFoundComponent: NotFoundPage })

// The editor and what it brings are most of the program: they come with the first definition that is opened.
const DefinitionPage = lazy(async () => ({
  default: (await import('./pages/DefinitionPage.tsx')).DefinitionPage,
}))

interface DefinitionPlace {
  readonly pack: string
  readonly path: string
  /** JSON pointer that the cursor begins at. */
  readonly at?: string
}

const definition = createRoute({
  getParentRoute: () => root,
  path: '/definition',
  validateSearch: (search: Record<string, unknown>): DefinitionPlace => ({
    pack: String(search.pack ?? ''),
    path: String(search.path ?? ''),
    ...(typeof search.at === 'string' ? { at: search.at } : {}),
  }),
  component: function Definition() {
    const { pack, path, at } = definition.useSearch()
    return (
      <Suspense fallback={<PageLoading />}>
        {/* Another definition is another editor: nothing of the one before may stay. */}
        <DefinitionPage key={`${pack}/${path}`} pack={pack} path={path} at={at} />
      </Suspense>
    )
  },
})

const pages = [
  { path: '/', component: DefinitionsPage },
  {
    path: '/changes',
    component: lazyRouteComponent(() => import('./pages/ChangesPage.tsx'), 'ChangesPage'),
  },
  { path: '/cases', component: lazyRouteComponent(() => import('./pages/CasesPage.tsx'), 'CasesPage') },
  {
    path: '/releases',
    component: lazyRouteComponent(() => import('./pages/ReleasesPage.tsx'), 'ReleasesPage'),
  },
  { path: '/hooks', component: lazyRouteComponent(() => import('./pages/HooksPage.tsx'), 'HooksPage') },
  { path: '/members', component: lazyRouteComponent(() => import('./pages/MembersPage.tsx'), 'MembersPage') },
] as const

export const router = createRouter({
  basepath: '/builder',
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
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
