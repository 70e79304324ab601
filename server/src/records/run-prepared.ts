import { createHash } from 'node:crypto'
import type { Unit } from '../db/unit.ts'
import type { ServedRelease } from '../services.ts'

/** Statements kept prepared on each connection; a caller who varies filters must not fill Postgres' memory. */
const most = 400
/** By release and role: with another role row-level security makes it another statement. */
const names = new WeakMap<ServedRelease, Map<string, Map<string, string>>>()

/** Runs a statement that comes again and again as a prepared one: Postgres reads and plans it once. */
export function runPrepared<Row = Record<string, unknown>>(
  unit: Unit,
  text: string,
  values: readonly unknown[],
  role = unit.playing(),
): Promise<Row[]> {
  return unit.queryPrepared<Row>(nameOf(unit, text, role), text, values)
}

/** The same for a write whose rows nobody asks for; see `Unit.write`. */
export function writePrepared(
  unit: Unit,
  text: string,
  values: readonly unknown[],
  role = unit.playing(),
): Promise<void> {
  return unit.write(nameOf(unit, text, role), text, values)
}

function nameOf({ served }: Unit, text: string, role: string): string {
  const ofRelease = findOrAdd(names, served, () => new Map<string, Map<string, string>>())
  const ofRole = findOrAdd(ofRelease, role, () => new Map<string, string>())
  const kept = ofRole.get(text)
  if (kept !== undefined) return kept
  if (ofRole.size >= most) ofRole.delete(ofRole.keys().next().value!)
  const address = `${role}\n${served.workspace.schema}\n${served.number}\n${text}`
  const name = createHash('sha1').update(address).digest('base64url')
  ofRole.set(text, name)
  return name
}

function findOrAdd<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const kept = map.get(key)
  if (kept !== undefined) return kept
  const made = make()
  map.set(key, made)
  return made
}

/** A text with the tables of a workspace in it, made once for each. */
export function perSchema(build: (schema: string) => string): (unit: Pick<Unit, 'served'>) => string {
  const made = new Map<string, string>()
  return ({ served }) => findOrAdd(made, served.workspace.schema, () => build(served.workspace.schema))
}
