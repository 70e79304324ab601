import { diffDefinitions } from '@channelwright/runtime/definition/diff-definitions.ts'
import { Badge, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { changeColours } from '../shell/change-colours.ts'
import { Loaded } from '../shell/Loaded.tsx'

/** Says what an earlier release would change, and brings it back. */
export function RollbackDialog({
  to,
  current,
  onClose,
  onStarted,
}: {
  to: number
  current: number
  onClose: () => void
  onStarted: (publication: string) => void
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const read = async (number: number) => (await api.exportRelease(workspace, number)).files
  const changes = useQuery({
    queryKey: ['rollback', workspace, current, to],
    queryFn: async () => {
      const [now, then] = await Promise.all([read(current), read(to)])
      return diffDefinitions(now, then)
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  const rollBack = useMutation({
    mutationFn: () => api.rollBack(workspace, to),
    onSuccess: (reply) => onStarted(reply.id),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('rollbackTo', { number: to })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <Text size="sm">{t('rollbackSure', { number: to })}</Text>
        <Loaded query={changes}>
          {changes.data?.length === 0 && <Text c="dimmed">{t('noDifference')}</Text>}
          <Stack gap="sm" className="cw-rollback">
            {changes.data?.map((change) => (
              <div key={`${change.pack}/${change.path}`}>
                <Group gap="xs">
                  <Badge color={changeColours[change.change]}>{t(change.change)}</Badge>
                  <Text size="sm" fw={550}>
                    {change.title[locale]}
                  </Text>
                  <Text size="xs" c="dimmed" className="cw-path">
                    {change.path}
                  </Text>
                </Group>
                {change.words.length > 0 && (
                  <List size="sm" withPadding>
                    {change.words.map((words) => (
                      <List.Item key={words.en}>{words[locale]}</List.Item>
                    ))}
                  </List>
                )}
              </div>
            ))}
          </Stack>
        </Loaded>
        {rollBack.error && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {rollBack.error.message}
          </Text>
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button loading={rollBack.isPending} onClick={() => rollBack.mutate()}>
            {t('rollback')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
