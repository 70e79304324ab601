import { createRecord } from './create-record.ts'
import type { EffectType } from './effect-type.ts'
import { setFields } from './set-fields.ts'

/** THE list of what action nodes can have done, sorted. */
export const effectTypes: readonly EffectType[] = [createRecord, setFields]

const byName = new Map(effectTypes.map((type) => [type.name, type]))

export function findEffectType(name: string): EffectType | undefined {
  return byName.get(name)
}
