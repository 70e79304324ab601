import Type from 'typebox'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { Key } from '../definition/shared.ts'
import { diagnose } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-checks.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject, type Json } from '../json.ts'

/** What a task of a node shows of the record; settings of every node that has tasks. */
export const screenSettings = {
  /** The form that the task shows instead of the record's own page. */
  form: Type.Optional(Key),
  /** Fields that the task shows (`r`), lets be written with the answer (`rw`) or hides. `*`: all others. */
  fields: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.Literal('r'), Type.Literal('rw'), Type.Literal('hidden')])),
  ),
}

/** What a task at the node does with a field of its record. */
export function fieldRightAt({ fields }: FlowNode, field: string): 'r' | 'rw' | 'hidden' {
  const rights = isJsonObject(fields as Json) ? (fields as Readonly<Record<string, unknown>>) : {}
  const right = rights[field] ?? rights['*']
  return right === 'rw' || right === 'hidden' ? right : 'r'
}

interface TaskScreen {
  readonly form?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** The form and the fields belong to the flow's object. */
export function checkScreen(
  { form, fields = {} }: TaskScreen,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  const found: Diagnostic[] = []
  if (form !== undefined && set.forms.get(form)?.object !== flow.object) {
    const forms = [...set.forms.values()].filter((one) => one.object === flow.object).map((one) => one.key)
    const values = { form, object: flow.object, ...suggest(form, forms) }
    found.push(diagnose(errors.flowFormUnknown, `${pointer}/form`, values))
  }
  const names = Object.keys(set.objects.get(flow.object)?.schema.properties ?? {})
  for (const field of Object.keys(fields))
    if (field !== '*' && !names.includes(field)) {
      const values = { object: flow.object, field, ...suggest(field, names) }
      found.push(diagnose(errors.flowFieldUnknown, `${pointer}/fields/${field}`, values))
    }
  return found
}
