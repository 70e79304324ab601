import Type, { type Static } from 'typebox'
import { header, Key } from './shared.ts'

export const PackSchema = Type.Object(
  {
    ...header('pack/1'),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' }),
    /** Packs this one builds on: key → semver range. */
    needs: Type.Optional(Type.Record(Key, Type.String())),
    locales: Type.Array(Type.Union([Type.Literal('en'), Type.Literal('zh')]), { minItems: 1 }),
  },
  { additionalProperties: false },
)
export type PackDefinition = Static<typeof PackSchema>
