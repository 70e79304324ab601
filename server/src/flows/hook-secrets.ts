import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { hookUnknown } from '@channelwright/runtime/errors/flow-starts.ts'
import type { Config } from '../config.ts'
import { quoteTable } from '../publish/quote.ts'
import type { ServedRelease, Services, Workspace } from '../services.ts'

// The secrets by which other systems sign their messages. Kept encrypted: a signature can only be checked by whoever
// has the secret itself. Read and written as the owner; no role of people or of the engine has any use for them.

/** How long senders may go on with the secret before this one, in hours. */
const overlap = 24

type WebhookTrigger = Extract<FlowDefinition['trigger'], { readonly type: 'webhook' }>

/** What came of the newest message: its case, or the code it was refused with. */
export interface HookResult {
  readonly at: string
  readonly run: string | null
  /** Whether it began the case, or found it under way. */
  readonly started: boolean
  readonly refused: string | null
}

export interface HookLine {
  readonly flow: string
  readonly trigger: WebhookTrigger
  /** Whether messages can come in: a secret was made. */
  readonly ready: boolean
  readonly created_at: string | null
  /** The secret before is taken until then; null: none is. */
  readonly previous_until: string | null
  readonly used_at: string | null
  readonly last: HookResult | null
}

interface HookRow extends Pick<HookLine, 'flow' | 'created_at' | 'previous_until' | 'used_at'> {
  readonly refused_at: string | null
  readonly refused_code: string | null
  readonly taken_at: string | null
  readonly reply: { readonly run: string; readonly started: boolean } | null
}

/** Flows of the release in force that messages begin, with how they stand. */
export async function listHooks(services: Services, served: ServedRelease): Promise<readonly HookLine[]> {
  const { rows } = await services.owner.query<HookRow>(
    `SELECT flow, created_at, CASE WHEN previous_until > $1 THEN previous_until END AS previous_until, used_at,
       refused_at, refused_code, taken.at AS taken_at, taken.reply
     FROM ${tableOf(served.workspace)} hook
     LEFT JOIN LATERAL (
       SELECT at, reply FROM ${quoteTable(served.workspace.schema, 'cw_hook_message')} message
       WHERE message.flow = hook.flow AND message.reply::text <> 'null' ORDER BY at DESC LIMIT 1
     ) taken ON true`,
    [services.clock.now()],
  )
  const known = new Map(rows.map((row) => [row.flow, row]))
  return [...served.release.flows.values()].flatMap(({ key, trigger }) => {
    if (trigger.type !== 'webhook') return []
    const row = known.get(key)
    return {
      flow: key,
      trigger,
      ready: row !== undefined,
      created_at: row?.created_at ?? null,
      previous_until: row?.previous_until ?? null,
      used_at: row?.used_at ?? null,
      last: row === undefined ? null : resultOf(row),
    }
  })
}

function resultOf({ refused_at, refused_code, taken_at, reply }: HookRow): HookResult | null {
  const isRefused =
    refused_at !== null && (taken_at === null || Date.parse(refused_at) > Date.parse(taken_at))
  if (isRefused) return { at: refused_at, run: null, started: false, refused: refused_code }
  return taken_at === null || reply === null
    ? null
    : { at: taken_at, run: reply.run, started: reply.started, refused: null }
}

/** Keeps why a signed message was not taken, for those who administer flows. */
export async function noteRefusal(
  services: Services,
  workspace: Workspace,
  flow: string,
  code: string,
): Promise<void> {
  await services.owner.query(
    `UPDATE ${tableOf(workspace)} SET refused_at = $2, refused_code = $3 WHERE flow = $1`,
    [flow, services.clock.now(), code],
  )
}

/**
 * Makes a new secret; this is the only time it is told. The one before it is taken for another day, so that the sender
 * can be changed meanwhile; with `atOnce` it is not. Throws HOOK_UNKNOWN.
 */
export async function renewHookSecret(
  services: Services,
  served: ServedRelease,
  flow: string,
  by: string,
  atOnce: boolean,
): Promise<{ readonly secret: string; readonly previous_until: string | null }> {
  if (served.release.flows.get(flow)?.trigger.type !== 'webhook') throw new Refusal(hookUnknown, { flow })
  const secret = randomBytes(32)
  const now = services.clock.now()
  const until = new Date(Date.parse(now) + overlap * 3_600_000).toISOString()
  const { rows } = await services.owner.query<{ previous_until: string | null }>(
    `INSERT INTO ${tableOf(served.workspace)} AS kept (flow, secret, created_at, created_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (flow) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at,
       created_by = excluded.created_by, previous = CASE WHEN $5 THEN kept.secret END,
       previous_until = CASE WHEN $5 THEN $6::timestamptz END
     RETURNING previous_until`,
    [flow, seal(services.config, served.workspace, flow, secret), now, by, !atOnce, until],
  )
  return { secret: showSecret(secret), previous_until: rows[0]?.previous_until ?? null }
}

/** Nothing comes in any more until a new secret is made. */
export async function dropHookSecret(
  services: Services,
  served: ServedRelease,
  flow: string,
): Promise<boolean> {
  const { rowCount } = await services.owner.query(
    `DELETE FROM ${tableOf(served.workspace)} WHERE flow = $1`,
    [flow],
  )
  return rowCount === 1
}

/** The secrets that messages to the flow may be signed with now. */
export async function readHookSecrets(
  services: Services,
  workspace: Workspace,
  flow: string,
): Promise<readonly Buffer[]> {
  const { rows } = await services.owner.query<{ secret: Buffer; previous: Buffer | null }>(
    `SELECT secret, CASE WHEN previous_until > $2 THEN previous END AS previous
     FROM ${tableOf(workspace)} WHERE flow = $1`,
    [flow, services.clock.now()],
  )
  return rows.flatMap(({ secret, previous }) =>
    [secret, ...(previous === null ? [] : [previous])].flatMap((one) => {
      try {
        return [open(services.config, workspace, flow, one)]
      } catch (error) {
        // Sealed under another CW_SECRET: a new one must be made.
        services.log.warn(
          { err: error, workspace: workspace.key, flow },
          'The secret of a flow can not be read',
        )
        return []
      }
    }),
  )
}

/** Counts a message; the seconds until the next may come when there were too many within the minute, else 0. */
export async function countMessage(
  services: Services,
  workspace: Workspace,
  flow: string,
  perMinute: number,
): Promise<number> {
  const { rows } = await services.owner.query<{ count: number; seconds: number }>(
    `UPDATE ${tableOf(workspace)} SET used_at = $2,
       count = CASE WHEN minute > $2::timestamptz - interval '1 minute' AND minute <= $2 THEN count + 1 ELSE 1 END,
       minute = CASE WHEN minute > $2::timestamptz - interval '1 minute' AND minute <= $2 THEN minute ELSE $2 END
     WHERE flow = $1
     RETURNING count, ceil(extract(epoch FROM minute + interval '1 minute' - $2::timestamptz))::integer AS seconds`,
    [flow, services.clock.now()],
  )
  const { count = 0, seconds = 60 } = rows[0] ?? {}
  return count > perMinute ? Math.max(1, seconds) : 0
}

/** Whether one of the signatures is that of the content by one of the secrets. Takes as long whichever fails. */
export function isSignedBy(
  secrets: readonly Buffer[],
  content: Buffer,
  signatures: readonly Buffer[],
): boolean {
  let found = false
  // Where there is no secret the work is the same, so that nobody learns which flows there are.
  for (const secret of secrets.length > 0 ? secrets : [Buffer.alloc(32)]) {
    const right = createHmac('sha256', secret).update(content).digest()
    for (const signature of signatures)
      if (signature.length === right.length && timingSafeEqual(signature, right)) found = true
  }
  return found && secrets.length > 0
}

function showSecret(secret: Buffer): string {
  return `whsec_${secret.toString('base64')}`
}

/** As senders hold it that know no Standard Webhooks: the text itself is the key. */
export function textOfSecret(secret: Buffer): Buffer {
  return Buffer.from(showSecret(secret))
}

function tableOf(workspace: Pick<Workspace, 'schema'>): string {
  return quoteTable(workspace.schema, 'cw_hook')
}

const keys = new Map<string, Buffer>()

function keyOf({ secret }: Pick<Config, 'secret'>): Buffer {
  const known =
    keys.get(secret) ?? Buffer.from(hkdfSync('sha256', secret, '', 'channelwright hook secrets', 32))
  keys.set(secret, known)
  return known
}

/** Bound to its place: the row of one flow is worth nothing in another's. */
function placeOf(workspace: Pick<Workspace, 'id'>, flow: string): Buffer {
  return Buffer.from(`${workspace.id}/${flow}`)
}

function seal(config: Config, workspace: Workspace, flow: string, secret: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(config), nonce).setAAD(placeOf(workspace, flow))
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

function open(config: Config, workspace: Workspace, flow: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(config), sealed.subarray(0, 12))
    .setAAD(placeOf(workspace, flow))
    .setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}
