import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition } from '../../definition/flow.ts'
import { inputScope, recordScope } from '../../definition/scopes.ts'
import { diagnose } from '../../errors/diagnose.ts'
import * as checkErrors from '../../errors/flow-checks.ts'
import * as errors from '../../errors/flow-triggers.ts'
import { suggest } from '../../fields/suggest.ts'
import type { Json } from '../../json.ts'
import { checkRule } from '../../logic/check.ts'
import { checkFieldRules, findFieldByPath, findMissingFields } from '../field-rules.ts'
import { nextTime, readCron } from './cron.ts'
import { scheduleSchema } from './schemas.ts'
import { defineTrigger } from './trigger-type.ts'

/** Begins by itself when its time comes: for each record that a rule finds, or for a new one. */
export const scheduleTrigger = defineTrigger({
  name: 'schedule',
  title: { en: 'At times', zh: '定时触发' },
  icon: 'calendar-clock',
  began: { en: 'The schedule began it{whom}', zh: '系统按计划{whom}发起' },
  schema: scheduleSchema,
  check({ cron, records, create, applicant }, flow, set, pointer) {
    const times = readCron(cron)
    const comes = times !== null && nextTime(times, '2026-01-01T00:00:00Z', 'UTC') !== null
    const found: Diagnostic[] = comes ? [] : [diagnose(errors.flowCron, `${pointer}/cron`, { cron })]
    if ((records === undefined) === (create === undefined))
      found.push(diagnose(errors.flowScheduleSubject, pointer))
    if (records !== undefined)
      found.push(
        ...checkRule(records as Json, recordScope(set, flow.object), {
          expect: { t: 'bool', nullable: false },
          level: 'L',
          path: `${pointer}/records`,
        }).diagnostics,
      )
    if (create !== undefined) {
      const path = `${pointer}/create`
      found.push(
        ...findMissingFields(flow.object, create, set).map((field) =>
          diagnose(checkErrors.flowFieldRequired, path, { object: flow.object, field }),
        ),
        ...checkFieldRules(create, flow.object, flow, set, path, {
          scope: inputScope(set, []),
          mayBeEmpty: true,
        }),
      )
    }
    return [...found, ...checkApplicant(applicant, flow, set, `${pointer}/applicant`)]
  },
})

/** Whoever a case is for that no person begins: a field that names people, or a role that there is. */
export function checkApplicant(
  applicant: { readonly field: string } | { readonly role: string } | undefined,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  if (applicant === undefined) return []
  if ('role' in applicant) {
    const { role } = applicant
    const known = new Set([...set.grants.values()].map((grant) => grant.role))
    if (known.has(role)) return []
    return [diagnose(checkErrors.flowRoleUnknown, `${pointer}/role`, { role, ...suggest(role, known) })]
  }
  const { field } = applicant
  const end = findFieldByPath(field, flow.object, set)
  if ('field' in end && end.field['x-field'] === 'user') return []
  return [diagnose(errors.flowApplicantField, `${pointer}/field`, { field })]
}
