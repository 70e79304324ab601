import type { CardType } from '../card-type.ts'
import { count } from './count.ts'
import { deadlines } from './deadlines.ts'
import { money } from './money.ts'
import { tasks } from './tasks.ts'

/** THE list of home cards, one line each, sorted. */
export const cardTypes: readonly CardType[] = [count, deadlines, money, tasks]

export function findCardType(name: string): CardType | undefined {
  return cardTypes.find((type) => type.name === name)
}
