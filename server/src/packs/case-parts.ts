import type { Json } from '@channelwright/runtime/json.ts'
import { failed } from './case-failure.ts'
import type { CaseWorld } from './case-world.ts'

/** Gives names to parts of what was found, for later steps. */
export function keepParts(
  world: CaseWorld,
  whole: Json,
  keep: Readonly<Record<string, string>>,
  pointer: string,
): void {
  for (const [name, path] of Object.entries(keep)) {
    const part = partAt(whole, path)
    if (part === undefined)
      throw failed({ en: 'A part of the answer', zh: '应答的一部分' }, path, whole, `${pointer}/${name}`)
    world.kept.set(name, part)
  }
}

/** What stands at a JSON pointer; undefined: nothing. */
export function partAt(root: Json, path: string): Json | undefined {
  let node: Json | undefined = root
  for (const token of path.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined
    node = (node as Readonly<Record<string, Json>>)[name]
  }
  return node
}
