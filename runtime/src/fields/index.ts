import type { FieldDefinition } from '../definition/object.ts'
import { boolean } from './boolean/field.ts'
import { choice } from './choice/field.ts'
import { date } from './date/field.ts'
import { datetime } from './datetime/field.ts'
import { decimal } from './decimal/field.ts'
import { email } from './email/field.ts'
import type { FieldType } from './field-type.ts'
import { file } from './file/field.ts'
import { image } from './image/field.ts'
import { integer } from './integer/field.ts'
import { defineLines } from './lines/field.ts'
import { longText } from './long_text/field.ts'
import { money } from './money/field.ts'
import { multiChoice } from './multi_choice/field.ts'
import { percent } from './percent/field.ts'
import { period } from './period/field.ts'
import { phone } from './phone/field.ts'
import { reference } from './reference/field.ts'
import { sequence } from './sequence/field.ts'
import { text } from './text/field.ts'
import { url } from './url/field.ts'
import { user } from './user/field.ts'

/** THE list of field types, one line each, sorted by name. */
export const fieldTypes: readonly FieldType[] = [
  boolean,
  choice,
  date,
  datetime,
  decimal,
  email,
  file,
  image,
  integer,
  defineLines(fieldTypeOf),
  longText,
  money,
  multiChoice,
  percent,
  period,
  phone,
  reference,
  sequence,
  text,
  url,
  user,
]

const byName: ReadonlyMap<string, FieldType> = new Map(fieldTypes.map((type) => [type.name, type]))

/** The field type of that name (the value of `x-field`). */
export function findFieldType(name: string): FieldType | undefined {
  return byName.get(name)
}

/** The type of a field of a checked definition. Throws when the list has no such type: check definitions first. */
export function fieldTypeOf(field: FieldDefinition): FieldType {
  const type = byName.get(field['x-field'])
  if (!type) throw new Error(`no field type "${field['x-field']}"`)
  return type
}

export { linesOf } from './lines/rows.ts'
