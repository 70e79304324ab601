import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Api } from '../api/client.ts'
import { isProblem } from '../api/problem.ts'
import { useSpeech } from '../words/i18n.ts'

/** E-mail and password; the browser's password manager knows the fields by their names. */
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
  const [values, setValues] = useState({ email: email ?? '', password: '' })
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ message: string; hint: string } | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setBusy(true)
    setRefused(null)
    try {
      await api.signIn(values)
      await onDone()
    } catch (error) {
      if (!isProblem(error)) throw error
      setRefused(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {refused && (
          <Alert color="red" role="alert" title={refused.message}>
            {refused.hint}
          </Alert>
        )}
        <TextInput
          label={say('signIn.email')}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          required
          withAsterisk={false}
          size="md"
          value={values.email}
          onChange={(event) => setValues({ ...values, email: event.currentTarget.value })}
        />
        <PasswordInput
          label={say('signIn.password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="md"
          data-autofocus={email ? true : undefined}
          visibilityToggleButtonProps={{ 'aria-label': say('signIn.showPassword'), tabIndex: 0 }}
          value={values.password}
          onChange={(event) => setValues({ ...values, password: event.currentTarget.value })}
        />
        <Button type="submit" size="md" loading={busy} fullWidth>
          {say('signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}
