import { createHash } from 'node:crypto'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { type ErrorDetail, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { hookIdReused, hookInvalid } from '@channelwright/runtime/errors/flow-starts.ts'
import { ruleFailed } from '@channelwright/runtime/errors/records.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { loadWhole } from '../records/load-whole.ts'
import { bindValue, tableOf } from '../records/record-table.ts'
import { contextOf, lookingUp } from '../records/rules.ts'
import { createRecord, updateRecord } from '../records/write-record.ts'
import type { ServedRelease, Services } from '../services.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { type ReadyFlow, readyFlow } from './flow-data.ts'
import { flowTable } from './run-store.ts'
import { findApplicant, startOnce } from './start-once.ts'

export type WebhookTrigger = Extract<FlowDefinition['trigger'], { readonly type: 'webhook' }>

/** What came of a message. */
export interface MessageReply {
  readonly run: string
  readonly record: string
  /** Whether the message began the case, or found it under way. */
  readonly started: boolean
}

/** For how long the id of a message is known, in days; senders try again for hours. */
const knownFor = 30

/**
 * A message whose sender is known: its record is found or made, its case begun, in one transaction that first asks
 * whether the message was taken already. Refuses with HOOK_INVALID, HOOK_ID_REUSED and what the record refuses.
 */
export async function takeMessage(
  services: Services,
  served: ServedRelease,
  flow: FlowDefinition & { readonly trigger: WebhookTrigger },
  message: {
    readonly id: string
    readonly stamp: string | null
    readonly bytes: Buffer
    readonly body: Json | undefined
  },
): Promise<MessageReply> {
  const input = readMessage(served, flow, message.body)
  const digest = createHash('sha256').update(message.bytes).digest('hex')
  const ready = readyFlow(served, flow.key)
  return inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const table = flowTable(unit, 'hook_message')
    const taken = await unit.query(
      `INSERT INTO ${table} (flow, id, digest, reply, at) VALUES ($1, $2, $3, 'null', $4)
       ON CONFLICT (flow, id) DO NOTHING RETURNING id`,
      [flow.key, message.id, digest, unit.now],
    )
    if (taken.length === 0) {
      const [known] = await unit.query<{ digest: string; reply: MessageReply }>(
        `SELECT digest, reply FROM ${table} WHERE flow = $1 AND id = $2`,
        [flow.key, message.id],
      )
      if (known?.digest !== digest) throw new Refusal(hookIdReused)
      return known.reply
    }
    if (message.stamp !== null) await refuseReplay(unit, flow.key, `signed ${message.stamp}`, digest)
    const record = await unit.causedBy({ kind: 'flow', key: flow.key }, () =>
      findOrMake(unit, ready, flow.trigger, input),
    )
    const applicant = await findApplicant(unit, flow.object, record, flow.trigger.applicant)
    const { run, already } = await startOnce(unit, ready, record, applicant, { input })
    const reply: MessageReply = { run, record: record.id, started: !already }
    await unit.query(`UPDATE ${table} SET reply = $3 WHERE flow = $1 AND id = $2`, [
      flow.key,
      message.id,
      JSON.stringify(reply),
    ])
    // What is signed with its time is refused by its age long before.
    if (flow.trigger.signature === undefined || flow.trigger.signature.time !== undefined)
      await unit.query(`DELETE FROM ${table} WHERE flow = $1 AND at < $2`, [
        flow.key,
        new Date(Date.parse(unit.now) - knownFor * 86_400_000).toISOString(),
      ])
    return reply
  })
}

/** What was signed at a moment is one message, whatever id it is sent under. Refuses with HOOK_ID_REUSED. */
async function refuseReplay(unit: Unit, flow: string, stamp: string, digest: string): Promise<void> {
  const fresh = await unit.query(
    `INSERT INTO ${flowTable(unit, 'hook_message')} (flow, id, digest, reply, at) VALUES ($1, $2, $3, 'null', $4)
     ON CONFLICT (flow, id) DO NOTHING RETURNING id`,
    [flow, stamp.slice(0, 200), digest, unit.now],
  )
  if (fresh.length === 0) throw new Refusal(hookIdReused)
}

/** Held to the schema that the flow declares; what it leaves out is empty, what it says besides is not kept. */
function readMessage(
  served: ServedRelease,
  flow: FlowDefinition & { readonly trigger: WebhookTrigger },
  body: Json | undefined,
): JsonObject {
  const address = `flows/message/${flow.key}`
  const known = served.cache.get(address) as ((value: Json) => ErrorDetail[]) | undefined
  const { input } = flow.trigger
  const check = known ?? compileCheck(createValidator(), input)
  served.cache.set(address, check)
  const details = check(body ?? null)
  if (details.length > 0 || !isJsonObject(body)) throw new Refusal(hookInvalid, {}, details.slice(0, 20))
  return Object.fromEntries(Object.keys(input.properties).map((key) => [key, body[key] ?? null]))
}

async function findOrMake(
  unit: Unit,
  ready: ReadyFlow,
  { values: rules, match, found = 'update' }: WebhookTrigger,
  input: JsonObject,
): Promise<JsonObject & { readonly id: string }> {
  const { object } = ready.flow
  const values = await evaluateFields(unit, ready, rules, { $input: input })
  const id = match === undefined ? null : await findRecord(unit, object, match, values[match] ?? null)
  if (id === null) {
    const { id, after } = await createRecord(unit, object, values, { by: 'flow' })
    return { ...after, id }
  }
  if (found === 'keep') return { ...(await loadWhole(unit, tableOf(unit.served, object), id, 'flow')), id }
  const { after } = await updateRecord(unit, object, id, values, { by: 'flow' })
  return { ...after, id }
}

/** Of two messages about one new record the second waits, and finds what the first has made. */
async function findRecord(unit: Unit, object: string, field: string, value: Json): Promise<string | null> {
  if (value === null) return null
  const table = tableOf(unit.served, object)
  const known = table.fields.get(field)
  if (!known?.column) return null
  await unit.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${unit.served.workspace.schema}:${object}.${field}:${JSON.stringify(value)}`,
  ])
  const [row] = await unit.asEngine(() =>
    unit.query<{ id: string }>(
      `SELECT t.id FROM ${table.from} t WHERE t.${known.column} = $1 AND t.deleted_at IS NULL`,
      [bindValue(value, known)],
    ),
  )
  return row?.id ?? null
}

/** What rules over given values come to. Refuses with RULE_FAILED. */
export async function evaluateFields(
  unit: Unit,
  ready: ReadyFlow,
  rules: Readonly<Record<string, unknown>>,
  given: JsonObject,
): Promise<JsonObject> {
  // Told behind the lookups: one that has not been answered yet fails as well.
  const outcomes = await lookingUp(unit, { ...contextOf(unit), ...given }, (known) =>
    Object.entries(rules).map(([field, rule]) => [field, ready.evaluate(rule as Json, known)] as const),
  )
  const values: JsonObject = {}
  for (const [field, outcome] of outcomes) {
    if (!outcome.ok)
      throw new Refusal(ruleFailed, { reason: outcome.code }, [
        { path: `/${field}`, code: outcome.code, message: ruleFailed.message },
      ])
    values[field] = outcome.value
  }
  return values
}
