import Type, { type Static } from 'typebox'
import { header, Key, OrderKey } from './shared.ts'

/**
 * What all views share. The settings that belong to a view type (`columns` of a table, `cards` of a home page)
 * are checked by the schema of that type: `views/<type>/view.ts`, list in `views/index.ts`.
 */
export const ViewSchema = Type.Object(
  {
    ...header('view/1'),
    type: Type.String({ description: 'The view type.' }),
    /** The object shown; a home page has none. */
    object: Type.Optional(Key),
    /** Where it stands in the navigation; a view without it is reached from others only. */
    menu: Type.Optional(
      Type.Object({ order: OrderKey, icon: Type.Optional(Type.String()) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: true },
)
export type ViewDefinition = Static<typeof ViewSchema> & Record<string, unknown>
