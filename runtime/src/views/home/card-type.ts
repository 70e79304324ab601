import type { TObject, TProperties } from 'typebox'
import type { Report } from '../../definition/report.ts'
import type { Text } from '../../text.ts'

/** A card of the home page. The list is `home/cards/index.ts`; its face is gathered by `runtime/react`. */
export interface CardType {
  readonly name: string
  readonly title: Text
  readonly icon: string
  /** What may stand beside `x-id`, `type`, `title`. */
  readonly settings: TObject<TProperties>
  /** What the card names is there. `path` leads to the card. */
  check(card: Readonly<Record<string, unknown>>, report: Report, path: string): void
}

export function defineCardType(type: CardType): CardType {
  return type
}
