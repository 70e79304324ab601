import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import { webhookSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

/** Another system calls the flow's own secret address and names the record by one of its unique fields. */
export const webhookTrigger = defineTrigger({
  name: 'webhook',
  title: { en: 'Another system calls', zh: '外部系统调用' },
  icon: 'webhook',
  schema: webhookSchema,
  check({ by }, flow, set, pointer) {
    const fields = set.objects.get(flow.object)?.schema.properties ?? {}
    if (by === undefined || by in fields) return []
    const values = { object: flow.object, field: by, ...suggest(by, Object.keys(fields)) }
    return [diagnose(errors.flowFieldUnknown, `${pointer}/by`, values)]
  },
})
