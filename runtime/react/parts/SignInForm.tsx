import type { Api } from '../api/client.ts'
import { useSpeech } from '../words/i18n.ts'
import { CredentialsForm } from './CredentialsForm.tsx'

/** E-mail and password of an account that exists. */
export function SignInForm({
  api,
  email,
  onDone,
}: {
  api: Pick<Api, 'signIn'>
  email?: string
  onDone(): void | Promise<void>
}) {
  const { say } = useSpeech()
  return (
    <CredentialsForm
      email={email}
      submit={say('signIn.submit')}
      onSend={async (credentials) => {
        await api.signIn({ email: credentials.email, password: credentials.password })
        await onDone()
      }}
    />
  )
}
