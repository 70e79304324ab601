import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useDealPeople } from '../support/deal-people.ts'
import { callAs } from '../support/members.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

const world = useDealPeople('acme')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cw-openapi-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function describeFor(roles: string[], of: string | null, language = 'en') {
  const member = await world.deals.join({ name: 'Reader', roles, partner: of })
  const answer = await callAs(world.server.url, member)('GET', '/api/v1/acme/openapi.json', {
    headers: { 'accept-language': language },
  })
  expect(answer.status).toBe(200)
  return answer.body
}

describe('the description of the API', () => {
  test.each([
    ['business_admin', false],
    ['partner_sales', true],
  ])('is valid for a %s by a public linter, and types can be made from it', async (role, ofPartner) => {
    const description = await describeFor([role], ofPartner ? world.partner : null)
    const file = join(folder, `${role}.json`)
    await writeFile(file, JSON.stringify(description, null, 2))
    await lint(file)
    const types = astToString(await openapiTS(description))
    expect(types).toContain('/api/v1/acme/records/registration/{id}')
    expect(types).toContain('RegistrationCreate')
  })

  test('shows each only what their grants allow', async () => {
    const [admin, sales] = [
      await describeFor(['business_admin'], null),
      await describeFor(['partner_sales'], world.partner),
    ]
    expect(admin.paths).toHaveProperty(['/api/v1/acme/members'])
    expect(sales.paths).not.toHaveProperty(['/api/v1/acme/members'])
    expect(sales.paths['/api/v1/acme/records/partner']?.post).toBeUndefined()
  })

  test('speaks the reader’s language', async () => {
    const description = await describeFor(['business_admin'], null, 'zh-CN')
    expect(description.paths['/api/v1/acme/records/registration'].get.summary).toMatch(/[一-鿿]/)
  })
})

async function lint(file: string): Promise<void> {
  const home = dirname(require.resolve('@redocly/cli/package.json'))
  const { bin } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as {
    bin: Record<string, string>
  }
  const result = await run(
    process.execPath,
    [join(home, bin.redocly!), 'lint', '--extends', 'spec', '--format', 'stylish', file],
    { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  ).catch((error: { stdout: string; stderr: string }) => error)
  expect('code' in result ? `${result.stdout}${result.stderr}` : '').toBe('')
}
