import { describe, expect, test } from 'vitest'
import { useDealPeople } from '../support/deal-people.ts'
import { createDealWorkspace } from '../support/deal-workspace.ts'
import { callAs, type TestMember } from '../support/members.ts'

const world = useDealPeople('acme')

const call = (member: TestMember | null, method: string, path: string, body?: object) =>
  callAs(world.server.url, member)(method, path, body ? { body: body as never } : {})

async function invite(email: string, extra: object = {}) {
  const answer = await call(world.people.admin, 'POST', '/api/v1/acme/invitations', {
    email,
    roles: ['partner_sales'],
    partner: world.partner,
    locale: 'zh',
    ...extra,
  })
  return {
    ...answer,
    token: String(answer.body.link ?? '')
      .split('/')
      .at(-1)!,
  }
}

describe('an invitation', () => {
  test('opens the workspace to a new person, once', async () => {
    const { status, token, body } = await invite('Wang.Fang@example.com')
    expect(status).toBe(201)
    expect(body).toMatchObject({ email: 'wang.fang@example.com', status: 'open' })
    const seen = await call(null, 'GET', `/api/v1/invitations/${token}`)
    expect(seen.body).toMatchObject({ workspace: { key: 'acme' }, account: false, locale: 'zh' })

    const accept = () =>
      call(null, 'POST', `/api/v1/invitations/${token}`, { name: '王芳', password: 'a good long password' })
    const answers = await Promise.all([accept(), accept()])
    expect(answers.map((a) => a.status).sort()).toEqual([200, expect.any(Number)])
    const good = answers.find((a) => a.status === 200)!
    const cookie = good.headers.getSetCookie()[0]!.split(';')[0]!
    const session = await callAs(world.server.url, { cookie })('GET', '/api/v1/session')
    expect(session.body).toMatchObject({
      user: { name: '王芳', locale: 'zh' },
      memberships: [
        { workspace: { key: 'acme' }, partner: world.partner, roles: [{ key: 'partner_sales' }], rights: [] },
      ],
    })
    const again = await accept()
    expect(again.body).toMatchObject({ code: 'INVITATION_UNKNOWN' })
  })

  test('ends after seven days, and when it is revoked', async () => {
    const late = await invite('late@example.com')
    world.server.clock.advance({ days: 7, seconds: 1 })
    expect((await call(null, 'GET', `/api/v1/invitations/${late.token}`)).status).toBe(404)
    const revoked = await invite('revoked@example.com')
    expect(
      (await call(world.people.admin, 'DELETE', `/api/v1/acme/invitations/${revoked.body.id}`)).status,
    ).toBe(204)
    expect((await call(null, 'GET', `/api/v1/invitations/${revoked.token}`)).status).toBe(404)
    const { body } = await call(world.people.admin, 'GET', '/api/v1/acme/invitations')
    const status = Object.fromEntries(
      body.invitations.map((i: { email: string; status: string }) => [i.email, i.status]),
    )
    expect(status).toMatchObject({ 'late@example.com': 'expired', 'revoked@example.com': 'revoked' })
  })

  test('asks a person with an account for its password', async () => {
    const { token } = await invite('wang.fang@example.com')
    const wrong = await call(null, 'POST', `/api/v1/invitations/${token}`, { password: 'not the password' })
    expect(wrong.body).toMatchObject({ code: 'SIGN_IN_REFUSED' })
    const right = await call(null, 'POST', `/api/v1/invitations/${token}`, {
      password: 'a good long password',
    })
    expect(right.status).toBe(200)
  })

  test.each([
    [{ roles: ['emperor'] }, 'ROLE_UNKNOWN'],
    [{ partner: null }, 'ROLE_FOR_OTHERS'],
    [{ roles: ['finance'] }, 'ROLE_FOR_OTHERS'],
    [{ partner: '00000000-0000-7000-8000-000000000000' }, 'PARTNER_UNKNOWN'],
    [{ email: 'no address' }, 'REQUEST_INVALID'],
    [{ surprise: 1 }, 'REQUEST_INVALID'],
  ])('with %o is refused', async (extra, code) => {
    const answer = await invite('someone@example.com', extra)
    expect(answer.body).toMatchObject({ code })
  })
})

describe('members', () => {
  test('are listed page by page to those who may manage them, and to nobody else', async () => {
    const first = await call(world.people.admin, 'GET', '/api/v1/acme/members?limit=1')
    expect(first.body.members).toHaveLength(1)
    const second = await call(
      world.people.admin,
      'GET',
      `/api/v1/acme/members?limit=1&cursor=${first.body.next}`,
    )
    expect(second.body.members[0].id).not.toBe(first.body.members[0].id)
    const sales = await world.deals.join({ name: 'Sales', roles: ['partner_sales'], partner: world.partner })
    expect((await call(sales, 'GET', '/api/v1/acme/members')).body).toMatchObject({ code: 'RIGHT_MISSING' })
    expect((await call(null, 'GET', '/api/v1/acme/members')).body).toMatchObject({ code: 'SIGN_IN_NEEDED' })
  })

  test('who are made inactive are out at the next request', async () => {
    const sales = await world.deals.join({ name: 'Leaver', roles: ['partner_sales'], partner: world.partner })
    expect((await call(sales, 'GET', '/api/v1/acme/openapi.json')).status).toBe(200)
    const { body } = await call(world.people.admin, 'GET', '/api/v1/acme/members?search=leaver')
    const changed = await call(world.people.admin, 'PATCH', `/api/v1/acme/members/${body.members[0].id}`, {
      status: 'inactive',
    })
    expect(changed.body).toMatchObject({ status: 'inactive' })
    expect((await call(sales, 'GET', '/api/v1/acme/openapi.json')).body).toMatchObject({
      code: 'WORKSPACE_UNKNOWN',
    })
  })

  test('the last who may manage members stays', async () => {
    const { body } = await call(world.people.admin, 'GET', '/api/v1/acme/members?search=Admin')
    const answer = await call(world.people.admin, 'PATCH', `/api/v1/acme/members/${body.members[0].id}`, {
      roles: ['finance'],
    })
    expect(answer.body).toMatchObject({ code: 'LAST_MANAGER' })
  })

  test('of another workspace find a closed door', async () => {
    await createDealWorkspace(world.server.services, 'other')
    expect((await call(world.people.admin, 'GET', '/api/v1/other/members')).body).toMatchObject({
      code: 'WORKSPACE_UNKNOWN',
    })
    expect((await call(world.people.admin, 'GET', '/api/v1/nowhere/members')).body).toMatchObject({
      code: 'WORKSPACE_UNKNOWN',
    })
  })
})

describe('a sub-organisation', () => {
  test('belongs to the partners of those above it', async () => {
    const below = await world.deals.seed('partner', {
      legal_name: '蓝海科技苏州有限公司',
      type: 'reseller',
      status: 'active',
      parent: world.partner,
    })
    const actor = await world.deals.actor({
      user: world.server.services.ids.next(),
      name: 'Boss',
      roles: ['partner_admin'],
      partner: world.partner,
    })
    expect([...actor.partners].sort()).toEqual([world.partner, below].sort())
  })
})

test('a page opened for one person is not served under the session of another', async () => {
  const other = await world.deals.join({ name: 'Other', roles: ['business_admin'] })
  const as = (member: TestMember, user: string) =>
    callAs(world.server.url, member)('GET', '/api/v1/acme/definitions', { headers: { 'x-cw-user': user } })
  expect((await as(world.people.admin, world.people.admin.user)).status).toBe(200)
  const refused = await as(other, world.people.admin.user)
  expect(refused.status).toBe(401)
  expect(refused.body.code).toBe('SESSION_OF_ANOTHER')
})
