import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { hookIdReused, hookInvalid, hookRefused } from '@channelwright/runtime/errors/flow-starts.ts'
import { bodyNotJson, bodyTooLarge, bodyUnsafe, tooManyRequests } from '@channelwright/runtime/errors/http.ts'
import type { Request } from 'express'
import Type from 'typebox'
import { countMessage, isSignedBy, readHookSecrets, textOfSecret } from '../flows/hook-secrets.ts'
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
    refuseGuessing(from, now)
    const bytes = await readBytes(request, largest)
    const served = await services.releases.current(params.workspace)
    const flow = served?.release.flows.get(params.flow)
    const hook = flow !== undefined && isHook(flow) ? flow : undefined
    const secrets = served && hook ? await readHookSecrets(services, served.workspace, hook.key) : []
    const seal = readSeal(request, bytes, hook?.trigger.signature, now)
    const known = hook?.trigger.signature === undefined ? secrets : secrets.map(textOfSecret)
    const isKnown = isSignedBy(known, seal?.content ?? bytes, seal?.signatures ?? [])
    if (!isKnown || seal === null || served === undefined || hook === undefined) {
      countGuess(from, now)
      throw new Refusal(hookRefused)
    }
    const { perMinute = usualPerMinute } = hook.trigger
    const seconds = await countMessage(services, served.workspace, hook.key, perMinute)
    if (seconds > 0) throw new Refusal(tooManyRequests, { seconds })
    const body = bytes.length === 0 ? undefined : parseBody(bytes)
    return { body: await takeMessage(services, served, hook, { id: seal.id, bytes, body }) }
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
    const { header, prefix = '', encoding = 'hex', id: idHeader } = own
    const said = request.get(header)
    const id = request.get(idHeader)
    if (said === undefined || !said.startsWith(prefix) || id === undefined || !isId(id)) return null
    return { id, content: bytes, signatures: [Buffer.from(said.slice(prefix.length), encoding)] }
  }
  const [id, at, said] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    request.get(name),
  )
  if (id === undefined || !isId(id) || at === undefined || said === undefined) return null
  if (!/^\d{1,12}$/.test(at) || Math.abs(now / 1000 - Number(at)) > tolerance) return null
  const signatures = said
    .split(' ')
    .slice(0, 10)
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
  return { id, content: Buffer.concat([Buffer.from(`${id}.${at}.`), bytes]), signatures }
}

/** Messages that were refused, by address. Of this server alone: a hint to guessers, no lock that they could close. */
const guesses = new Map<string, { count: number; since: number }>()
const mostGuesses = 60
const mostAddresses = 10_000

function refuseGuessing(from: string, now: number): void {
  const known = guesses.get(from)
  if (known === undefined || now - known.since >= 60_000 || now < known.since) return
  if (known.count >= mostGuesses)
    throw new Refusal(tooManyRequests, { seconds: Math.ceil((known.since + 60_000 - now) / 1000) })
}

function countGuess(from: string, now: number): void {
  const known = guesses.get(from)
  if (known !== undefined && now - known.since < 60_000 && now >= known.since) known.count += 1
  else {
    guesses.delete(from)
    guesses.set(from, { count: 1, since: now })
  }
  if (guesses.size > mostAddresses) guesses.delete(guesses.keys().next().value!)
}
