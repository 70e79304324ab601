import { Alert, Badge, Button, Checkbox, Group, Radio, Select, Stack, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { FlowVersionList, FlowVersions, MigrationBody } from '../../../src/api/migrations.ts'
import { isProblem } from '../../api/problem.ts'
import { hasFailed } from '../../parts/failed.ts'
import { formatMoment } from '../../parts/moments.ts'
import { useNavigation } from '../../parts/navigation.tsx'
import { Refused } from '../../parts/refusal.tsx'
import { EmptyState, FailedState, LoadingRows, PageHead, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { MigrationView } from './MigrationView.tsx'

/** Open cases that follow older releases of their flow, and what may become of them. `run`: of that case alone. */
export function FlowVersionsView({ run = null }: { run?: string | null }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useQuery({
    queryKey: ['flow-versions', workspace],
    enabled: api !== null,
    queryFn: () => api!.listFlowVersions(),
  })
  const one = useQuery({
    queryKey: ['run', workspace, run],
    enabled: api !== null && run !== null,
    queryFn: () => api!.readRun(run!),
  })
  const found = list.data?.flows.filter((flow) => flow.older > 0) ?? []
  // While it is told what a move comes to, they stand as they did when it was asked for: the cases moved are among them.
  const [held, hold] = useState<FlowVersionList['flows'] | null>(null)
  const older = held ?? found
  const movable = older.filter((flow) => !flow.gone)
  const still = movable.find((flow) => flow.key === chosen) ?? movable[0]
  const flow = one.data?.flow.key ?? still?.key ?? null
  // The one shown first stays, though another may come to have more cases.
  if (run === null && still !== undefined && still.key !== chosen) setChosen(still.key)
  const failed = hasFailed(list) ? list : hasFailed(one) ? one : null
  return (
    <>
      <PageHead title={say('versions.title')} note={say('versions.note')}>
        <Button
          variant="subtle"
          leftSection={<IconArrowLeft size={16} />}
          onClick={() => navigation.go(run === null ? navigation.runs() : navigation.run(run))}
        >
          {say(run === null ? 'runs.title' : 'versions.back')}
        </Button>
      </PageHead>
      {failed !== null ? (
        <FailedState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : list.isPending || (run !== null && one.isPending) ? (
        <LoadingRows rows={8} />
      ) : older.length === 0 ? (
        <EmptyState title={say('versions.none')} hint={say('versions.noneHint')} />
      ) : (
        <Stack gap="md">
          {older.some(({ gone }) => gone) && run === null && (
            <Alert color="gray" title={say('versions.gone')}>
              {older
                .filter(({ gone }) => gone)
                .map((each) => say('versions.goneFlow', { flow: each.title[locale], count: each.older }))
                .join(' ')}
            </Alert>
          )}
          {run === null && movable.length > 0 && (
            <Select
              label={say('versions.flow')}
              allowDeselect={false}
              data={movable.map((each) => ({
                value: each.key,
                label: `${each.title[locale]} · ${say('versions.open', { count: each.older })}`,
              }))}
              value={flow}
              onChange={setChosen}
            />
          )}
          {flow !== null && (
            <OneFlow
              key={flow}
              flow={flow}
              run={run}
              release={one.data?.release ?? null}
              onReport={(isTold) => hold(isTold ? older : null)}
            />
          )}
        </Stack>
      )}
    </>
  )
}

function OneFlow({
  flow,
  run,
  release,
  onReport,
}: {
  flow: string
  run: string | null
  release: number | null
  onReport(isTold: boolean): void
}) {
  const { api, key: workspace } = useWorkspace()
  const versions = useQuery({
    queryKey: ['flow-versions', workspace, flow],
    enabled: api !== null,
    queryFn: () => api!.readFlowVersions(flow),
  })
  if (versions.isPending) return <LoadingRows rows={6} />
  if (hasFailed(versions))
    return <FailedState error={versions.error} onRetry={() => void versions.refetch()} />
  return <Choice versions={versions.data} run={run} only={release} onReport={onReport} />
}

type Way = 'keep' | 'move' | 'restart'
const ways: readonly Way[] = ['keep', 'move', 'restart']

/** What shall become of them: nothing, unless somebody chooses otherwise and has seen what it comes to. */
function Choice({
  versions,
  run,
  only,
  onReport,
}: {
  versions: FlowVersions
  run: string | null
  only: number | null
  /** Told when a report comes to stand below, and when it goes. */
  onReport(isTold: boolean): void
}) {
  const { say } = useSpeech()
  const { api } = useWorkspace()
  const [way, setWay] = useState<Way>(run === null ? 'keep' : 'move')
  const [from, setFrom] = useState<number | null>(only)
  const [mapping, setMapping] = useState<Readonly<Record<string, string>>>({})
  const [anew, setAnew] = useState(false)
  const shown = versions.releases.filter((one) => from === null || one.release === from)
  const check = useMutation({
    mutationFn: (body: MigrationBody) => api!.startMigration(body),
  })
  const report = way === 'keep' ? undefined : check.data
  const tell = useRef(onReport)
  tell.current = onReport
  const isTold = report !== undefined
  useEffect(() => {
    if (!isTold) return
    tell.current(true)
    return () => tell.current(false)
  }, [isTold])
  const change = (work: () => void) => {
    // What was found out is about another choice.
    check.reset()
    work()
  }
  const wish = (): Omit<MigrationBody, 'dry'> => ({
    flow: versions.flow.key,
    release: versions.release,
    how: way === 'restart' ? 'restart' : 'move',
    people: anew ? 'resolve' : 'keep',
    mapping,
    ...(run === null ? {} : { runs: [run] }),
    ...(from === null ? {} : { from }),
  })
  return (
    <>
      <Panel title={say('versions.which')}>
        <Releases
          versions={versions}
          from={from}
          fixed={run !== null}
          onChoose={(next) => change(() => setFrom(next))}
        />
      </Panel>
      <Panel title={say('versions.what', { release: versions.release })}>
        <Stack gap="md">
          <Radio.Group
            aria-label={say('versions.what', { release: versions.release })}
            value={way}
            onChange={(next) => change(() => setWay(ways.find((one) => one === next) ?? 'keep'))}
          >
            <Stack gap="xs">
              {ways.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={say(`versions.way.${one}`)}
                  description={say(`versions.wayHint.${one}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {way === 'move' && (
            <>
              <Mapping
                releases={shown}
                mapping={mapping}
                onChange={(next) => change(() => setMapping(next))}
              />
              <Checkbox
                label={say('versions.anew')}
                description={say('versions.anewHint')}
                checked={anew}
                onChange={(event) => {
                  const { checked } = event.currentTarget
                  change(() => setAnew(checked))
                }}
              />
            </>
          )}
          {isProblem(check.error) && <Refused problem={check.error} mb={0} />}
          {way !== 'keep' && (
            <Group justify="flex-end">
              <Button loading={check.isPending} onClick={() => check.mutate({ ...wish(), dry: true })}>
                {say('versions.check')}
              </Button>
            </Group>
          )}
        </Stack>
      </Panel>
      {report && <MigrationView key={report.id} begun={report} wish={wish()} onDone={check.reset} />}
    </>
  )
}

function Releases({
  versions,
  from,
  fixed,
  onChoose,
}: {
  versions: FlowVersions
  from: number | null
  fixed: boolean
  onChoose(release: number | null): void
}) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const shown = versions.releases.filter((one) => !fixed || one.release === from)
  const line = ({ release, published_at, open, stuck, differs }: FlowVersions['releases'][number]) => (
    <Group gap="xs" key={release}>
      <Text size="sm" fw={550}>
        {say('flow.release', { number: release })}
      </Text>
      <Text size="sm" c="dimmed">
        {formatMoment(published_at, locale, portal.workspace.timeZone)}
      </Text>
      <Badge size="sm" color="harbor">
        {say('versions.open', { count: open })}
      </Badge>
      {stuck > 0 && (
        <Badge size="sm" color="red">
          {say('versions.stuck', { count: stuck })}
        </Badge>
      )}
      {!differs && (
        <Text size="xs" c="dimmed">
          {say('versions.same')}
        </Text>
      )}
    </Group>
  )
  if (fixed || versions.releases.length === 1) return <Stack gap="xs">{shown.map(line)}</Stack>
  return (
    <Radio.Group
      aria-label={say('versions.which')}
      value={String(from ?? 'all')}
      onChange={(next) => onChoose(next === 'all' ? null : Number(next))}
    >
      <Stack gap="xs">
        <Radio value="all" label={say('versions.all')} />
        {versions.releases.map((one) => (
          <Radio key={one.release} value={String(one.release)} label={line(one)} />
        ))}
      </Stack>
    </Radio.Group>
  )
}

/** Steps that the release in force does not have, each with the step that takes its place; the others keep theirs. */
function Mapping({
  releases,
  mapping,
  onChange,
}: {
  releases: FlowVersions['releases']
  mapping: Readonly<Record<string, string>>
  onChange(mapping: Readonly<Record<string, string>>): void
}) {
  const { say, locale } = useSpeech()
  const [all, showAll] = useState(false)
  const nodes = new Map<string, FlowVersions['releases'][number]['nodes'][number]>()
  for (const { nodes: own } of releases)
    for (const node of own) {
      const known = nodes.get(node.id)
      nodes.set(node.id, { ...node, waiting: node.waiting + (known?.waiting ?? 0) })
    }
  const lost = [...nodes.values()].filter(({ to }) => to === null)
  const shown = all ? [...nodes.values()] : lost
  return (
    <Stack gap="xs">
      <Text size="sm">
        {lost.length === 0
          ? say('versions.allThere', { count: nodes.size })
          : say('versions.someLost', { count: lost.length })}
      </Text>
      {shown.map((node) => (
        <Select
          key={node.id}
          label={node.title[locale]}
          description={node.waiting > 0 ? say('versions.waiting', { count: node.waiting }) : undefined}
          placeholder={say('versions.noPlace')}
          clearable
          searchable={node.choices.length > 8}
          data={node.choices.map(({ id, title }) => ({ value: id, label: title[locale] }))}
          value={mapping[node.id] ?? node.to}
          onChange={(to) => {
            const { [node.id]: _, ...rest } = mapping
            onChange(to === null || to === node.id ? rest : { ...rest, [node.id]: to })
          }}
        />
      ))}
      {!all && nodes.size > lost.length && (
        <Button
          size="compact-sm"
          variant="subtle"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => showAll(true)}
        >
          {say('versions.showAll')}
        </Button>
      )}
    </Stack>
  )
}
