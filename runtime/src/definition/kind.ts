import type { Static, TSchema } from 'typebox'
import type { JsonObject } from '../json.ts'
import type { Text } from '../text.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'

/** A numbered step that brings a saved definition from the format before it to its own. */
export interface Migration {
  /** The format this step produces: 2 turns `object/1` into `object/2`. */
  readonly to: number
  readonly describe: Text
  migrate(definition: JsonObject): JsonObject
}

/** What a new definition is begun with. */
export interface Beginning {
  readonly key: string
  /** Day at the place of the one who begins it: 2026-01-31. */
  readonly today: string
  /** IANA name of the time zone there. */
  readonly timezone: string
  /** A fresh permanent identity that begins with the prefix. */
  makeId(prefix: string): string
}

/** Everything the platform knows of one kind of definition. The list is `definition/index.ts`. */
export interface DefinitionKind<S extends TSchema = TSchema> {
  readonly name: string
  readonly format: number
  readonly title: Text
  /** Folder of a pack that holds this kind; `pack` itself is the file `pack.json`. */
  readonly folder: string | null
  /** JSON Schema 2020-12, served at `/schemas/<name>.json`. */
  readonly schema: S
  /**
   * The least that one must say beside kind, key, identity and title: a new one starts from a shape, not from an empty
   * page. It need not be sound yet. Null: it is not begun in the designer.
   */
  readonly begin: ((given: Beginning) => Readonly<Record<string, unknown>>) | null
  readonly migrations: readonly Migration[]
  /** Checks of one definition against the whole set; runs after the meta-schema holds. Never throws. */
  check(definition: Static<S>, set: DefinitionSet): Diagnostic[]
}

export function defineKind<S extends TSchema>(kind: DefinitionKind<S>): DefinitionKind<S> {
  return kind
}
