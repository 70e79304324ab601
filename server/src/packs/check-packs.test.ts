import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkPacks } from './check-packs.ts'

const templates = fileURLToPath(new URL('../../../templates', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cw-check-'))
  cpSync(templates, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a definition of 50 MB is told once, and not again by all that refer to it', async () => {
  const file = join(folder, 'deal_registration/objects/registration.json')
  writeFileSync(file, `{"a":"${'x'.repeat(50 * 1024 * 1024)}"}`)
  const { ok, diagnostics } = await checkPacks([folder])
  expect(ok).toBe(false)
  expect(diagnostics.map(({ code, file: where }) => [code, where])).toEqual([
    ['FILE_TOO_LARGE', 'deal_registration/objects/registration.json'],
  ])
})

test('cases are checked against all packs, each of them', async () => {
  const file = join(folder, 'registration_bonus/cases/others_earnings.json')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"registration_bonus"', '"registration_bonuss"'))
  const { diagnostics } = await checkPacks([folder])
  expect(new Set(diagnostics.map(({ code, file: where }) => `${code} ${where}`))).toEqual(
    new Set(['DANGLING_PLAN registration_bonus/cases/others_earnings.json']),
  )
  expect(diagnostics[0]).toMatchObject({
    line: expect.any(Number),
    hint: { en: 'Known: registration_bonus.' },
  })
})
