import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../tests/support/server.ts'
import { createAccounts, preparePassword } from '../auth/accounts.ts'

let server: TestServer
const email = 'li.wei@example.com'
const password = 'correct horse battery'

beforeAll(async () => {
  server = await startTestServer()
  const passwordHash = await preparePassword(password)
  await createAccounts(server.services, server.services.owner as never, [
    { email, name: '李伟', locale: 'zh', passwordHash },
  ])
})
afterAll(() => server.close())

async function signIn(given = password, address = email) {
  return fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: address, password: given }),
  })
}
const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')

describe('signing in', () => {
  test('gives a cookie that scripts can not read, and the session names the person', async () => {
    const answer = await signIn()
    expect(answer.status).toBe(200)
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    const session = await fetch(`${server.url}/api/v1/session`, { headers: { cookie: cookieOf(answer) } })
    expect(await session.json()).toMatchObject({
      user: { email, name: '李伟', locale: 'zh' },
      memberships: [],
    })
  })

  test('with a wrong password or an unknown address is refused alike', async () => {
    for (const answer of [await signIn('wrong wrong wrong'), await signIn(password, 'nobody@example.com')]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(await answer.json()).toMatchObject({ code: 'SIGN_IN_REFUSED' })
    }
  })

  test('a forged cookie is nobody', async () => {
    const cookie = cookieOf(await signIn())
    const forged = `${cookie.slice(0, -8)}AAAAAAA%3D`
    const answer = await fetch(`${server.url}/api/v1/session`, { headers: { cookie: forged } })
    expect(answer.status).toBe(401)
  })

  test('after ten wrong passwords the account waits, whatever the address', async () => {
    const target = 'guessed@example.com'
    const answers = []
    for (let at = 0; at < 12; at++) answers.push((await signIn('wrong wrong wrong', target)).status)
    expect(answers.slice(0, 10).every((s) => s === 401)).toBe(true)
    expect(answers.slice(10)).toEqual([429, 429])
  })
})

test('signing out everywhere ends every session at once', async () => {
  const cookies = [cookieOf(await signIn()), cookieOf(await signIn())]
  const read = (cookie: string) => fetch(`${server.url}/api/v1/session`, { headers: { cookie } })
  expect((await read(cookies[1]!)).status).toBe(200)
  const ended = await fetch(`${server.url}/api/v1/sessions`, {
    method: 'DELETE',
    headers: { cookie: cookies[0]! },
  })
  expect(ended.status).toBe(200)
  for (const cookie of cookies) expect((await read(cookie)).status).toBe(401)
})

test('a page of another site can not write in our name', async () => {
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'DELETE',
    headers: { origin: 'https://evil.example' },
  })
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ code: 'ORIGIN_REFUSED' })
})
