import type { Diagnostic } from '../../definition/diagnostic.ts'
import { tableGap, tableOrder, tableOverlap, tableUnproven, tableUnreachable } from '../../errors/analysis.ts'
import { diagnose } from '../../errors/diagnose.ts'
import type { Json } from '../../json.ts'
import type { CallNode, IrNode } from '../ir.ts'
import { isNumeric, scaleOf } from '../rule-type.ts'
import { formatUnits, shiftUnits, type Units } from '../scaled.ts'
import { type Cell, isOrdered } from '../tables/cell.ts'
import { type CheckedTable, type TableColumn, type TableRow, tableOf } from '../tables/checked-table.ts'
import { Budget, domainOf, findUncovered, isNothing, meet, sampleOf } from './space.ts'

/** Steps that one proof may take. Covering a space is exponential in its columns at worst. */
const steps = 100_000
/** Findings of one kind that are told. */
const most = 20

/** An input as a person would type it, by the name of its column. */
export type TableExample = Readonly<Record<string, Json>>

export interface TableFinding extends Diagnostic {
  /** Numbers of the rows it is about, from 1, as the screen shows them. */
  readonly rows: readonly number[]
  readonly example?: readonly Json[]
}

/**
 * What is most likely not meant in a decision table: inputs that no row takes, rows that take the same, rows that are
 * never used, values that fall where the band rises. Paths are those of the rows inside the table.
 */
export function analyseTable(node: CallNode, at: string): TableFinding[] {
  const table = tableOf(node)
  const analysis = new TableAnalysis(node, table, at)
  return [...analysis.unreachable(), ...analysis.overlaps(), ...analysis.gaps(), ...analysis.order()]
}

class TableAnalysis {
  private readonly domain: readonly Cell[]
  constructor(
    private readonly node: CallNode,
    private readonly table: CheckedTable,
    private readonly at: string,
  ) {
    this.domain = table.inputs.map(domainOf)
  }

  private rowPath(row: TableRow): string {
    return `${this.at}/rows/${row.index}`
  }

  private inside(row: TableRow): Cell[] {
    return row.cells.map((cell, i) => meet(cell, this.domain[i]!, this.table.inputs[i]!))
  }

  gaps(): TableFinding[] {
    const { rows, inputs, fallback, hit } = this.table
    if (fallback !== null || hit.startsWith('collect')) return []
    const gap = findUncovered(
      this.domain,
      rows.map((row) => row.cells),
      inputs,
      new Budget(steps),
    )
    if (gap === null) return []
    if (gap === undefined) return [this.unproven('gaps', '缺口')]
    const example = this.sample(gap)
    return [
      {
        ...diagnose(tableGap, `${this.at}/rows`, this.exampleWords(example), { severity: 'warning' }),
        rows: [],
        example,
      },
    ]
  }

  overlaps(): TableFinding[] {
    const { rows, inputs, hit, overlaps } = this.table
    if (hit !== 'unique' && hit !== 'any') return []
    const found: TableFinding[] = []
    for (const [i, others] of overlaps.entries()) {
      for (const j of others) {
        const [first, second] = [rows[i]!, rows[j]!]
        if (hit === 'any' && this.givesSame(first, second)) continue
        const shared = first.cells.map((cell, c) =>
          meet(meet(cell, second.cells[c]!, inputs[c]!), this.domain[c]!, inputs[c]!),
        )
        if (shared.some(isNothing)) continue
        const example = this.sample(shared)
        const values = { first: first.number, second: second.number, ...this.exampleWords(example) }
        found.push({
          ...diagnose(tableOverlap, this.rowPath(second), values, { severity: 'warning' }),
          rows: [first.number, second.number],
          example,
        })
        if (found.length === most) return found
      }
    }
    return found
  }

  unreachable(): TableFinding[] {
    const { rows, inputs, hit } = this.table
    const found: TableFinding[] = []
    const tell = (row: TableRow, why: string, whyZh: string, others: readonly number[]) =>
      found.push({
        ...diagnose(
          tableUnreachable,
          this.rowPath(row),
          { row: row.number, why, why_zh: whyZh },
          { severity: 'warning' },
        ),
        rows: [row.number, ...others],
      })
    const budget = new Budget(steps)
    for (const [i, row] of rows.entries()) {
      const box = this.inside(row)
      if (box.some(isNothing)) {
        tell(row, 'its conditions take nothing', '其条件不包含任何值', [])
        continue
      }
      if (hit !== 'first' && hit !== 'priority') continue
      const before = rows
        .slice(0, i)
        .filter((one) => !box.some((cell, c) => isNothing(meet(cell, one.cells[c]!, inputs[c]!))))
      if (before.length === 0) continue
      const rest = findUncovered(
        box,
        before.map((one) => one.cells),
        inputs,
        budget,
      )
      if (rest === undefined) return [...found, this.unproven('unused rows', '无用的行')]
      if (rest !== null) continue
      const numbers = before.map((one) => one.number).sort((a, b) => a - b)
      const shown = `${numbers.slice(0, 10).join(', ')}${numbers.length > 10 ? ', …' : ''}`
      tell(row, `rows ${shown} take all of it before`, `第 ${shown} 行已先全部命中`, numbers)
    }
    return found.slice(0, most)
  }

  /** Where one column says from where a band begins, its value is expected not to fall as the band rises. */
  order(): TableFinding[] {
    const { rows, inputs, outputs } = this.table
    const found: TableFinding[] = []
    const ordered = inputs.flatMap((column, i) => (isOrdered(column.type) ? [i] : []))
    const [column] = ordered
    if (column === undefined || ordered.length > 1) return []
    for (const [o, output] of outputs.entries()) {
      if (!isNumeric(output.type)) continue
      const groups = new Map<string, { row: TableRow; low: CellLow; value: Units }[]>()
      for (const row of rows) {
        const low = lowOf(row.cells[column]!)
        const value = this.literal(row.then + o, scaleOf(output.type))
        if (low === null || value === null) continue
        const others = row.texts.filter((_, i) => i !== column).join('\u0000')
        groups.set(others, [...(groups.get(others) ?? []), { row, low, value }])
      }
      for (const bands of groups.values()) found.push(...this.falls(bands, scaleOf(output.type)))
    }
    return found.slice(0, most)
  }

  private falls(bands: { row: TableRow; low: CellLow; value: Units }[], scale: number): TableFinding[] {
    const sorted = [...bands].sort((a, b) =>
      a.low.value === null ? -1 : b.low.value === null ? 1 : a.low.value < b.low.value ? -1 : 1,
    )
    return fallsOf(sorted).map(({ band, before }) => ({
      ...diagnose(
        tableOrder,
        this.rowPath(band.row),
        {
          row: band.row.number,
          value: formatUnits(band.value, scale),
          before: before.row.number,
          least: formatUnits(before.value, scale),
        },
        { severity: 'warning' },
      ),
      rows: [before.row.number, band.row.number],
    }))
  }

  private literal(arg: number, scale: number): Units | null {
    const node = this.node.args[arg]
    if (node?.kind !== 'literal' || !isNumeric(node.type) || node.value === null) return null
    return shiftUnits(node.value as Units, scale - scaleOf(node.type))
  }

  private givesSame(a: TableRow, b: TableRow): boolean {
    return this.table.outputs.every((_, o) =>
      sameLiteral(this.node.args[a.then + o], this.node.args[b.then + o]),
    )
  }

  private sample(box: readonly Cell[]): Json[] {
    return box.map((cell, i) => sampleOf(cell, this.table.inputs[i]!))
  }

  private exampleWords(example: readonly Json[]): { example: string; example_zh: string } {
    const say = (locale: 'en' | 'zh') =>
      this.table.inputs.map(
        (column, i) => `${column.name[locale]} = ${showSample(example[i]!, column, locale)}`,
      )
    return { example: say('en').join(', '), example_zh: say('zh').join(',') }
  }

  private unproven(what: string, whatZh: string): TableFinding {
    return {
      ...diagnose(tableUnproven, `${this.at}/rows`, { what, what_zh: whatZh }, { severity: 'warning' }),
      rows: [],
    }
  }
}

/**
 * Where bands in order give less than the one below. Bands that fall all the way are meant so; where they mostly rise
 * it is a slip.
 */
export function fallsOf<T extends { readonly value: Units }>(bands: readonly T[]): { band: T; before: T }[] {
  if (bands.length < 3) return []
  const steps = bands.slice(1).map((band, i) => ({ band, before: bands[i]! }))
  const falls = steps.filter(({ band, before }) => band.value < before.value)
  const rises = steps.filter(({ band, before }) => band.value > before.value)
  return rises.length < falls.length ? [] : falls
}

interface CellLow {
  readonly value: Units | string | boolean | null
}

function lowOf(cell: Cell): CellLow | null {
  return cell.kind === 'ranges' && cell.ranges.length === 1 ? { value: cell.ranges[0]!.low } : null
}

function sameLiteral(a: IrNode | undefined, b: IrNode | undefined): boolean {
  if (a?.kind !== 'literal' || b?.kind !== 'literal') return false
  const scale = Math.max(scaleOf(a.type), scaleOf(b.type))
  const value = (node: typeof a) =>
    isNumeric(node.type) && node.value !== null
      ? shiftUnits(node.value as Units, scale - scaleOf(node.type))
      : node.value
  return value(a) === value(b)
}

function showSample(value: Json, { type }: TableColumn, locale: 'en' | 'zh'): string {
  if (value === null) return locale === 'en' ? 'empty' : '空'
  if (type.t === 'str') return `"${String(value)}"`
  return String(value)
}
