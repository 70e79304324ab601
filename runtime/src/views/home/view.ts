import Type, { type Static, type TObject } from 'typebox'
import { Report } from '../../definition/report.ts'
import { checkShape } from '../../definition/shape.ts'
import { OrderKey, TextSchema, XId } from '../../definition/shared.ts'
import type { ViewDefinition } from '../../definition/view.ts'
import { cardTypeUnknown } from '../../errors/definitions.ts'
import { defineViewType } from '../view-type.ts'
import type { CardType } from './card-type.ts'
import { cardTypes, findCardType } from './cards/index.ts'

const CardHead = {
  'x-id': XId,
  'x-order': Type.Optional(OrderKey),
  type: Type.String({ description: 'The card.' }),
  title: TextSchema,
}

export const HomeSettings = Type.Object({
  cards: Type.Array(Type.Object(CardHead, { additionalProperties: true }), { minItems: 1, maxItems: 30 }),
})
export type HomeCard = Static<typeof HomeSettings>['cards'][number] & Record<string, unknown>
export type HomeView = ViewDefinition & { readonly cards: readonly HomeCard[] }

const shapes = new Map<string, TObject>()

/** JSON Schema of a card of that type. */
export function cardSchemaOf(type: CardType): TObject {
  const known = shapes.get(type.name)
  if (known) return known
  const shape = Type.Object(
    { ...CardHead, ...type.settings.properties, type: Type.Literal(type.name) },
    { additionalProperties: false, title: type.title.en },
  )
  shapes.set(type.name, shape)
  return shape
}

export const home = defineViewType({
  name: 'home',
  title: { en: 'Home page', zh: '首页' },
  icon: 'home',
  settings: HomeSettings,
  check(definition, set) {
    const report = new Report(set)
    ;(definition as HomeView).cards.forEach((card, at) => {
      const path = `/cards/${at}`
      if (
        !report.oneOf(
          cardTypeUnknown,
          `${path}/type`,
          card.type,
          cardTypes.map((type) => type.name),
        )
      )
        return
      const type = findCardType(card.type)!
      const wrong = checkShape(cardSchemaOf(type), card, path)
      if (wrong.length > 0) report.diagnostics.push(...wrong)
      else type.check(card, report, path)
    })
    return report.diagnostics
  },
})
