import type { FlowEvent } from '@channelwright/runtime/flow/run.ts'
import type { LeftWords } from '@channelwright/runtime/flow/sentences.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../db/unit.ts'
import { NamedIds } from '../records/expand-titles.ts'
import { rightsOn } from '../records/object-rights.ts'
import { type RecordField, tableOf } from '../records/record-table.ts'
import { maskedColumns } from '../records/seen-table.ts'

const empty: Text = { en: 'nothing', zh: '空' }

/**
 * What the fields are called, and say, that were left as they are when a step was taken back or that a case could not
 * set: of those events that tell it, and only where the actor may read the field of that record.
 */
export async function wordLeft(
  unit: Unit,
  events: readonly FlowEvent[],
): Promise<ReadonlyMap<FlowEvent, LeftWords>> {
  const seen: { readonly event: FlowEvent; readonly field: RecordField }[] = []
  const ids = new NamedIds()
  for (const event of events) {
    if (event.type !== 'left_as_is' && event.type !== 'not_reckoned') continue
    const field = await fieldSeen(unit, event)
    if (field === null) continue
    seen.push({ event, field })
    for (const value of [event.data.wrote, event.data.now]) ids.add(field, value)
  }
  const titles = seen.length === 0 ? {} : await ids.titles(unit)
  const { timeZone } = unit.served.workspace
  return new Map(
    seen.map(({ event, field: { type, definition } }) => {
      const say = (value: Json = null) => {
        const text = (locale: Locale) =>
          value === null ? empty[locale] : type.format(value, definition, locale, titles, timeZone)
        return { en: text('en'), zh: text('zh') }
      }
      const field = { en: definition.title, zh: definition['x-title'].zh }
      return [event, { field, wrote: say(event.data.wrote), now: say(event.data.now) }] as const
    }),
  )
}

/** The field that an event speaks of, where the actor reads it in that record. */
async function fieldSeen(unit: Unit, { data }: FlowEvent): Promise<RecordField | null> {
  const { object, record, field: key } = data
  if (typeof object !== 'string' || typeof record !== 'string' || typeof key !== 'string') return null
  if (!unit.served.release.objects.has(object)) return null
  const table = tableOf(unit.served, object)
  const field = table.fields.get(key)
  if (field === undefined || rightsOn(unit.served, unit.actor, object).read?.has(key) !== true) return null
  const mask = maskedColumns(unit, table).get(key) ?? 'true'
  const [row] = await unit.query<{ seen: boolean | null }>(
    `SELECT ${mask} AS seen FROM ${table.from} t WHERE t.id = $1`,
    [record],
  )
  return row?.seen === true ? field : null
}
