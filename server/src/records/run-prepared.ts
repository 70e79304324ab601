import { createHash } from 'node:crypto'
import type { Unit } from '../db/unit.ts'

/** Statements kept prepared on each connection; a caller who varies filters must not fill Postgres' memory. */
const most = 400
const names = new Map<string, string>()

/**
 * Runs a statement that comes again and again as a prepared one. The name holds release and role: with another role
 * row-level security makes it another statement, and Postgres would plan it anew at each change.
 */
export function runPrepared<Row = Record<string, unknown>>(
  unit: Unit,
  text: string,
  values: readonly unknown[],
  role = unit.playing(),
): Promise<Row[]> {
  return unit.queryPrepared<Row>(nameOf(unit, text, role), text, values)
}

function nameOf(unit: Unit, text: string, role: string): string {
  const address = `${role}\n${unit.served.workspace.schema}\n${unit.served.number}\n${text}`
  const kept = names.get(address)
  if (kept) {
    // Used again: the youngest. Those that nobody asks for any more drop out at the other end.
    names.delete(address)
    names.set(address, kept)
    return kept
  }
  if (names.size >= most) names.delete(names.keys().next().value!)
  const name = createHash('sha1').update(address).digest('base64url')
  names.set(address, name)
  return name
}
