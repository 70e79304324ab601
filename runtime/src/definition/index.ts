import { calendarKind } from './calendar.ts'
import { caseKind } from './case.ts'
import { documentKind } from './document.ts'
import { flowKind } from './flow.ts'
import { formKind } from './form.ts'
import { grantKind } from './grant.ts'
import type { DefinitionKind } from './kind.ts'
import { objectKind } from './object.ts'
import { organisationKind } from './organisation.ts'
import { packKind } from './pack.ts'
import { planKind } from './plan.ts'
import { ruleKind } from './rule.ts'
import { viewKind } from './view.ts'

/** THE list of kinds of definition, in the order in which a pack is best read. */
export const definitionKinds = [
  packKind,
  objectKind,
  formKind,
  viewKind,
  ruleKind,
  flowKind,
  planKind,
  calendarKind,
  organisationKind,
  documentKind,
  grantKind,
] as const satisfies readonly DefinitionKind[]

/** Where a `DefinitionSet` keeps the definitions of a kind: `objects`, `calendars`. */
export function setNameOf(kind: DefinitionKind): string {
  return kind.folder ?? `${kind.name}s`
}

export function findKind(name: string): DefinitionKind | undefined {
  return definitionKinds.find((kind) => kind.name === name)
}

/** A kind whose files editors complete: those of definitions, and the cases of packs. */
export function findFileKind(name: string): DefinitionKind | undefined {
  return name === caseKind.name ? caseKind : findKind(name)
}
