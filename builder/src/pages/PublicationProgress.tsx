import { Alert, Button, Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconCircle, IconLoader2, IconX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { DiagnosticList } from '../shell/DiagnosticList.tsx'
import { Loaded } from '../shell/Loaded.tsx'
import { CaseList } from './CaseList.tsx'

const faces = {
  waiting: { colour: 'gray', Icon: IconCircle },
  running: { colour: 'blue', Icon: IconLoader2 },
  done: { colour: 'teal', Icon: IconCheck },
  failed: { colour: 'red', Icon: IconX },
} as const

/** A publish or rollback under way, step by step, to its end. */
export function PublicationProgress({
  id,
  onEnd,
  onClose,
}: {
  id: string
  onEnd: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const publication = useQuery({
    queryKey: ['publication', workspace, id],
    queryFn: () => api.readPublication(workspace, id),
    refetchInterval: (query) => (query.state.data && query.state.data.status !== 'running' ? false : 400),
  })
  const status = publication.data?.status
  const cancel = useMutation({
    mutationFn: () => api.cancelPublication(workspace, id),
    onSuccess: (reply) => client.setQueryData(['publication', workspace, id], reply),
  })
  // What changes tables is not broken off in the middle.
  const mayCancel =
    status === 'running' &&
    !publication.data?.steps.some(
      ({ name, status }) => !['check', 'cases'].includes(name) && status !== 'waiting',
    )
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the status leaves `running`
  useEffect(() => {
    if (status !== undefined && status !== 'running') onEnd()
  }, [status])

  return (
    <Loaded query={publication}>
      {publication.data && (
        <Paper withBorder p="md" aria-live="polite">
          <Stack gap="sm">
            {publication.data.steps.map((step) => {
              const { colour, Icon } = faces[step.status]
              return (
                <Group key={step.name} gap="sm">
                  <ThemeIcon
                    size="sm"
                    radius="xl"
                    variant="light"
                    color={colour}
                    aria-label={t(`step.${step.status}`)}
                    role="img"
                  >
                    <Icon size={14} />
                  </ThemeIcon>
                  <Text size="sm">{step.title[locale]}</Text>
                </Group>
              )
            })}
            {status === 'done' && (
              <Alert
                color="teal"
                title={t('published', { number: publication.data.release })}
                role="status"
              />
            )}
            {(status === 'refused' || status === 'failed') && (
              <Alert color="red" title={t('publishRefused')}>
                {publication.data.message}
              </Alert>
            )}
            {publication.data.diagnostics.length > 0 && (
              <DiagnosticList diagnostics={publication.data.diagnostics} />
            )}
            {status !== 'done' && publication.data.cases.length > 0 && (
              <CaseList cases={publication.data.cases} />
            )}
            {cancel.error && <Alert color="red" role="alert" title={cancel.error.message} />}
            <Group>
              {mayCancel && (
                <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
                  {t('cancelPublish')}
                </Button>
              )}
              {status !== 'running' && (
                <Button variant="default" onClick={onClose}>
                  {t('ok')}
                </Button>
              )}
            </Group>
          </Stack>
        </Paper>
      )}
    </Loaded>
  )
}
