import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { inputScope } from '../definition/scopes.ts'
import type { Json, JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { type CompiledRule, compileRule } from '../logic/evaluate.ts'
import type { RuleScope } from '../logic/types.ts'
import { findNodeType } from '../nodes/index.ts'
import type { RuleOutcome } from './command.ts'
import { scopeOfFlow } from './field-rules.ts'
import { groupOf } from './given.ts'
import { toldPaths } from './tell-end.ts'

/** A rule of a flow, ready to run, with the paths it reads. */
interface ReadyRule {
  readonly run: CompiledRule | null
  readonly problem: string
}

/**
 * The rules of one flow as functions, compiled when first used and kept as long as the result is. Rules were
 * checked when the flow was published; one that no longer fits its release is an outcome, not an exception.
 */
export function createFlowEvaluator(flow: FlowDefinition, set: DefinitionSet) {
  const scopeOf = scopesOfRules(flow, set)
  const ready = new Map<Json, ReadyRule>()
  const prepare = (rule: Json): ReadyRule => {
    const known = ready.get(rule)
    if (known !== undefined) return known
    const checked = checkRule(rule, scopeOf(rule))
    const problem =
      checked.diagnostics.find((diagnostic) => diagnostic.severity === 'error')?.message.en ?? ''
    const made = { run: checked.rule && compileRule(checked.rule), problem }
    ready.set(rule, made)
    return made
  }
  return (rule: Json, data: JsonObject): RuleOutcome => {
    const { run, problem } = prepare(rule)
    if (run === null) return { ok: false, code: 'RULE', reason: problem }
    const result = run(data, data)
    if (result.ok) return { ok: true, value: result.value }
    return { ok: false, code: result.error.code, reason: `${result.error.code} ${result.error.path}` }
  }
}

/** Every path that the rules and people of a flow read, for whoever loads the record: `amount`, `partner.tier`. */
export function readsOfFlow(flow: FlowDefinition, set: DefinitionSet): readonly string[] {
  const scopeOf = scopesOfRules(flow, set)
  const reads = new Set<string>()
  for (const rule of rulesOf(flow)) for (const path of checkRule(rule, scopeOf(rule)).reads) reads.add(path)
  for (const node of flow.nodes)
    for (const path of findNodeType(node.type)?.reads?.(node as FlowNode) ?? []) reads.add(path)
  for (const path of toldPaths(flow)) reads.add(path)
  return [...reads]
}

/** What each rule of a flow reads: the record and its case, and where a step hears of something, what that brings. */
function scopesOfRules(flow: FlowDefinition, set: DefinitionSet): (rule: Json) => RuleScope {
  const scope = scopeOfFlow(flow, set)
  const own = new Map<Json, RuleScope>()
  for (const node of flow.nodes) {
    const hears = findNodeType(node.type)?.hears?.(node as FlowNode)
    if (hears === undefined) continue
    const more = { ...scope, root: new Map([...scope.root, ...Object.entries(hears.types)]) }
    for (const rule of hears.rules) own.set(rule, more)
  }
  const { trigger } = flow
  const beginning =
    trigger.type === 'webhook'
      ? inputScope(set, [], { extra: { $input: groupOf(trigger.input) } })
      : inputScope(set, [])
  const rules =
    trigger.type === 'webhook' ? trigger.values : trigger.type === 'schedule' ? trigger.create : {}
  for (const rule of Object.values(rules ?? {})) own.set(rule as Json, beginning)
  return (rule) => own.get(rule) ?? scope
}

/** Every rule of a flow: anything that stands where a rule may stand. */
function* rulesOf(flow: FlowDefinition): Generator<Json> {
  if ('when' in flow.trigger) yield flow.trigger.when as Json
  for (const edge of flow.edges) if (edge.when !== undefined) yield edge.when as Json
  for (const rule of Object.values(flow.settings?.onWithdraw ?? {})) yield rule as Json
  for (const rule of Object.values(flow.settings?.expire?.values ?? {})) yield rule as Json
  for (const node of flow.nodes) {
    // Settings of nodes hold rules at any depth; whatever is no rule reads nothing.
    const { 'x-id': _id, type: _type, title: _title, ...settings } = node as Record<string, Json>
    yield* nested(settings)
  }
}

function* nested(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value) && Object.keys(value).length === 1) yield value
  for (const inner of Array.isArray(value) ? value : Object.values(value)) yield* nested(inner)
}
