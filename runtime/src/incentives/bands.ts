import { compare } from './arithmetic.ts'
import type { BandRow } from './band-method.ts'

/** True when `value` has come as far as a band that begins at `from`. `upper`: the edge itself belongs to the band below. */
export function reaches(value: string, from: string, bound: 'lower' | 'upper'): boolean {
  const order = compare(value, from)
  return bound === 'lower' ? order >= 0 : order > 0
}

/** A band ends where the next begins, so there are neither gaps nor overlaps. null: no upper end. */
export function upperEdge(rows: readonly BandRow[], index: number): string | null {
  return rows[index + 1]?.from ?? null
}

/** Position of the band that `value` lies in; -1 below the first. */
export function hitRow(rows: readonly BandRow[], value: string, bound: 'lower' | 'upper'): number {
  let hit = -1
  for (const [index, row] of rows.entries()) {
    if (!reaches(value, row.from, bound)) break
    hit = index
  }
  return hit
}
