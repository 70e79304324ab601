import { readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import { readDefinition } from '@channelwright/runtime/definition/check.ts'
import { definitionKinds, setNameOf } from '@channelwright/runtime/definition/index.ts'
import { describe, expect, test } from 'vitest'
import { previews } from '../preview/previews.ts'
import { makeDefinition } from './new-definition.ts'

// A kind of definition is one file and its line in the list: what else there is to it follows from these.
const title = { en: 'A new one', zh: '新的' }

describe.each(definitionKinds.map((kind) => [kind.name, kind] as const))('a %s', (name, kind) => {
  test('has its place in every set of definitions', () => {
    const set: Readonly<Record<string, unknown>> = { ...readDefinitionSet([]) }
    expect(set[setNameOf(kind)]).toBeInstanceOf(Map)
  })

  if (kind.begin) {
    test('begins as what its own file says, in its own folder, with identities of its own', () => {
      const [one, other] = [0, 1].map(() => makeDefinition({ kind: name, key: 'fresh_one', title }))
      expect(one!.path).toBe(`${kind.folder}/fresh_one.json`)
      const read = readDefinition({ pack: 'mine', ...one! })
      expect(read).toMatchObject({ kind: name, key: 'fresh_one' })
      // What only the writer can name stands there empty; nothing else of it is wrong.
      const wrong = read.diagnostics.filter(({ path }) => valueAt(one!.text, path) !== '')
      expect(wrong).toEqual([])
      expect(idsOf(one!.text).filter((id) => idsOf(other!.text).includes(id))).toEqual([])
    })
  } else {
    test('is not begun in the designer', () => {
      expect(() => makeDefinition({ kind: name, key: 'fresh_one', title })).toThrow(name)
    })
  }
})

test('previews are of kinds that there are', () => {
  const names: readonly string[] = definitionKinds.map(({ name }) => name)
  expect(Object.keys(previews).filter((name) => !names.includes(name))).toEqual([])
})

function valueAt(text: string, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], JSON.parse(text))
}

function idsOf(text: string): string[] {
  return [...text.matchAll(/"x-id": "([^"]+)"/g)].map((match) => match[1]!)
}
