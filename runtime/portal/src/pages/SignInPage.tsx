import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { SignInForm, useSpeech } from '../../../react/index.ts'
import { useSession } from '../session.tsx'
import { Entrance } from './Entrance.tsx'

/** Only addresses of this portal: a link must not send people elsewhere after they signed in. */
export function isOwnAddress(next: string | undefined): next is string {
  return next !== undefined && /^\/(?![/\\])/.test(next)
}

export function SignInPage() {
  const { say } = useSpeech()
  const { api, session, refresh } = useSession()
  const { next } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  useEffect(() => {
    if (!session) return
    // The builder is another page; addresses inside the portal need no reload.
    if (isOwnAddress(next) && next.startsWith('/builder')) window.location.assign(next)
    else void navigate({ href: isOwnAddress(next) ? next : '/', replace: true })
  }, [session, next, navigate])
  return (
    <Entrance title={say('signIn.title')}>
      <SignInForm api={api} onDone={refresh} />
    </Entrance>
  )
}
