import * as errors from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { DefinitionSource } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { definitionKinds, findKind } from './index.ts'
import { migrateDefinition, readKind } from './migrate.ts'
import { type ReadJson, readJson } from './read-json.ts'
import { checkShape } from './shape.ts'

/** A text that was read as a definition, as far as that went. */
export interface ReadDefinition {
  readonly source: DefinitionSource
  readonly json: ReadJson
  /** Kind and key as far as the text tells them, also when the rest is broken. */
  readonly kind: string | null
  readonly key: string | null
  /** In today's format and of the right shape; null when a diagnostic is an error. */
  readonly definition: (JsonObject & { readonly key: string; readonly 'x-id': string }) | null
  readonly diagnostics: readonly Diagnostic[]
}

/** Path of a definition inside its pack: `objects/partner.json`; the pack itself is `pack.json`. */
export function pathOf(kind: string, key: string): string {
  const folder = findKind(kind)?.folder
  return folder ? `${folder}/${key}.json` : 'pack.json'
}

/** Text → JSON → today's format → shape by the meta-schema. Never throws. */
export function readDefinition(source: DefinitionSource): ReadDefinition {
  const json = readJson(source.text)
  const guess = guessKind(source)
  const stop = (diagnostics: readonly Diagnostic[], kind = guess.kind, key = guess.key): ReadDefinition => ({
    source,
    json,
    kind,
    key,
    definition: null,
    diagnostics,
  })
  if (json.value === undefined) return stop(json.diagnostics)
  if (!isJsonObject(json.value)) return stop([diagnose(errors.definitionNotObject, '')])

  const raw = json.value
  const key = typeof raw.key === 'string' ? raw.key : guess.key
  const named = readKind(raw.kind)
  const names = definitionKinds.map((each) => `${each.name}/${each.format}`)
  const kind = named && findKind(named.name)
  if (!kind || !named) {
    const name = typeof raw.kind === 'string' ? raw.kind : JSON.stringify(raw.kind ?? null)
    return stop([diagnose(errors.kindUnknown, '/kind', { name, ...suggest(name, names) })], guess.kind, key)
  }
  if (named.format > kind.format) {
    return stop(
      [
        diagnose(errors.formatTooNew, '/kind', {
          name: String(raw.kind),
          known: `${kind.name}/${kind.format}`,
        }),
      ],
      kind.name,
      key,
    )
  }
  let current: JsonObject
  try {
    current = migrateDefinition(kind, raw, named.format)
  } catch {
    return stop(
      [
        diagnose(errors.migrationFailed, '/kind', {
          name: String(raw.kind),
          known: `${kind.name}/${kind.format}`,
        }),
      ],
      kind.name,
      key,
    )
  }
  const wrong = checkShape(kind.schema, current)
  if (wrong.length > 0) return stop(wrong, kind.name, key)
  const definition = current as ReadDefinition['definition'] & JsonObject
  return {
    source,
    json,
    kind: kind.name,
    key,
    definition,
    diagnostics: [...checkPlace(source, kind.name, kind.folder), ...checkIds(definition)],
  }
}

/** What the folder and the file name say, for texts that cannot be read. */
function guessKind(source: DefinitionSource): { kind: string | null; key: string | null } {
  const [folder, file] = source.path.includes('/') ? source.path.split('/') : [null, source.path]
  if (folder === null)
    return file === 'pack.json' ? { kind: 'pack', key: source.pack } : { kind: null, key: null }
  const kind = definitionKinds.find((each) => each.folder === folder)
  return { kind: kind?.name ?? null, key: file?.endsWith('.json') ? file.slice(0, -5) : null }
}

function checkPlace(source: DefinitionSource, kind: string, folder: string | null): Diagnostic[] {
  const fits = folder === null ? source.path === 'pack.json' : source.path.startsWith(`${folder}/`)
  return fits
    ? []
    : [
        diagnose(errors.definitionMisplaced, '/kind', {
          name: kind,
          place: folder === null ? 'pack.json' : `${folder}/`,
        }),
      ]
}

/** Every x-id names one element of the definition. */
function checkIds(definition: JsonObject): Diagnostic[] {
  const found: Diagnostic[] = []
  const seen = new Set<string>()
  const walk = (value: unknown, path: string) => {
    if (Array.isArray(value))
      value.forEach((each, at) => {
        walk(each, `${path}/${at}`)
      })
    if (!isJsonObject(value)) return
    const id = value['x-id']
    if (typeof id === 'string') {
      if (seen.has(id))
        found.push(diagnose(errors.duplicateId, `${path}/x-id`, { name: id, file: path || '/' }))
      seen.add(id)
    }
    for (const [name, each] of Object.entries(value)) walk(each, `${path}/${name}`)
  }
  walk(definition, '')
  return found
}
