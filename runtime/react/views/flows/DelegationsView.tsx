import { Alert, Badge, Button, Group, MultiSelect, Radio, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCalendarOff, IconUserShare } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Delegation, DelegationBody, DelegationList } from '../../../src/api/flows.ts'
import type { FieldDefinition } from '../../../src/definition/object.ts'
import { DatetimeWidget } from '../../../src/fields/datetime/widget.tsx'
import { isProblem } from '../../api/problem.ts'
import { hasFailed } from '../../parts/failed.ts'
import { formatMoment } from '../../parts/moments.ts'
import { Refused, useRefusal } from '../../parts/refusal.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { flowsChosen, readLimit } from './delegation-limit.ts'
import { PersonPicker } from './PeoplePicker.tsx'

/** Times in which somebody else acts for me, and in which I act for others. */
export function DelegationsView() {
  const { say } = useSpeech()
  const { api, key: workspace, portal } = useWorkspace()
  const list = useQuery({
    queryKey: ['delegations', workspace],
    enabled: api !== null,
    queryFn: () => api!.listDelegations(),
  })
  const mine = list.data?.delegations.filter((one) => one.from.id === portal.user.id) ?? []
  const others = list.data?.delegations.filter((one) => one.from.id !== portal.user.id) ?? []
  return (
    <div className="cw-narrow-page">
      <PageHead title={say('delegation.title')} note={say('delegation.note')} />
      {list.isPending ? (
        <LoadingRows rows={6} />
      ) : hasFailed(list) ? (
        <FailedState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Stack gap="md">
          <Panel title={say('delegation.new')}>
            <DelegationForm flows={list.data.flows} />
          </Panel>
          <Panel title={say('delegation.mine')} flush>
            {mine.length > 0 ? (
              mine.map((one) => <Line key={one.id} delegation={one} flows={list.data.flows} />)
            ) : (
              <EmptyState
                icon={IconCalendarOff}
                title={say('delegation.none')}
                hint={say('delegation.noneHint')}
              />
            )}
          </Panel>
          {others.length > 0 && (
            <Panel title={say('delegation.others')} flush>
              {others.map((one) => (
                <Line key={one.id} delegation={one} flows={list.data.flows} />
              ))}
            </Panel>
          )}
        </Stack>
      )}
    </div>
  )
}

type Stand = 'now' | 'ahead' | 'over' | 'cancelled'

function standOf({ starts_at, ends_at, ended_at }: Delegation, now: number): Stand {
  if (ended_at !== null) return 'cancelled'
  if (Date.parse(ends_at) <= now) return 'over'
  return Date.parse(starts_at) > now ? 'ahead' : 'now'
}

const colours: Readonly<Record<Stand, string>> = {
  now: 'teal',
  ahead: 'harbor',
  over: 'gray',
  cancelled: 'gray',
}

function Line({ delegation, flows }: { delegation: Delegation; flows: DelegationList['flows'] }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, portal } = useWorkspace()
  const queries = useQueryClient()
  const isMine = delegation.from.id === portal.user.id
  const stand = standOf(delegation, Date.now())
  const end = useMutation({
    mutationFn: () => api!.endDelegation(delegation.id),
    onSuccess: async () => {
      notifications.show({
        message: say('delegation.ended'),
        color: 'teal',
        closeButtonProps: { 'aria-label': say('app.close') },
      })
      await queries.invalidateQueries({ queryKey: ['delegations', workspace] })
    },
  })
  const zone = portal.workspace.timeZone
  const named = delegation.flows?.map((key) => flows.find((flow) => flow.key === key)?.title[locale] ?? key)
  const other = (isMine ? delegation.to : delegation.from).name ?? say('history.somebody')
  return (
    <div className="cw-card">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <IconUserShare size={17} aria-hidden />
            <Text fw={550} size="sm">
              {say(isMine ? 'delegation.to' : 'delegation.from', { name: other })}
            </Text>
            <Badge size="sm" color={colours[stand]}>
              {say(`delegation.stand.${stand}`)}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed">
            {formatMoment(delegation.starts_at, locale, zone)} –{' '}
            {formatMoment(delegation.ends_at, locale, zone)}
          </Text>
          <Text size="sm" c="dimmed">
            {say(`delegation.mode.${delegation.mode}`)}
            {' · '}
            {named ? named.join(locale === 'zh' ? '、' : ', ') : say('delegation.allFlows')}
            {delegation.max_amount !== null &&
              ` · ${say('delegation.upTo', { amount: formatAmount(delegation.max_amount, locale) })}`}
          </Text>
          {isProblem(end.error) && <Refused problem={end.error} />}
        </div>
        {isMine && (stand === 'now' || stand === 'ahead') && (
          <Button size="compact-sm" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
            {say(stand === 'now' ? 'delegation.end' : 'app.cancel')}
          </Button>
        )}
      </Group>
    </div>
  )
}

/** Grouped by thousands, to the last place: no float is made of it. */
function formatAmount(amount: string, locale: 'en' | 'zh'): string {
  const format = new Intl.NumberFormat(locale === 'zh' ? 'zh-CN' : 'en', { maximumFractionDigits: 20 })
  return format.format(amount as `${number}`)
}

const moment: FieldDefinition = {
  'x-field': 'datetime',
  'x-id': 'moment',
  title: 'Moment',
  'x-title': { zh: '时间' },
}
type Draft = Partial<{ -readonly [K in keyof DelegationBody]: DelegationBody[K] }>

function DelegationForm({ flows }: { flows: DelegationList['flows'] }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, portal } = useWorkspace()
  const queries = useQueryClient()
  const begin = (): Draft => ({ mode: 'replace', starts_at: new Date().toISOString() })
  const [draft, setDraft] = useState<Draft>(begin)
  const [tried, setTried] = useState(false)
  const create = useMutation({
    mutationFn: (body: DelegationBody) => api!.createDelegation(body),
    onSuccess: async () => {
      setDraft(begin())
      setTried(false)
      notifications.show({
        message: say('delegation.made'),
        color: 'teal',
        closeButtonProps: { 'aria-label': say('app.close') },
      })
      await queries.invalidateQueries({ queryKey: ['delegations', workspace] })
    },
  })
  const refusal = useRefusal(create, [draft])
  const chosen = flowsChosen(flows, draft.flows)
  const most = readLimit(draft.max_amount, chosen)
  const needed = (given: string | undefined) => (tried && !given ? [say('flow.needed')] : [])
  const turned =
    draft.starts_at && draft.ends_at && Date.parse(draft.ends_at) <= Date.parse(draft.starts_at)
      ? [say('delegation.turned')]
      : []
  const submit = () => {
    setTried(true)
    const { to, mode, starts_at, ends_at } = draft
    if (!to || !mode || !starts_at || !ends_at || turned.length > 0 || most === undefined) return
    create.mutate({
      to,
      mode,
      starts_at,
      ends_at,
      flows: draft.flows?.length ? draft.flows : null,
      ...(most === null ? {} : { max_amount: most }),
    })
  }
  const time = (key: 'starts_at' | 'ends_at') => ({
    id: `delegation-${key}`,
    field: moment,
    value: draft[key],
    onChange: (value: unknown) =>
      setDraft((before) => ({ ...before, [key]: value ? String(value) : undefined })),
    label: say(`delegation.${key}`),
    required: true,
    readonly: false,
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack gap="md">
        {isProblem(refusal) && <Refused problem={refusal} mb={0} />}
        <PersonPicker
          id="delegation-to"
          label={say('delegation.who')}
          required
          without={[portal.user.id]}
          error={needed(draft.to)[0]}
          value={draft.to ?? null}
          onChange={(to) => setDraft((before) => ({ ...before, to: to ?? undefined }))}
        />
        <div className="cw-form-row" style={{ '--cw-columns': 2 } as object}>
          <DatetimeWidget {...time('starts_at')} errors={needed(draft.starts_at)} />
          <DatetimeWidget {...time('ends_at')} errors={[...needed(draft.ends_at), ...turned]} />
        </div>
        <Radio.Group
          label={say('delegation.mode')}
          value={draft.mode ?? 'replace'}
          onChange={(mode) =>
            setDraft((before) => ({ ...before, mode: mode === 'also' ? 'also' : 'replace' }))
          }
        >
          <Stack gap="xs" mt={4}>
            {(['replace', 'also'] as const).map((mode) => (
              <Radio
                key={mode}
                value={mode}
                label={say(`delegation.mode.${mode}`)}
                description={say(`delegation.modeHint.${mode}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {flows.length > 0 && (
          <MultiSelect
            label={say('delegation.flows')}
            placeholder={draft.flows?.length ? undefined : say('delegation.allFlows')}
            data={flows.map((flow) => ({ value: flow.key, label: flow.title[locale] }))}
            value={[...(draft.flows ?? [])]}
            onChange={(chosen) => setDraft((before) => ({ ...before, flows: chosen }))}
          />
        )}
        {chosen.some((flow) => flow.has_amount) && (
          <TextInput
            label={say('delegation.maxAmount')}
            description={say(
              chosen.every((flow) => flow.has_amount)
                ? 'delegation.maxAmountHint'
                : 'delegation.maxAmountSome',
            )}
            inputMode="decimal"
            error={tried && most === undefined ? say('delegation.maxAmountWrong') : undefined}
            value={draft.max_amount ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget
              setDraft((before) => ({ ...before, max_amount: value }))
            }}
          />
        )}
        <Alert color="gray">{say('delegation.rules')}</Alert>
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            {say('delegation.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
