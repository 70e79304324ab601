import { createRecord } from './create-record.ts'
import { document } from './document.ts'
import type { EffectType } from './effect-type.ts'
import { endFlow } from './end-flow.ts'
import { findRecords } from './find-records.ts'
import { notify } from './notify.ts'
import { raiseEvent } from './raise-event.ts'
import { runPlan } from './run-plan.ts'
import { runRule } from './run-rule.ts'
import { sequenceNumber } from './sequence-number.ts'
import { setFields } from './set-fields.ts'
import { startFlow } from './start-flow.ts'
import { updateRecord } from './update-record.ts'
import { webhook } from './webhook.ts'

/** THE list of what action nodes can have done, sorted. */
export const effectTypes: readonly EffectType[] = [
  createRecord,
  document,
  endFlow,
  findRecords,
  notify,
  raiseEvent,
  runPlan,
  runRule,
  sequenceNumber,
  setFields,
  startFlow,
  updateRecord,
  webhook,
]

const byName = new Map(effectTypes.map((type) => [type.name, type]))

export function findEffectType(name: string): EffectType | undefined {
  return byName.get(name)
}
