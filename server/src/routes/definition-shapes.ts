import Type from 'typebox'
import { BothTexts, nullable } from './shapes.ts'

/** What definitions, drafts and releases look like on the wire; the types are `runtime/src/api/definitions.ts`. */

export const WorkspaceParams = Type.Object({ workspace: Type.String() })
export const ReleaseParams = Type.Object({ workspace: Type.String(), number: Type.Integer({ minimum: 1 }) })

const PackKey = Type.String({ maxLength: 40 })
const FilePath = Type.String({ maxLength: 200 })
/** Where a definition stands: its pack and its path in the pack's folder. */
export const place = { pack: PackKey, path: FilePath }

export const DiagnosticShape = Type.Object(
  {
    code: Type.String(),
    severity: Type.Enum(['error', 'warning']),
    path: Type.String(),
    message: BothTexts,
    hint: BothTexts,
    kind: Type.Optional(Type.String()),
    key: Type.Optional(Type.String()),
    file: Type.Optional(Type.String()),
    line: Type.Optional(Type.Integer()),
    column: Type.Optional(Type.Integer()),
    fix: Type.Optional(Type.Object({ title: BothTexts, path: Type.String(), value: Type.Unknown() })),
  },
  { title: 'Diagnostic' },
)

const DraftShape = Type.Object({
  text: nullable(Type.String()),
  rev: Type.Integer(),
  savedAt: Type.String(),
  savedBy: Type.String(),
})

export const DefinitionTextShape = Type.Object({
  ...place,
  released: nullable(Type.String()),
  draft: nullable(DraftShape),
})

export const DefinitionListShape = Type.Object({
  release: Type.Integer(),
  kinds: Type.Array(
    Type.Object({
      name: Type.String(),
      title: BothTexts,
      folder: nullable(Type.String()),
      creatable: Type.Boolean(),
    }),
  ),
  definitions: Type.Array(
    Type.Object({
      ...place,
      kind: Type.String(),
      key: Type.String(),
      title: BothTexts,
      draft: nullable(Type.Enum(['added', 'changed', 'removed'])),
    }),
  ),
})

const ChangeShape = Type.Object({
  ...place,
  kind: Type.String(),
  key: Type.String(),
  title: BothTexts,
  change: Type.Enum(['added', 'changed', 'removed']),
  words: Type.Array(BothTexts),
})

export const PlanShape = Type.Object({
  diagnostics: Type.Array(DiagnosticShape),
  changes: Type.Array(ChangeShape),
  steps: Type.Array(
    Type.Object({
      id: Type.String(),
      words: BothTexts,
      destructive: Type.Boolean(),
      confirm: nullable(Type.String()),
      object: Type.String(),
      examples: Type.Array(Type.String()),
    }),
  ),
})

export const CaseResultShape = Type.Object({
  ...place,
  title: BothTexts,
  passed: Type.Boolean(),
  failure: nullable(
    Type.Object({
      step: Type.Integer(),
      message: BothTexts,
      pointer: Type.String(),
      line: Type.Integer(),
      difference: nullable(Type.Object({ what: BothTexts, expected: Type.String(), found: Type.String() })),
    }),
  ),
  milliseconds: Type.Number(),
})

export const PublicationShape = Type.Object({
  id: Type.String({ format: 'uuid' }),
  status: Type.Enum(['running', 'done', 'refused', 'failed']),
  steps: Type.Array(
    Type.Object({
      name: Type.String(),
      title: BothTexts,
      status: Type.Enum(['waiting', 'running', 'done', 'failed']),
    }),
  ),
  release: nullable(Type.Integer()),
  diagnostics: Type.Array(DiagnosticShape),
  cases: Type.Array(CaseResultShape),
  message: nullable(Type.String()),
})

export const BundleShape = Type.Object({
  release: Type.Integer(),
  files: Type.Array(Type.Object({ ...place, text: Type.String() })),
})

export const ReleaseListShape = Type.Object({
  releases: Type.Array(
    Type.Object({
      number: Type.Integer(),
      current: Type.Boolean(),
      note: Type.String(),
      publishedAt: Type.String(),
      publishedBy: nullable(Type.String()),
      definitions: Type.Integer(),
    }),
  ),
})

/** Handlers answer with deeply read-only data; the shapes' types are plain. */
export type Mutable<T> = T extends readonly (infer U)[]
  ? Mutable<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T
export function asPlain<T>(value: T): Mutable<T> {
  return value as Mutable<T>
}
