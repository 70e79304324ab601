import { checkPlan } from '../incentives/check.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { PlanDefinition } from './plan.ts'

/** The plan's own checks; nothing is said of a plan over an object that could not be read. */
export function checkPlanDefinition(plan: PlanDefinition, set: DefinitionSet): Diagnostic[] {
  return set.incomplete?.has(`object:${plan.events.object}`) ? [] : checkPlan(plan, set)
}
