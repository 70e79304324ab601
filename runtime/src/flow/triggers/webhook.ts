import { inputScope } from '../../definition/scopes.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as checkErrors from '../../errors/flow-checks.ts'
import * as errors from '../../errors/flow-triggers.ts'
import { checkFieldRules, findMissingFields } from '../field-rules.ts'
import { checkInputs, groupOf } from '../given.ts'
import { checkApplicant } from './schedule.ts'
import { webhookSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

/** Another system begins it, by a signed message: the record is found or made from what the message says. */
export const webhookTrigger = defineTrigger({
  name: 'webhook',
  title: { en: 'Another system sends a message', zh: '外部系统发来消息' },
  icon: 'webhook',
  began: { en: 'A message of another system began it{whom}', zh: '外部系统消息{whom}发起' },
  schema: webhookSchema,
  check({ input, values, match, applicant }, flow, set, pointer) {
    const path = `${pointer}/values`
    const scope = inputScope(set, [], { extra: { $input: groupOf(input) } })
    const unique = set.objects
      .get(flow.object)
      ?.unique?.some(({ fields, when }) => when === undefined && fields.length === 1 && fields[0] === match)
    return [
      ...checkInputs(input, `${pointer}/input`),
      ...findMissingFields(flow.object, values, set).map((field) =>
        diagnose(checkErrors.flowFieldRequired, path, { object: flow.object, field }),
      ),
      ...checkFieldRules(values, flow.object, flow, set, path, { scope, mayBeEmpty: true }),
      ...(match === undefined || (unique === true && match in values)
        ? []
        : [diagnose(errors.flowMatchField, `${pointer}/match`, { field: match })]),
      ...checkApplicant(applicant, flow, set, `${pointer}/applicant`),
    ]
  },
})
