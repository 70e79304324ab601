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

/** The refusal when somebody else has signed in with this browser. */
const another = 'SESSION_OF_ANOTHER'

const SessionContext = createContext<SessionState | null>(null)

export function useSession(): SessionState {
  const state = useContext(SessionContext)
  if (!state) throw new Error('useSession stands outside <SessionProvider>')
  return state
}

/**
 * Who is signed in. When a session ends in the middle of work, the sign-in form comes up over the page and the call
 * that found it out is sent again: nothing that was entered is lost. The same when somebody else has signed in with
 * this browser: nothing of one person's page is read or sent under another's name.
 */
export function SessionProvider({ children }: { children: ReactNode }) {
  const { locale, say } = useSpeech()
  const queries = useQueryClient()
  const language = useRef<Locale>(locale)
  language.current = locale
  const [asking, setAsking] = useState<string | null>(null)
  // Whose page this is: the first person the server named. Calls under another person's session are refused.
  const owner = useRef<string | null>(null)
  const waiting = useRef<((again: boolean) => void)[]>([])

  const api = useMemo(
    () =>
      createApi('', {
        locale: () => language.current,
        user: () => owner.current,
        onSignedOut: (code) =>
          new Promise<boolean>((resolve) => {
            waiting.current.push(resolve)
            setAsking(code)
          }),
      }),
    [],
  )
  const settle = useCallback((again: boolean) => {
    setAsking(null)
    for (const resolve of waiting.current.splice(0)) resolve(again)
  }, [])

  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      const now = await api.readSession()
      owner.current ??= now?.user.id ?? null
      if (!now || now.user.id === owner.current) return now
      // What is shown and being filled in stays the owner's, until they or somebody else begin anew.
      setAsking(another)
      return known.current
    },
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
    // Who is signed in is known: a later look that fails takes nothing away from them.
    error: session === undefined ? error : null,
    refresh: async () => {
      const now = await api.readSession()
      // Signed in where nothing of anybody is shown; what was read for the one before goes.
      if (now && now.user.id !== owner.current) {
        queries.clear()
        owner.current = now.user.id
      }
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
        opened={asking !== null && Boolean(known.current)}
        onClose={() => settle(false)}
        title={<Text fw={600}>{say(asking === another ? 'signIn.another' : 'signIn.again')}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
      >
        <Text size="sm" c="dimmed" mb="md">
          {asking === another
            ? say('signIn.anotherHint', { name: known.current?.user.name ?? '' })
            : say('signIn.againHint')}
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
