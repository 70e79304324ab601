import Type from 'typebox'
import { BothTexts, nullable } from './shapes.ts'

// What the routes of plans answer with, as schemas; the same as `runtime/src/api/incentives.ts` says as types.

export const PlanKey = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' })
export const Uuid = Type.String({ format: 'uuid' })
export const Day = Type.String({ format: 'date' })
export const Amount = Type.String({ pattern: '^-?[0-9]+(\\.[0-9]+)?$' })
export const Amounts = Type.Record(Type.String(), Amount)
export const TitleMap = Type.Record(Type.String(), Type.String())
export const BandUnit = Type.Enum(['rate', 'fixed'])

export const LedgerEntry = Type.Object({
  id: Uuid,
  plan: Type.String(),
  plan_title: BothTexts,
  release: Type.Integer(),
  earner: Uuid,
  window_from: Day,
  window_to: Day,
  event: nullable(Uuid),
  posted_at: Type.String({ format: 'date-time' }),
  kind: Type.Enum(['accrual', 'adjust']),
  amount: Amount,
  currency: Type.String(),
  reason: BothTexts,
})

type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T

/** The same value under the type that replies have, which knows no `readonly`. */
export function asReply<T>(value: T): Mutable<T> {
  return value as Mutable<T>
}
