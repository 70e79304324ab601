import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import {
  CredentialsForm,
  EmptyState,
  FailedState,
  isProblem,
  LoadingRows,
  useSpeech,
} from '../../../react/index.ts'
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
  return (
    <Entrance
      title={say('invite.title', { workspace: workspace.title[locale] })}
      note={account ? say('invite.signInFirst') : email}
    >
      <CredentialsForm
        email={email}
        emailFixed
        newAccount={account ? undefined : { known: name }}
        submit={say('invite.accept')}
        onSend={async (entered) => {
          await api.acceptInvitation(token, {
            password: entered.password,
            ...(account ? {} : { name: entered.name.trim() || name || email }),
          })
          await refresh()
          await navigate({ to: '/w/$workspace', params: { workspace: workspace.key }, replace: true })
        }}
      />
    </Entrance>
  )
}
