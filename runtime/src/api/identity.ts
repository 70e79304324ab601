import type { platformRights } from '../definition/grant.ts'
import type { Locale, Text } from '../text.ts'

/**
 * What travels about people. A session is a cookie that scripts can't read: `POST /api/v1/session` sets it,
 * `DELETE /api/v1/session` ends it, `DELETE /api/v1/sessions` ends every one of the person.
 */

/** `POST /api/v1/session`. Refused with SIGN_IN_REFUSED, or TOO_MANY_REQUESTS with `Retry-After`. */
export interface SignIn {
  readonly email: string
  readonly password: string
  /** False: the session ends with the browser. Default true. */
  readonly remember?: boolean
}

/** `GET /api/v1/session`; SIGN_IN_NEEDED for a stranger. */
export interface Session {
  readonly user: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly locale: Locale
  }
  readonly memberships: readonly Membership[]
}

export interface Membership {
  readonly workspace: {
    readonly key: string
    readonly title: Text
    readonly time_zone: string
    readonly demo: boolean
    /** Number of the release in force; null while nothing is published. */
    readonly release: number | null
  }
  readonly roles: readonly { readonly key: string; readonly title: Text }[]
  readonly partner: string | null
  readonly rights: readonly (typeof platformRights)[number][]
}

/** `PATCH /api/v1/session/user` changes the signed-in person. */
export interface ChangeUser {
  readonly name?: string
  readonly locale?: Locale
}

/** `POST /api/v1/session/password`; every other session of the person ends. */
export interface ChangePassword {
  readonly current: string
  readonly next: string
}

/** `GET /api/v1/<workspace>/members?search=&status=&cursor=&limit=` (right manage_members). */
export interface MemberList {
  readonly members: readonly Member[]
  /** For the next page; null on the last. */
  readonly next: string | null
}

/** `PATCH /api/v1/<workspace>/members/:member` takes `roles`, `partner`, `status` and answers with the member. */
export interface Member {
  readonly id: string
  readonly user: string
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  readonly partner: string | null
  readonly status: 'active' | 'inactive'
}

/** `POST /api/v1/<workspace>/invitations` (right manage_members). */
export interface Invite {
  readonly email: string
  readonly name?: string
  readonly roles: readonly string[]
  readonly partner?: string | null
  readonly locale?: Locale
}

/** `GET /api/v1/<workspace>/invitations`; `DELETE …/invitations/:invitation` revokes one. */
export interface Invitation {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly roles: readonly string[]
  readonly partner: string | null
  readonly expires_at: string
  readonly status: 'open' | 'accepted' | 'expired' | 'revoked'
}

/** Answer to `POST …/invitations`. The link is told this once; the server keeps only its hash. */
export interface NewInvitation extends Invitation {
  /** `https://…/invitation/<token>`: the portal's page. */
  readonly link: string
}

/** `GET /api/v1/invitations/:token`, for anyone who has the link. */
export interface OpenInvitation {
  readonly workspace: { readonly key: string; readonly title: Text }
  readonly email: string
  readonly name: string | null
  readonly locale: Locale
  readonly expires_at: string
  /** True: the person has an account and accepts with its password. */
  readonly account: boolean
}

/** `POST /api/v1/invitations/:token` accepts and signs in. */
export interface AcceptInvitation {
  /** Needed for a new account. */
  readonly name?: string
  readonly password: string
}
