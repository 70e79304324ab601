import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useDealPeople } from '../support/deal-people.ts'

// What somebody outside does: types from the description that a live workspace gives, a program written against
// them, the compiler's verdict, and the program at work on the same server.

const run = promisify(execFile)
const packages = fileURLToPath(new URL('../node_modules', import.meta.url))

const program = `
import createClient from 'openapi-fetch'
import type { paths } from './api.js'

declare const process: { env: Record<string, string>; stdout: { write(text: string): void } }
const { SERVER: baseUrl, COOKIE: cookie, LINE: line } = process.env as Record<'SERVER' | 'COOKIE' | 'LINE', string>
const api = createClient<paths>({ baseUrl, headers: { cookie } })
const address = '/api/v1/acme/records/registration'

const values = {
  customer_name: 'North Star Trading',
  product_line: line,
  amount: '120000.00',
  close_on: '2026-12-31',
  note: 'They have a budget and a date.',
}
const made = await api.POST(address, { params: { query: { form: 'registration_new' } }, body: values })
if (!made.data) throw new Error(JSON.stringify(made.error))
const amount: string | null | undefined = made.data.record.amount

const listed = await api.GET(address, {
  params: { query: { filter: JSON.stringify({ '==': [{ var: 'customer_name' }, values.customer_name] }), limit: 10, count: true } },
})
if (!listed.data) throw new Error(JSON.stringify(listed.error))

const again = await api.POST(address, { params: { query: { form: 'registration_new' } }, body: values })
if (again.data) throw new Error('the same customer was registered twice')
process.stdout.write(JSON.stringify({
  amount,
  states: listed.data.records.map((record) => record.state),
  count: listed.data.count?.value,
  problem: { status: again.error.status, code: again.error.code, hint: again.error.hint },
}))
`

const world = useDealPeople('acme')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cw-client-'))
  await symlink(packages, join(folder, 'node_modules'))
  const { body } = await world.api(world.people.sales)('GET', world.at('openapi.json'))
  await writeFile(join(folder, 'api.d.ts'), astToString(await openapiTS(body)))
  await writeFile(join(folder, 'package.json'), '{"type": "module"}')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function compile(name: string, text: string): Promise<string> {
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
  }
  await writeFile(join(folder, name), text)
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }))
  return run(process.execPath, [join(packages, 'typescript', 'bin', 'tsc')], { cwd: folder }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
}

describe('a client made from the description of the API', () => {
  test('type-checks, registers, lists with a filter and reads a problem', async () => {
    expect(await compile('client.ts', program)).toBe('')
    const { stdout } = await run(process.execPath, [join(folder, 'client.js')], {
      env: { ...process.env, SERVER: world.server.url, COOKIE: world.people.sales.cookie, LINE: world.line },
    })
    expect(JSON.parse(stdout)).toEqual({
      amount: '120000.00',
      states: ['submitted'],
      count: 1,
      problem: { status: 409, code: expect.stringMatching(/^[A-Z_]+$/), hint: expect.any(String) },
    })
  })

  test('is told by the compiler of a field that does not exist and of a number where text belongs', async () => {
    const wrong = program
      .replace("amount: '120000.00'", 'amount: 120000')
      .replace('customer_name:', 'customer_nme:')
    expect(await compile('wrong.ts', wrong)).toMatch(/TS2322|TS2353|TS2561/)
  })
})
