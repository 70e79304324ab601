import type { GroupReply, GroupSums } from '../../api/records.ts'
import type { FieldDefinition } from '../../definition/object.ts'
import { fieldTypeOf } from '../../fields/index.ts'
import type { Json } from '../../json.ts'
import {
  compareDecimals,
  type Decimal,
  divideDecimals,
  formatDecimal,
  sumDecimals,
} from '../../logic/decimal.ts'
import type { Group, Measure } from './measures.ts'

// The sums of a grouped view over records that are at hand, as Postgres works them out over all (`groupRecords`).

export interface GroupedBy<R> extends Pick<Group, 'by'> {
  /** What the record stands under; null: nothing. */
  key(record: R): Json
}
export interface Measured<R> {
  readonly kind: Measure['kind']
  /** Null: records are counted. */
  readonly field: FieldDefinition | null
  /** Null where the record does not count. */
  value(record: R): Json
}

/** Parts of the calendar in their order, other lines by their number of records, then by their keys. Exact numbers are texts. */
export function sumUpRecords<R>(
  records: readonly R[],
  groups: readonly GroupedBy<R>[],
  measures: readonly Measured<R>[],
): Pick<GroupReply, 'groups' | 'all'> {
  const lines = new Map<string, { readonly keys: Json[]; readonly records: R[] }>()
  for (const record of records) {
    const keys = groups.map((group) => group.key(record))
    const id = JSON.stringify(keys)
    const line = lines.get(id) ?? { keys, records: [] }
    line.records.push(record)
    lines.set(id, line)
  }
  const told = (of: readonly R[]): GroupSums => ({
    count: of.length,
    values: measures.map((measure) => takeMeasure(measure, of)),
  })
  const dated = countDated(groups)
  return {
    groups: [...lines.values()]
      .sort(
        (a, b) =>
          compareKeys(a.keys.slice(0, dated), b.keys.slice(0, dated)) ||
          b.records.length - a.records.length ||
          compareKeys(a.keys, b.keys),
      )
      .map(({ keys, records: of }) => ({ keys, ...told(of) })),
    all: told(records),
  }
}

/** How many of the first groups are parts of the calendar. */
export function countDated(groups: readonly Pick<Group, 'by'>[]): number {
  const other = groups.findIndex(({ by }) => by === undefined)
  return other < 0 ? groups.length : other
}

function takeMeasure<R>({ kind, field, value }: Measured<R>, records: readonly R[]): string | null {
  const values = records.map(value).filter((one) => one !== null)
  if (kind === 'count') return String(values.length)
  const texts = values.map(String)
  if (kind === 'sum') return formatDecimal(sumDecimals(texts))
  if (texts.length === 0) return null
  if (kind === 'avg') return tellAverage(sumDecimals(texts), texts.length, field)
  const numbers = field !== null && fieldTypeOf(field).measures?.includes('sum') === true
  const before = (a: string, b: string) => (numbers ? compareDecimals(a, b) < 0 : a < b)
  return texts.reduce((found, one) =>
    before(one, found) === (kind === 'min') && one !== found ? one : found,
  )
}

/** Exactly divided, and rounded once: to the places that the column has, two where it is a whole number. */
export function tellAverage(sum: string | Decimal, of: number, field: FieldDefinition | null): string {
  const places = field && /,(\d+)\)/.exec(fieldTypeOf(field).column(field)?.sql ?? '')?.[1]
  const scale = places ? Number(places) : 2
  return formatDecimal(divideDecimals(sum, BigInt(of), scale), scale)
}

/** As an ascending order of Postgres: what is empty comes last. */
function compareKeys(a: readonly Json[], b: readonly Json[]): number {
  for (const [at, one] of a.entries()) {
    const other = b[at] ?? null
    if (one === other) continue
    if (one === null || other === null) return one === null ? 1 : -1
    return one < other ? -1 : 1
  }
  return 0
}
