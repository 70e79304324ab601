import { Badge, Button, Checkbox, Group, Progress, Stack, Text, Textarea } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MigrationBody, MigrationOutcome, MigrationReply } from '../../../src/api/migrations.ts'
import { isProblem } from '../../api/problem.ts'
import { hasFailed } from '../../parts/failed.ts'
import { AppLink, useNavigation } from '../../parts/navigation.tsx'
import { Refused, useRefusal } from '../../parts/refusal.tsx'
import { FailedState, LoadingRows, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'

type Line = MigrationReply['runs'][number]
/** Cases that may be named one by one; beyond them all of a release are meant. */
const mostNamed = 1000

/** What a move of cases comes to, case by case; of a dry run, with the button that makes it real. */
export function MigrationView({
  begun,
  wish,
  onDone,
}: {
  begun: MigrationReply
  wish: Omit<MigrationBody, 'dry'>
  onDone(): void
}) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const report = useMigration(begun.id)
  const move = useMutation({
    mutationFn: (body: MigrationBody) => api!.startMigration(body),
    onSuccess: async () => {
      // Where cases stand is read again once this is no longer looked at, else the page would change under it.
      await queries.invalidateQueries({ queryKey: ['flow-versions', workspace], refetchType: 'none' })
      await queries.invalidateQueries({
        predicate: ({ queryKey: [name, of] }) =>
          of === workspace && name !== 'migration' && name !== 'flow-versions',
      })
    },
  })
  const refusal = useRefusal(move, [left, reason])
  if (move.data) return <Moved begun={move.data} onDone={onDone} />
  if (hasFailed(report)) return <FailedState error={report.error} onRetry={() => void report.refetch()} />
  const first = report.data?.pages[0]
  if (first === undefined) return <LoadingRows rows={5} />
  const lines = report.data?.pages.flatMap((page) => page.runs) ?? []
  const able = first.counts.would_move + first.counts.would_restart
  const picked = lines.filter((line) => isAble(line) && !left.has(line.run)).map(({ run }) => run)
  // Whoever has not seen all of them and left none out means all of them.
  const isAll = left.size === 0 && (report.hasNextPage || picked.length > mostNamed)
  const count = isAll ? able : picked.length
  const submit = () => {
    setTried(true)
    if (reason.trim() === '' || count === 0) return
    const { runs, ...rest } = wish
    const named = isAll ? runs : picked.slice(0, mostNamed)
    move.mutate({ ...rest, ...(named === undefined ? {} : { runs: named }), dry: false, reason })
  }
  return (
    <Panel title={say('versions.report')}>
      <Stack gap="md">
        <Counts reply={first} />
        <Lines
          lines={lines}
          picked={(line) => (isAble(line) ? !left.has(line.run) : null)}
          onPick={(run, isPicked) => {
            const next = new Set(left)
            if (isPicked) next.delete(run)
            else next.add(run)
            setLeft(next)
          }}
        />
        <More query={report} />
        {first.ended_at !== null && able > 0 && (
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              submit()
            }}
          >
            <Stack gap="sm">
              {isProblem(refusal) && <Refused problem={refusal} mb={0} />}
              <Textarea
                label={say('versions.reason')}
                description={say('versions.reasonHint')}
                withAsterisk
                aria-required
                autosize
                minRows={2}
                maxLength={1000}
                error={tried && reason.trim() === '' ? say('flow.needed') : undefined}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
              <Group justify="flex-end">
                <Button type="submit" loading={move.isPending} disabled={count === 0}>
                  {say(wish.how === 'restart' ? 'versions.doRestart' : 'versions.doMove', { count })}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Panel>
  )
}

function Moved({ begun, onDone }: { begun: MigrationReply; onDone(): void }) {
  const { say } = useSpeech()
  const { key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const report = useMigration(begun.id)
  if (hasFailed(report)) return <FailedState error={report.error} onRetry={() => void report.refetch()} />
  const first = report.data?.pages[0]
  if (first === undefined) return <LoadingRows rows={5} />
  return (
    <Panel title={say('versions.result')}>
      <Stack gap="md">
        <Counts reply={first} />
        <Lines lines={report.data?.pages.flatMap((page) => page.runs) ?? []} />
        <More query={report} />
        {first.ended_at !== null && (
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={() => {
                void queries.invalidateQueries({ queryKey: ['flow-versions', workspace] })
                onDone()
              }}
            >
              {say('versions.finish')}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  )
}

/** Asked again until the job has gone through all of the cases. */
function useMigration(id: string) {
  const { api, key: workspace } = useWorkspace()
  return useInfiniteQuery({
    queryKey: ['migration', workspace, id],
    enabled: api !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.readMigration(id, { cursor: pageParam, limit: 50 }),
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.ended_at ? false : 700),
  })
}

function More({ query }: { query: ReturnType<typeof useMigration> }) {
  const { say } = useSpeech()
  if (!query.hasNextPage) return null
  return (
    <Group justify="center">
      <Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {say(query.isFetchNextPageError ? 'app.retry' : 'table.more')}
      </Button>
    </Group>
  )
}

function isAble({ outcome }: Line): boolean {
  return outcome === 'would_move' || outcome === 'would_restart'
}

const colours: Readonly<Record<MigrationOutcome, string>> = {
  waiting: 'gray',
  would_move: 'teal',
  would_restart: 'teal',
  moved: 'teal',
  restarted: 'teal',
  refused: 'amber',
  failed: 'red',
}

function Counts({ reply }: { reply: MigrationReply }) {
  const { say } = useSpeech()
  const told = (Object.keys(colours) as MigrationOutcome[]).filter((one) => reply.counts[one] > 0)
  const all = told.reduce((sum, one) => sum + reply.counts[one], 0)
  const done = all - reply.counts.waiting
  return (
    <Stack gap="xs">
      <Group gap="xs" role="status">
        {all === 0 && <Text size="sm">{say('versions.nothing')}</Text>}
        {told.map((one) => (
          <Badge key={one} color={colours[one]}>
            {say(`versions.outcome.${one}`)} {reply.counts[one]}
          </Badge>
        ))}
      </Group>
      {reply.ended_at === null && (
        <Progress
          value={all === 0 ? 0 : (100 * done) / all}
          aria-label={say('versions.progress', { done, all })}
        />
      )}
    </Stack>
  )
}

function Lines({
  lines,
  picked = () => null,
  onPick,
}: {
  lines: readonly Line[]
  /** Null: there is nothing to choose. */
  picked?(line: Line): boolean | null
  onPick?(run: string, isPicked: boolean): void
}) {
  const { say } = useSpeech()
  const navigation = useNavigation()
  return (
    <div>
      {lines.map((line) => {
        const isPicked = picked(line)
        const title = line.title || line.run.slice(-6)
        return (
          <div className="cw-card" key={line.run}>
            <Group align="flex-start" wrap="nowrap" gap="sm">
              {isPicked !== null && (
                <Checkbox
                  mt={2}
                  aria-label={say('versions.pick', { title })}
                  checked={isPicked}
                  onChange={(event) => onPick?.(line.run, event.currentTarget.checked)}
                />
              )}
              <div style={{ minWidth: 0, flex: 1 }}>
                <Group gap="xs">
                  <AppLink href={navigation.run(line.run)} fz="sm" fw={550}>
                    {title}
                  </AppLink>
                  <Badge size="sm" color={colours[line.outcome]}>
                    {say(`versions.outcome.${line.outcome}`)}
                  </Badge>
                  <Text size="xs" c="dimmed">
                    {[line.applicant.name, say('flow.release', { number: line.from })]
                      .filter(Boolean)
                      .join(' · ')}
                  </Text>
                </Group>
                <Account line={line} />
              </div>
            </Group>
          </div>
        )
      })}
    </div>
  )
}

/** In words: where the case goes on, who is asked as before and who anew, or why it stays. */
function Account({ line: { problem, report } }: { line: Line }) {
  const { say, locale } = useSpeech()
  const navigation = useNavigation()
  if (problem !== null)
    return (
      <Text size="sm" c="red" mt={2}>
        {problem.message} <span className="cw-hint">{problem.hint}</span>
      </Text>
    )
  if (report === null) return null
  const comma = locale === 'zh' ? '、' : ', '
  const names = (fate: string) =>
    report.tasks
      .filter((task) => task.fate === fate)
      .map((task) => task.person.name ?? say('history.somebody'))
      .join(comma)
  const facts = [
    ...report.steps.map(({ from, to }) =>
      to === null
        ? say('versions.stepEnds', { from: from[locale] })
        : from[locale] === to[locale]
          ? say('versions.stepStays', { step: to[locale] })
          : say('versions.stepMoves', { from: from[locale], to: to[locale] }),
    ),
    names('stays') && say('versions.stays', { people: names('stays') }),
    names('goes') && say('versions.goes', { people: names('goes') }),
    names('comes') && say('versions.comes', { people: names('comes') }),
    report.lost > 0 && say('versions.lost', { count: report.lost }),
    report.clocks > 0 && say('versions.clocks'),
    report.gone.length > 0 &&
      say('versions.goneSteps', { steps: report.gone.map((one) => one[locale]).join(comma) }),
  ].filter(Boolean)
  return (
    <Text size="sm" c="dimmed" mt={2} component="div" className="cw-dots">
      {facts.map((fact) => (
        <span key={String(fact)}>{fact}</span>
      ))}
      {report.next !== null && (
        <span>
          <AppLink href={navigation.run(report.next)} fz="sm">
            {say('versions.next')}
          </AppLink>
        </span>
      )}
    </Text>
  )
}
