import { isJsonObject, type Json } from '../../src/json.ts'
import { formatText, type Locale, type Text } from '../../src/text.ts'
import { ApiProblem, type ProblemDetail } from './problem.ts'

export interface TransportOptions {
  /** Language of answers and refusals. */
  readonly locale: () => Locale
  /**
   * The session is gone, or (`SESSION_OF_ANOTHER`) somebody else's now. Resolves to true once the person has signed
   * in again: the call is then sent once more.
   */
  readonly onSignedOut?: (code: string) => Promise<boolean>
  /** Whose page this is, once known: calls under another person's session are refused. */
  readonly user?: () => string | null
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined | null>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Answer 401 with the refusal itself: the call is the one that signs in. */
  readonly anonymous?: boolean
}

export interface Answer<T> {
  readonly data: T
  readonly etag: string | null
  readonly status: number
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Transport = <T>(method: Method, path: string, options?: CallOptions) => Promise<Answer<T>>

const unreachable: Text = {
  en: 'The server could not be reached.',
  zh: '无法连接服务器。',
}
const unreachableHint: Text = {
  en: 'Check the connection and try again. What you entered is kept on this device.',
  zh: '请检查网络后重试。已填写的内容保存在本机。',
}
const broken: Text = {
  en: 'Something went wrong on the server ({status}).',
  zh: '服务器出现问题({status})。',
}
const brokenHint: Text = { en: 'Try again in a moment.', zh: '请稍后重试。' }

/** Sends calls to one server, with the session cookie, and turns every failure into an `ApiProblem`. */
export function createTransport(baseUrl: string, options: TransportOptions): Transport {
  const send = async <T>(
    method: Method,
    path: string,
    call: CallOptions,
    again: boolean,
  ): Promise<Answer<T>> => {
    const locale = options.locale()
    const url = baseUrl + path + writeQuery(call.query)
    const user = call.anonymous ? null : (options.user?.() ?? null)
    let response: Response
    try {
      response = await fetch(url, {
        method,
        credentials: 'same-origin',
        signal: call.signal,
        headers: {
          Accept: 'application/json',
          'Accept-Language': locale,
          ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(user === null ? {} : { 'X-CW-User': user }),
          ...call.headers,
        },
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
      })
    } catch (error) {
      if (call.signal?.aborted) throw error
      throw new ApiProblem('network', 0, 'NETWORK', unreachable[locale], unreachableHint[locale], [], null)
    }
    const body = await readBody(response)
    if (response.ok) return { data: body as T, etag: response.headers.get('etag'), status: response.status }
    if (
      response.status === 401 &&
      !call.anonymous &&
      !again &&
      options.onSignedOut &&
      (await options.onSignedOut(readProblem(response, body, locale).code))
    ) {
      return send(method, path, call, true)
    }
    throw readProblem(response, body, locale)
  }
  return (method, path, call = {}) => send(method, path, call, false)
}

function writeQuery(query: CallOptions['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

async function readBody(response: Response): Promise<Json | undefined> {
  if (response.status === 204) return undefined
  const text = await response.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

function readProblem(response: Response, body: Json | undefined, locale: Locale): ApiProblem {
  const problem = isJsonObject(body) ? body : {}
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : undefined)
  // Where a case stands that has gone on meanwhile is asked for again, not told beside what was entered.
  const details = (
    Array.isArray(problem.details) ? (problem.details as unknown as ProblemDetail[]) : []
  ).filter(({ path }) => !path.startsWith('/current/'))
  return new ApiProblem(
    'refused',
    response.status,
    text('code') ?? `HTTP_${response.status}`,
    text('message') ?? text('title') ?? formatText(broken, locale, { status: response.status }),
    text('hint') ?? brokenHint[locale],
    details,
    response.headers.get('x-request-id'),
  )
}
