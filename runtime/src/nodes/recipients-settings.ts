import Type, { type Static } from 'typebox'
import { personKinds } from './approval/people-settings.ts'

// Apart from what is done with them: schemas are put together while files load, and what checks recipients leads back
// to the list of node types.

/**
 * Who is told or shown something: everybody who could be asked to decide, apart from those that somebody picks. Each
 * entry may stand for several people; together they are told once each.
 */
export const Recipient = Type.Union([...personKinds({})])
export type Recipient = Static<typeof Recipient>
export const Recipients = Type.Array(Recipient, { minItems: 1, maxItems: 20 })
