import Type from 'typebox'
import { RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { scopeOfFlow } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType, planValues } from './effect-type.ts'

/** Headers that the sender itself writes, or that would let a definition speak for somebody else. */
const ownHeaders = [
  'host',
  'content-length',
  'content-type',
  'connection',
  'transfer-encoding',
  'idempotency-key',
  'cookie',
]

/**
 * Sends JSON to another system. The key of the effect travels as `Idempotency-Key`, the same with every try, so that
 * the receiver can tell a repetition. Payload: `{url, method, headers, body}`.
 */
export const webhook = defineEffectType({
  name: 'webhook',
  title: { en: 'Call a webhook', zh: '调用 Webhook' },
  icon: 'webhook',
  settings: Type.Object(
    {
      url: Type.String({ maxLength: 2000 }),
      method: Type.Optional(Type.Enum(['POST', 'PUT', 'PATCH'])),
      headers: Type.Optional(
        Type.Record(
          Type.String({ pattern: '^[A-Za-z0-9-]{1,60}$' }),
          Type.String({ maxLength: 1000, pattern: '^[^\\r\\n]*$' }),
        ),
      ),
      /** Members of the JSON body, as rules. Default: the id of the record. */
      body: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,59}$' }), RuleJson)),
    },
    { additionalProperties: false },
  ),
  check: ({ url, headers = {}, body = {} }, flow, set, pointer) => {
    const found = isPublicAddress(url) ? [] : [diagnose(errors.flowWebhookAddress, `${pointer}/url`, { url })]
    for (const name of Object.keys(headers))
      if (ownHeaders.includes(name.toLowerCase()))
        found.push(diagnose(errors.flowWebhookHeader, `${pointer}/headers/${name}`, { name }))
    for (const [name, rule] of Object.entries(body))
      found.push(
        ...checkRule(rule as Json, scopeOfFlow(flow, set), { path: `${pointer}/body/${name}` }).diagnostics,
      )
    return found
  },
  plan: ({ url, method = 'POST', headers = {}, body }, evaluate, { record }) => ({
    url,
    method,
    headers: { ...headers },
    body: body === undefined ? { record } : planValues(body, evaluate),
  }),
  irreversible: true,
  trace: ({ result }, locale) => {
    const status = typeof result === 'object' && result !== null && 'status' in result ? result.status : ''
    return locale === 'zh' ? `已调用 Webhook(${status})` : `A webhook was called (${status})`
  },
})

/**
 * An address that may be called: https (or http to a named port of a test) with a name or number that is not plainly
 * this network's own. What a name leads to is looked at again whenever it is called.
 */
export function isPublicAddress(url: string): boolean {
  const match = /^https?:\/\/(\[[0-9a-f:.]+\]|[^/:?#@\s\\]+)(?::\d{1,5})?(?:[/?#][^\s\\]*)?$/i.exec(url)
  const host = match?.[1]?.toLowerCase() ?? ''
  if (host === '' || host.startsWith('[')) return false
  if (/^[0-9.]+$|^0x/.test(host)) return false
  return !/(^|\.)(localhost|local|internal|home\.arpa|intranet|lan)\.?$/.test(host) && host.includes('.')
}
