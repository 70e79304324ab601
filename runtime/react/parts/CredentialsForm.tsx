import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { isProblem } from '../api/problem.ts'
import { useSpeech } from '../words/i18n.ts'
import { Refused, useChanged } from './refusal.tsx'

export interface Credentials {
  readonly email: string
  readonly name: string
  readonly password: string
}

/** Who one is and the password, old or new; the browser's password manager knows the fields by their names. */
export function CredentialsForm({
  email,
  emailFixed,
  newAccount,
  submit: submitWord,
  onSend,
}: {
  email?: string
  /** The address is settled and only shown. */
  emailFixed?: boolean
  /** A password is chosen rather than asked for, and a name unless one is `known`. */
  newAccount?: { readonly known: string | null }
  submit: string
  /** Throws an `ApiProblem` when refused, which is told above the fields. */
  onSend(credentials: Credentials): Promise<void>
}) {
  const { say } = useSpeech()
  const [values, setValues] = useState({ email: email ?? '', name: '', password: '' })
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ message: string; hint: string } | null>(null)
  useChanged([values], () => setRefused(null))
  const send = async (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setBusy(true)
    setRefused(null)
    try {
      await onSend(values)
    } catch (error) {
      if (!isProblem(error)) throw error
      setRefused(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void send(event)}>
      <Stack gap="md">
        {refused && <Refused problem={refused} mb={0} />}
        <TextInput
          label={say('signIn.email')}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          required={!emailFixed}
          readOnly={emailFixed}
          variant={emailFixed ? 'filled' : 'default'}
          withAsterisk={false}
          size="md"
          value={values.email}
          onChange={(event) => setValues({ ...values, email: event.currentTarget.value })}
        />
        {newAccount && (
          <TextInput
            label={say('invite.name')}
            name="name"
            autoComplete="name"
            size="md"
            maxLength={200}
            placeholder={newAccount.known ?? undefined}
            required={!newAccount.known}
            withAsterisk={false}
            value={values.name}
            onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
          />
        )}
        <PasswordInput
          label={say(newAccount ? 'invite.newPassword' : 'signIn.password')}
          description={newAccount && say('invite.passwordHint', { count: 10 })}
          name="password"
          autoComplete={newAccount ? 'new-password' : 'current-password'}
          required
          withAsterisk={false}
          size="md"
          data-autofocus={email ? true : undefined}
          visibilityToggleButtonProps={{ 'aria-label': say('signIn.showPassword'), tabIndex: 0 }}
          value={values.password}
          onChange={(event) => setValues({ ...values, password: event.currentTarget.value })}
        />
        <Button type="submit" size="md" loading={busy} fullWidth>
          {submitWord}
        </Button>
      </Stack>
    </form>
  )
}
