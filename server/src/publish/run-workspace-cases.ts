import type { CaseResult } from '@channelwright/runtime/api/definitions.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { Services } from '../services.ts'
import { isCasePath } from './definition-store.ts'

/** The cases that travel with these definitions, run on them in a scratch workspace. None: nothing to run. */
export async function runWorkspaceCases(
  services: Services,
  sources: readonly DefinitionSource[],
): Promise<CaseResult[]> {
  if (!sources.some((source) => isCasePath(source.path))) return []
  // Cases publish their definitions themselves: loaded late, so that neither module needs the other to begin.
  const { runCases } = await import('../packs/run-cases.ts')
  return runCases(services, sources)
}
