import { Modal, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type Api, createApi, SignInForm, useSpeech } from '../../react/index.ts'
import type { Session } from '../../src/api/identity.ts'
import type { Locale } from '../../src/text.ts'

interface SessionState {
  readonly api: Api
  /** Undefined while it is being asked for; null for a stranger. */
  readonly session: Session | null | undefined
  readonly error: unknown
  refresh(): Promise<void>
  signOut(everywhere: boolean): Promise<void>
}

const SessionContext = createContext<SessionState | null>(null)

export function useSession(): SessionState {
  const state = useContext(SessionContext)
  if (!state) throw new Error('useSession stands outside <SessionProvider>')
  return state
}

/**
 * Who is signed in. When a session ends in the middle of work, the sign-in form comes up over the page and the call
 * that found it out is sent again: nothing that was entered is lost.
 */
export function SessionProvider({ children }: { children: ReactNode }) {
  const { locale, say } = useSpeech()
  const queries = useQueryClient()
  const language = useRef<Locale>(locale)
  language.current = locale
  const [asking, setAsking] = useState(false)
  const waiting = useRef<((again: boolean) => void)[]>([])

  const api = useMemo(
    () =>
      createApi('', {
        locale: () => language.current,
        onSignedOut: () =>
          new Promise<boolean>((resolve) => {
            waiting.current.push(resolve)
            setAsking(true)
          }),
      }),
    [],
  )
  const settle = useCallback((again: boolean) => {
    setAsking(false)
    for (const resolve of waiting.current.splice(0)) resolve(again)
  }, [])

  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    queryKey: ['session'],
    queryFn: () => api.readSession(),
    staleTime: 60_000,
  })
  const known = useRef<Session | null>(null)
  useEffect(() => {
    if (session) known.current = session
  }, [session])

  // What definitions and the server say changes with the language too.
  useEffect(() => {
    void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] === 'explanation' })
    if (known.current && known.current.user.locale !== locale)
      void api.changeLocale(locale).catch(() => undefined)
  }, [locale, queries, api])

  const state: SessionState = {
    api,
    session,
    error,
    refresh: async () => {
      await refetch()
    },
    signOut: async (everywhere) => {
      await (everywhere ? api.signOutEverywhere() : api.signOut())
      known.current = null
      queries.clear()
      // A fresh page: nothing of this person stays in memory.
      window.location.assign('/')
    },
  }
  return (
    <SessionContext.Provider value={state}>
      {children}
      <Modal
        opened={asking && Boolean(known.current)}
        onClose={() => settle(false)}
        title={<Text fw={600}>{say('signIn.again')}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
      >
        <Text size="sm" c="dimmed" mb="md">
          {say('signIn.againHint')}
        </Text>
        <SignInForm
          api={api}
          email={known.current?.user.email}
          onDone={async () => {
            const before = known.current?.user.id
            const after = await api.readSession()
            // Someone else's work must not be sent under another name.
            if (before && after && after.user.id !== before) window.location.assign('/')
            else settle(true)
          }}
        />
      </Modal>
    </SessionContext.Provider>
  )
}
