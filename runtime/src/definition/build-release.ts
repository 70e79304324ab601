import * as errors from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { packTooLarge, packTooManyFiles } from '../errors/files.ts'
import { flowPathUnknown } from '../errors/flow-checks.ts'
import { ruleUnknownPath } from '../errors/logic.ts'
import { type ReadDefinition, readDefinition } from './check.ts'
import { checkFields } from './check-object.ts'
import type { DefinitionSet, DefinitionSource } from './definition-set.ts'
import { type Diagnostic, hasErrors } from './diagnostic.ts'
import { definitionKinds, findKind, setNameOf } from './index.ts'
import type { ObjectDefinition } from './object.ts'
import { byteLength } from './read-json.ts'
import type { BuildRelease, Release } from './release.ts'
import { buildRoles } from './roles.ts'
import { findParty } from './scopes.ts'

/** Most bytes of all texts together. */
export const releaseLimit = 50 * 1024 * 1024
/** Most definitions of one workspace. */
export const definitionsLimit = 5000

/** What is said of paths, in rules and in flows. */
const pathCodes: ReadonlySet<string> = new Set([ruleUnknownPath.code, flowPathUnknown.code])

/**
 * Text in, release or diagnostics out. Each text is read for itself; then all that could be read are checked against
 * each other, so that one broken file does not hide the mistakes of the others. Warnings do not stop a release.
 * Never throws.
 */
export const buildRelease: BuildRelease = (sources) => {
  const tooMuch = checkSize(sources)
  if (tooMuch) return { release: null, diagnostics: [tooMuch] }

  const read = sources.map(readDefinition)
  const { set, owners, diagnostics } = gather(read)
  const strayed = [...(set.incomplete ?? [])].some((name) => name.startsWith('object:'))
  for (const each of owners) {
    // A path that cannot be followed through an object that is broken itself is no mistake of its own.
    const found = checkOne(each, set).filter((one) => !strayed || !pathCodes.has(one.code))
    diagnostics.push(...found.map((one) => place(one, each)))
  }
  diagnostics.push(...checkTogether(set, owners))
  diagnostics.sort(byPlace)
  if (hasErrors(diagnostics)) return { release: null, diagnostics }
  const release: Release = { ...set, roles: buildRoles(set), party: findParty(set)?.key ?? null }
  return { release, diagnostics }
}

/**
 * Every definition that can be read, whatever is wrong between them: what a preview of half-written drafts leans on.
 * What is wrong is `buildRelease`'s to say. Never throws.
 */
export function readDefinitionSet(sources: readonly DefinitionSource[]): DefinitionSet {
  return checkSize(sources) ? assemble(new Map(), new Set()) : gather(sources.map(readDefinition)).set
}

function checkOne(each: ReadDefinition, set: DefinitionSet): Diagnostic[] {
  const kind = findKind(each.kind ?? '')
  if (!kind || !each.definition) return []
  try {
    // Every kind's check takes what its own schema has just accepted.
    return kind.check(each.definition as never, set)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return [diagnose(errors.checkFailed, '', { problem })]
  }
}

function checkSize(sources: readonly DefinitionSource[]): Diagnostic | undefined {
  if (sources.length > definitionsLimit) return diagnose(packTooManyFiles, '', { limit: definitionsLimit })
  let bytes = 0
  for (const source of sources) {
    bytes += source.text.length
    // Characters are never more than bytes: no text is measured exactly that is too long anyhow.
    if (bytes > releaseLimit) return diagnose(packTooLarge, '', { limit: releaseLimit })
  }
  const exact = sources.reduce((sum, source) => sum + byteLength(source.text), 0)
  return exact > releaseLimit ? diagnose(packTooLarge, '', { limit: releaseLimit }) : undefined
}

/** The set of all that could be read, the reading that stands for each key, and what is wrong so far. */
function gather(read: readonly ReadDefinition[]): {
  set: DefinitionSet
  owners: ReadDefinition[]
  diagnostics: Diagnostic[]
} {
  const maps = new Map(definitionKinds.map((kind) => [kind.name as string, new Map<string, unknown>()]))
  const byKey = new Map<string, ReadDefinition>()
  const byId = new Map<string, ReadDefinition>()
  const incomplete = new Set<string>()
  const owners: ReadDefinition[] = []
  const diagnostics: Diagnostic[] = []
  for (const each of read) {
    diagnostics.push(...each.diagnostics.map((found) => place(found, each)))
    if (!each.definition || each.kind === null) {
      if (each.kind !== null && each.key !== null) incomplete.add(`${each.kind}:${each.key}`)
      continue
    }
    const { key, 'x-id': id } = each.definition
    const [sameKey, sameId] = [byKey.get(`${each.kind}:${key}`), byId.get(`${each.kind}:${id}`)]
    if (sameKey) {
      diagnostics.push(
        place(
          diagnose(errors.duplicateKey, '/key', { kind: each.kind, name: key, file: fileOf(sameKey.source) }),
          each,
        ),
      )
      continue
    }
    if (sameId)
      diagnostics.push(
        place(diagnose(errors.duplicateId, '/x-id', { name: id, file: fileOf(sameId.source) }), each),
      )
    byKey.set(`${each.kind}:${key}`, each)
    byId.set(`${each.kind}:${id}`, each)
    maps.get(each.kind)?.set(key, each.definition)
    owners.push(each)
  }
  // Every object is looked at before one is taken away: they refer to each other.
  const objects = maps.get('object') as Map<string, ObjectDefinition>
  const all = assemble(maps, incomplete)
  const unsound = [...objects.values()].filter((object) => hasErrors(checkFields(object, all)))
  for (const { key } of unsound) {
    objects.delete(key)
    incomplete.add(`object:${key}`)
  }
  return { set: assemble(maps, incomplete), owners, diagnostics }
}

function assemble(
  maps: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  incomplete: ReadonlySet<string>,
): DefinitionSet {
  const sets = definitionKinds.map((kind) => [setNameOf(kind), maps.get(kind.name) ?? new Map()])
  // Each kind's file says what its map holds; what is in it has passed that kind's own schema.
  return {
    ...(Object.fromEntries(sets) as DefinitionSet),
    ...(incomplete.size > 0 ? { incomplete } : {}),
  }
}

/** What only all definitions together can get wrong. */
function checkTogether(set: DefinitionSet, owners: readonly ReadDefinition[]): Diagnostic[] {
  const found: Diagnostic[] = []
  const parties = owners.filter((each) => each.kind === 'object' && each.definition?.party !== undefined)
  for (const each of parties.slice(1)) {
    found.push(
      place(
        diagnose(errors.partyTwice, '/party', { name: parties.map((party) => party.key).join(', ') }),
        each,
      ),
    )
  }
  const told = new Set<string>()
  for (const each of owners) {
    const { pack } = each.source
    if (each.kind === 'pack' && each.key !== pack) {
      found.push(place(diagnose(errors.packKeyDiffers, '/key', { name: each.key, folder: pack }), each))
    }
    if (set.packs.has(pack) || set.incomplete?.has(`pack:${pack}`) || told.has(pack)) continue
    told.add(pack)
    found.push({ ...diagnose(errors.packMissing, '', { name: pack }), file: `${pack}/pack.json` })
  }
  return found
}

/** The diagnostic with its definition, file, line and column. */
function place(found: Diagnostic, each: ReadDefinition): Diagnostic {
  const position =
    found.line === undefined ? each.json.locate(found.path) : { line: found.line, column: found.column ?? 1 }
  return {
    ...found,
    ...(each.kind === null ? {} : { kind: each.kind }),
    ...(each.key === null ? {} : { key: each.key }),
    file: fileOf(each.source),
    ...position,
  }
}

function fileOf(source: DefinitionSource): string {
  return `${source.pack}/${source.path}`
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [left, right] = [a.file ?? '', b.file ?? '']
  return left < right
    ? -1
    : left > right
      ? 1
      : (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
