import { type Diagnostic, hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { readJson } from '@channelwright/runtime/definition/read-json.ts'
import { LoadingRows } from '@channelwright/runtime/react/parts/states.tsx'
import {
  Alert,
  Anchor,
  Badge,
  Button,
  Group,
  Kbd,
  Menu,
  Paper,
  Stack,
  Tabs,
  Text,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { readSetWith, useSources } from '../drafts/use-definition-set.ts'
import { type SaveState, useDraft } from '../drafts/use-draft.ts'
import type { EditorSight } from '../editor/complete-json.ts'
import { DefinitionDifference } from '../editor/DefinitionDifference.tsx'
import { Difference } from '../editor/Difference.tsx'
import { JsonEditor, type JsonEditorHandle } from '../editor/JsonEditor.tsx'
import { NewFieldDialog } from '../editor/NewFieldDialog.tsx'
import { useDefinitions, useLocale, useWorkspace } from '../hooks.ts'
import { DefinitionPreview } from '../preview/DefinitionPreview.tsx'
import { settingsOfKinds } from '../settings/settings-of-kinds.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { DiagnosticList } from '../shell/DiagnosticList.tsx'
import { Loaded } from '../shell/Loaded.tsx'
import { ImpactNote } from './ImpactNote.tsx'

const DefinitionSettings = lazy(async () => ({
  default: (await import('../settings/DefinitionSettings.tsx')).DefinitionSettings,
}))
const ImportRuleDialog = lazy(async () => ({
  default: (await import('../editor/ImportRuleDialog.tsx')).ImportRuleDialog,
}))

/** One definition: its text beside its preview. */
export function DefinitionPage({
  pack,
  path,
  at,
}: {
  pack: string
  path: string
  /** JSON pointer that the cursor begins at. */
  at?: string | undefined
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const draft = useDraft(pack, path)
  const list = useDefinitions()
  const editor = useRef<JsonEditorHandle>(null)
  const [asking, setAsking] = useState<'discard' | 'remove' | 'field' | 'import' | null>(null)
  const entry = list.data?.definitions.find((one) => one.pack === pack && one.path === path)
  const kind = entry?.kind ?? path.split('/')[0]?.replace(/s$/, '').replace('.json', '')

  const schema = useQuery({
    queryKey: ['schema', kind],
    queryFn: () => api.readSchema(kind ?? ''),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: kind !== undefined,
  })
  const [paused] = useDebouncedValue(draft.text, 350)
  // The first text is looked at at once; later ones when the typing pauses.
  const settled = paused ?? draft.text
  const check = useQuery({
    queryKey: ['check', workspace, pack, path, settled],
    queryFn: () =>
      api.checkDrafts(workspace, settled === null ? {} : { unsaved: { pack, path, text: settled } }),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  })
  const mine = useMemo(() => {
    if (check.data && !check.isError) return check.data.diagnostics.filter((one) => isAbout(one, pack, path))
    // Without the server at least the text itself is looked at.
    return check.isError && settled !== null ? readJson(settled).diagnostics : []
  }, [check.data, check.isError, settled, pack, path])
  const sources = useSources()
  const set = useMemo(
    () =>
      sources.data && settled !== null ? readSetWith(sources.data, { pack, path, text: settled }) : null,
    [sources.data, settled, pack, path],
  )
  const sight = useMemo<EditorSight | null>(
    () => (schema.data && set && kind ? { schema: schema.data, set, kind, locale } : null),
    [schema.data, set, kind, locale],
  )
  const rule = set?.rules.get(path.slice('rules/'.length, -'.json'.length))
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
        <Group gap="xs" justify="end" className="cw-definition-tools">
          <SaveBadge state={draft.state} drafted={!!draft.source.data?.draft} onRetry={draft.retry} />
          {kind === 'object' && !removed && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              disabled={draft.text === null}
              onClick={() => setAsking('field')}
            >
              {t('newField')}
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" size="xs" aria-label={t('more')} px="xs">
                <IconDots size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                rightSection={<Kbd size="xs">Shift Alt F</Kbd>}
                onClick={() => editor.current?.format()}
              >
                {t('formatText')}
              </Menu.Item>
              <Menu.Item rightSection={<Kbd size="xs">Ctrl F</Kbd>} onClick={() => editor.current?.search()}>
                {t('searchText')}
              </Menu.Item>
              {kind === 'rule' && (
                <Menu.Item disabled={!rule} onClick={() => setAsking('import')}>
                  {t('importRule')}
                </Menu.Item>
              )}
              <Menu.Divider />
              <Menu.Item disabled={!draft.source.data?.draft} onClick={() => setAsking('discard')}>
                {t('discardDraft')}
              </Menu.Item>
              <Menu.Item color="red" disabled={removed} onClick={() => setAsking('remove')}>
                {t('removeDefinition')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {draft.theirs !== null && (
        <Alert color="amber" title={t('saveConflict')}>
          <Stack gap="xs">
            <Text size="sm">{t('saveConflictHint')}</Text>
            <Difference before={draft.theirs} after={draft.text ?? ''} label={t('theirsAndMine')} />
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => draft.settle('theirs')}>
                {t('takeTheirs')}
              </Button>
              <Button size="xs" onClick={() => draft.settle('mine')}>
                {t('keepMine')}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {draft.aside !== null && draft.theirs === null && (
        <Alert color="gray" title={t('aside')}>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={draft.takeAside}>
              {t('takeAside')}
            </Button>
            <Button size="xs" variant="subtle" onClick={draft.dismissAside}>
              {t('dismissAside')}
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
      {kind === 'object' && set && settled !== null && !removed && (
        <ImpactNote released={draft.source.data?.released ?? null} text={settled} set={set} />
      )}
      <Loaded query={draft.source}>
        <div className="cw-split">
          <Paper withBorder className="cw-split-pane">
            {draft.text !== null && (
              <JsonEditor
                ref={editor}
                value={draft.text}
                onChange={draft.edit}
                sight={sight}
                diagnostics={mine}
                locale={locale}
                label={`${pack}/${path}`}
                {...(at === undefined ? {} : { at })}
              />
            )}
          </Paper>
          <Tabs defaultValue="preview" className="cw-split-pane" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="preview">{t('preview')}</Tabs.Tab>
              {kind !== undefined && kind in settingsOfKinds && (
                <Tabs.Tab value="settings">{t('settings')}</Tabs.Tab>
              )}
              <Tabs.Tab value="problems" c={hasErrors(mine) ? 'var(--mantine-color-error)' : undefined}>
                {mine.length > 0
                  ? t('problems', { count: mine.length })
                  : t(check.isError ? 'unchecked' : check.isPending ? 'checkingNow' : 'noProblems')}
              </Tabs.Tab>
              <Tabs.Tab value="difference">{t('difference')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="preview" pt="md">
              {settled !== null && (
                <DefinitionPreview
                  text={settled}
                  set={set}
                  error={sources.error}
                  place={{ pack, path }}
                  diagnostics={mine}
                />
              )}
            </Tabs.Panel>
            <Tabs.Panel value="settings" pt="md">
              {draft.text !== null && sight !== null && (
                <Suspense fallback={<LoadingRows />}>
                  <DefinitionSettings
                    text={draft.text}
                    pointers={settingsOfKinds[sight.kind] ?? []}
                    sight={sight}
                    diagnostics={mine}
                    onPut={(pointer, value) => editor.current?.put(pointer, value)}
                  />
                </Suspense>
              )}
            </Tabs.Panel>
            <Tabs.Panel value="problems" pt="md">
              {check.isError && (
                <Alert color="red" title={t('notChecked', { message: check.error.message })} mb="sm">
                  <Button size="xs" variant="light" color="red" onClick={() => void check.refetch()}>
                    {t('retry')}
                  </Button>
                </Alert>
              )}
              <DiagnosticList
                diagnostics={mine}
                onReveal={(one) => editor.current?.reveal(one)}
                onFix={(fix) => editor.current?.write(fix.path, fix.value)}
              />
            </Tabs.Panel>
            <Tabs.Panel value="difference" pt="md">
              <DefinitionDifference before={draft.source.data?.released ?? null} after={settled ?? ''} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </Loaded>
      <ConfirmDialog
        opened={asking === 'discard'}
        title={t('discardDraft')}
        text={t('discardDraftSure')}
        onConfirm={() => void draft.discard()}
        onClose={() => setAsking(null)}
      />
      <ConfirmDialog
        opened={asking === 'remove'}
        title={t('removeDefinition')}
        text={t('removeDefinitionSure')}
        onConfirm={draft.remove}
        onClose={() => setAsking(null)}
      />
      {asking === 'field' && draft.text !== null && (
        <NewFieldDialog
          text={draft.text}
          objects={(list.data?.definitions ?? []).filter((one) => one.kind === 'object')}
          onAdd={(path, value) => editor.current?.write(path, value)}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'import' && rule && set && (
        <Suspense>
          <ImportRuleDialog
            rule={rule}
            set={set}
            onTake={(json) => editor.current?.write('/rule', json)}
            onClose={() => setAsking(null)}
          />
        </Suspense>
      )}
    </Stack>
  )
}

function isAbout(diagnostic: Diagnostic, pack: string, path: string): boolean {
  return (
    diagnostic.file === undefined || diagnostic.file.endsWith(`${pack}/${path}`) || diagnostic.file === path
  )
}

function SaveBadge({
  state,
  drafted,
  onRetry,
}: {
  state: SaveState
  /** There is a draft; else what is shown is in force. */
  drafted: boolean
  onRetry: () => void
}) {
  const { t } = useTranslation('builder')
  if (typeof state === 'object') {
    return (
      <Button size="compact-xs" color="red" variant="light" onClick={onRetry}>
        {t('saveFailed', { message: state.failed })} · {t('retry')}
      </Button>
    )
  }
  const colour = state === 'saved' ? 'teal' : state === 'conflict' ? 'amber' : 'gray'
  const word = state === 'conflict' ? 'unsaved' : state === 'saved' && !drafted ? 'inForce' : state
  return (
    <Badge color={colour} role="status">
      {t(word)}
    </Badge>
  )
}
