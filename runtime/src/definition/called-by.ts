import { isJsonObject } from '../json.ts'
import type { CalendarDefinition } from './calendar.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { RuleDefinition } from './rule.ts'

/** Operators whose last operand names a calendar. */
const reckoning = new Set([
  'is_workday',
  'workday_add',
  'workdays_between',
  'business_hours_add',
  'business_hours_between',
])

/**
 * The named rules and calendars that rules anywhere inside the value call, and those that these call in turn. Read
 * from the JSON alone: what only looks like a call and names nothing is passed over.
 */
export function calledBy(
  value: unknown,
  set: Pick<DefinitionSet, 'rules' | 'calendars'>,
): { readonly rules: readonly RuleDefinition[]; readonly calendars: readonly CalendarDefinition[] } {
  const rules = new Map<string, RuleDefinition>()
  const calendars = new Map<string, CalendarDefinition>()
  const stack: unknown[] = [value]
  while (stack.length > 0) {
    const one = stack.pop()
    if (Array.isArray(one)) stack.push(...one)
    if (!isJsonObject(one)) continue
    for (const [name, operands] of Object.entries(one)) {
      stack.push(operands)
      const rule = name === 'rule' && Array.isArray(operands) ? set.rules.get(String(operands[0])) : undefined
      if (rule && !rules.has(rule.key)) {
        rules.set(rule.key, rule)
        stack.push(rule.rule, rule.table)
      }
      const calendar =
        reckoning.has(name) && Array.isArray(operands)
          ? set.calendars.get(String(operands.at(-1)))
          : undefined
      if (calendar) calendars.set(calendar.key, calendar)
    }
  }
  return { rules: [...rules.values()], calendars: [...calendars.values()] }
}
