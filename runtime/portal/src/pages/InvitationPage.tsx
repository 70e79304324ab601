import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { EmptyState, FailedState, isProblem, LoadingRows, useSpeech } from '../../../react/index.ts'
import { useSession } from '../session.tsx'
import { Entrance } from './Entrance.tsx'

/** Where an invitation's link leads: a new account, or the password of the one that exists. */
export function InvitationPage() {
  const { token } = useParams({ from: '/invitation/$token' })
  const { say, locale } = useSpeech()
  const { api, refresh } = useSession()
  const navigate = useNavigate()
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.readInvitation(token),
    retry: false,
  })
  const [values, setValues] = useState({ name: '', password: '' })
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ message: string; hint: string } | null>(null)

  if (invitation.isPending) return <LoadingRows />
  if (invitation.isError) {
    return isProblem(invitation.error) && invitation.error.kind === 'refused' ? (
      <Entrance title={say('invite.gone')} note={invitation.error.message}>
        <EmptyState title={say('invite.gone')} hint={say('invite.goneHint')} />
      </Entrance>
    ) : (
      <FailedState error={invitation.error} onRetry={() => void invitation.refetch()} />
    )
  }
  const { workspace, email, name, account } = invitation.data
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setRefused(null)
    try {
      await api.acceptInvitation(token, {
        password: values.password,
        ...(account ? {} : { name: values.name.trim() || name || email }),
      })
      await refresh()
      await navigate({ to: '/w/$workspace', params: { workspace: workspace.key }, replace: true })
    } catch (error) {
      if (!isProblem(error)) throw error
      setRefused(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Entrance
      title={say('invite.title', { workspace: workspace.title[locale] })}
      note={account ? say('invite.signInFirst') : email}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {refused && (
            <Alert color="red" role="alert" title={refused.message}>
              {refused.hint}
            </Alert>
          )}
          <TextInput
            label={say('signIn.email')}
            value={email}
            readOnly
            variant="filled"
            size="md"
            autoComplete="username"
            name="email"
          />
          {!account && (
            <TextInput
              label={say('invite.name')}
              name="name"
              autoComplete="name"
              size="md"
              maxLength={200}
              placeholder={name ?? undefined}
              required={!name}
              withAsterisk={false}
              value={values.name}
              onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
            />
          )}
          <PasswordInput
            label={say(account ? 'signIn.password' : 'invite.newPassword')}
            description={account ? undefined : say('invite.passwordHint', { count: 10 })}
            name="password"
            autoComplete={account ? 'current-password' : 'new-password'}
            required
            withAsterisk={false}
            size="md"
            visibilityToggleButtonProps={{ 'aria-label': say('signIn.showPassword'), tabIndex: 0 }}
            value={values.password}
            onChange={(event) => setValues({ ...values, password: event.currentTarget.value })}
          />
          <Button type="submit" size="md" loading={busy}>
            {say('invite.accept')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  )
}
