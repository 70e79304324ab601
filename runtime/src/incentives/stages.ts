import type { PlanDefinition } from '../definition/plan.ts'
import type { Text } from '../text.ts'
import { findBandMethod } from './index.ts'
import { windowSql } from './windows.ts'

/** One step of a plan's computation as a common table expression; each can be shown and run by itself. */
export interface PlanStage {
  readonly name: 'bands' | 'ev' | 'ms' | 'gt' | 'bd' | 'am' | 'lm' | 'rd' | 'po' | 'dl'
  readonly title: Text
  readonly sql: string
}

/** Binds a value and gives the placeholder that stands for it. */
export type Bind = (value: unknown) => string

/** Where the events and the ledger lie. All names are quoted SQL; columns belong to the alias `e`. */
export interface PlanTables {
  readonly events: string
  /** A date; a moment is turned to its local day by the caller: `(e."at" AT TIME ZONE $1)::date`. */
  readonly day: string
  readonly earner: string
  readonly pins: string
  readonly ledger: string
}

/** The plan's rules as SQL: of the event (alias `e`), and of the measures (alias `g`, columns `measureColumn`). */
export interface PlanRules {
  /** A condition that is true or false, never null. */
  readonly when: string
  /** Key of a sum → numeric expression that is never null. */
  readonly measures: Readonly<Record<string, string>>
  readonly gates: readonly string[]
}

export interface StageOptions {
  readonly plan: PlanDefinition
  /** The release whose wording `plan` is; events pinned to later ones are left out. */
  readonly release: number
  /** The release that events without a pin belong to. */
  readonly current: number
  readonly tables: PlanTables
  readonly rules: PlanRules
  readonly bind: Bind
  /** Windows to look at; without it all. Lists of equal length. */
  readonly due?: {
    readonly earners: readonly string[]
    readonly days: readonly string[]
    readonly events: readonly string[]
  }
  /** Events of windows that begin on or after this day are taken under `current`, whatever their pin says. */
  readonly recomputeFrom?: string
}

/** Stands for "no event" in keys: a window that is not one event's. */
export const noEvent = '00000000-0000-0000-0000-000000000000'

/** Column of a measure in the stages. */
export function measureColumn(key: string): string {
  return `"m_${key}"`
}

/**
 * The plan as SQL stages, in order: events, measures per earner and window, gates, bands, amounts, limits, rounding,
 * what is posted, and the difference that is still to be posted.
 *
 * A window keeps the money that earlier wordings of the plan paid in it: `part` 1 counts the events of all releases
 * up to this one, `part` 0 those of earlier ones, and this release pays the difference of both. With one release
 * there is no part 0 and the amount is simply that of part 1.
 */
export function buildStages(options: StageOptions): PlanStage[] {
  const { plan, release, tables, bind } = options
  const { rows, lookup, payOn, bound, unit } = plan.bands
  const method = findBandMethod(plan.bands.method)
  if (method === undefined) throw new Error(`plan ${plan.key} names an unknown band method`)
  const keys = Object.keys(plan.measures)
  const columns = keys.map(measureColumn)
  const releaseParameter = bind(release)
  const perEvent = plan.window === 'event'
  const window = windowSql(plan.window, 'd.day')
  const pin = `coalesce(p.release, ${bind(options.current)}::integer)`
  const pinned =
    options.recomputeFrom === undefined
      ? pin
      : `CASE WHEN ${window.from} >= ${bind(options.recomputeFrom)}::date THEN ${bind(options.current)}::integer ELSE ${pin} END`
  const lookupColumn = `t.${measureColumn(lookup)}`
  const payOnColumn = `t.${measureColumn(payOn)}`
  const inBand =
    bound === 'lower'
      ? `b.lo <= ${lookupColumn} AND (b.hi IS NULL OR ${lookupColumn} < b.hi)`
      : `b.lo < ${lookupColumn} AND (b.hi IS NULL OR ${lookupColumn} <= b.hi)`
  const values = keys.map((key) =>
    plan.measures[key]?.method === 'count' ? '1::numeric' : `(${options.rules.measures[key]})::numeric`,
  )
  const key = 'earner, window_from, window_to, key_event'

  return [
    {
      name: 'bands',
      title: { en: 'Bands', zh: '档位' },
      sql: `SELECT id, lo, lead(lo) OVER (ORDER BY lo) AS hi, value
        FROM unnest(${bind(rows.map((row) => row['x-id']))}::text[], ${bind(rows.map((row) => row.from))}::numeric[],
          ${bind(rows.map((row) => row.value))}::numeric[]) AS row (id, lo, value)`,
    },
    {
      name: 'ev',
      title: { en: 'Events that count', zh: '计奖事件' },
      sql: `SELECT e.id AS event, ${tables.earner} AS earner, d.day, ${window.from} AS window_from, ${window.to} AS window_to,
          ${perEvent ? 'e.id' : `'${noEvent}'::uuid`} AS key_event, ${pinned} AS release, p.release AS pin,
          ${values.map((value, index) => `${value} AS ${columns[index]}`).join(', ')}
        FROM ${tables.events} AS e
        CROSS JOIN LATERAL (SELECT ${tables.day} AS day) AS d
        LEFT JOIN ${tables.pins} AS p ON p.plan = ${bind(plan.key)} AND p.event = e.id
        WHERE e.deleted_at IS NULL AND ${tables.earner} IS NOT NULL AND d.day >= ${bind(plan.effective.from)}::date
          ${plan.effective.to === undefined ? '' : `AND d.day <= ${bind(plan.effective.to)}::date`}
          AND ${pinned} <= ${releaseParameter}::integer AND (${options.rules.when})
          ${dueEvents(options)}`,
    },
    {
      name: 'ms',
      title: { en: 'Measures', zh: '计量' },
      // Sums alone, which need no order: what they are made of is gathered for the windows that are kept.
      sql: `SELECT s.earner, s.window_from, s.window_to, s.key_event, v.part, ${columns.map((c) => `v.${c}`).join(', ')}
        FROM (
          SELECT ${key}, count(*) FILTER (WHERE release < ${releaseParameter}::integer) AS earlier,
            ${columns.map((c, i) => `sum(${c}) AS all_${i}, coalesce(sum(${c}) FILTER (WHERE release < ${releaseParameter}::integer), 0) AS before_${i}`).join(', ')}
          FROM ev GROUP BY ${key}
          HAVING bool_or(release = ${releaseParameter}::integer)
        ) AS s
        CROSS JOIN LATERAL (VALUES (1, ${keys.map((_, i) => `s.all_${i}`).join(', ')}),
          (0, ${keys.map((_, i) => `s.before_${i}`).join(', ')})) AS v (part, ${columns.join(', ')})
        WHERE v.part = 1 OR s.earlier > 0`,
    },
    {
      name: 'gt',
      title: { en: 'Gates', zh: '门槛' },
      sql: `SELECT g.*, (${['true', ...options.rules.gates.map((gate) => `(${gate})`)].join(' AND ')}) AS gate FROM ms AS g`,
    },
    {
      name: 'bd',
      title: { en: 'Band reached', zh: '命中档位' },
      sql: `SELECT t.*, (SELECT b.id FROM bands AS b WHERE ${inBand}) AS band FROM gt AS t`,
    },
    {
      name: 'am',
      title: { en: 'Amount', zh: '金额' },
      sql: `SELECT t.*, ${payOnColumn} AS base, CASE WHEN t.gate THEN ${method.sql({
        lookup: lookupColumn,
        payOn: payOnColumn,
        bound,
        unit,
        rows: 'bands',
      })} ELSE 0 END AS raw FROM bd AS t`,
    },
    {
      name: 'lm',
      title: { en: 'Limit', zh: '封顶' },
      sql: `SELECT t.*, ${plan.cap === undefined ? 't.raw' : `least(t.raw, ${bind(plan.cap)}::numeric)`} AS limited FROM am AS t`,
    },
    {
      name: 'rd',
      title: { en: 'Rounding', zh: '取整' },
      sql: `SELECT t.*, ${roundingSql('t.limited', plan.rounding)} AS rounded FROM lm AS t`,
    },
    {
      name: 'po',
      title: { en: 'Posted so far', zh: '已入账' },
      sql: `SELECT k.earner, k.window_from, k.window_to, coalesce(k.event, '${noEvent}'::uuid) AS key_event, sum(k.amount) AS amount
        FROM ${tables.ledger} AS k
        WHERE k.plan = ${bind(plan.key)} AND k.release = ${releaseParameter}::integer ${duePosted(options)}
        GROUP BY 1, 2, 3, 4`,
    },
    {
      name: 'dl',
      title: { en: 'Difference to post', zh: '待入账差额' },
      sql: `SELECT coalesce(n.earner, po.earner) AS earner, coalesce(n.window_from, po.window_from) AS window_from,
          coalesce(n.window_to, po.window_to) AS window_to,
          nullif(coalesce(n.key_event, po.key_event), '${noEvent}'::uuid) AS event,
          coalesce(n.measures, '{}'::jsonb) AS measures, n.before_measures, coalesce(n.gate, true) AS gate, n.band,
          coalesce(n.base, 0) AS base, coalesce(n.amount, 0) AS amount,
          coalesce(n.amount, 0) - coalesce(po.amount, 0) AS delta,
          n.earner IS NOT NULL AS has_events, po.earner IS NOT NULL AS posted_before
        FROM (
          SELECT a.earner, a.window_from, a.window_to, a.key_event, a.gate, a.band, a.base,
            ${measuresJson('a', keys)} AS measures,
            CASE WHEN b.earner IS NOT NULL THEN ${measuresJson('b', keys)} END AS before_measures,
            a.rounded - coalesce(b.rounded, 0) AS amount
          FROM (SELECT * FROM rd WHERE part = 1) AS a
          LEFT JOIN (SELECT * FROM rd WHERE part = 0) AS b USING (${key})
        ) AS n
        FULL JOIN po USING (earner, window_from, window_to, key_event)`,
    },
  ]
}

/**
 * What the windows of `windows` (rows of `dl`) are made of: a query that gives each with `events` and `inputs`. Each row
 * is put together from its events rather than joined to them again, which Postgres, who cannot guess how many windows
 * there are, would do by comparing each with each.
 */
export function inputsSql(
  windows: string,
  { plan, release, bind }: Pick<StageOptions, 'plan' | 'release' | 'bind'>,
): string {
  const columns = Object.keys(plan.measures).map((key) => `i.${measureColumn(key)}::text`)
  const own = deltaColumns.map((column) => `(array_agg(w.${column}))[1] AS ${column}`)
  return `SELECT ${own.join(', ')},
      coalesce(array_agg(i.event ORDER BY i.day, i.event) FILTER (WHERE i.event IS NOT NULL), '{}') AS events,
      coalesce(jsonb_agg(jsonb_build_array(i.event, i.day, jsonb_build_array(${columns.join(', ')}),
        i.release < ${bind(release)}::integer) ORDER BY i.day, i.event) FILTER (WHERE i.event IS NOT NULL), '[]') AS inputs
    FROM (SELECT x.*, row_number() OVER () AS n FROM (${windows}) AS x) AS w
    LEFT JOIN ev AS i ON w.has_events AND i.earner = w.earner AND i.window_from = w.window_from
      AND i.window_to = w.window_to AND i.key_event = coalesce(w.event, '${noEvent}'::uuid)
    GROUP BY w.n`
}

/** Columns of the stage `dl` that a result keeps. */
const deltaColumns = [
  ...['earner', 'window_from', 'window_to', 'event', 'measures', 'before_measures'],
  ...['gate', 'band', 'base', 'amount', 'delta'],
]

/** All stages as one `WITH` clause; what reads from them follows. */
export function stagesSql(stages: readonly PlanStage[]): string {
  return `WITH ${stages.map((stage) => `${stage.name} AS (${stage.sql})`).join(',\n')}`
}

function measuresJson(alias: string, keys: readonly string[]): string {
  return `jsonb_build_object(${keys.map((key) => `'${key}', ${alias}.${measureColumn(key)}::text`).join(', ')})`
}

function dueEvents({ plan, due, tables, bind }: StageOptions): string {
  if (due === undefined) return ''
  if (plan.window === 'event') return `AND e.id = ANY(${bind(due.events)}::uuid[])`
  return `AND ${tables.earner} = ANY(${bind(due.earners)}::uuid[]) AND EXISTS (${dueWindows(plan, due, bind)}
    WHERE q.earner = ${tables.earner} AND ${windowSql(plan.window, 'q.day').from} = ${windowSql(plan.window, 'd.day').from})`
}

function duePosted({ plan, due, bind }: StageOptions): string {
  if (due === undefined) return ''
  if (plan.window === 'event') return `AND k.event = ANY(${bind(due.events)}::uuid[])`
  return `AND k.earner = ANY(${bind(due.earners)}::uuid[]) AND EXISTS (${dueWindows(plan, due, bind)}
    WHERE q.earner = k.earner AND ${windowSql(plan.window, 'q.day').from} = k.window_from)`
}

function dueWindows(_plan: PlanDefinition, due: NonNullable<StageOptions['due']>, bind: Bind): string {
  return `SELECT FROM unnest(${bind(due.earners)}::uuid[], ${bind(due.days)}::date[]) AS q (earner, day)`
}

/** Rounding as `roundDecimal` does it. Amounts are never negative here. */
export function roundingSql(value: string, { scale, mode }: PlanDefinition['rounding']): string {
  const unit = scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`
  const factor = `1${'0'.repeat(scale)}`
  switch (mode) {
    case 'half_up':
      return `round(${value}, ${scale})`
    case 'down':
      return `trunc(${value}, ${scale})`
    case 'up':
      return `round(ceil(${value} * ${factor}) * ${unit}, ${scale})`
    case 'half_even':
      return `round(${value}, ${scale}) - CASE WHEN ${value} * ${factor} - trunc(${value} * ${factor}) = 0.5
        AND mod(trunc(${value} * ${factor}), 2) = 0 THEN ${unit} ELSE 0.0 END`
  }
}
