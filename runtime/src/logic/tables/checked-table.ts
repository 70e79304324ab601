import type { CallNode } from '../ir.ts'
import type { RuleType } from '../types.ts'
import { type Cell, type CellColumn, cellsMeet } from './cell.ts'
import type { HitPolicy } from './table-type.ts'

export interface TableColumn extends CellColumn {
  /** As a sentence names it. */
  readonly name: { readonly en: string; readonly zh: string }
}

export interface TableRow {
  /** As the screen numbers it, from 1. */
  readonly number: number
  /** Where it stands in the definition. */
  readonly index: number
  readonly id: string | null
  readonly cells: readonly Cell[]
  /** The conditions as written, for sentences. */
  readonly texts: readonly string[]
  /** The first operand of the table's node that is one of its outputs. */
  readonly then: number
}

/**
 * A decision table after checking, as evaluation, SQL, trace and analysis read it: the `payload` of a `table` node.
 * The node's operands are the inputs, then the outputs of each row, then the defaults.
 */
export interface CheckedTable {
  readonly hit: HitPolicy
  readonly inputs: readonly TableColumn[]
  /** Outputs that are asked for: all, or the one that a call picks. */
  readonly outputs: readonly { readonly name: string; readonly type: RuleType }[]
  /** In the order in which they are tried. */
  readonly rows: readonly TableRow[]
  /** The first operand that is a default; null where there is none. */
  readonly fallback: number | null
  /** For `unique` and `any`: the rows after each row that some input matches as well. */
  readonly overlaps: readonly (readonly number[])[]
}

/** The table of a checked `table` node. */
export function tableOf(node: CallNode): CheckedTable {
  return node.payload as CheckedTable
}

/** Whether some input matches both rows. */
export function rowsOverlap(a: readonly Cell[], b: readonly Cell[]): boolean {
  for (let i = 0; i < a.length; i++) if (!cellsMeet(a[i]!, b[i]!)) return false
  return true
}
