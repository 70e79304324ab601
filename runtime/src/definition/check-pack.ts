import * as errors from '../errors/definitions.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import { findCycle } from './find-cycle.ts'
import type { PackDefinition } from './pack.ts'
import { Report } from './report.ts'
import { inRange, isRange } from './version.ts'

/** The packs it builds on are here, in a version that fits, and none of them needs it in turn. */
export function checkPack(pack: PackDefinition, set: DefinitionSet): Diagnostic[] {
  const report = new Report(set)
  for (const [key, range] of Object.entries(pack.needs ?? {})) {
    const path = `/needs/${key}`
    if (!isRange(range)) {
      report.add(errors.needRangeBad, path, { range })
      continue
    }
    const needed = set.packs.get(key)
    if (needed) {
      if (!inRange(needed.version, range))
        report.add(errors.needVersion, path, { name: key, version: needed.version, range })
    } else if (!set.incomplete?.has(`pack:${key}`)) report.add(errors.needMissing, path, { name: key })
  }
  const needs = new Map([...set.packs.values()].map((each) => [each.key, Object.keys(each.needs ?? {})]))
  const cycle = findCycle(needs)
  if (cycle?.includes(pack.key)) report.add(errors.needCycle, '/needs', { name: cycle.join(' → ') })
  return report.diagnostics
}
