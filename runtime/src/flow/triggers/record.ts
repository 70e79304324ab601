import type { Json } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import { scopeOfFlow } from '../field-rules.ts'
import { recordSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

const bool = { t: 'bool', nullable: false } as const

/** A form submitted, a record created or changed: begins when the rule turns from false (or no record) to true. */
export const recordTrigger = defineTrigger({
  name: 'record',
  title: { en: 'A record comes into a state', zh: '记录进入某状态' },
  icon: 'file-pencil',
  schema: recordSchema,
  check: ({ when }, flow, set, pointer) =>
    checkRule(when as Json, scopeOfFlow(flow, set), { expect: bool, path: `${pointer}/when` }).diagnostics,
})
