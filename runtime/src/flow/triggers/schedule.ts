import { recordScope } from '../../definition/scopes.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import type { Json } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import { readCron } from './cron.ts'
import { scheduleSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

const bool = { t: 'bool', nullable: false } as const

/** At times of the workspace's clock, for every record for which a rule holds then. */
export const scheduleTrigger = defineTrigger({
  name: 'schedule',
  title: { en: 'At set times', zh: '定时' },
  icon: 'calendar-time',
  schema: scheduleSchema,
  check: ({ cron, where }, flow, set, pointer) => [
    ...(readCron(cron) === null ? [diagnose(errors.flowCron, `${pointer}/cron`, { cron })] : []),
    ...checkRule(where as Json, recordScope(set, flow.object), {
      expect: bool,
      level: 'L',
      path: `${pointer}/where`,
    }).diagnostics,
  ],
})
