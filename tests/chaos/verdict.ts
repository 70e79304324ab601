import { growthOf } from '../support/errand-pack.ts'
import { findBrokenRows } from '../support/flow-rows-invariants.ts'
import type { ClientLog, Outcome } from './commands.ts'
import type { LoadWorld } from './load-world.ts'

// What must be true once all is over, beside the invariants of every run.

export interface Verdict {
  readonly runs: number
  readonly events: number
  readonly effects: number
  readonly webhookCalls: number
  readonly mails: number
  readonly violations: readonly string[]
}

type Ask = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>

/** Asks everything; in words what is not as it should be. */
export async function judge(world: LoadWorld, log: ClientLog): Promise<Verdict> {
  const { services } = world.composed
  const ask: Ask = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await services.owner.query(text, [...values])).rows as Row[]
  const violations: string[] = [...world.faults]
  let [runs, events, effects] = [0, 0, 0]
  for (const workspace of [world.deals.key, world.requests.key, world.errands.key]) {
    const rows = await findBrokenRows(services, workspace, { settled: true })
    runs += rows.runs
    events += rows.events
    effects += rows.effects
    violations.push(...rows.broken)
    violations.push(...(await compareCommands(ask, workspace, log)))
    violations.push(...(await compareRecords(ask, workspace, log)))
    violations.push(...(await compareWrites(ask, workspace)))
    violations.push(...(await checkNotices(ask, workspace)))
  }
  violations.push(...(await checkDeals(world, ask)))
  violations.push(...(await checkErrands(world, ask)))
  violations.push(...(await checkWebhooks(world, ask)))
  violations.push(...(await checkLedger(world, ask)))
  const mails = world.mail.ids.length
  return { runs, events, effects, webhookCalls: world.hook.calls.length, mails, violations }
}

/** What clients were told is what is kept: done commands with their answers, refused ones not at all. */
async function compareCommands(ask: Ask, workspace: string, log: ClientLog): Promise<string[]> {
  const rows = await ask<{ id: string; reply: unknown }>(`SELECT id, reply FROM ws_${workspace}.cw_command`)
  const kept = new Map(rows.map(({ id, reply }) => [id, reply]))
  const broken: string[] = []
  const compare = (id: string, isDone: boolean, { status, call }: Outcome) => {
    if (kept.has(id) === isDone) return
    const said = isDone ? 'was told as done and is not kept' : `was refused (${status}) and is kept as done`
    broken.push(`the command ${id} (${call.path}) ${said}`)
  }
  for (const outcome of log.outcomes) {
    const { call, status, body } = outcome
    if (!call.path.startsWith(`${workspace}/`)) continue
    const given = call.body ?? {}
    if (typeof given.commandId === 'string') {
      compare(given.commandId, status < 300, outcome)
      const reply = kept.get(given.commandId)
      if (reply !== undefined && JSON.stringify(reply) !== JSON.stringify(body))
        broken.push(
          `the command ${given.commandId} is answered ${JSON.stringify(body)}, not ${JSON.stringify(reply)}`,
        )
    }
    if (status < 300 && call.path.endsWith('/batch'))
      for (const [at, item] of (given.items as { commandId: string }[]).entries())
        compare(item.commandId, body.results[at].done === true, outcome)
  }
  return broken
}

/** Each record that was told as made is there, with one case at least; and none beside them. */
async function compareRecords(ask: Ask, workspace: string, log: ClientLog): Promise<string[]> {
  const made = log.outcomes.filter(
    ({ call, status }) =>
      call.method === 'POST' && status === 201 && call.path.startsWith(`${workspace}/records/`),
  )
  const rows = await ask<{ record: string }>(`SELECT DISTINCT record FROM ws_${workspace}.cw_run`)
  const known = new Set(rows.map(({ record }) => record))
  const told = new Set(made.map(({ body }) => String(body.record.id)))
  const broken: string[] = []
  for (const id of told) if (!known.has(id)) broken.push(`the record ${id} was told as made and has no case`)
  for (const id of known) if (!told.has(id)) broken.push(`a case is about ${id}, which nobody was told of`)
  if (told.size !== made.length) broken.push(`${made.length} answers tell of ${told.size} records`)
  return broken
}

/** A flow has written to a record as often as its effects say. */
async function compareWrites(ask: Ask, workspace: string): Promise<string[]> {
  const schema = `ws_${workspace}`
  const rows = await ask<{ record: string; written: number; done: number }>(
    `SELECT coalesce(h.record, e.record) AS record, coalesce(h.n, 0) AS written, coalesce(e.n, 0) AS done FROM
       (SELECT record_id AS record, count(*)::integer AS n FROM ${schema}.cw_history
        WHERE op = 'update' AND cause->>'kind' = 'flow' GROUP BY 1) h
     FULL JOIN (SELECT r.record, count(*)::integer AS n FROM ${schema}.cw_effect e
        JOIN ${schema}.cw_run r ON r.id = e.run WHERE e.type = 'set_fields' AND e.state = 'done' GROUP BY 1) e
     ON e.record = h.record WHERE h.n IS DISTINCT FROM e.n`,
  )
  return rows.map(({ record, written, done }) => `${record} was written ${written} times by ${done} effects`)
}

/** Nobody is told of one task twice, and no e-mail is left. */
async function checkNotices(ask: Ask, workspace: string): Promise<string[]> {
  const schema = `ws_${workspace}`
  const twice = await ask<{ task: string }>(
    `SELECT task FROM ${schema}.cw_notification WHERE kind = 'task' GROUP BY task, recipient, data HAVING count(*) > 1
       AND count(*) > (SELECT count(*) FROM ${schema}.cw_event e WHERE e.task = cw_notification.task
         AND e.type IN ('task_created', 'task_opened', 'opinion_given', 'signer_removed', 'decided'))`,
  )
  const left = await ask<{ mail: string; n: number }>(
    `SELECT mail, count(*)::integer AS n FROM ${schema}.cw_notification WHERE mail IN ('queued', 'failed') GROUP BY 1`,
  )
  return [
    ...twice.map(({ task }) => `somebody was told of the task ${task} too often`),
    ...left.map(({ mail, n }) => `${n} e-mails are ${mail}`),
  ]
}

/** A deal's record says how its last case ended. */
async function checkDeals({ deals }: LoadWorld, ask: Ask): Promise<string[]> {
  const table = deals.deal.served.tables.get('registration')?.table
  const rows = await ask<{ id: string; state: string; status: string }>(
    `SELECT d.id, d.state, r.status FROM ws_${deals.key}."${table}" d JOIN LATERAL
       (SELECT status FROM ws_${deals.key}.cw_run WHERE record = d.id ORDER BY started_at DESC, id DESC LIMIT 1) r ON true`,
  )
  const wanted: Readonly<Record<string, string>> = {
    approved: 'approved',
    rejected: 'rejected',
    withdrawn: 'draft',
    terminated: 'submitted',
  }
  return rows.flatMap(({ id, state, status }) =>
    wanted[status] === state ? [] : [`the deal ${id} is ${state}, and its case ${status}`],
  )
}

/** An errand that was approved has grown by what its flow adds, whatever died on the way. */
async function checkErrands({ errands, composed }: LoadWorld, ask: Ask): Promise<string[]> {
  const served = await composed.services.releases.current(errands.key)
  const table = served?.tables.get('errand')?.table
  const rows = await ask<{ id: string; flow: string; grown: string }>(
    `SELECT d.id, r.flow, coalesce(d.count, 0) + coalesce(d.hooked, 0) + coalesce(d.paid, 0) AS grown
     FROM ws_${errands.key}."${table}" d JOIN ws_${errands.key}.cw_run r ON r.record = d.id AND r.parent_run IS NULL
     WHERE r.status = 'approved' AND r.returns = 0`,
  )
  return rows.flatMap(({ id, flow, grown }) =>
    Number(grown) === growthOf[flow] ? [] : [`the errand ${id} (${flow}) has grown by ${grown}`],
  )
}

/** Every webhook that is done was heard; what was heard twice was the same, under the same key. */
async function checkWebhooks({ errands, hook }: LoadWorld, ask: Ask): Promise<string[]> {
  const rows = await ask<{ key: string; state: string }>(
    `SELECT key, state FROM ws_${errands.key}.cw_effect WHERE type = 'webhook'`,
  )
  const states = new Map(rows.map(({ key, state }) => [key, state]))
  const bodies = new Map<string, Set<string>>()
  const taken = new Set<string>()
  for (const { key, body, answer } of hook.calls) {
    bodies.set(key, (bodies.get(key) ?? new Set()).add(body))
    if (answer === 200) taken.add(key)
  }
  const broken: string[] = []
  for (const [key, said] of bodies) {
    if (!states.has(key)) broken.push(`the webhook was called for ${key}, which is no effect`)
    if (said.size > 1) broken.push(`the webhook heard ${said.size} different things for ${key}`)
  }
  for (const [key, state] of states)
    if (state === 'done' && !taken.has(key)) broken.push(`the webhook ${key} is done and was never taken`)
  return broken
}

/** What stands in the ledger is what the approved deals come to. */
async function checkLedger({ deals }: LoadWorld, ask: Ask): Promise<string[]> {
  const table = deals.deal.served.tables.get('registration')?.table
  const due = await ask<{ partner: string; total: string }>(
    `SELECT partner, sum(amount) AS total FROM ws_${deals.key}."${table}" WHERE state = 'approved' GROUP BY 1`,
  )
  const posted = await ask<{ partner: string; total: string }>(
    `SELECT earner AS partner, sum(amount) AS total FROM ws_${deals.key}.cw_ledger_entry GROUP BY 1`,
  )
  const dirty = await ask(`SELECT FROM ws_${deals.key}.cw_plan_dirty`)
  const paid = new Map(posted.map(({ partner, total }) => [partner, Number(total)]))
  const broken = dirty.length === 0 ? [] : [`${dirty.length} changes were not reckoned`]
  for (const { partner, total } of due) {
    const wanted = bonusOf(Number(total))
    if (paid.get(partner) !== wanted) broken.push(`${partner} got ${paid.get(partner)} in place of ${wanted}`)
    paid.delete(partner)
  }
  for (const [partner, total] of paid) if (total !== 0) broken.push(`${partner} got ${total} for nothing`)
  return broken
}

/** By slices: 1% to 100,000, 2% to 300,000, 3% above; at most 200,000. Whole hundreds in, whole units out. */
function bonusOf(total: number): number {
  const slice = (from: number, to: number) => Math.max(0, Math.min(total, to) - from) / 100
  return Math.min(
    200_000,
    slice(0, 100_000) + 2 * slice(100_000, 300_000) + 3 * slice(300_000, Number.MAX_VALUE),
  )
}
