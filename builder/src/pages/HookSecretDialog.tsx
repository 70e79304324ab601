import { useRefusal } from '@channelwright/runtime/react/parts/refusal.tsx'
import { Alert, Button, Checkbox, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type HookList } from '../api.ts'
import { useMoment, useWorkspace } from '../hooks.ts'
import { HookExample } from './HookExample.tsx'
import { writeExample } from './hook-example.ts'

/** Makes a secret, or another one, and shows it: once, for it is told at no other time. */
export function HookSecretDialog({
  hook,
  onMade,
  onClose,
}: {
  hook: HookList['hooks'][number]
  onMade: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('builder')
  const say = useMoment()
  const workspace = useWorkspace()
  const [atOnce, setAtOnce] = useState(false)
  const renew = useMutation({
    mutationFn: () => api.renewHookSecret(workspace, hook.flow, atOnce),
    onSuccess: onMade,
  })
  const refusal = useRefusal(renew, [atOnce])
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      // What can not be seen again does not go away by a click beside it.
      closeOnClickOutside={renew.data === undefined}
      title={t(hook.ready || renew.data ? 'hookRenew' : 'hookMake')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {renew.data ? (
        <Stack>
          <Text size="sm">{t('hookSecretOnce')}</Text>
          <Group gap="xs" align="end" wrap="nowrap">
            <TextInput
              readOnly
              style={{ flex: 1 }}
              label={t('hookSecret')}
              value={renew.data.secret}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton value={renew.data.secret}>
              {({ copied, copy }) => (
                <Button onClick={copy} data-autofocus>
                  {t(copied ? 'copied' : 'copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
          {renew.data.previous_until !== null && (
            <Text size="sm" c="dimmed">
              {t('hookPreviousHolds', { at: say(renew.data.previous_until) })}
            </Text>
          )}
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t('hookExample')}
            </Text>
            <HookExample text={writeExample(hook, renew.data.secret)} />
          </div>
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('hookKept')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack>
          <Text size="sm">{t(hook.ready ? 'hookRenewText' : 'hookMakeText')}</Text>
          {hook.ready && (
            <Checkbox
              label={t('hookAtOnce')}
              checked={atOnce}
              onChange={(event) => setAtOnce(event.currentTarget.checked)}
            />
          )}
          {refusal && <Alert color="red">{refusal.message}</Alert>}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button onClick={() => renew.mutate()} loading={renew.isPending} data-autofocus>
              {t(hook.ready ? 'hookRenew' : 'hookMake')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
