// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell fills its own variables in
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { HookList } from '../api.ts'

type Hook = HookList['hooks'][number]

/** Where the secret stands in an example while it is not at hand. */
export const secretPlace = 'whsec_…'

/** A message that fits what the flow expects, sent and signed by a shell: what a sender has to do, step by step. */
export function writeExample(
  { url, input, signature }: Pick<Hook, 'url' | 'input' | 'signature'>,
  secret: string,
) {
  const body = JSON.stringify(sampleOf(input as unknown as JsonObject))
  const begin = [`secret='${secret}'`, `body='${body}'`, 'id="msg_$(date +%s)"']
  const send = (headers: readonly string[]) => [
    `curl -X POST '${url}' \\`,
    ...["'Content-Type: application/json'", ...headers].map((header) => `  -H ${header} \\`),
    '  -d "$body"',
  ]
  if (signature === null)
    return [
      ...begin,
      'time=$(date +%s)',
      'key=$(printf %s "${secret#whsec_}" | base64 -d | od -An -v -tx1 | tr -d " \\n")',
      'signature=$(printf %s "$id.$time.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)',
      ...send(['"webhook-id: $id"', '"webhook-timestamp: $time"', '"webhook-signature: v1,$signature"']),
    ].join('\n')
  const { header, prefix = '', encoding = 'hex', id, time } = signature
  const content = (time?.content ?? (time ? '{time}.{body}' : '{body}')).replace(
    /\{(time|id|body)\}/g,
    (_, name: string) => `$${name}`,
  )
  const write = encoding === 'hex' ? 'od -An -v -tx1 | tr -d " \\n"' : 'base64'
  return [
    ...begin,
    ...(time === undefined ? [] : ['time=$(date +%s)']),
    `signature=$(printf %s "${content}" | openssl dgst -sha256 -hmac "$secret" -binary | ${write})`,
    ...send([
      `"${header}: ${prefix}$signature"`,
      `"${id}: $id"`,
      ...(time === undefined ? [] : [`"${time.header}: $time"`]),
    ]),
  ].join('\n')
}

const samples: Readonly<Record<string, string>> = {
  decimal: '100.00',
  date: '2026-01-31',
  'date-time': '2026-01-31T08:00:00Z',
  email: 'somebody@example.com',
  uri: 'https://example.com',
  uuid: '01a2061e-7f2a-7000-8e18-7b8b7592ab06',
}

/** A value of the schema. Quotes that a shell would end its text at do not come up in it. */
function sampleOf(schema: JsonObject): unknown {
  const { type, properties, items, format } = schema
  const choices = schema.enum
  if (Array.isArray(choices)) return choices[0]
  if (schema.const !== undefined) return schema.const
  if (type === 'object')
    return Object.fromEntries(
      Object.entries((properties ?? {}) as Record<string, JsonObject>).map(([key, one]) => [
        key,
        sampleOf(one),
      ]),
    )
  if (type === 'array') return [sampleOf((items ?? {}) as JsonObject)]
  if (type === 'integer' || type === 'number') return typeof schema.minimum === 'number' ? schema.minimum : 1
  if (type === 'boolean') return true
  return samples[String(format)] ?? 'text'
}
