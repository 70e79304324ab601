import type { DefinitionSet, DefinitionSource } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'

/** A checked set of definitions with what they say of each other made explicit. Immutable. */
export interface Release extends DefinitionSet {
  /** Role → its title, whom it is for, and its grants summed up. Made by `definition/roles.ts`. */
  readonly roles: ReadonlyMap<string, Role>
  /** Key of the object whose records are the organisations people belong to, if there is one. */
  readonly party: string | null
}

export interface Role {
  readonly key: string
  readonly title: { en: string; zh: string }
  readonly for: 'partner' | 'staff' | null
  readonly grants: readonly string[]
}

/** Text in, release or diagnostics out. Never throws. Implemented in `definition/build-release.ts`. */
export type BuildRelease = (sources: readonly DefinitionSource[]) => {
  release: Release | null
  diagnostics: Diagnostic[]
}
