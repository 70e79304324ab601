import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import { narrowLibrary } from '../definition/library.ts'
import type { PlanDefinition } from '../definition/plan.ts'
import { recordScope } from '../definition/scopes.ts'
import { diagnose } from '../errors/diagnose.ts'
import { planRuleInvalid, planRuleReadsThrough } from '../errors/incentives.ts'
import type { Json } from '../json.ts'
import { type CheckedRule, checkRule } from '../logic/check.ts'
import type { TypedRule } from '../logic/ir.ts'
import { lookupsOf } from '../logic/operators/lookup.ts'
import { bool, describeType, int, isNumeric } from '../logic/rule-type.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'

/** The rules of a plan, checked: what the stages compile. */
export interface PlanTypedRules {
  readonly when: TypedRule
  /** Sums only. */
  readonly measures: ReadonlyMap<string, TypedRule>
  readonly gates: readonly TypedRule[]
}

/** What a gate judged is stored with the result and judged again when it is explained: it may rest on nothing else. */
const gatesLookNowhere = {
  en: 'a gate judges the measures alone; let a measure look up instead',
  zh: '门槛只判断计量值;请在计量中查表',
}

/** `rules` is null when a diagnostic is an error. The object of the events exists. */
export function checkPlanRules(
  plan: PlanDefinition,
  set: DefinitionSet,
): { readonly rules: PlanTypedRules | null; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const events = eventScope(plan, set)
  const check = (rule: unknown, scope: RuleScope, path: string, expect?: RuleType) => {
    const checked = checkRule(rule as Json, scope, { level: 'L', path, ...(expect ? { expect } : {}) })
    diagnostics.push(...checked.diagnostics)
    return checked
  }
  const warnOfOthers = ({ reads, rule }: CheckedRule, path: string) => {
    const through = reads.filter(
      (read) => read.includes('.') && events.root.get(read.split('.')[0] ?? '')?.t === 'ref',
    )
    const lookedUp = rule ? lookupsOf(rule).map(({ object, field }) => `${object}.${field}`) : []
    for (const read of new Set([...through, ...lookedUp]))
      diagnostics.push(diagnose(planRuleReadsThrough, path, { path: read }, { severity: 'warning' }))
  }

  const when = check(plan.events.when, events, '/events/when', bool)
  warnOfOthers(when, '/events/when')

  const types = new Map<string, RuleType>()
  const measures = new Map<string, TypedRule>()
  for (const [key, measure] of Object.entries(plan.measures)) {
    types.set(key, int)
    if (measure.method === 'count' || measure.of === undefined) continue
    const path = `/measures/${key}/of`
    const checked = check(measure.of, events, path)
    warnOfOthers(checked, path)
    if (checked.rule === null || checked.type === null) continue
    if (!isNumeric(checked.type) || checked.type.nullable) {
      const [given, wanted] = [
        describeType(checked.type),
        describeType({ t: 'dec', nullable: false, scale: 2 }),
      ]
      const values = { given: given.en, wanted: wanted.en }
      const invalid = diagnose(planRuleInvalid, path, values)
      diagnostics.push({
        ...invalid,
        message: {
          en: invalid.message.en,
          zh: diagnose(planRuleInvalid, path, { given: given.zh, wanted: wanted.zh }).message.zh,
        },
      })
      continue
    }
    types.set(key, checked.type.t === 'dec' ? { t: 'dec', nullable: false, scale: checked.type.scale } : int)
    measures.set(key, checked.rule)
  }

  const gateScope: RuleScope = {
    root: new Map([['m', { t: 'obj', nullable: false, fields: types } satisfies RuleType]]),
    object: () => undefined,
    library: narrowLibrary({ ...events, object: () => undefined }, gatesLookNowhere),
  }
  const gates = (plan.gates ?? []).map(
    (gate, index) => check(gate.when, gateScope, `/gates/${index}/when`, bool).rule,
  )

  const sound =
    when.rule !== null &&
    gates.every((gate) => gate !== null) &&
    Object.entries(plan.measures).every(([key, measure]) => measure.method === 'count' || measures.has(key))
  return {
    diagnostics,
    rules:
      sound && when.rule !== null
        ? { when: when.rule, measures, gates: gates.filter((gate) => gate !== null) }
        : null,
  }
}

/** The fields of the events. Nothing of the reader or of today: an amount may not depend on who runs the plan, or when. */
function eventScope(plan: PlanDefinition, set: DefinitionSet): RuleScope {
  const scope = recordScope(set, plan.events.object)
  return {
    ...scope,
    root: new Map([...scope.root].filter(([key]) => !key.startsWith('$'))),
    library: narrowLibrary(scope),
  }
}
