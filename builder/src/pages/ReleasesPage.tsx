import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import { Alert, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { downloadText } from '../shell/download-text.ts'
import { Loaded } from '../shell/Loaded.tsx'
import { PublicationProgress } from './PublicationProgress.tsx'
import { RollbackDialog } from './RollbackDialog.tsx'

/** What was published when and by whom, and the way back. */
export function ReleasesPage() {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const [asked, setAsked] = useState<number | null>(null)
  const [publication, setPublication] = useState<string | null>(null)
  const releases = useQuery({ queryKey: ['releases', workspace], queryFn: () => api.listReleases(workspace) })
  const exportRelease = useMutation({
    mutationFn: (number: number) => api.exportRelease(workspace, number),
    onSuccess: (bundle) =>
      downloadText(`${workspace}-release-${bundle.release}.json`, `${JSON.stringify(bundle, null, 2)}\n`),
  })
  const dates = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  })

  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {t('releases')}
      </Title>
      {exportRelease.error && <Alert color="red" role="alert" title={exportRelease.error.message} />}
      {publication && (
        <PublicationProgress
          id={publication}
          onEnd={() => void client.invalidateQueries()}
          onClose={() => setPublication(null)}
        />
      )}
      <Loaded query={releases}>
        <Paper>
          <ul className="cw-list">
            {releases.data?.releases.map((release) => (
              <li key={release.number} className="cw-release">
                <div className="cw-release-words">
                  <Group gap="xs">
                    <Text fw={600}>{t('release', { number: release.number })}</Text>
                    {release.current && <Badge color="teal">{t('current')}</Badge>}
                  </Group>
                  {release.note && <Text size="sm">{release.note}</Text>}
                  <Text size="xs" c="dimmed">
                    {t('publishedBy', {
                      name: release.publishedBy ?? 'cw',
                      at: dates.format(new Date(release.publishedAt)),
                    })}{' '}
                    · {t('definitionCount', { count: release.definitions })}
                  </Text>
                </div>
                <Group gap="xs" wrap="nowrap">
                  <Button size="xs" variant="subtle" onClick={() => exportRelease.mutate(release.number)}>
                    {t('export')}
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    disabled={release.current}
                    onClick={() => setAsked(release.number)}
                  >
                    {t('rollback')}
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
          {releases.data?.releases.length === 0 && <EmptyState title={t('noRelease')} />}
        </Paper>
      </Loaded>
      {asked !== null && (
        <RollbackDialog
          to={asked}
          current={releases.data?.releases.find((one) => one.current)?.number ?? asked}
          onClose={() => setAsked(null)}
          onStarted={(id) => {
            setAsked(null)
            setPublication(id)
          }}
        />
      )}
    </Stack>
  )
}
