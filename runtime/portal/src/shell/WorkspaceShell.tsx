import { Alert, Center, Loader } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { IconWifiOff } from '@tabler/icons-react'
import { Outlet, useMatches, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import {
  EmptyState,
  FailedState,
  isProblem,
  type Navigation,
  NavigationProvider,
  useSpeech,
  WorkspaceLoader,
} from '../../../react/index.ts'
import { NotFoundPage } from '../pages/NotFoundPage.tsx'
import { useSession } from '../session.tsx'
import { CrashScreen } from './CrashScreen.tsx'
import { Frame } from './Frame.tsx'

/** Everything inside a workspace: who I am there, its navigation, the page. */
export function WorkspaceShell() {
  const { workspace } = useParams({ from: '/w/$workspace' })
  const { session, api, error, refresh } = useSession()
  const { say } = useSpeech()
  const navigation = usePortalNavigation(workspace)
  const calls = useMemo(() => api.workspace(workspace), [api, workspace])
  const page = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '' })
  const loading = (
    <Center mih="70vh">
      <Loader aria-label={say('app.loading')} />
    </Center>
  )
  if (error) return <FailedState error={error} onRetry={() => void refresh()} />
  if (session === undefined) return loading
  if (session === null) return <ToSignIn />
  return (
    <NavigationProvider value={navigation}>
      <WorkspaceLoader
        api={calls}
        loading={loading}
        failed={(failure, retry) => {
          if (isProblem(failure) && failure.code === 'WORKSPACE_EMPTY')
            return <EmptyState title={failure.message} hint={failure.hint} />
          if (isProblem(failure) && failure.status === 404) return <NotFoundPage />
          return <FailedState error={failure} onRetry={retry} />
        }}
      >
        <Frame>
          <Offline />
          <CrashScreen page={page}>
            <Outlet />
          </CrashScreen>
        </Frame>
      </WorkspaceLoader>
    </NavigationProvider>
  )
}

/** Once, with the address asked for: the address on the way there must not become a new thing to ask for. */
function ToSignIn() {
  const navigate = useNavigate()
  useEffect(() => {
    const next = window.location.pathname + window.location.search
    void navigate({ to: '/sign-in', search: { next }, replace: true })
  }, [navigate])
  return null
}

function Offline() {
  const { say } = useSpeech()
  const { online } = useNetwork()
  if (online) return null
  return (
    <Alert color="amber" mb="md" icon={<IconWifiOff size={18} />} role="status">
      {say('app.offline')}
    </Alert>
  )
}

function usePortalNavigation(workspace: string): Navigation {
  const navigate = useNavigate()
  const router = useRouter()
  return useMemo(() => {
    const base = `/w/${encodeURIComponent(workspace)}`
    const part = encodeURIComponent
    return {
      record: (view, id) => `${base}/v/${part(view)}/${part(id)}`,
      form: (form, id) => `${base}/f/${part(form)}${id ? `/${part(id)}` : ''}`,
      view: (view) => `${base}/v/${part(view)}`,
      inbox: (task) => `${base}/inbox${task ? `/${part(task)}` : ''}`,
      home: () => base,
      run: (id) => `${base}/runs/${part(id)}`,
      runs: (page, run) => `${base}/runs${page ? `/${page}` : ''}${run ? `?run=${part(run)}` : ''}`,
      delegations: () => `${base}/delegations`,
      notifications: () => `${base}/notifications`,
      mail: (id) => `${base}/mail${id ? `/${part(id)}` : ''}`,
      go: (href) => void navigate({ href }),
      back: () => (router.history.canGoBack() ? router.history.back() : void navigate({ href: base })),
    }
  }, [workspace, navigate, router])
}
