import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import { Anchor, Badge, Button, Collapse, CopyButton, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconKey, IconWebhook } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type HookList } from '../api.ts'
import { useLocale, useMoment, useWorkspace } from '../hooks.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { Loaded } from '../shell/Loaded.tsx'
import { HookExample } from './HookExample.tsx'
import { HookSecretDialog } from './HookSecretDialog.tsx'
import { secretPlace, writeExample } from './hook-example.ts'

type Hook = HookList['hooks'][number]

/** Flows that messages of other systems begin: where these go, by what secret they are signed, what came of them. */
export function HooksPage() {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const hooks = useQuery({ queryKey: ['hooks', workspace], queryFn: () => api.listHooks(workspace) })
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {t('hooks')}
        </Title>
        <Text c="dimmed" size="sm" mt={4}>
          {t('hooksNote')}
        </Text>
      </div>
      <Loaded query={hooks}>
        {hooks.data?.hooks.length === 0 ? (
          <EmptyState title={t('hooksNone')} hint={t('hooksNoneHint')} icon={IconWebhook} />
        ) : (
          hooks.data?.hooks.map((hook) => <HookCard key={hook.flow} hook={hook} />)
        )}
      </Loaded>
    </Stack>
  )
}

function HookCard({ hook }: { hook: Hook }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const [asks, setAsks] = useState<'renew' | 'drop' | null>(null)
  const [example, setExample] = useState(false)
  const reload = () => client.invalidateQueries({ queryKey: ['hooks', workspace] })
  const drop = useMutation({ mutationFn: () => api.dropHookSecret(workspace, hook.flow), onSuccess: reload })
  const say = useMoment()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={`hook-${hook.flow}`}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Title order={2} size="h5" id={`hook-${hook.flow}`}>
              {hook.title[locale]}
            </Title>
            <Badge color={hook.ready ? 'teal' : 'gray'} tt="none">
              {t(hook.ready ? 'hookReady' : 'hookClosed')}
            </Badge>
          </Group>
          <Group gap="xs">
            {hook.ready && (
              <Button size="xs" variant="subtle" color="red" onClick={() => setAsks('drop')}>
                {t('hookDrop')}
              </Button>
            )}
            <Button
              size="xs"
              variant={hook.ready ? 'default' : 'filled'}
              leftSection={<IconKey size={14} />}
              onClick={() => setAsks('renew')}
            >
              {t(hook.ready ? 'hookRenew' : 'hookMake')}
            </Button>
          </Group>
        </Group>
        <Group gap="xs" wrap="nowrap" align="start">
          <Text size="sm" className="cw-path">
            POST {hook.url}
          </Text>
          <CopyButton value={hook.url}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="subtle" onClick={copy} style={{ flexShrink: 0 }}>
                {t(copied ? 'copied' : 'hookCopyUrl')}
              </Button>
            )}
          </CopyButton>
        </Group>
        <dl className="cw-hook-facts">
          <dt>{t('hookMadeAt')}</dt>
          <dd>{hook.created_at === null ? t('hookNever') : say(hook.created_at)}</dd>
          {hook.previous_until !== null && (
            <>
              <dt>{t('hookPrevious')}</dt>
              <dd>{t('hookUntil', { at: say(hook.previous_until) })}</dd>
            </>
          )}
          <dt>{t('hookUsed')}</dt>
          <dd>{hook.used_at === null ? t('hookNever') : say(hook.used_at)}</dd>
          <dt>{t('hookResult')}</dt>
          <dd>
            <Result last={hook.last} />
          </dd>
        </dl>
        {drop.error && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {drop.error.message}
          </Text>
        )}
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={example}
            onClick={() => setExample((was) => !was)}
          >
            {t('hookExample')}
          </Button>
          <Collapse expanded={example}>
            <HookExample text={writeExample(hook, secretPlace)} />
          </Collapse>
        </div>
      </Stack>
      <ConfirmDialog
        opened={asks === 'drop'}
        title={t('hookDrop')}
        text={t('hookDropText')}
        onConfirm={() => drop.mutate()}
        onClose={() => setAsks(null)}
      />
      {asks === 'renew' && <HookSecretDialog hook={hook} onMade={reload} onClose={() => setAsks(null)} />}
    </Paper>
  )
}

function Result({ last }: { last: Hook['last'] }) {
  const { t } = useTranslation('builder')
  const say = useMoment()
  const workspace = useWorkspace()
  if (last === null) return '—'
  const at = say(last.at)
  if (last.refused !== null)
    return (
      <Text size="sm" c="var(--mantine-color-error)" span>
        {t('hookRefused', { code: last.refused, at })}
      </Text>
    )
  return (
    <>
      <Anchor
        underline="always"
        size="sm"
        href={`/w/${encodeURIComponent(workspace)}/runs/${encodeURIComponent(last.run ?? '')}`}
      >
        {t(last.started ? 'hookStarted' : 'hookJoined')}
      </Anchor>
      {` · ${at}`}
    </>
  )
}
