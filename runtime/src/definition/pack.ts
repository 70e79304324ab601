import Type, { type Static } from 'typebox'
import { checkPack } from './check-pack.ts'
import { defineKind } from './kind.ts'
import { byKey, header, Key } from './shared.ts'

export const PackSchema = Type.Object(
  {
    ...header('pack/1'),
    version: Type.String({
      pattern: '^\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}$',
      description: 'Semantic version: 1.0.0.',
    }),
    /** Packs this one builds on: key → semver range. */
    needs: Type.Optional(Type.Record(Key, Type.String({ description: 'Range of versions: ^1.0.0.' }), byKey)),
    /** Whether demo workspaces have it. Default true; a library to copy from says no. */
    demo: Type.Optional(Type.Boolean()),
    locales: Type.Array(Type.Enum(['en', 'zh']), { minItems: 1, uniqueItems: true }),
  },
  { additionalProperties: false },
)
export type PackDefinition = Static<typeof PackSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly packs: ReadonlyMap<string, PackDefinition>
  }
}

export const packKind = defineKind({
  name: 'pack',
  format: 1,
  title: { en: 'Pack', zh: '模板包' },
  folder: null,
  schema: PackSchema,
  begin: null,
  migrations: [],
  check: checkPack,
})
