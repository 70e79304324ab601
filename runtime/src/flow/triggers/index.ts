import { buttonTrigger } from './button.ts'
import { flowTrigger } from './flow.ts'
import { recordTrigger } from './record.ts'
import { scheduleTrigger } from './schedule.ts'
import type { TriggerType } from './trigger-type.ts'
import { webhookTrigger } from './webhook.ts'

/** THE list of ways in which cases begin. */
export const triggerTypes: readonly TriggerType[] = [
  recordTrigger,
  buttonTrigger,
  scheduleTrigger,
  webhookTrigger,
  flowTrigger,
]

const byName = new Map(triggerTypes.map((type) => [type.name, type]))

export function findTriggerType(name: string): TriggerType | undefined {
  return byName.get(name)
}
