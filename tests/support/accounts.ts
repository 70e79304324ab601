import type { LiveServer } from './live-server.ts'
import { callAs, type TestMember } from './members.ts'

export interface Account {
  readonly email: string
  readonly password: string
}

interface Invitee {
  readonly email: string
  readonly name?: string
  readonly roles: readonly string[]
  readonly partner?: string
}

/** Makes an invitation as an admin would; returns the path of its link. */
export async function invite(
  { url }: LiveServer,
  workspace: string,
  admin: TestMember,
  invitee: Invitee,
): Promise<string> {
  const { status, body, text } = await callAs(url, admin)('POST', `/api/v1/${workspace}/invitations`, {
    body: { ...invitee, roles: [...invitee.roles] },
  })
  if (status !== 201) throw new Error(`not invited: ${text}`)
  return new URL(body.link).pathname
}

/** An account with a password, made by accepting an invitation. */
export async function openAccount(
  server: LiveServer,
  workspace: string,
  admin: TestMember,
  invitee: Invitee & { readonly name: string },
): Promise<Account> {
  const path = await invite(server, workspace, admin, invitee)
  const password = 'correct horse battery staple'
  const { status, text } = await callAs(server.url, null)(
    'POST',
    `/api/v1${path.replace('/invitation/', '/invitations/')}`,
    {
      body: { name: invitee.name, password },
    },
  )
  if (status >= 300) throw new Error(`not accepted: ${text}`)
  return { email: invitee.email, password }
}

/** Signs in on another device and returns its cookie. */
export async function signInElsewhere({ url }: LiveServer, account: Account): Promise<{ cookie: string }> {
  const { status, headers, text } = await callAs(url, null)('POST', '/api/v1/session', {
    body: { ...account },
  })
  if (status >= 300) throw new Error(`not signed in: ${text}`)
  const cookie = headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return { cookie }
}
