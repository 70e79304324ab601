import { diagnose } from '../../errors/diagnose.ts'
import * as errors from '../../errors/flow-checks.ts'
import { suggest } from '../../fields/suggest.ts'
import type { Json } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import { checkScreen } from '../../nodes/task-screen.ts'
import { scopeOfFlow } from '../field-rules.ts'
import { buttonSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

const bool = { t: 'bool', nullable: false } as const

/** A person begins it, on a record that they may see. */
export const buttonTrigger = defineTrigger({
  name: 'button',
  title: { en: 'A person starts it', zh: '人工启动' },
  icon: 'hand-click',
  schema: buttonSchema,
  check({ roles = [], when, form }, flow, set, pointer) {
    const known = new Set([...set.grants.values()].map((grant) => grant.role))
    return [
      ...checkScreen({ ...(form === undefined ? {} : { form }) }, flow, set, pointer),
      ...roles.flatMap((role, index) =>
        known.has(role)
          ? []
          : [
              diagnose(errors.flowRoleUnknown, `${pointer}/roles/${index}`, {
                role,
                ...suggest(role, known),
              }),
            ],
      ),
      ...(when === undefined
        ? []
        : checkRule(when as Json, scopeOfFlow(flow, set), { expect: bool, path: `${pointer}/when` })
            .diagnostics),
    ]
  },
})
