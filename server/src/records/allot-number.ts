import { formatSequence, sequenceCounter } from '@channelwright/runtime/fields/sequence/pattern.ts'
import pg from 'pg'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'
import type { Services } from '../services.ts'
import type { RecordField, RecordTable } from './record-table.ts'

/**
 * Numbers of sequence fields. The counter is a row per object, field and period. Taking from it inside the writer's
 * own transaction would hold that row until the commit and put all writers of an object in one queue; so numbers
 * are taken apart, for all who wait at that moment together, and one that a refused write did not use goes back to
 * be the next. Never twice the same; a gap stays only where a server died between the two.
 */
interface Counter {
  /** Taken and not used, smallest first. */
  readonly spare: bigint[]
  readonly waiting: { resolve(value: bigint): void; reject(error: unknown): void }[]
  taking: boolean
}

const counters = new WeakMap<Services, Map<string, Counter>>()

export interface Allotted {
  readonly text: string
  /** Hands the number back; for writes that certainly did not happen. */
  giveBack(): void
}

export async function allotNumber(unit: Unit, table: RecordTable, field: RecordField): Promise<Allotted> {
  const pattern = String(field.definition['x-pattern'])
  const series = `${table.object['x-id']}.${field.definition['x-id']}.${sequenceCounter(pattern, unit.today)}`
  const counter = counterOf(unit, series)
  const spare = counter.spare.shift()
  const value = spare ?? (await takeNext(unit, series, counter))
  let returned = false
  return {
    text: formatSequence(pattern, unit.today, value),
    giveBack() {
      if (returned) return
      returned = true
      const at = counter.spare.findIndex((other) => other > value)
      counter.spare.splice(at < 0 ? counter.spare.length : at, 0, value)
    },
  }
}

function counterOf(unit: Unit, series: string): Counter {
  const { services, served } = unit
  const all = counters.get(services) ?? new Map<string, Counter>()
  counters.set(services, all)
  const address = `${served.workspace.id}.${series}`
  const counter = all.get(address) ?? { spare: [], waiting: [], taking: false }
  all.set(address, counter)
  return counter
}

function takeNext(unit: Unit, series: string, counter: Counter): Promise<bigint> {
  return new Promise((resolve, reject) => {
    counter.waiting.push({ resolve, reject })
    if (!counter.taking) void serveWaiting(unit, series, counter)
  })
}

async function serveWaiting(unit: Unit, series: string, counter: Counter): Promise<void> {
  counter.taking = true
  // Everybody of this turn of the event loop is served by one statement.
  await new Promise((resolve) => setImmediate(resolve))
  while (counter.waiting.length) {
    const group = counter.waiting.splice(0)
    try {
      const last = await advanceCounter(unit, series, group.length)
      for (const [at, one] of group.entries()) one.resolve(last - BigInt(group.length - 1 - at))
    } catch (error) {
      for (const one of group) one.reject(error)
    }
  }
  counter.taking = false
}

/**
 * Runs beside the writer's transaction, on the owner's connections: writers hold all of the others, and waiting for
 * one of those would be waiting for each other. Its commit need not reach the disk by itself: it stands in the log
 * before the commit of the record that uses the number, and is lost only together with it.
 */
async function advanceCounter({ services, served }: Unit, series: string, by: number): Promise<bigint> {
  const table = quoteTable(served.workspace.schema, 'cw_sequence')
  const results = (await services.owner.query(
    `BEGIN; SET LOCAL synchronous_commit = off;
     INSERT INTO ${table} AS s (series, last) VALUES (${pg.escapeLiteral(series)}, ${by})
     ON CONFLICT (series) DO UPDATE SET last = s.last + ${by} RETURNING last; COMMIT`,
  )) as unknown as pg.QueryResult<{ last: string }>[]
  const last = results.find((result) => result.rows.length)?.rows[0]?.last
  if (last === undefined) throw new Error(`the counter ${series} gave no number`)
  return BigInt(last)
}
