import { readdirSync, readFileSync } from 'node:fs'
import { codes, families } from '@channelwright/runtime/errors/codes.ts'
import { describe, expect, test } from 'vitest'
import { describeErrors, errorPage, readErrorPage } from '../support/write-error-page.ts'

const folder = new URL('../../runtime/src/errors/', import.meta.url)
const root = new URL('../../', import.meta.url)
/** The code that is served, without the codes themselves and without tests. */
const sources = ['runtime/src', 'runtime/react', 'server/src', 'builder/src'].flatMap((place) =>
  readdirSync(new URL(place, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.') && !name.startsWith('errors/'))
    .map((name) => readFileSync(new URL(`${place}/${name}`, root), 'utf8')),
)

/** Files of the folder that make errors and list them, but hold none. */
const makers = ['codes.ts', 'create-error.ts', 'diagnose.ts']

describe('error codes', () => {
  test('each code stands in the list once', () => {
    const names = codes.map((each) => each.code)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  test('every family file stands in the list', () => {
    const files = readdirSync(folder).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !makers.includes(name),
    )
    const listed = readFileSync(new URL('codes.ts', folder), 'utf8')
    for (const file of files) expect(listed).toContain(`'./${file}'`)
    expect(Object.keys(families)).toHaveLength(files.length)
  })

  test('each says what is wrong and what to do, in both languages, with the same placeholders', () => {
    const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
    for (const { code, status, message, hint } of codes) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/)
      expect(status, code).toBeGreaterThanOrEqual(400)
      expect(status, code).toBeLessThan(600)
      for (const text of [message, hint]) {
        expect(text.en, code).toMatch(/\S/)
        expect(text.zh, code).toMatch(/\S/)
        // A value may come in the words of the language: `{expected}` and `{expected_zh}`.
        expect(placeholders(text.zh.replaceAll('_zh}', '}')), code).toEqual(placeholders(text.en))
      }
      expect(hint.zh, code).toMatch(/[\u4e00-\u9fff]|_zh\}/)
    }
  })

  test('each is used: by its name, in the code that refuses', () => {
    const code = sources.join('\n')
    const unused = Object.entries(families).flatMap(([family, members]) =>
      Object.keys(members)
        .filter((name) => !new RegExp(`\\b${name}\\b`).test(code))
        .map((name) => `${family}.${name}`),
    )
    expect(unused).toEqual([])
  })

  test('the page and the codes name the same codes', () => {
    expect([...readErrorPage()].sort()).toEqual(codes.map((each) => each.code).sort())
  })

  test('the page says what the codes say (npx tsx tests/support/write-error-page.ts)', () => {
    expect(readFileSync(errorPage, 'utf8')).toBe(describeErrors())
  })
})
