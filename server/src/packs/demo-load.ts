import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { startRuns } from '../flows/follow-records.ts'
import { allotNumber } from '../records/allot-number.ts'
import { fillComputed } from '../records/apply-object.ts'
import { writeLines } from '../records/record-lines.ts'
import { bindValue, type RecordField, type RecordTable, tableOf } from '../records/record-table.ts'
import { runPrepared } from '../records/run-prepared.ts'
import type { ServedRelease, Services } from '../services.ts'
import { type DemoFile, type DemoRow, daysBetween, moveDays, readDemoRow } from './demo-data.ts'

/** Rows that are prepared and sent together. */
const batchSize = 200
const movedTypes = new Set(['date', 'datetime', 'period'])

/** Puts the records of demo files into a workspace: with their history as it would have come about, open cases open. */
export class DemoLoad {
  private readonly ids = new Map<string, string>()
  /** Of records that rows after their own write to. */
  private readonly revs = new Map<string, number>()

  constructor(
    private readonly services: Services,
    private readonly served: ServedRelease,
    private readonly files: readonly DemoFile[],
    private readonly today: string,
  ) {
    for (const { table, base } of this.tables()) {
      for (const row of table.rows) {
        const { as } = readDemoRow(table.fields, row, base)
        if (as !== null) this.name(as.slice(1), services.ids.next())
      }
    }
  }

  name(name: string, id: string): void {
    if (this.ids.has(name)) throw new Error(`demo data names @${name} twice`)
    this.ids.set(name, id)
  }

  idOf(ref: string): string {
    const id = this.ids.get(ref.slice(1))
    if (id === undefined) throw new Error(`demo data names nothing ${ref}`)
    return id
  }

  /** As the engine, in the unit's transaction. */
  async putRecords(unit: Unit): Promise<void> {
    for (const { table, base } of this.tables()) {
      const days = daysBetween(base, this.today)
      const records = tableOf(this.served, table.object)
      for (let from = 0; from < table.rows.length; from += batchSize) {
        const rows = table.rows
          .slice(from, from + batchSize)
          .map((row) => readDemoRow(table.fields, row, base))
        await this.putBatch(unit, records, rows, days)
      }
    }
  }

  private *tables() {
    for (const file of this.files) for (const table of file.tables) yield { table, base: file.base }
  }

  private async putBatch(
    unit: Unit,
    table: RecordTable,
    rows: readonly DemoRow[],
    days: number,
  ): Promise<void> {
    const records = await Promise.all(
      rows.map((row) => (row.of === null ? this.prepare(unit, table, row, days) : this.find(row.of))),
    )
    const writes: Promise<unknown>[] = []
    for (const [index, row] of rows.entries()) {
      let record = records[index] as JsonObject
      if (row.of === null)
        writes.push(this.insert(unit, table, record), ...this.insertLines(unit, table, record))
      for (const [at, by, values] of row.steps) {
        const changes = this.resolve(table, values, days)
        record = { ...record, ...changes, rev: Number(record.rev) + 1, ...this.stamp(at, by, days) }
        writes.push(this.update(unit, table, record, Object.keys(changes)))
      }
      this.revs.set(String(record.id), Number(record.rev))
    }
    await Promise.all(writes)
    for (const [index, row] of rows.entries()) {
      const record = records[index] as JsonObject
      if (!row.start) continue
      // The case began when the record did.
      const then = { ...unit, now: String(record.created_at) }
      await startRuns(then, {
        object: table.key,
        id: String(record.id),
        before: null,
        after: record,
        by: 'flow',
      })
    }
  }

  /** What a later write needs of a record that an earlier table made. */
  private find(ref: string): JsonObject {
    const id = this.idOf(ref)
    return { id, rev: this.revs.get(id) ?? 1 }
  }

  private async prepare(unit: Unit, table: RecordTable, row: DemoRow, days: number): Promise<JsonObject> {
    const { updated_at: at, updated_by: by } = this.stamp(row.at, row.by, days)
    const empty = Object.fromEntries([...table.fields.keys()].map((key) => [key, null]))
    const record: JsonObject = {
      ...empty,
      ...this.resolve(table, row.values, days),
      id: row.as === null ? this.services.ids.next() : this.idOf(row.as),
      rev: 1,
      release: this.served.number,
      created_at: at,
      created_by: by,
      updated_at: at,
      updated_by: by,
    }
    const then = { ...unit, now: at, today: at.slice(0, 10) }
    for (const field of table.fields.values()) {
      // Numbers of one batch are taken by one statement.
      if (field.type.name === 'sequence') record[field.key] = (await allotNumber(then, table, field)).text
    }
    return fillComputed(then, table, record)
  }

  private stamp(
    at: string,
    by: string | null,
    days: number,
  ): { updated_at: string; updated_by: string | null } {
    const moved = String(moveDays(at, days))
    const now = this.services.clock.now()
    // What happened later today by the calendar of the data has happened by now.
    const updated_at = [moved, now].sort()[0] ?? now
    return { updated_at, updated_by: by === null ? null : this.idOf(by) }
  }

  private resolve(table: RecordTable, values: Readonly<Record<string, Json>>, days: number): JsonObject {
    const resolved: JsonObject = {}
    for (const [key, value] of Object.entries(values)) {
      const field = table.fields.get(key)
      if (field === undefined) throw new Error(`demo data fills ${table.key}.${key}, which there is not`)
      resolved[key] = this.resolveValue(field, value, days)
    }
    return resolved
  }

  private resolveValue(field: RecordField, value: Json, days: number): Json {
    if (typeof value === 'string' && value.startsWith('@')) return this.idOf(value)
    if (!field.lines || !Array.isArray(value))
      return movedTypes.has(field.type.name) ? moveDays(value, days) : value
    return value.map((line) => {
      const cells: JsonObject = { _id: this.services.ids.next() }
      for (const [key, cell] of field.lines!.fields)
        cells[key] = this.resolveValue(cell, (line as JsonObject)[key] ?? null, days)
      return cells
    })
  }

  /** Queued behind the row they belong to, whose statement says who writes and when. */
  private insertLines(unit: Unit, table: RecordTable, record: JsonObject): Promise<unknown>[] {
    return [...table.fields.values()].flatMap((field) => {
      const lines = field.lines ? record[field.key] : null
      if (!Array.isArray(lines) || lines.length === 0) return []
      return [writeLines(unit, field, String(record.id), lines as JsonObject[], undefined)]
    })
  }

  private insert(unit: Unit, table: RecordTable, record: JsonObject): Promise<unknown> {
    const fields = [...table.fields.values()].filter((field) => field.column)
    const columns = [...Object.keys(platform), ...fields.map((field) => field.column)]
    const types = [
      ...Object.values(platform),
      ...fields.map((field) => field.type.column(field.definition)?.sql),
    ]
    const values = [...Object.keys(platform).map((key) => record[key]), ...bind(fields, record)]
    return runPrepared(
      unit,
      `INSERT INTO ${table.from} (${columns.join(', ')})
       SELECT ${types.map((type, at) => `$${at + 3}::${type}`).join(', ')} FROM ${writer} WHERE w.at IS NOT NULL`,
      [...writerOf(record), ...values],
      'engine',
    )
  }

  private update(
    unit: Unit,
    table: RecordTable,
    record: JsonObject,
    keys: readonly string[],
  ): Promise<unknown> {
    const fields = keys.flatMap((key) => table.fields.get(key) ?? []).filter((field) => field.column)
    const sets = fields.map((field, at) => `, ${field.column} = $${at + 7}`)
    return runPrepared(
      unit,
      `UPDATE ${table.from} AS t SET rev = $4, updated_at = $5, updated_by = $6${sets.join('')}
       FROM ${writer} WHERE t.id = $3 AND w.at IS NOT NULL`,
      [
        ...writerOf(record),
        record.id,
        record.rev,
        record.updated_at,
        record.updated_by,
        ...bind(fields, record),
      ],
      'engine',
    )
  }
}

const platform = {
  id: 'uuid',
  rev: 'integer',
  release: 'integer',
  created_at: 'timestamptz',
  created_by: 'uuid',
  updated_at: 'timestamptz',
  updated_by: 'uuid',
} as const

/** History takes who and when from the transaction's settings: set in the very statement that writes. */
const writer = `(SELECT set_config('cw.now', $1, true) AS at, set_config('cw.user', $2, true)) AS w`

function writerOf(record: JsonObject): unknown[] {
  return [record.updated_at, record.updated_by ?? '']
}

function bind(fields: readonly RecordField[], record: JsonObject): unknown[] {
  return fields.map((field) => bindValue(record[field.key], field))
}
