import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { tooManyRequests } from '@channelwright/runtime/errors/http.ts'
import { betterAuth } from 'better-auth'
import { getCookies } from 'better-auth/cookies'
import { constantTimeEqual, makeSignature } from 'better-auth/crypto'
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express'
import { connectionsOf } from '../connections.ts'
import { createPool } from '../db/pools.ts'
import type { Services } from '../services.ts'

const basePath = '/api/v1/auth'
/** How our handler tells better-auth who calls; a caller's own header of that name never gets there. */
const addressHeader = 'x-cw-address'

/**
 * better-auth behind our own routes: it keeps passwords and sessions, counts attempts and sets cookies; the routes
 * give its answers our shape.
 */
export interface Identity {
  /** The signed session cookie of a request, as sent. */
  cookieOf(request: ExpressRequest): string | null
  /** The session's token, when the signature is ours. */
  tokenOf(cookie: string): Promise<string | null>
  /**
   * Calls one of better-auth's endpoints (`/sign-in/email`) for this request and passes its cookies on. Refuses with
   * TOO_MANY_REQUESTS when the address has tried too often; any other answer is the caller's to read.
   */
  call(request: ExpressRequest, response: ExpressResponse, path: string, body: object): Promise<Response>
  close(): Promise<void>
}

export function createIdentity(services: Pick<Services, 'config' | 'log' | 'ids' | 'owner'>): Identity {
  const { config, log } = services
  // better-auth names its tables without a schema and reads Date objects, so it gets a pool of its own.
  const pool = createPool({
    url: config.databaseUrl!,
    max: connectionsOf(config.connections).identity,
    name: 'channelwright identity',
    log,
    searchPath: 'channelwright',
    plainTypes: true,
  })
  const options = createOptions(services, pool)
  const auth = betterAuth(options)
  const { name } = getCookies(options).sessionToken
  return {
    cookieOf: (request) => readCookie(request.headers.cookie, name),
    async tokenOf(cookie) {
      const dot = cookie.lastIndexOf('.')
      if (dot < 1) return null
      const token = cookie.slice(0, dot)
      return constantTimeEqual(cookie.slice(dot + 1), await makeSignature(token, config.secret))
        ? token
        : null
    },
    async call(request, response, path, body) {
      const headers = new Headers({
        'content-type': 'application/json',
        origin: new URL(config.baseUrl).origin,
        [addressHeader]: request.ip ?? '',
        'user-agent': request.get('user-agent') ?? '',
      })
      if (request.headers.cookie) headers.set('cookie', request.headers.cookie)
      const answer = await auth.handler(
        new Request(`${config.baseUrl}${basePath}${path}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        }),
      )
      if (answer.status === 429)
        throw new Refusal(tooManyRequests, { seconds: Number(answer.headers.get('x-retry-after') ?? 60) })
      const cookies = answer.headers.getSetCookie()
      if (cookies.length) response.append('Set-Cookie', cookies)
      return answer
    },
    close: () => pool.end(),
  }
}

function createOptions(
  { config, log, ids }: Pick<Services, 'config' | 'log' | 'ids'>,
  pool: ReturnType<typeof createPool>,
) {
  const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' } as const
  return {
    baseURL: config.baseUrl,
    basePath,
    secret: config.secret,
    database: pool,
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level: string, message: string) =>
        log[level === 'error' ? 'error' : 'warn']({ part: 'identity' }, message),
    },
    user: { fields: { emailVerified: 'email_verified', ...stamps } },
    session: {
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...stamps,
      },
      expiresIn: 7 * 24 * 3600,
      updateAge: 24 * 3600,
    },
    account: {
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...stamps,
      },
    },
    verification: { fields: { expiresAt: 'expires_at', ...stamps } },
    // People come by invitation only.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'rate_limit',
      fields: { lastRequest: 'last_request' },
      window: 60,
      max: 300,
      // An office shares one address; single accounts are guarded by `sign-in-limit.ts`.
      customRules: { '/sign-in/email': { window: 60, max: 60 }, '/change-password': { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix: 'channelwright',
      useSecureCookies: config.baseUrl.startsWith('https:'),
      database: { generateId: () => ids.next() },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
  } as const satisfies Parameters<typeof betterAuth>[0]
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) {
      try {
        return decodeURIComponent(part.slice(at + 1).trim())
      } catch {
        return null
      }
    }
  }
  return null
}
