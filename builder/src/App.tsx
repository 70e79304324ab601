import { isProblem } from '@channelwright/runtime/react/api/problem.ts'
import { EmptyState, FailedState } from '@channelwright/runtime/react/parts/states.tsx'
import { Button, Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type Session } from './api.ts'
import { OwnerProvider, WorkspaceProvider } from './hooks.ts'
import { askToSignIn, settleSignIn } from './session/ask-to-sign-in.ts'
import { SignInAgain } from './session/SignInAgain.tsx'
import { Frame } from './shell/Frame.tsx'

/** Finds the workspace to design, then shows the frame around its pages. */
export function App() {
  const { t } = useTranslation('builder')
  const session = useSession()
  if (session.state === 'loading') {
    return (
      <Center h="100vh">
        <Loader aria-label={t('loading')} />
      </Center>
    )
  }
  if (session.state === 'failed') return <Alone>{session.shown}</Alone>
  if (session.state === 'stranger') {
    const next = encodeURIComponent(location.pathname + location.search)
    return (
      <Alone>
        <EmptyState title={t('signInFirst')}>
          <Button component="a" href={`/sign-in?next=${next}`}>
            {t('signIn')}
          </Button>
        </EmptyState>
      </Alone>
    )
  }
  const { user, memberships } = session.of
  const designable = memberships.filter(({ rights }) => rights.includes('design'))
  const chosen = chooseWorkspace(designable.map(({ workspace }) => workspace.key))
  if (chosen === undefined) {
    return (
      <Alone>
        <EmptyState title={t('noRight')}>
          <Button component="a" href="/" variant="default">
            {t('toPortal')}
          </Button>
        </EmptyState>
      </Alone>
    )
  }
  return (
    <OwnerProvider value={user.id}>
      <WorkspaceProvider value={chosen}>
        <Frame memberships={designable} />
        <SignInAgain user={user} />
      </WorkspaceProvider>
    </OwnerProvider>
  )
}

function Alone({ children }: { children: ReactNode }) {
  return <Center h="100vh">{children}</Center>
}

type SessionState =
  | { readonly state: 'loading' }
  | { readonly state: 'stranger' }
  | { readonly state: 'failed'; readonly shown: ReactNode }
  | { readonly state: 'known'; readonly of: Session }

/** The page stays that of the person it was opened for: who comes after is asked to sign in as them, or to begin anew. */
function useSession(): SessionState {
  const query = useQuery({ queryKey: ['session'], queryFn: () => api.readSession(), retry: false })
  const opened = useRef<Session | undefined>(undefined)
  opened.current ??= query.data
  const of = query.data?.user.id === opened.current?.user.id ? query.data : opened.current
  const need =
    opened.current === undefined
      ? null
      : query.data?.user.id !== opened.current.user.id
        ? 'SESSION_OF_ANOTHER'
        : isSignedOut(query.error)
          ? 'SIGN_IN_NEEDED'
          : null
  useEffect(() => {
    if (!need) return
    void askToSignIn(need)
    // The session may also come back in another tab.
    return () => settleSignIn(true)
  }, [need])
  if (of) return { state: 'known', of }
  if (query.isPending) return { state: 'loading' }
  if (isSignedOut(query.error)) return { state: 'stranger' }
  return {
    state: 'failed',
    shown: <FailedState error={query.error} onRetry={() => void query.refetch()} />,
  }
}

function isSignedOut(error: unknown): boolean {
  return isProblem(error) && error.status === 401
}

const place = 'cw.builder.workspace'

/** The one in the address, else the one this tab works on, else the first. The tab stays with it from then on. */
function chooseWorkspace(keys: readonly string[]): string | undefined {
  const wanted = new URLSearchParams(location.search).get('workspace') ?? sessionStorage.getItem(place)
  const chosen = keys.find((key) => key === wanted) ?? keys[0]
  if (chosen !== undefined) sessionStorage.setItem(place, chosen)
  return chosen
}
