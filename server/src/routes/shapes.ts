import Type, { type TSchema } from 'typebox'

/** A text in both languages, as definitions carry it. */
export const BothTexts = Type.Object({ en: Type.String(), zh: Type.String() })

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}
