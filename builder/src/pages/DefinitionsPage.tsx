import type { DefinitionEntry, KindEntry } from '@channelwright/runtime/api/definitions.ts'
import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import { Badge, Button, Group, Paper, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinitions, useKindTitle, useLocale } from '../hooks.ts'
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
    return groupByPack(found, list.data?.kinds ?? [])
  }, [list.data, kind, wanted])
  const used = new Set(list.data?.definitions.map((entry) => entry.kind))
  const kinds = list.data?.kinds.filter(({ name }) => used.has(name)) ?? []

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
          data={kinds.map(({ name, title }) => ({ value: name, label: title[locale] }))}
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
        kinds={list.data?.kinds ?? []}
      />
    </Stack>
  )
}

function DefinitionRow({ entry }: { entry: DefinitionEntry }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const kindTitle = useKindTitle()
  return (
    <Table.Tr>
      <Table.Td className="cw-kind-cell">
        <Badge variant="light" color="gray" radius="sm" tt="none">
          {kindTitle(entry.kind)}
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

/** By pack, and in it by kind; last what is of no kind that there is. */
function groupByPack(
  entries: readonly DefinitionEntry[],
  kinds: readonly KindEntry[],
): [string, DefinitionEntry[]][] {
  const places = new Map(kinds.map(({ name }, at) => [name, at]))
  const placeOf = ({ kind }: DefinitionEntry) => places.get(kind) ?? kinds.length
  const groups = new Map<string, DefinitionEntry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.pack)
    if (group) group.push(entry)
    else groups.set(entry.pack, [entry])
  }
  for (const group of groups.values())
    group.sort((a, b) => placeOf(a) - placeOf(b) || a.path.localeCompare(b.path))
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}
