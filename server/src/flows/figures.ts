import type { FlowFigures } from '@channelwright/runtime/api/flows.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import type { Unit } from '../db/unit.ts'
import { namePeople } from '../records/people.ts'
import { flowTable } from './run-store.ts'

export interface FiguresQuery {
  readonly flow?: string
  /** How many days back from today; default 30. */
  readonly days?: number
}

interface WaitRow {
  readonly decided: number
  readonly open: number
  readonly overdue: number
  readonly median: number | null
  readonly p90: number | null
}

/** How long a task waited: from when it came to when it was decided, or until now, in seconds. */
const waited = `extract(epoch FROM COALESCE(decided_at, $2::timestamptz) - created_at)`
const waits = `count(*) FILTER (WHERE decided_by IS NOT NULL)::integer AS decided,
  count(*) FILTER (WHERE state = 'pending')::integer AS open,
  count(*) FILTER (WHERE due_at < COALESCE(decided_at, $2::timestamptz))::integer AS overdue,
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ${waited}))::integer AS median,
  round(percentile_cont(0.9) WITHIN GROUP (ORDER BY ${waited}))::integer AS p90`

/**
 * What went through and what it waited for, of runs and tasks of the last days. Tasks count that were decided in these
 * days or still wait; what was cancelled or passed on has waited for nobody.
 * Of them are overdue those that were decided after their time or still wait behind it: never more than there are.
 */
export async function readFigures(unit: Unit, query: FiguresQuery): Promise<FlowFigures> {
  const days = query.days ?? 30
  const from = new Date(Date.parse(unit.now) - days * 86_400_000).toISOString()
  const zone = unit.served.workspace.timeZone
  const [run, task] = [flowTable(unit, 'run'), flowTable(unit, 'task')]
  const flow = query.flow ?? null
  const ofTasks = `FROM ${task}
    WHERE ($3::text IS NULL OR flow = $3) AND ((decided_by IS NOT NULL AND decided_at >= $1::timestamptz) OR state = 'pending')`
  const values = [from, unit.now, flow]
  const [totals, byDay, nodes, people] = await Promise.all([
    unit.query<
      Omit<FlowFigures, 'days' | 'nodes' | 'people' | 'tasks'> & {
        decided: number
        waiting: number
        overdue: number
      }
    >(
      `SELECT
         (SELECT count(*)::integer FROM ${run} WHERE started_at >= $1::timestamptz AND ($3::text IS NULL OR flow = $3)) AS started,
         (SELECT count(*)::integer FROM ${run} WHERE ended_at >= $1::timestamptz AND ($3::text IS NULL OR flow = $3)) AS ended,
         (SELECT count(*)::integer FROM ${run} WHERE status IN ('running', 'returned', 'suspended', 'incident')
           AND ($3::text IS NULL OR flow = $3)) AS open,
         (SELECT count(*)::integer FROM ${run} WHERE stuck AND ($3::text IS NULL OR flow = $3)) AS incidents,
         (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at)))::integer
           FROM ${run} WHERE ended_at >= $1::timestamptz AND ($3::text IS NULL OR flow = $3)) AS median_duration,
         t.decided, t.open AS waiting, t.overdue FROM (SELECT ${waits} ${ofTasks}) AS t`,
      values,
    ),
    unit.query<FlowFigures['days'][number]>(
      `SELECT day::text, sum(started)::integer AS started, sum(ended)::integer AS ended FROM (
         SELECT (started_at AT TIME ZONE $4)::date AS day, 1 AS started, 0 AS ended FROM ${run}
         WHERE started_at >= $1::timestamptz AND ($3::text IS NULL OR flow = $3)
         UNION ALL
         SELECT (ended_at AT TIME ZONE $4)::date, 0, 1 FROM ${run}
         WHERE ended_at >= $1::timestamptz AND ($3::text IS NULL OR flow = $3)
       ) AS d WHERE $2::timestamptz IS NOT NULL GROUP BY day ORDER BY day`,
      [...values, zone],
    ),
    unit.query<WaitRow & { flow: string; node: string }>(
      `SELECT flow, node, ${waits} ${ofTasks} GROUP BY flow, node ORDER BY p90 DESC NULLS LAST LIMIT 200`,
      values,
    ),
    unit.query<WaitRow & { assignee: string }>(
      `SELECT assignee, ${waits} ${ofTasks} GROUP BY assignee ORDER BY p90 DESC NULLS LAST LIMIT 200`,
      values,
    ),
  ])
  const names = await namePeople(
    unit,
    people.map((row) => row.assignee),
  )
  const { decided = 0, waiting = 0, overdue = 0, ...sums } = totals[0] ?? {}
  const nothing = { started: 0, ended: 0, open: 0, incidents: 0, median_duration: null }
  return {
    ...nothing,
    ...sums,
    tasks: { decided, open: waiting, overdue },
    days: byDay,
    nodes: nodes.map(({ flow: key, node, ...row }) => {
      const definition = unit.served.release.flows.get(key)
      const title = definition && graphOf(definition).nodes.get(node)?.title
      const raw = (word: string) => ({ en: word, zh: word })
      return { flow: key, flow_title: definition?.title ?? raw(key), node, title: title ?? raw(node), ...row }
    }),
    people: people.map(({ assignee: id, ...row }) => ({ id, name: names.get(id) ?? null, ...row })),
  }
}
