import type { DefinitionChange } from '@channelwright/runtime/api/definitions.ts'
import { hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { diffDefinitions } from '@channelwright/runtime/definition/diff-definitions.ts'
import { PublishRefusal } from '../publish/publish-sources.ts'
import { readPacks } from './read-pack.ts'

/** What `after` changes of `before`: folders of packs. Throws PUBLISH_REFUSED when one cannot be read. */
export async function diffPacks(before: string, after: string): Promise<DefinitionChange[]> {
  const [was, is] = await Promise.all([readPacks([before]), readPacks([after])])
  const wrong = [...was.diagnostics, ...is.diagnostics]
  if (hasErrors(wrong)) throw new PublishRefusal(wrong)
  return diffDefinitions([...was.sources, ...was.cases], [...is.sources, ...is.cases])
}
