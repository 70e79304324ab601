import { createHmac, randomBytes } from 'node:crypto'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Services, Workspace } from '@channelwright/server/services.ts'

/** Somebody who is signed in to one workspace. */
export interface TestMember {
  readonly user: string
  readonly name: string
  readonly cookie: string
}

export interface NewMember {
  readonly name: string
  readonly roles: readonly string[]
  /** Id of the organisation's record; none for the vendor's own people. */
  readonly partner?: string | null
}

/** Puts a person, their membership and a session into the catalogue, as sign-up and sign-in would. */
export async function addMember(
  services: Services,
  workspace: Workspace,
  member: NewMember,
): Promise<TestMember> {
  const user = services.ids.next()
  const token = randomBytes(24).toString('base64url')
  await services.owner.query(`INSERT INTO channelwright."user" (id, name, email) VALUES ($1, $2, $3)`, [
    user,
    member.name,
    `${user}@example.test`,
  ])
  await services.owner.query(
    `INSERT INTO channelwright.membership (id, workspace, user_id, roles, partner) VALUES ($1, $2, $3, $4, $5)`,
    [services.ids.next(), workspace.id, user, member.roles, member.partner ?? null],
  )
  await services.owner.query(
    `INSERT INTO channelwright.session (id, token, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [services.ids.next(), token, user],
  )
  const signed = `${token}.${createHmac('sha256', services.config.secret).update(token).digest('base64')}`
  return { user, name: member.name, cookie: `channelwright.session_token=${encodeURIComponent(signed)}` }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // Tests read what they expect; a wrong shape fails the expectation.
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here
  readonly body: any
}

export interface CallOptions {
  readonly body?: Json
  /** The body as it stands, for what is no JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** Calls of one person against one server. */
export function callAs(url: string, member: Pick<TestMember, 'cookie'> | null) {
  return async (method: string, path: string, { body, raw, headers }: CallOptions = {}): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(member ? { cookie: member.cookie } : {}),
        ...(body !== undefined || raw !== undefined ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    }
  }
}
