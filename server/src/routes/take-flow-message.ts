import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { hookIdReused, hookInvalid, hookRefused } from '@channelwright/runtime/errors/flow-starts.ts'
import { bodyNotJson, bodyTooLarge, bodyUnsafe, tooManyRequests } from '@channelwright/runtime/errors/http.ts'
import type { Request } from 'express'
import Type from 'typebox'
import { countGuess, refuseGuessing } from '../flows/hook-guesses.ts'
import {
  countMessage,
  isSignedBy,
  noteRefusal,
  readHookSecrets,
  textOfSecret,
} from '../flows/hook-secrets.ts'
import { takeMessage, type WebhookTrigger } from '../flows/take-message.ts'
import { parseBody, readBytes } from './read-body.ts'
import { defineRoute } from './route.ts'

/** Largest message in bytes. */
const largest = 256 * 1024
/** How far the clocks of sender and server may differ, and how long a message may be under way, in seconds. */
const tolerance = 300
const usualPerMinute = 120

const Uuid = Type.String({ format: 'uuid' })

/**
 * Messages are signed as Standard Webhooks has it: `webhook-id`, `webhook-timestamp` (seconds since 1970) and
 * `webhook-signature` (`v1,` and in base64 the HMAC-SHA256 of `id.timestamp.body`); or as the trigger says. Who does
 * not know a secret learns nothing: not which flows there are, nor what was wrong.
 */
export const takeFlowMessage = defineRoute({
  name: 'takeFlowMessage',
  method: 'post',
  path: '/hooks/:workspace/:flow',
  summary: {
    en: 'A signed message of another system begins a case (Standard Webhooks)',
    zh: '外部系统发来签名消息,启动流程(Standard Webhooks)',
  },
  access: 'public',
  params: Type.Object({ workspace: Type.String(), flow: Type.String() }),
  output: Type.Object({ run: Uuid, record: Uuid, started: Type.Boolean() }),
  errors: [hookRefused, hookInvalid, hookIdReused, tooManyRequests, bodyTooLarge, bodyNotJson, bodyUnsafe],
  async handle({ services, request }, { params }) {
    const from = request.ip ?? ''
    const now = Date.parse(services.clock.now())
    await refuseGuessing(services, from)
    const bytes = await readBytes(request, largest)
    const served = await services.releases.current(params.workspace)
    const flow = served?.release.flows.get(params.flow)
    const hook = flow !== undefined && isHook(flow) ? flow : undefined
    const secrets = served && hook ? await readHookSecrets(services, served.workspace, hook.key) : []
    const seal = readSeal(request, bytes, hook?.trigger.signature, now)
    const known = hook?.trigger.signature === undefined ? secrets : secrets.map(textOfSecret)
    const isKnown = isSignedBy(known, seal?.content ?? bytes, seal?.signatures ?? [])
    if (!isKnown || seal === null || served === undefined || hook === undefined) {
      await countGuess(services, from)
      throw new Refusal(hookRefused)
    }
    const { perMinute = usualPerMinute } = hook.trigger
    const seconds = await countMessage(services, served.workspace, hook.key, perMinute)
    if (seconds > 0) throw new Refusal(tooManyRequests, { seconds })
    try {
      const body = bytes.length === 0 ? undefined : parseBody(bytes)
      return {
        body: await takeMessage(services, served, hook, { id: seal.id, stamp: seal.stamp, bytes, body }),
      }
    } catch (error) {
      if (error instanceof Refusal) await noteRefusal(services, served.workspace, hook.key, error.code)
      throw error
    }
  },
})

function isHook(flow: FlowDefinition): flow is FlowDefinition & { readonly trigger: WebhookTrigger } {
  return flow.trigger.type === 'webhook'
}

interface Seal {
  /** By which the message is told from others. */
  readonly id: string
  /** What was signed. */
  readonly content: Buffer
  readonly signatures: readonly Buffer[]
  /** What makes the message this one where its id is not signed; null: its id does. */
  readonly stamp: string | null
}

/** Null where something is missing, malformed or too old. */
function readSeal(
  request: Request,
  bytes: Buffer,
  own: WebhookTrigger['signature'],
  now: number,
): Seal | null {
  const isId = (text: string | undefined) => text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text)
  if (own !== undefined) {
    const { header, prefix = '', encoding = 'hex', id: idHeader, time } = own
    const said = request.get(header)
    const id = request.get(idHeader)
    if (said === undefined || !said.startsWith(prefix) || id === undefined || !isId(id)) return null
    const signatures = [Buffer.from(said.slice(prefix.length), encoding)]
    if (time === undefined) return { id, content: bytes, signatures, stamp: null }
    const at = request.get(time.header)
    if (at === undefined || !isNear(at, now, (time.within ?? 5) * 60)) return null
    const { content = '{time}.{body}' } = time
    const before = content.slice(0, -'{body}'.length)
    // One pass: what a header says is never read as a placeholder.
    const signed = before.replace(/\{(time|id)\}/g, (_all, word) => (word === 'id' ? id : at))
    // Where the id is not signed, whoever overheard a message could send it again under another.
    const stamp = before.includes('{id}') ? null : signatures[0]!.toString('base64')
    return { id, content: Buffer.concat([Buffer.from(signed), bytes]), signatures, stamp }
  }
  const [id, at, said] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    request.get(name),
  )
  if (id === undefined || !isId(id) || at === undefined || said === undefined) return null
  if (!isNear(at, now, tolerance)) return null
  const signatures = said
    .split(' ')
    .slice(0, 10)
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
  return { id, content: Buffer.concat([Buffer.from(`${id}.${at}.`), bytes]), signatures, stamp: null }
}

/** Seconds since 1970, or milliseconds where there are thirteen digits. */
function isNear(at: string, now: number, seconds: number): boolean {
  if (!/^\d{1,13}$/.test(at)) return false
  const millis = at.length === 13 ? Number(at) : Number(at) * 1000
  return Math.abs(now - millis) <= seconds * 1000
}
