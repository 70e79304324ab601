import type { Diagnostic } from '../definition/diagnostic.ts'
import type { Text } from '../text.ts'

/**
 * What travels between the designer and `/api/v1/<workspace>/…`. A definition is addressed by its pack and its path in
 * the pack's folder: `orders`, `objects/order.json`.
 */

/** `GET …/definitions`: the release in force with the drafts laid over it. */
export interface DefinitionList {
  /** 0 before the first publish. */
  readonly release: number
  /** Every kind of definition that there is, in the order in which a pack is best read. */
  readonly kinds: readonly KindEntry[]
  readonly definitions: readonly DefinitionEntry[]
}

export interface KindEntry {
  readonly name: string
  readonly title: Text
  /** Folder of a pack that holds it; null for the pack itself. */
  readonly folder: string | null
  /** Whether a new one can be begun in the designer. */
  readonly creatable: boolean
}

export interface DefinitionEntry {
  readonly pack: string
  readonly path: string
  readonly kind: string
  readonly key: string
  readonly title: Text
  /** How the draft differs from the release; null when there is no draft. */
  readonly draft: 'added' | 'changed' | 'removed' | null
}

/** `GET …/definitions/source?pack=&path=` */
export interface DefinitionText {
  readonly pack: string
  readonly path: string
  /** Text in force; null for a definition that only the draft has. */
  readonly released: string | null
  readonly draft: DraftText | null
}

export interface DraftText {
  /** Null: the draft removes the definition. */
  readonly text: string | null
  /** Counts the saves; sent back as `rev` with the next one. A save on an older number is refused with 409. */
  readonly rev: number
  readonly savedAt: string
  readonly savedBy: string
}

/** `PUT …/drafts` saves one draft. `rev` is that of the draft it replaces, 0 for a first one. `text: null` removes. */
export interface SaveDraft {
  readonly pack: string
  readonly path: string
  readonly text: string | null
  readonly rev: number
}

/** `POST …/drafts/check`: the release with all drafts and, over them, a text not yet saved. */
export interface CheckRequest {
  readonly unsaved?: { readonly pack: string; readonly path: string; readonly text: string }
}
export interface CheckReply {
  readonly diagnostics: readonly Diagnostic[]
}

/** `POST …/drafts/plan`: what a publish would change, before it does. */
export interface PlanReply {
  readonly diagnostics: readonly Diagnostic[]
  readonly changes: readonly DefinitionChange[]
  readonly steps: readonly TableStep[]
}

/** A definition that differs, in words a person reads. */
export interface DefinitionChange {
  readonly pack: string
  readonly path: string
  readonly kind: string
  readonly key: string
  readonly title: Text
  readonly change: 'added' | 'changed' | 'removed'
  readonly words: readonly Text[]
}

/** One change of a table. */
export interface TableStep {
  readonly id: string
  readonly words: Text
  /** Data leaves the screens or is converted; asks for `confirm` to be typed. */
  readonly destructive: boolean
  /** The name to be typed: `order.note`. */
  readonly confirm: string | null
  readonly object: string
  /** Ids of some of the records that the words speak of; they stand in the words too. */
  readonly examples: readonly string[]
}

/** `POST …/drafts/publish`; answers at once, progress comes from `GET …/publications/:id`. */
export interface PublishRequest {
  readonly note: string
  readonly confirmed: readonly string[]
}

/** `POST …/releases/:number/rollback` has the same reply. */
export interface PublicationReply {
  readonly id: string
  readonly status: 'running' | 'done' | 'refused' | 'failed'
  readonly steps: readonly {
    readonly name: string
    readonly title: Text
    readonly status: 'waiting' | 'running' | 'done' | 'failed'
  }[]
  /** The release made, when done. */
  readonly release: number | null
  readonly diagnostics: readonly Diagnostic[]
  readonly cases: readonly CaseResult[]
  /** Why it was refused or failed, in the reader's language. */
  readonly message: string | null
}

/** `POST …/cases/run`: the packs' cases on release plus drafts, in a scratch schema. */
export interface CaseResult {
  readonly pack: string
  readonly path: string
  readonly title: Text
  readonly passed: boolean
  /** What was expected and what came, with the step's number. */
  readonly failure: CaseProblem | null
  readonly milliseconds: number
}

export interface CaseProblem {
  /** Counted from 1; 0: before the first step. */
  readonly step: number
  readonly message: Text
  /** JSON pointer into the case's file, and the line there. */
  readonly pointer: string
  readonly line: number
  /** What was compared, when that is what failed. */
  readonly difference: { readonly what: Text; readonly expected: string; readonly found: string } | null
}

/** `GET …/releases`, newest first. */
export interface ReleaseList {
  readonly releases: readonly {
    readonly number: number
    readonly current: boolean
    readonly note: string
    readonly publishedAt: string
    readonly publishedBy: string | null
    readonly definitions: number
  }[]
}

/** `GET …/releases/:number/export`: every definition of a release, bytes as they are. */
export interface ReleaseBundle {
  readonly release: number
  readonly files: readonly { readonly pack: string; readonly path: string; readonly text: string }[]
}
