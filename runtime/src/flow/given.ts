import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import type { Inputs } from '../definition/inputs.ts'
import { inputTypes } from '../definition/library.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { ruleInputBad } from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-triggers.ts'
import { fieldTypeOf, findFieldType } from '../fields/index.ts'
import { suggest } from '../fields/suggest.ts'
import type { Json, JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import type { RuleScope, RuleType } from '../logic/types.ts'
import { planValues } from '../nodes/action/effects/effect-type.ts'

// What a case is handed when it begins, beside its record: `$input`, the values that a message brought or that another
// flow gave, and `$item`, the line that it treats. Kept with the case as they were then.

/** What `$input` and `$item` are in the rules of a flow; nothing where its cases are handed nothing. */
export function givenTypes(
  flow: Pick<FlowDefinition, 'object' | 'trigger'>,
  set: Pick<DefinitionSet, 'objects'>,
): Readonly<Record<string, RuleType>> {
  const { trigger } = flow
  const found: Record<string, RuleType> = {}
  // A flow that messages begin may be begun by others as well, which bring none.
  if ('input' in trigger && trigger.input !== undefined)
    found.$input = groupOf(trigger.input, trigger.type === 'webhook')
  const item = 'lines' in trigger && trigger.lines !== undefined && lineType(flow.object, trigger.lines, set)
  if (item) found.$item = item
  return found
}

/** Declared values as one type. */
export function groupOf(inputs: Inputs, nullable = false): RuleType {
  return { t: 'obj', nullable, fields: new Map(inputTypes({ inputs })) }
}

function lineType(object: string, key: string, set: Pick<DefinitionSet, 'objects'>): RuleType | null {
  const field = set.objects.get(object)?.schema.properties[key] as FieldDefinition | undefined
  if (field === undefined || findFieldType(field['x-field'])?.name !== 'lines') return null
  const type = fieldTypeOf(field).ruleType(field)
  return type.t === 'list' ? type.of : null
}

/** What stands under `$` for a case that was handed this. */
export function givenData(given: JsonObject | null): JsonObject {
  return { $input: given?.input ?? null, $item: given?.item ?? null }
}

/** Every declared value is one that rules can hold. */
export function checkInputs(inputs: Inputs | undefined, pointer: string): Diagnostic[] {
  if (inputs === undefined) return []
  const typed = new Set(inputTypes({ inputs }).map(([key]) => key))
  return Object.keys(inputs.properties)
    .filter((key) => !typed.has(key))
    .map((name) => diagnose(ruleInputBad, `${pointer}/properties/${name}`, { name }))
}

/** What a flow is handed by another one: all it needs, nothing it does not know. `line`: the lines field treated. */
export function checkHanded(
  other: FlowDefinition,
  input: Readonly<Record<string, unknown>>,
  scope: RuleScope,
  pointer: string,
  line: string | null,
): Diagnostic[] {
  const declared = other.trigger.type === 'flow' ? other.trigger.input : undefined
  const types = new Map(declared === undefined ? [] : inputTypes({ inputs: declared }))
  const values = { flow: other.key }
  const found = Object.entries(input).flatMap(([name, rule]): Diagnostic[] => {
    const expect = types.get(name)
    const path = `${pointer}/input/${name}`
    if (expect === undefined)
      return [
        diagnose(errors.flowInputUnknown, path, { ...values, input: name, ...suggest(name, types.keys()) }),
      ]
    return checkRule(rule as Json, scope, { expect, path }).diagnostics
  })
  for (const name of declared?.required ?? [])
    if (!(name in input))
      found.push(diagnose(errors.flowInputMissing, `${pointer}/input`, { ...values, input: name }))
  const lines = other.trigger.type === 'flow' ? other.trigger.lines : undefined
  if (lines !== undefined && lines !== line)
    found.push(diagnose(errors.flowLineMissing, `${pointer}/flow`, { ...values, lines }))
  return found
}

/** For an effect that hands values on: `{input}` with what the rules come to now, or nothing where there are none. */
export function planInput(
  input: Readonly<Record<string, unknown>> | undefined,
  evaluate: (rule: Json) => Json,
): JsonObject {
  return input === undefined ? {} : { input: planValues(input, evaluate) }
}
