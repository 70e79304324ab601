import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { choiceRepeated, danglingChoice } from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { choicesOf } from './shared.ts'
import { suggest } from './suggest.ts'

/** Choices that stand twice, and defaults that are none of them. `pointer` leads to the choices in the field. */
export function checkChoices(field: FieldDefinition, pointer: string): Diagnostic[] {
  const values = choicesOf(field).map((c) => c.const)
  const found: Diagnostic[] = []
  values.forEach((value, at) => {
    if (values.indexOf(value) !== at)
      found.push(diagnose(choiceRepeated, `${pointer}/${at}/const`, { name: value }))
  })
  const given = field.default
  const defaults = given === undefined ? [] : Array.isArray(given) ? given : [given]
  for (const value of defaults) {
    if (!values.includes(String(value))) {
      found.push(
        diagnose(danglingChoice, '/default', {
          name: String(value),
          field: field['x-id'],
          ...suggest(String(value), values),
        }),
      )
    }
  }
  return found
}
