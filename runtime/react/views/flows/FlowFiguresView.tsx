import { Button, SegmentedControl, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import type { FlowFigures, FlowWait } from '../../../src/api/flows.ts'
import { addDays } from '../../../src/fields/date-entry.ts'
import { hasFailed } from '../../parts/failed.ts'
import { todayIn } from '../../parts/moments.ts'
import { useNavigation } from '../../parts/navigation.tsx'
import { FailedState, LoadingRows, PageHead, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { FlowSelect } from './FlowSelect.tsx'
import { formatSpan } from './spans.ts'

const Chart = lazy(async () => ({ default: (await import('../../parts/Chart.tsx')).Chart }))
const spans = [7, 30, 90] as const

/** How the flows do: how much comes and goes, where and with whom things wait, how much is late. */
export function FlowFiguresView() {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const navigation = useNavigation()
  const [days, setDays] = useState<number>(30)
  const [flow, setFlow] = useState<string | null>(null)
  const figures = useQuery({
    queryKey: ['flow-figures', workspace, days, flow],
    enabled: api !== null,
    placeholderData: (before) => before,
    queryFn: () => api!.readFigures({ days, ...(flow ? { flow } : {}) }),
  })
  return (
    <>
      <PageHead title={say('figures.title')}>
        <Button
          variant="subtle"
          leftSection={<IconArrowLeft size={16} />}
          onClick={() => navigation.go(navigation.runs())}
        >
          {say('runs.title')}
        </Button>
        <FlowSelect value={flow} onChange={setFlow} />
        <SegmentedControl
          aria-label={say('figures.span')}
          value={String(days)}
          onChange={(next) => setDays(Number(next))}
          data={spans.map((one) => ({ value: String(one), label: say('figures.days', { count: one }) }))}
        />
      </PageHead>
      {figures.isPending ? (
        <LoadingRows rows={10} />
      ) : hasFailed(figures) ? (
        <FailedState error={figures.error} onRetry={() => void figures.refetch()} />
      ) : (
        <Figures figures={figures.data} span={days} />
      )}
    </>
  )
}

function Figures({ figures, span }: { figures: FlowFigures; span: number }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const days = useMemo(
    () => everyDay(figures.days, todayIn(portal.workspace.timeZone), span),
    [figures.days, portal.workspace.timeZone, span],
  )
  const { decided, open, overdue } = figures.tasks
  const tasks = decided + open
  const rate = tasks === 0 ? null : overdue / tasks
  const percent = new Intl.NumberFormat(locale === 'zh' ? 'zh-CN' : 'en', {
    style: 'percent',
    maximumFractionDigits: 1,
  })
  return (
    <div className="cw-figures">
      <div className="cw-figure-row">
        <Figure label={say('figures.started')}>{figures.started}</Figure>
        <Figure label={say('figures.ended')}>{figures.ended}</Figure>
        <Figure label={say('figures.open')}>{figures.open}</Figure>
        <Figure label={say('figures.incidents')}>{figures.incidents}</Figure>
        <Figure label={say('figures.duration')}>
          {figures.median_duration === null ? '—' : formatSpan(figures.median_duration, locale, 'short')}
        </Figure>
        <Figure label={say('figures.overdue')} note={say('figures.overdueNote', { overdue, count: tasks })}>
          {rate === null ? '—' : percent.format(rate)}
        </Figure>
      </div>
      <Panel title={say('figures.throughput')}>
        <Throughput days={days} />
      </Panel>
      <div className="cw-figure-pair">
        <Waits
          title={say('figures.byNode')}
          first={say('command.field.node')}
          rows={figures.nodes.map((row) => ({
            ...row,
            key: `${row.flow} ${row.node}`,
            name: row.title[locale],
            note: row.flow_title[locale],
          }))}
        />
        <Waits
          title={say('figures.byPerson')}
          first={say('figures.person')}
          rows={figures.people.map((row) => ({
            ...row,
            key: row.id,
            name: row.name ?? say('history.somebody'),
          }))}
        />
      </div>
    </div>
  )
}

/** With the days on which nothing happened. */
function everyDay(known: FlowFigures['days'], today: string, span: number): FlowFigures['days'] {
  const byDay = new Map(known.map((one) => [one.day, one]))
  return Array.from({ length: span }, (_, at) => addDays(today, at + 1 - span)).map(
    (day) => byDay.get(day) ?? { day, started: 0, ended: 0 },
  )
}

function Figure({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <Panel>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className="cw-figure">{children}</div>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Panel>
  )
}

function Throughput({ days }: { days: FlowFigures['days'] }) {
  const { say } = useSpeech()
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: 'inherit' } },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: days.map(({ day }) => day.slice(5)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          type: 'bar',
          barMaxWidth: 22,
          name: say('figures.started'),
          data: days.map(({ started }) => started),
        },
        { type: 'bar', barMaxWidth: 22, name: say('figures.ended'), data: days.map(({ ended }) => ended) },
      ],
    }),
    [days, say],
  )
  const total = (key: 'started' | 'ended') => days.reduce((sum, day) => sum + day[key], 0)
  const label = say('figures.throughputTold', { started: total('started'), ended: total('ended') })
  return (
    <Suspense fallback={<LoadingRows rows={4} />}>
      <Chart option={option} label={label} />
    </Suspense>
  )
}

type Row = FlowWait<{ readonly key: string; readonly name: string; readonly note?: string }>

/** Longest first, as bars in a table: read by eye and by ear alike. */
function Waits({ title, first, rows }: { title: string; first: string; rows: readonly Row[] }) {
  const { say, locale } = useSpeech()
  const longest = Math.max(1, ...rows.map((row) => row.median ?? 0))
  return (
    <Panel title={title} flush>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {say('figures.none')}
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by keys
        <section className="cw-scroll" tabIndex={0} aria-label={title}>
          <table className="cw-table">
            <thead>
              <tr>
                <th>{first}</th>
                <th>{say('figures.median')}</th>
                <th className="cw-right">{say('figures.p90')}</th>
                <th className="cw-right">{say('figures.decided')}</th>
                <th className="cw-right">{say('figures.waiting')}</th>
                <th className="cw-right">{say('figures.late')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <td className="cw-waits-name">
                    {row.name}
                    {row.note && (
                      <Text size="xs" c="dimmed">
                        {row.note}
                      </Text>
                    )}
                  </td>
                  <td className="cw-bar-cell">
                    <span className="cw-bar" style={{ width: `${((row.median ?? 0) / longest) * 100}%` }} />
                    <span className="cw-nowrap">
                      {row.median === null ? '—' : formatSpan(row.median, locale)}
                    </span>
                  </td>
                  <td className="cw-right cw-nowrap">
                    {row.p90 === null ? '—' : formatSpan(row.p90, locale)}
                  </td>
                  <td className="cw-right cw-num">{row.decided}</td>
                  <td className="cw-right cw-num">{row.open}</td>
                  <td className="cw-right cw-num">{row.overdue}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  )
}
