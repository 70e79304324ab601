import type { JsonObject } from '../json.ts'
import type { DefinitionKind } from './kind.ts'

/** The name and the number of `object/1`; null when the text is neither. */
export function readKind(kind: unknown): { name: string; format: number } | null {
  const match = typeof kind === 'string' ? /^([a-z][a-z_]{0,39})\/(\d{1,6})$/.exec(kind) : null
  return match ? { name: match[1]!, format: Number(match[2]) } : null
}

/**
 * Brings a definition of an older format to today's, step by step; the definition handed in stays as it is. Steps
 * run in the order of their numbers, each exactly once. Throws when a step is missing.
 */
export function migrateDefinition(kind: DefinitionKind, definition: JsonObject, format: number): JsonObject {
  let current = definition
  for (let to = format + 1; to <= kind.format; to++) {
    const step = kind.migrations.find((migration) => migration.to === to)
    if (!step) throw new Error(`${kind.name} has no migration to format ${to}`)
    current = { ...step.migrate(structuredCopy(current)), kind: `${kind.name}/${to}` }
  }
  return current
}

function structuredCopy(definition: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(definition)) as JsonObject
}
