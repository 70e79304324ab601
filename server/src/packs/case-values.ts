import type { caseValues } from '@channelwright/runtime/definition/case-shared.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { tableOf } from '../records/record-table.ts'
import { CaseFailure } from './case-failure.ts'
import { findTask, latestRun } from './case-flows.ts'
import { addDuration, shiftDate } from './case-time.ts'
import type { CaseWorld } from './case-world.ts'

/** Values as the server takes them: names become ids, what begins with `$` becomes what it stands for. */
export async function resolveValues(
  world: CaseWorld,
  values: Readonly<Record<string, unknown>>,
  pointer: string,
): Promise<JsonObject> {
  const resolved: { [key: string]: Json } = {}
  for (const [key, inner] of Object.entries(values))
    resolved[key] = await resolveValue(world, inner as Json, `${pointer}/${key}`)
  return resolved
}

export async function resolveValue(world: CaseWorld, value: Json, pointer: string): Promise<Json> {
  if (typeof value === 'string') {
    if (value.startsWith('@@')) return value.slice(1)
    return value.startsWith('@') ? world.named(value, pointer) : value
  }
  if (Array.isArray(value)) {
    const items: Json[] = []
    for (const [index, item] of value.entries())
      items.push(await resolveValue(world, item, `${pointer}/${index}`))
    return items
  }
  if (!isJsonObject(value)) return value
  const [only, ...more] = Object.entries(value)
  const find =
    only && more.length === 0 && Object.hasOwn(finders, only[0]) ? finders[only[0] as Special] : null
  return find && only ? find(world, only[1], `${pointer}/${only[0]}`) : resolveValues(world, value, pointer)
}

type Special = (typeof caseValues)[number]

const finders: Readonly<
  Record<Special, (world: CaseWorld, given: Json, pointer: string) => Json | Promise<Json>>
> = {
  $date: (world, given, pointer) => told(given, pointer, (text) => shiftDate(world.today, text)),
  $instant: (world, given, pointer) =>
    told(given, pointer, (text) =>
      text === '' ? world.clock.now() : addDuration(world.clock.now(), text, world.workspace.timeZone),
    ),
  $id: (world, given, pointer) => told(given, pointer, (label) => world.idOf(label)),
  $run: async (world, given, pointer) => {
    const { record, flow } = partsOf(given)
    return latestRun(world, record, pointer, flow)
  },
  $task: async (world, given, pointer) => {
    const { record, node, of } = partsOf(given)
    return (await findTask(world, { record, node, of }, pointer)).id
  },
  $rev: async (world, given, pointer) => {
    const { record } = partsOf(given)
    const { object, id } = world.record(record, pointer)
    const row = await world.asEngine((unit) =>
      unit.query<{ rev: number }>(`SELECT rev FROM ${tableOf(unit.served, object).from} WHERE id = $1`, [id]),
    )
    return row[0]?.rev ?? null
  },
}

function told(given: Json, pointer: string, read: (text: string) => string): string {
  try {
    return read(String(given))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CaseFailure({ en: `${why} (at ${pointer})`, zh: `取值格式不正确(位置 ${pointer})` }, pointer)
  }
}

/** `"@r1"` is short for `{"record": "@r1"}`. */
function partsOf(given: Json): { record: string; flow?: string; node?: string; of?: string } {
  if (!isJsonObject(given)) return { record: String(given) }
  const text = (key: string) => (typeof given[key] === 'string' ? { [key]: given[key] } : {})
  return { record: String(given.record), ...text('flow'), ...text('node'), ...text('of') }
}
