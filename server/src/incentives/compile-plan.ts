import { checkPlanRules } from '@channelwright/runtime/incentives/rules.ts'
import {
  buildStages,
  measureColumn,
  type PlanStage,
  type StageOptions,
} from '@channelwright/runtime/incentives/stages.ts'
import type { TypedRule } from '@channelwright/runtime/logic/ir.ts'
import { quoteName, quoteTable } from '../publish/quote.ts'
import { tableOf } from '../records/record-table.ts'
import type { PlanVersion } from './plan-version.ts'
import { eventRuleSql, ruleSql } from './rule-sql.ts'

export interface CompileOptions extends Pick<StageOptions, 'due' | 'recomputeFrom'> {
  /** The release in force, which unpinned events belong to. */
  readonly current: number
  /** Takes the values of the statement; `$1` is the first. */
  readonly values: unknown[]
}

/** The stages of one version of a plan over the workspace's own tables; every value is bound. */
export function compilePlan(version: PlanVersion, options: CompileOptions): PlanStage[] {
  const { plan, served } = version
  const { values } = options
  const bind = (value: unknown) => `$${values.push(value)}`
  const { schema, timeZone } = served.workspace
  const { rules, diagnostics } = checkPlanRules(plan, served.release)
  if (rules === null)
    throw new Error(`plan ${plan.key} of release ${version.release}: ${diagnostics[0]?.message.en}`)
  const table = tableOf(served, plan.events.object)
  const column = (key: string) => {
    const quoted = table.fields.get(key)?.column
    if (!quoted)
      throw new Error(`plan ${plan.key} of release ${version.release} reads ${key}, which has no column`)
    return `e.${quoted}`
  }
  const date = column(plan.events.date)
  const isMoment = table.fields.get(plan.events.date)?.definition['x-field'] === 'datetime'
  const compileEvent = (rule: TypedRule) => eventRuleSql(served, plan.events.object, rule, values)
  return buildStages({
    plan,
    release: version.release,
    current: options.current,
    ...(options.due ? { due: options.due } : {}),
    ...(options.recomputeFrom === undefined ? {} : { recomputeFrom: options.recomputeFrom }),
    bind,
    tables: {
      events: table.from,
      day: isMoment ? `(${date} AT TIME ZONE ${bind(timeZone)}::text)::date` : date,
      earner: column(plan.events.earner),
      pins: quoteTable(schema, 'cw_plan_event'),
      ledger: quoteTable(schema, 'cw_ledger_entry'),
    },
    rules: {
      when: compileEvent(rules.when),
      measures: Object.fromEntries([...rules.measures].map(([key, rule]) => [key, compileEvent(rule)])),
      gates: rules.gates.map((rule) => ruleSql(rule, locateMeasure, values, quoteName(schema))),
    },
  })
}

/** `m.amount` of a gate. */
function locateMeasure(path: string) {
  const [root, key] = path.split('.')
  return root === 'm' && key !== undefined ? { sql: `g.${measureColumn(key)}` } : null
}
