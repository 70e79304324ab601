import type { ErrorCode } from '@channelwright/runtime/errors/create-error.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'
import type { Request, Response } from 'express'
import type { Static, TSchema } from 'typebox'
import type { People, Person } from '../auth/people.ts'
import type { Actor, ServedRelease, Services, Workspace } from '../services.ts'

/** Who may call: anyone · a signed-in user · a member of the workspace · a member with a platform right. */
export type RouteAccess =
  | 'public'
  | 'user'
  | 'member'
  | {
      readonly right:
        | 'design'
        | 'publish'
        | 'manage_members'
        | 'run_plans'
        | 'administer_flows'
        | 'raise_events'
    }

export interface RouteContext {
  readonly services: Services
  readonly request: Request
  readonly response: Response
  /** Present as `access` promises; reading one that is absent is a fault of the route and throws. */
  readonly workspace: Workspace
  readonly served: ServedRelease
  readonly actor: Actor
  /** The signed-in person, for access `user`, which belongs to no workspace. */
  readonly person: Person
  /** Language of the answer: what the request asks for, else the person's own. */
  readonly locale: Locale
  /** Who signs in, who is a member. */
  readonly people: People
}

/** A body that is a Buffer or a Readable is sent as it is, with the content type that `headers` name. */
export interface Reply<T> {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: T
}

/** One way into the server, one file. The list is `routes/index.ts`; OpenAPI and the typed clients come from it. */
export interface Route<
  P extends TSchema = TSchema,
  Q extends TSchema = TSchema,
  B extends TSchema = TSchema,
  O extends TSchema = TSchema,
> {
  readonly name: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Express path; `/api/v1/:workspace/…` for all that belongs to a workspace. */
  readonly path: string
  readonly summary: Text
  readonly access: RouteAccess
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Content type of a body that is not JSON; `handle` reads it from the request by itself. */
  readonly consumes?: 'multipart/form-data'
  /** Largest body in bytes; default 1 MiB. */
  readonly bodyLimit?: number
  readonly output: O
  /** Status when all goes well, as `handle` answers; default 200. */
  readonly success?: 200 | 201 | 202 | 204
  /** Content type of the answer when it is not JSON; `handle` names it in its headers. */
  readonly produces?: string
  /** Codes beyond those every route may answer with. */
  readonly errors?: readonly ErrorCode[]
  /** GET answers may be kept and revalidated by ETag; writes may carry `Idempotency-Key` and `If-Match`. */
  readonly idempotent?: boolean
  handle(
    context: RouteContext,
    input: { params: Static<P>; query: Static<Q>; body: Static<B> },
  ): Promise<Reply<Static<O>>>
}

export function defineRoute<P extends TSchema, Q extends TSchema, B extends TSchema, O extends TSchema>(
  route: Route<P, Q, B, O>,
): Route<P, Q, B, O> {
  return route
}
