import type { ErrorCode } from '@channelwright/runtime/errors/create-error.ts'
import * as http from '@channelwright/runtime/errors/http.ts'
import * as identity from '@channelwright/runtime/errors/identity.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { TSchema } from 'typebox'
import { mayDo } from '../access/platform-rights.ts'
import { rightsOn } from '../records/object-rights.ts'
import { RecordShape, ValuesShape } from '../routes/record-shapes.ts'
import type { Route } from '../routes/route.ts'
import type { Actor, ServedRelease } from '../services.ts'
import { cleanSchema } from './clean-schema.ts'
import { describeObject, pascalCase } from './describe-object.ts'

/** Whom the description is for: one person in one workspace, in one language. */
export interface Reader {
  readonly served: ServedRelease
  readonly actor: Pick<Actor, 'roles'>
  readonly locale: Locale
  readonly baseUrl: string
}

/**
 * OpenAPI 3.1 of what this person may call: the route list, with the addresses of records spelled out for each object
 * they may read, typed by its schema in force.
 */
export function buildOpenApi(routes: readonly Route[], reader: Reader): JsonObject {
  const { served, locale, baseUrl } = reader
  const { workspace } = served
  const paths: { [path: string]: JsonObject } = {}
  const schemas: JsonObject = { Problem: problemSchema }
  const objects = [...served.release.objects.keys()].filter((key) => rightsOn(served, reader.actor, key).read)
  for (const key of objects) Object.assign(schemas, describeObject(served, reader.actor, key, locale))

  for (const route of [...routes].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (typeof route.access === 'object' && !mayDo(served.release, reader.actor.roles, route.access.right))
      continue
    const variants = route.path.includes('/records/:object') ? objects : [null]
    for (const object of variants) {
      if (object && !mayWrite(route, reader, object)) continue
      const path = route.path
        .replace(':workspace', workspace.key)
        .replace(':object', object ?? ':object')
        .replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [route.method]: describeRoute(route, object, reader) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `${workspace.title[locale]} · Channelwright`,
      version: String(served.number),
      summary: texts.summary[locale],
      license: { name: 'Proprietary', url: 'https://channelwright.dev/license' },
    },
    servers: [{ url: baseUrl }],
    security: [{ session: [] }],
    tags: [
      ...objects.map((key) => ({ name: key, description: served.release.objects.get(key)!.title[locale] })),
      { name: 'platform', description: texts.platform[locale] },
    ],
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'channelwright.session_token',
          description: texts.session[locale],
        },
      },
    },
  }
}

const texts = {
  summary: {
    en: 'What you may call in this workspace, under the release in force',
    zh: '在当前发布版下,您在该工作区可调用的接口',
  },
  platform: { en: 'People, flows, plans and the workspace itself', zh: '成员、流程、激励政策及工作区' },
  session: { en: 'Set by signing in: POST /api/v1/session', zh: '通过 POST /api/v1/session 登录后设置' },
  ok: { en: 'Done', zh: '成功' },
  idempotencyKey: {
    en: 'A key of your choice: the same request sent again is answered the same and done once',
    zh: '自定义的键:重复发送同一请求只执行一次,并得到相同的答复',
  },
  ifMatch: { en: 'ETag of the record as you last read it', zh: '上次读取记录时的 ETag' },
} as const

const problemSchema: JsonObject = {
  type: 'object',
  description: 'RFC 9457 problem details. Every code is explained in docs/errors.md.',
  required: ['type', 'title', 'status', 'code', 'message', 'hint', 'details', 'request'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    message: { type: 'string' },
    hint: { type: 'string' },
    details: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request: { type: 'string', description: 'Number of the request in the logs.' },
  },
}

function mayWrite(route: Route, { served, actor }: Reader, object: string): boolean {
  const rights = rightsOn(served, actor, object)
  if (route.method === 'post' && route.path.endsWith('/:object')) return rights.create !== null
  if (route.method === 'patch') return rights.update !== null
  if (route.method === 'delete' || route.path.endsWith('/restore')) return rights.delete
  return !route.path.endsWith('/export') || rights.export
}

function describeRoute(route: Route, object: string | null, { locale }: Reader): JsonObject {
  const name = object ? `${route.name}_${object}` : route.name
  const parameters = [
    ...describeParameters(route.params, 'path', ['workspace', ...(object ? ['object'] : [])], route.path),
    ...describeParameters(route.query, 'query', [], route.path),
    ...(route.idempotent ? describeWriteHeaders(route, locale) : []),
  ]
  return {
    operationId: name,
    summary: route.summary[locale],
    tags: [object ?? 'platform'],
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: typed(route.body, object, route.method) } },
          },
        }
      : {}),
    ...(route.consumes ? { requestBody: fileBody } : {}),
    responses: { ...describeSuccess(route, object, locale), ...describeErrors(route, locale) },
  }
}

/** One file, under the name that the reader of the request knows. */
const fileBody: JsonObject = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    },
  },
}

function describeParameters(
  schema: TSchema | undefined,
  place: 'path' | 'query',
  fixed: readonly string[],
  path: string,
): JsonObject[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>
    required?: string[]
  }
  const known =
    place === 'query' ? Object.keys(properties) : (path.match(/:(\w+)/g) ?? []).map((name) => name.slice(1))
  return known
    .filter((name) => !fixed.includes(name))
    .map((name) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: properties[name] ? cleanSchema(properties[name] as unknown as Json) : { type: 'string' },
    }))
}

function describeWriteHeaders(route: Route, locale: Locale): JsonObject[] {
  const header = (name: string, description: string): JsonObject => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  })
  const key = header('Idempotency-Key', texts.idempotencyKey[locale])
  return route.method === 'post' ? [key] : [key, header('If-Match', texts.ifMatch[locale])]
}

function describeSuccess(route: Route, object: string | null, locale: Locale): JsonObject {
  const description = texts.ok[locale]
  const output = typed(route.output, object, route.method)
  if (route.success === 204) return { '204': { description } }
  const type = route.produces ?? 'application/json'
  return { [String(route.success ?? 200)]: { description, content: { [type]: { schema: output } } } }
}

/** Codes by status. What every route may answer with is added to what the route says of itself. */
function describeErrors(route: Route, locale: Locale): JsonObject {
  const common: ErrorCode[] = [http.databaseUnavailable, http.serverFailed]
  if (route.params || route.query || route.body) common.push(http.requestInvalid)
  if (route.body) common.push(http.bodyNotJson, http.bodyUnsafe, http.bodyTooLarge, http.bodyTypeUnknown)
  if (route.method !== 'get') common.push(http.originRefused)
  if (route.access !== 'public') common.push(identity.signInNeeded)
  if (route.access !== 'public' && route.access !== 'user')
    common.push(identity.workspaceUnknown, identity.workspaceEmpty)
  if (typeof route.access === 'object') common.push(identity.rightMissing)
  if (route.path.startsWith('/api/v1/session') || route.path.includes('/invitations/:token'))
    common.push(http.tooManyRequests)
  const byStatus = new Map<number, Set<ErrorCode>>()
  for (const error of [...common, ...(route.errors ?? [])])
    byStatus.set(error.status, (byStatus.get(error.status) ?? new Set()).add(error))
  const responses: JsonObject = {}
  for (const [status, errors] of [...byStatus].sort(([a], [b]) => a - b))
    responses[String(status)] = {
      description: [...errors].map((e) => `${e.code}: ${e.message[locale]}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  return responses
}

const recordText = JSON.stringify(RecordShape)
const valuesText = JSON.stringify(ValuesShape)

/** A route's schema as plain JSON, with the shapes that stand for any record replaced by those of the object. */
function typed(schema: TSchema, object: string | null, method: Route['method']): Json {
  const plain = cleanSchema(JSON.parse(JSON.stringify(schema) ?? '{}') as Json)
  if (!object) return plain
  const name = pascalCase(object)
  const replace = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(replace)
    if (!isJsonObject(node)) return node
    const text = JSON.stringify(node)
    if (text === recordText) return { $ref: `#/components/schemas/${name}` }
    if (text === valuesText)
      return { $ref: `#/components/schemas/${name}${method === 'post' ? 'Create' : 'Update'}` }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, replace(value)]))
  }
  return replace(plain)
}
