import { SignInForm } from '@channelwright/runtime/react/parts/SignInForm.tsx'
import { Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, type Session } from '../api.ts'
import { settleSignIn, useSignInNeed } from './ask-to-sign-in.ts'

/** Comes up over the page when its session is gone; what is being edited stays where it is, and goes on after. */
export function SignInAgain({ user }: { user: Session['user'] }) {
  const { t } = useTranslation('builder')
  const queries = useQueryClient()
  const need = useSignInNeed()
  const another = need?.code === 'SESSION_OF_ANOTHER'
  return (
    <Modal
      opened={need?.open === true}
      onClose={() => settleSignIn(false)}
      title={t(another ? 'sessionOfAnother' : 'sessionEnded')}
      closeButtonProps={{ 'aria-label': t('close') }}
      closeOnClickOutside={false}
    >
      <Stack>
        <Text size="sm">{t(another ? 'sessionOfAnotherHint' : 'sessionEndedHint', { name: user.name })}</Text>
        <SignInForm
          api={api}
          email={user.email}
          onDone={async () => {
            const now = await api.readSession()
            // Somebody else's page begins anew: nothing of this one is sent, or shown, under another name. What was
            // not saved waits on this device for whom it belongs to.
            if (now.user.id !== user.id) return location.assign('/builder')
            settleSignIn(true)
            await queries.invalidateQueries()
          }}
        />
      </Stack>
    </Modal>
  )
}
