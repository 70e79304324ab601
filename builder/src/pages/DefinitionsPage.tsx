import type { DefinitionEntry } from '@channelwright/runtime/api/definitions.ts'
import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import { Badge, Button, Group, Paper, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinitions, useLocale } from '../hooks.ts'
import { changeColours } from '../shell/change-colours.ts'
import { Loaded } from '../shell/Loaded.tsx'
import { PageLink } from '../shell/PageLink.tsx'
import { NewDefinitionDialog } from './NewDefinitionDialog.tsx'

/** Everything the workspace is made of, by pack. */
export function DefinitionsPage() {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const list = useDefinitions()
  const [search, setSearch] = useState('')
  const [kind, setKind] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const wanted = useDeferredValue(search.trim().toLowerCase())

  const groups = useMemo(() => {
    const found = (list.data?.definitions ?? []).filter(
      (entry) =>
        (kind === null || entry.kind === kind) &&
        `${entry.key} ${entry.path} ${entry.title.en} ${entry.title.zh}`.toLowerCase().includes(wanted),
    )
    return groupByPack(found)
  }, [list.data, kind, wanted])
  const kinds = [...new Set(list.data?.definitions.map((entry) => entry.kind))].sort(byKind)

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="end">
        <Title order={1} size="h2">
          {t('definitions')}
        </Title>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)} disabled={!list.data}>
          {t('newDefinition')}
        </Button>
      </Group>
      <Group gap="sm" grow preventGrowOverflow={false}>
        <TextInput
          aria-label={t('search')}
          placeholder={t('searchDefinitions')}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Select
          aria-label={t('kind')}
          placeholder={t('allKinds')}
          data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`, kind) }))}
          value={kind}
          onChange={setKind}
          clearable
        />
      </Group>
      <Loaded query={list}>
        {groups.length === 0 && <EmptyState title={t('nothingFound')} icon={IconSearch} />}
        {groups.map(([pack, entries]) => (
          <Paper key={pack} withBorder component="section" aria-label={pack} style={{ overflow: 'hidden' }}>
            <Text fw={600} px="md" py="xs" bg="var(--mantine-color-default-hover)">
              {entries.find((entry) => entry.kind === 'pack')?.title[locale] ?? pack}
            </Text>
            <Table highlightOnHover>
              <Table.Tbody>
                {entries.map((entry) => (
                  <DefinitionRow key={entry.path} entry={entry} />
                ))}
              </Table.Tbody>
            </Table>
          </Paper>
        ))}
      </Loaded>
      <NewDefinitionDialog
        opened={adding}
        onClose={() => setAdding(false)}
        entries={list.data?.definitions ?? []}
      />
    </Stack>
  )
}

function DefinitionRow({ entry }: { entry: DefinitionEntry }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  return (
    <Table.Tr>
      <Table.Td className="cw-kind-cell">
        <Badge variant="light" color="gray" radius="sm" tt="none">
          {t(`kind.${entry.kind}`, entry.kind)}
        </Badge>
      </Table.Td>
      <Table.Td>
        <PageLink to="/definition" search={{ pack: entry.pack, path: entry.path }} fw={550} size="sm">
          {entry.title[locale]}
        </PageLink>
        <Text size="xs" c="dimmed" ff="monospace" className="cw-path">
          {entry.path}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="cw-state-cell">
        {entry.draft && <Badge color={changeColours[entry.draft]}>{t(entry.draft)}</Badge>}
      </Table.Td>
    </Table.Tr>
  )
}

/** In the order in which a pack is best read; the runtime's own list would bring the whole runtime along. */
const kindOrder = ['pack', 'object', 'form', 'view', 'rule', 'flow', 'plan', 'calendar', 'grant']

function byKind(a: string, b: string): number {
  const placeOf = (kind: string) => (kindOrder.includes(kind) ? kindOrder.indexOf(kind) : kindOrder.length)
  return placeOf(a) - placeOf(b)
}

function groupByPack(entries: readonly DefinitionEntry[]): [string, DefinitionEntry[]][] {
  const groups = new Map<string, DefinitionEntry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.pack)
    if (group) group.push(entry)
    else groups.set(entry.pack, [entry])
  }
  for (const group of groups.values())
    group.sort((a, b) => byKind(a.kind, b.kind) || a.path.localeCompare(b.path))
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}
