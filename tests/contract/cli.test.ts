import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { templates } from '../support/deal-workspace.ts'
import { runCw } from '../support/run-cw.ts'

// The command line as people and scripts meet it: processes, exit codes, what stands on which stream.

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'cw-cli-'))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const cw = (words: string[], language?: string) =>
  runCw(words, { folder, databaseUrl: database.url, ...(language ? { language } : {}) })

/** Every file below a folder with its bytes. */
function readTree(place: string): Record<string, string> {
  const names = readdirSync(place, { recursive: true, encoding: 'utf8', withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(place.length), readFileSync(file).toString('base64')]),
  )
}

describe('cw pack check', () => {
  test('tells machines the file and the line of what is wrong, and ends with 1', async () => {
    const broken = join(folder, 'broken', 'partner_master')
    cpSync(join(templates, 'partner_master'), broken, { recursive: true })
    const file = readdirSync(join(broken, 'objects'))[0]!
    const lines = readFileSync(join(broken, 'objects', file), 'utf8').split('\n')
    lines.splice(2, 0, '  "oops" 1,')
    writeFileSync(join(broken, 'objects', file), lines.join('\n'))
    const { code, out } = await runCw(['pack', 'check', broken, '--json'], { folder, databaseUrl: null })
    const report = JSON.parse(out) as {
      ok: boolean
      diagnostics: { file: string; line: number; severity: string }[]
    }
    expect([code, report.ok]).toEqual([1, false])
    expect(report.diagnostics).toContainEqual(
      expect.objectContaining({ file: `partner_master/objects/${file}`, line: 3, severity: 'error' }),
    )
  })

  test('speaks the language of the terminal, and ends with 2 when it is called wrongly', async () => {
    const sound = await runCw(['pack', 'check', templates], {
      folder,
      databaseUrl: null,
      language: 'zh_CN.UTF-8',
    })
    expect([sound.code, sound.out]).toEqual([0, expect.stringMatching(/[1-9]\d* 个模板包.*0 个错误/)])
    const help = await runCw(['--help'], { folder, databaseUrl: null, language: 'zh_CN.UTF-8' })
    expect(help.out).toMatch(/用法:[\s\S]*模板包[\s\S]*工作区/)
    const wrong = await runCw(['pack', 'chekc'], { folder, databaseUrl: null })
    expect([wrong.code, wrong.out]).toEqual([2, ''])
  }, 60_000)
})

describe('cw with a database', () => {
  test('runs the cases of a pack', async () => {
    const { code, out } = await cw(['pack', 'test', join(templates, 'registration_bonus'), '--json'])
    const results = JSON.parse(out) as { passed: boolean }[]
    expect(code).toBe(0)
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter((result) => !result.passed)).toEqual([])
  }, 120_000)

  test('takes a workspace out and elsewhere in again, the same byte for byte', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    for (const [key, from, to] of [
      ['here', templates, first],
      ['there', first, second],
    ] as const) {
      expect(await cw(['workspace', 'create', key])).toMatchObject({ code: 0 })
      expect(await cw(['pack', 'install', from, '--workspace', key, '--skip-cases'])).toMatchObject({
        code: 0,
      })
      expect(await cw(['workspace', 'export', key, to])).toMatchObject({ code: 0 })
    }
    const exported = readTree(first)
    expect(Object.keys(exported).length).toBeGreaterThan(20)
    expect(readTree(second)).toEqual(exported)
    for (const [name, bytes] of Object.entries(exported))
      expect(readFileSync(join(templates, name)).toString('base64')).toBe(bytes)

    expect(await cw(['pack', 'diff', first, second])).toMatchObject({ code: 0 })
    const pack = join(second, 'partner_master', 'pack.json')
    writeFileSync(pack, readFileSync(pack, 'utf8').replace(/"version": "[^"]+"/, '"version": "9.9.9"'))
    const differing = await cw(['pack', 'diff', first, second])
    expect([differing.code, differing.out]).toEqual([1, expect.stringContaining('partner_master/pack.json')])
  }, 180_000)

  test('refuses in the language of the terminal, with what to do', async () => {
    const absent = await cw(['workspace', 'export', 'nowhere', 'out'], 'zh_CN.UTF-8')
    expect([absent.code, absent.out]).toEqual([1, ''])
    expect(absent.err).toMatch(/[一-鿿]/)
    const taken = await cw(['workspace', 'create', 'session'])
    expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('"session" cannot be the key')])
  }, 60_000)
})
