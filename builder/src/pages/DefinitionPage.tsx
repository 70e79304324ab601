import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { Alert, Anchor, Badge, Button, Group, Menu, Paper, Stack, Tabs, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDots } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { type SaveState, useDraft } from '../drafts/use-draft.ts'
import { wordsOfWorkspace } from '../editor/context-words.ts'
import { Difference } from '../editor/Difference.tsx'
import { JsonEditor, type JsonEditorHandle } from '../editor/JsonEditor.tsx'
import { useDefinitions, useLocale, useWorkspace } from '../hooks.ts'
import { DefinitionPreview } from '../preview/DefinitionPreview.tsx'
import { DiagnosticList } from '../shell/DiagnosticList.tsx'
import { Loaded } from '../shell/Loaded.tsx'

/** One definition: its text beside its preview. */
export function DefinitionPage({ pack, path }: { pack: string; path: string }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const draft = useDraft(workspace, pack, path)
  const list = useDefinitions()
  const editor = useRef<JsonEditorHandle>(null)
  const entry = list.data?.definitions.find((one) => one.pack === pack && one.path === path)
  const kind = entry?.kind ?? path.split('/')[0]?.replace(/s$/, '').replace('.json', '')

  const schema = useQuery({
    queryKey: ['schema', kind],
    queryFn: () => api.readSchema(kind ?? ''),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: kind !== undefined,
  })
  const [settled] = useDebouncedValue(draft.text, 350)
  const check = useQuery({
    queryKey: ['check', workspace, pack, path, settled],
    queryFn: () =>
      api.checkDrafts(workspace, settled === null ? {} : { unsaved: { pack, path, text: settled } }),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  })
  const mine = useMemo(
    () => (check.data?.diagnostics ?? []).filter((one) => isAbout(one, pack, path)),
    [check.data, pack, path],
  )
  const words = useMemo(() => wordsOfWorkspace(list.data?.definitions ?? []), [list.data])
  const removed = draft.source.data?.draft?.text === null

  return (
    <Stack gap="md">
      <Group justify="space-between" align="start" wrap="nowrap">
        <Stack gap={2} style={{ minWidth: 0 }}>
          <Anchor component={Link} to="/" size="sm">
            {t('definitions')}
          </Anchor>
          <Title order={1} size="h3" lineClamp={1}>
            {entry?.title[locale] ?? path}
          </Title>
          <Text size="xs" c="dimmed" ff="monospace">
            {pack}/{path}
          </Text>
        </Stack>
        <Group gap="xs" wrap="nowrap">
          <SaveBadge state={draft.state} onRetry={draft.retry} />
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" size="xs" aria-label={t('edit')} px="xs">
                <IconDots size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={!draft.source.data?.draft} onClick={() => void draft.discard()}>
                {t('discardDraft')}
              </Menu.Item>
              <Menu.Item color="red" disabled={removed} onClick={draft.remove}>
                {t('removeDefinition')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {draft.state === 'conflict' && (
        <Alert color="yellow" title={t('saveConflict')}>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => void draft.settle('theirs')}>
              {t('takeTheirs')}
            </Button>
            <Button size="xs" onClick={() => void draft.settle('mine')}>
              {t('keepMine')}
            </Button>
          </Group>
        </Alert>
      )}
      {removed && (
        <Alert color="red" title={t('willBeRemoved')}>
          <Button size="xs" variant="default" onClick={() => void draft.discard()}>
            {t('restoreDefinition')}
          </Button>
        </Alert>
      )}
      <Loaded query={draft.source}>
        <div className="cw-split">
          <Paper withBorder className="cw-split-pane">
            {draft.text !== null && (
              <JsonEditor
                ref={editor}
                value={draft.text}
                onChange={draft.edit}
                schema={schema.data}
                contextWords={words}
                diagnostics={mine}
                locale={locale}
                label={`${pack}/${path}`}
              />
            )}
          </Paper>
          <Tabs defaultValue="preview" className="cw-split-pane" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="preview">{t('preview')}</Tabs.Tab>
              <Tabs.Tab value="problems">
                {mine.length === 0 ? t('noProblems') : t('problems', { count: mine.length })}
              </Tabs.Tab>
              <Tabs.Tab value="difference">{t('difference')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="preview" pt="md">
              {settled !== null && <DefinitionPreview text={settled} />}
            </Tabs.Panel>
            <Tabs.Panel value="problems" pt="md">
              <DiagnosticList diagnostics={mine} onReveal={(one) => editor.current?.reveal(one.path)} />
            </Tabs.Panel>
            <Tabs.Panel value="difference" pt="md">
              <Difference before={draft.source.data?.released ?? ''} after={draft.text ?? ''} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </Loaded>
    </Stack>
  )
}

function isAbout(diagnostic: Diagnostic, pack: string, path: string): boolean {
  return (
    diagnostic.file === undefined || diagnostic.file.endsWith(`${pack}/${path}`) || diagnostic.file === path
  )
}

function SaveBadge({ state, onRetry }: { state: SaveState; onRetry: () => void }) {
  const { t } = useTranslation('builder')
  if (typeof state === 'object') {
    return (
      <Button size="compact-xs" color="red" variant="light" onClick={onRetry}>
        {t('saveFailed', { message: state.failed })} · {t('retry')}
      </Button>
    )
  }
  const colour = state === 'saved' ? 'teal' : state === 'conflict' ? 'yellow' : 'gray'
  const word = state === 'conflict' ? 'unsaved' : state
  return (
    <Badge color={colour} variant="light" tt="none" role="status">
      {t(word)}
    </Badge>
  )
}
