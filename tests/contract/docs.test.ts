import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CaseSchema, caseActions } from '@channelwright/runtime/definition/case.ts'
import { ExpectSchema } from '@channelwright/runtime/definition/case-expect.ts'
import { caseMatchers, caseValues } from '@channelwright/runtime/definition/case-shared.ts'
import { checkShape } from '@channelwright/runtime/definition/shape.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { runShell } from '../support/run-cw.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const markdownIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
const guides = ['README.md', ...markdownIn('docs/guide')]
const pages = [...new Set([...guides, 'ARCHITECTURE.md', ...markdownIn('docs')])]
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

/** Lines of a page's shell blocks, without what is said about them. */
function commandsOf(file: string): string[] {
  return [...read(file).matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap((block) => block[1]!.split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

describe('commands in the documentation', () => {
  test.each(guides)('%s asks npm only for scripts that there are', (file) => {
    const asked = [...read(file).matchAll(/npm (?:run )?([a-z]+(?::[a-z-]+)?)/g)].map((found) => found[1]!)
    const known = new Set([...Object.keys(scripts), 'test', 'start'])
    expect(asked.filter((name) => !known.has(name) && name !== 'alone')).toEqual([])
  })

  describe.each(guides.filter((file) => commandsOf(file).some((line) => line.includes('npm run cw'))))(
    '%s',
    (file) => {
      let database: TestDatabase
      let folder: string
      beforeAll(async () => {
        database = await openTestDatabase()
        folder = mkdtempSync(join(tmpdir(), 'cw-docs-'))
        symlinkSync(join(root, 'templates'), join(folder, 'templates'))
      })
      afterAll(async () => {
        await database.close()
        rmSync(folder, { recursive: true, force: true })
      })

      test('its commands do what they say, one after another', async () => {
        for (const line of commandsOf(file)) {
          if (!line.includes('npm run cw')) continue
          const { code, out, err } = await runShell(line, { folder, databaseUrl: database.url })
          expect(`${line} → ${code} ${code === 0 ? '' : out + err}`).toBe(`${line} → 0 `)
        }
      }, 240_000)
    },
  )

  test('every other command is one that other tests run', () => {
    const others = guides.flatMap(commandsOf).filter((line) => !line.includes('npm run cw'))
    expect(
      others.filter((line) => !/^npm (start|test|run (bench|check|dev|conformance))\b/.test(line)),
    ).toEqual([])
  })
})

describe('cases in the documentation', () => {
  const blocks = markdownIn('docs/guide').flatMap((file) =>
    [...read(file).matchAll(/^```json\n(.*?)^```/gms)].map(
      ({ 1: text }) => [file, JSON.parse(text!)] as const,
    ),
  )
  const skeleton = {
    ...{ kind: 'case/1', key: 'shown', 'x-id': 'cs_shown', title: { en: 'Shown', zh: '示例' } },
    ...{ clock: '2026-03-02T09:00:00+08:00', timeZone: 'Asia/Shanghai', given: { users: {} } },
  }

  test.each(blocks)('%s shows cases, or steps of one, as they are written', (_, shown) => {
    const whole = Array.isArray(shown) ? { ...skeleton, steps: shown } : shown
    expect(checkShape(CaseSchema, whole)).toEqual([])
  })

  test('the guide tells every step, expectation and value that there is', () => {
    const guide = read('docs/guide/pack-cases.md')
    const names = [
      ...caseActions,
      ...Object.keys(ExpectSchema.properties),
      ...[...caseValues, ...caseMatchers].map((name) => `{"${name}"`),
    ]
    expect(names.filter((name) => !guide.includes(`\`${name}`))).toEqual([])
  })
})

describe('names in the documentation', () => {
  test.each(pages)('links and pictures of %s lead somewhere', (file) => {
    const targets = [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)].map((found) => found[1]!)
    expect(targets.filter((target) => !existsSync(join(root, dirname(file), target)))).toEqual([])
  })

  test('the settings that the operator is told of are those that the program reads', () => {
    const told = [...read('docs/guide/operator.md').matchAll(/^\| `([A-Z_]+)/gm)].map((found) => found[1]!)
    const readNames = [
      ...read('server/src/config.ts').matchAll(/\b(CW_[A-Z_]+|PORT|DATABASE_URL|NODE_ENV)\b/g),
    ]
    expect([...new Set(told)].sort()).toEqual([...new Set(readNames.map((found) => found[1]!))].sort())
  })

  test('every file, folder and list that ARCHITECTURE.md names is there', () => {
    const named = [...read('ARCHITECTURE.md').matchAll(/`([\w@./<>*-]+)`/g)]
      .map((found) => found[1]!)
      .filter((name) => /\//.test(name) && !/^[.*]/.test(name))
    // Members of a family are named from the folder that their list lies in.
    const besideLists = named
      .filter((name) => name.endsWith('/index.ts'))
      .map((name) => dirname(dirname(name)))
    const places = ['', 'server/src', 'runtime/src', ...besideLists]
    const missing = named.filter((name) => {
      // `<kind>` and `*` stand for one of many: the folder before them is what can be looked for.
      const fixed = name.replace(/[^/]*[<*].*$/, '')
      return fixed !== '' && !places.some((place) => existsSync(join(root, place, fixed)))
    })
    expect(missing).toEqual([])
  })
})
