import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import { checkInputs } from '../given.ts'
import { flowSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

/** Only other flows start it: as a subflow, for each of many, or by an action. */
export const flowTrigger = defineTrigger({
  name: 'flow',
  title: { en: 'Another flow starts it', zh: '由其他流程启动' },
  icon: 'arrow-iteration',
  began: { en: 'Another flow began it{whom}', zh: '其他流程{whom}发起' },
  schema: flowSchema,
  check({ input, lines }, flow, set, pointer) {
    const found = checkInputs(input, `${pointer}/input`)
    if (lines === undefined) return found
    const fields = set.objects.get(flow.object)?.schema.properties ?? {}
    const known = Object.keys(fields).filter(
      (key) => (fields[key] as { readonly 'x-field'?: unknown })['x-field'] === 'lines',
    )
    if (known.includes(lines)) return found
    const values = { object: flow.object, field: lines, ...suggest(lines, known) }
    return [...found, diagnose(errors.flowFieldUnknown, `${pointer}/lines`, values)]
  },
})
