import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkPacks } from './check-packs.ts'
import { readPacks } from './read-pack.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cw-packs-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const put = (path: string, content: string | Uint8Array) => {
  const address = join(root, path)
  mkdirSync(join(address, '..'), { recursive: true })
  writeFileSync(address, content)
}
const pack = (key: string, needs: Record<string, string> = {}) =>
  JSON.stringify({
    kind: 'pack/1',
    key,
    'x-id': `p_${key}`,
    title: { en: key, zh: key },
    version: '1.0.0',
    needs,
    locales: ['en', 'zh'],
  })
const codes = async (...folders: string[]) =>
  (await readPacks(folders.map((folder) => join(root, folder)))).diagnostics.map((found) => [
    found.code,
    found.file,
  ])

describe('reading packs from disk', () => {
  test('takes definitions and cases byte for byte, and leaves pages and demo data alone', async () => {
    const text = '{"kind":  "object/1"}\r\n'
    put('a/pack.json', pack('a'))
    put('a/README.md', '# a')
    put('a/demo/data.json', '[]')
    put('a/objects/thing.json', text)
    put('a/cases/first.json', '{}')
    const read = await readPacks([root])
    expect(read.sources.map((source) => [source.pack, source.path])).toEqual([
      ['a', 'pack.json'],
      ['a', 'objects/thing.json'],
    ])
    expect(read.sources[1]?.text).toBe(text)
    expect(read.cases.map((source) => source.path)).toEqual(['cases/first.json'])
    expect(read.diagnostics).toEqual([])
  })

  test('follows no link, be it a file, a folder or the pack itself', async () => {
    put('secret.json', '{"password": 1}')
    put('a/pack.json', pack('a'))
    put('a/objects/ok.json', '{}')
    symlinkSync(join(root, 'secret.json'), join(root, 'a/objects/linked.json'))
    symlinkSync('/etc', join(root, 'a/views'))
    mkdirSync(join(root, 'b'))
    symlinkSync(join(root, 'secret.json'), join(root, 'b/pack.json'))
    const read = await readPacks([join(root, 'a'), join(root, 'b')])
    expect(read.sources.map((source) => source.path)).toEqual(['pack.json', 'objects/ok.json'])
    expect(read.diagnostics.map((found) => [found.code, found.file])).toEqual([
      ['PACK_UNSAFE_FILE', 'a/objects/linked.json'],
      ['PACK_UNSAFE_FILE', 'a/views'],
      ['PACK_UNSAFE_FILE', 'b/pack.json'],
    ])
  })

  test('knows sizes before it reads: one file, and all together', async () => {
    put('a/pack.json', pack('a'))
    put('a/objects/big.json', ' '.repeat(1024 * 1024 + 1))
    expect(await codes('a')).toEqual([['FILE_TOO_LARGE', 'a/objects/big.json']])
    for (let at = 0; at < 52; at++)
      put(`a/objects/o${String(at).padStart(2, '0')}.json`, ' '.repeat(1024 * 1024))
    const told = await codes('a')
    expect(told.filter(([code]) => code === 'PACK_TOO_LARGE')).toHaveLength(1)
  })

  test('refuses bytes that are no UTF-8 and names files that belong to nothing', async () => {
    put('a/pack.json', pack('a'))
    put('a/objects/latin.json', Uint8Array.from([0x22, 0xe9, 0x22]))
    put('a/objets/typo.json', '{}')
    put('a/objects/notes.txt', 'x')
    put('a/loose.json', '{}')
    expect(await codes('a')).toEqual([
      ['PACK_UNKNOWN_FILE', 'a/loose.json'],
      ['JSON_BAD_TEXT', 'a/objects/latin.json'],
      ['PACK_UNKNOWN_FILE', 'a/objects/notes.txt'],
      ['PACK_UNKNOWN_FILE', 'a/objets'],
    ])
  })

  test('says so when there is no pack', async () => {
    expect(await codes('nowhere')).toEqual([['PACK_NOT_FOUND', join(root, 'nowhere')]])
  })
})

describe('checking packs', () => {
  test('brings in what a pack needs from beside it, and reports on the named pack alone', async () => {
    put('base/pack.json', pack('base'))
    put('base/objects/broken.json', '{')
    put('top/pack.json', pack('top', { base: '^1.0.0' }))
    expect(await checkPacks([join(root, 'top')])).toMatchObject({ ok: true, packs: ['top'], definitions: 1 })
    put('top/pack.json', pack('top', { base: '^2.0.0', other: '*' }))
    const checked = await checkPacks([join(root, 'top')])
    expect(checked.ok).toBe(false)
    expect(checked.diagnostics.map((found) => found.code).sort()).toEqual(['NEED_MISSING', 'NEED_VERSION'])
  })

  test('gives line and column of broken JSON', async () => {
    put('a/pack.json', pack('a'))
    put('a/objects/thing.json', '{\n  "kind": "object/1"\n  "key": 1\n}')
    const { diagnostics } = await checkPacks([join(root, 'a')])
    expect(diagnostics).toMatchObject([
      { code: 'JSON_SYNTAX', file: 'a/objects/thing.json', line: 3, column: 3 },
    ])
  })
})
