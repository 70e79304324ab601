import { definitionKinds } from '@channelwright/runtime/definition/index.ts'
import { Group, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinitions, useLocale } from '../hooks.ts'
import { PageLink } from '../shell/PageLink.tsx'
import type { PreviewProps } from './previews.ts'

/** What a pack brings, by kind. */
export function PackPreview({ definition }: PreviewProps) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const list = useDefinitions()
  const own = (list.data?.definitions ?? []).filter(
    (entry) => entry.pack === definition.key && entry.draft !== 'removed',
  )
  return (
    <Stack gap="sm">
      {definitionKinds.map((kind) => {
        const entries = kind.name === 'pack' ? [] : own.filter((entry) => entry.kind === kind.name)
        if (entries.length === 0) return null
        return (
          <Paper key={kind.name} p="sm">
            <Text size="sm" fw={600} mb={4}>
              {kind.title[locale]}{' '}
              <Text span c="dimmed" size="sm">
                {entries.length}
              </Text>
            </Text>
            <Group gap="xs">
              {entries.map((entry) => (
                <PageLink
                  key={entry.path}
                  to="/definition"
                  search={{ pack: entry.pack, path: entry.path }}
                  size="sm"
                >
                  {entry.title[locale]}
                </PageLink>
              ))}
            </Group>
          </Paper>
        )
      })}
      {own.length <= 1 && <Text c="dimmed">{t('packEmpty')}</Text>}
    </Stack>
  )
}
