import type { CalendarDefinition } from './calendar.ts'
import type { FlowDefinition } from './flow.ts'
import type { FormDefinition } from './form.ts'
import type { GrantDefinition } from './grant.ts'
import type { ObjectDefinition } from './object.ts'
import type { PackDefinition } from './pack.ts'
import type { PlanDefinition } from './plan.ts'
import type { RuleDefinition } from './rule.ts'
import type { ViewDefinition } from './view.ts'

/** Every definition of a workspace (or of packs under check), by key. Migrated to today's formats. */
export interface DefinitionSet {
  readonly packs: ReadonlyMap<string, PackDefinition>
  readonly objects: ReadonlyMap<string, ObjectDefinition>
  readonly forms: ReadonlyMap<string, FormDefinition>
  readonly views: ReadonlyMap<string, ViewDefinition>
  readonly rules: ReadonlyMap<string, RuleDefinition>
  readonly flows: ReadonlyMap<string, FlowDefinition>
  readonly plans: ReadonlyMap<string, PlanDefinition>
  readonly grants: ReadonlyMap<string, GrantDefinition>
  readonly calendars: ReadonlyMap<string, CalendarDefinition>
  /**
   * `object:partner`, …: definitions that are there but could not be read. Checks do not report them as missing, so
   * that one broken file does not look like twenty.
   */
  readonly incomplete?: ReadonlySet<string>
}

/** One saved definition as text with its address: what drafts, releases and folders hold. */
export interface DefinitionSource {
  /** Key of the pack it belongs to. */
  readonly pack: string
  /** Path inside the pack's folder: `objects/order.json`. */
  readonly path: string
  /** The JSON text, byte for byte. */
  readonly text: string
}
