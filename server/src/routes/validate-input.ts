import { type ErrorDetail, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { requestInvalid } from '@channelwright/runtime/errors/http.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { TSchema } from 'typebox'
import type { Route } from './route.ts'

type Check = (value: Json) => ErrorDetail[]

export interface RouteChecks {
  readonly params: Check | null
  readonly query: Check | null
  readonly body: Check | null
}

/** The patterns of routes are ours and simple: JavaScript's own engine runs them, in a fraction of the time. */
const ajv = createValidator({}, (pattern) => new RegExp(pattern, 'u'))

/** Compiles what a route takes, once at start. */
export function compileRoute(route: Route): RouteChecks {
  const compile = (schema: TSchema | undefined) => (schema ? compileCheck(ajv, schema) : null)
  return { params: compile(route.params), query: compile(route.query), body: compile(route.body) }
}

/** Throws Refusal naming the place, inside the part of the request it is in. */
export function checkInput(part: keyof RouteChecks, check: Check | null, value: Json | undefined): void {
  if (!check) return
  const details = check(value === undefined ? null : value)
  if (details.length === 0) return
  const prefix = part === 'body' ? '' : `/${part}`
  throw new Refusal(
    requestInvalid,
    {},
    details.map((d) => ({ ...d, path: `${prefix}${d.path}` })),
  )
}

/** Addresses are text; gives each part or property of the query the type its schema names, where it can be read so. */
export function readAddress(schema: TSchema | undefined, query: Record<string, unknown>): Json {
  const properties =
    (schema as { properties?: Record<string, { type?: string }> } | undefined)?.properties ?? {}
  const read: { [key: string]: Json } = {}
  for (const [name, value] of Object.entries(query)) {
    const type = properties[name]?.type
    if (type === 'array') read[name] = (Array.isArray(value) ? value : [value]).map(String)
    else if (Array.isArray(value)) read[name] = value.map(String)
    else read[name] = readScalar(type, String(value))
  }
  return read
}

function readScalar(type: string | undefined, text: string): Json {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
