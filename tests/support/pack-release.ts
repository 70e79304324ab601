import { fileURLToPath } from 'node:url'
import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'

const templates = fileURLToPath(new URL('../../templates', import.meta.url))
let built: Promise<Release> | undefined

/** The packs of the product as one release, which nobody may change. Throws with what is wrong in them. */
export function readPackRelease(): Promise<Release> {
  built ??= readPacks([templates]).then(({ sources }) => {
    const { release, diagnostics } = buildRelease(sources)
    if (release === null) throw new Error(JSON.stringify(diagnostics))
    return release
  })
  return built
}
