import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { moveByFlow, moveRefused } from '@channelwright/runtime/errors/records.ts'
import { choiceTitle } from '@channelwright/runtime/fields/shared.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { RecordTable } from './record-table.ts'

/** Who moves a record: a person, or a flow's action. */
export type Mover = 'actor' | 'flow'

/**
 * A new record begins in the initial state, or one move from it. Throws MOVE_REFUSED or MOVE_BY_FLOW. `holds` says
 * whether the rule of a move holds for the record as it will stand.
 */
export function checkMove(
  table: RecordTable,
  before: JsonObject | null,
  after: JsonObject,
  mover: Mover,
  holds: (moveId: string) => boolean,
): void {
  const { lifecycle } = table.object
  if (!lifecycle) return
  const from = before ? before[lifecycle.field] : lifecycle.initial
  const to = after[lifecycle.field]
  if (from === to || (from === null && to === undefined)) return
  const moves = lifecycle.moves.filter((move) => move.from.includes(String(from)))
  const possible = moves.filter((move) => move.to === to && holds(move['x-id']))
  if (possible.some((move) => mover === 'flow' || move.by !== 'flow')) return
  const title = (state: unknown, locale: Locale) =>
    choiceTitle(table.fields.get(lifecycle.field)!.definition, String(state ?? ''), locale)
  const open = moves.filter((move) => mover === 'flow' || move.by !== 'flow').map((move) => move.to)
  throw refuse(possible.length ? moveByFlow : moveRefused, {
    from: (locale) => title(from, locale),
    to: (locale) => (to === null || to === undefined ? '—' : title(to, locale)),
    possible: (locale) => (open.length ? open.map((state) => title(state, locale)).join(', ') : '—'),
    path: `/${lifecycle.field}`,
  })
}

interface MoveWords {
  from(locale: Locale): string
  to(locale: Locale): string
  possible(locale: Locale): string
  readonly path: string
}

/** States have a name in each language, so the texts are filled in before the refusal is made. */
function refuse(error: typeof moveRefused | typeof moveByFlow, words: MoveWords): Refusal {
  const fill = (text: string, locale: Locale) =>
    text
      .replace('{from}', () => words.from(locale))
      .replace('{to}', () => words.to(locale))
      .replace('{possible}', () => words.possible(locale))
  const message = { en: fill(error.message.en, 'en'), zh: fill(error.message.zh, 'zh') }
  const hint = { en: fill(error.hint.en, 'en'), zh: fill(error.hint.zh, 'zh') }
  return new Refusal({ ...error, message, hint }, {}, [{ path: words.path, code: error.code, message }])
}
