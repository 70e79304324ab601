import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useWorkspace } from '../hooks.ts'
import { CaseList } from './CaseList.tsx'

/** Runs the packs' cases on what is drafted, before anyone depends on it. */
export function CasesPage() {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const run = useMutation({ mutationFn: () => api.runCases(workspace) })
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('cases')}
        </Title>
        <Button onClick={() => run.mutate()} loading={run.isPending}>
          {t('runCases')}
        </Button>
      </Group>
      {run.isIdle && <Text c="dimmed">{t('casesHelp')}</Text>}
      {run.isPending && (
        <Text c="dimmed" role="status">
          {t('runningCases')}
        </Text>
      )}
      {run.error && <Alert color="red" title={run.error.message} />}
      {run.data && (
        <Paper withBorder p="md">
          {run.data.cases.length === 0 ? (
            <Text c="dimmed">{t('noCases')}</Text>
          ) : (
            <CaseList cases={run.data.cases} />
          )}
        </Paper>
      )}
    </Stack>
  )
}
