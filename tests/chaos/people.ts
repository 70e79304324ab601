import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Call } from '../support/crash-world.ts'
import { dayFromNow } from '../support/deal-cast.ts'
import type { TestMember } from '../support/members.ts'
import { type ClientLog, giveUntilTold } from './commands.ts'
import type { LoadWorld } from './load-world.ts'
import type { Chance } from './random.ts'

// What people do all day: submit, decide, send back, take back, hand on. Each client is one of them at a time.

interface Ways {
  readonly world: LoadWorld
  readonly chance: Chance
  readonly log: ClientLog
}

/** One thing that somebody does, to its end. */
export async function doSomething(ways: Ways): Promise<void> {
  const { chance, world } = ways
  const kind = chance.below(100)
  if (kind < 34) {
    await submitSomething(ways)
    return
  }
  const { deals, requests, errands, director } = world
  const [workspace, by] = chance.pick([
    [deals.key, deals.manager],
    [deals.key, deals.manager],
    [deals.key, director],
    [deals.key, deals.rep],
    [requests.key, requests.lead],
    [requests.key, requests.finance],
    [requests.key, requests.legal],
    [requests.key, requests.deputy],
    [errands.key, errands.lead],
    [errands.key, errands.lead],
    [errands.key, errands.finance],
    [errands.key, errands.asker],
    [errands.key, errands.deputy],
  ] as const)
  if (kind < 84) await dealWithTask(ways, workspace, by)
  else if (kind < 89) await approveSeveral(ways, workspace, by)
  else if (kind < 94) await takeBack(ways)
  else if (kind < 97) await administer(ways)
  else await nudgeWaiting(ways)
}

async function submitSomething(ways: Ways): Promise<void> {
  const { world, chance } = ways
  const { deals, requests, errands } = world
  const mark = randomUUID().slice(0, 8)
  const create = (by: TestMember, path: string, body: JsonObject): Call => ({
    by,
    method: 'POST',
    path,
    body,
    idempotencyKey: randomUUID(),
  })
  const which = chance.below(10)
  if (which < 3) {
    const body = {
      customer_name: `Customer ${mark}`,
      product_line: deals.line,
      // Whole hundreds: what they come to in bonus has no fractions to round.
      amount: `${100 * (chance.percent(15) ? 5_000 + chance.below(500) : 10 + chance.below(400))}.00`,
      close_on: dayFromNow(60),
      note: 'They have a budget and a date.',
    }
    const path = `${deals.key}/records/registration?form=registration_new`
    await tell(ways, create(chance.pick([deals.rep, deals.otherRep]), path, body))
  } else if (which < 6) {
    const body = { name: `Request ${mark}`, reason: 'Needed by the end of the month' }
    await tell(ways, create(requests.asker, `${requests.key}/records/request`, body))
  } else {
    const kind = chance.pick(['plain', 'plain', 'hooked', 'late', 'watching', 'parts', 'whole', 'whole'])
    const due = new Date(Date.now() + chance.below(20_000)).toISOString()
    const parts: JsonObject = kind === 'parts' ? { parts: [{ name: 'a' }, { name: 'b' }] } : {}
    const body = { name: `${kind} ${mark}`, kind, due, ...parts }
    await tell(ways, create(errands.asker, `${errands.key}/records/errand`, body))
  }
}

interface Todo {
  readonly id: string
  readonly rev: number
  readonly node: { readonly id: string }
  readonly batch: boolean
}

async function todoOf(ways: Ways, workspace: string, by: TestMember): Promise<Todo[]> {
  const { status, body } = await tell(ways, { by, method: 'GET', path: `${workspace}/tasks?limit=50` })
  return status === 200 ? body.tasks : []
}

/** Decides a task, or does something else with it that it offers. */
export async function dealWithTask(ways: Ways, workspace: string, by: TestMember): Promise<void> {
  const todo = await todoOf(ways, workspace, by)
  if (todo.length === 0) return
  await actOn(ways, workspace, by, ways.chance.pick(todo))
}

async function actOn(ways: Ways, workspace: string, by: TestMember, task: Todo): Promise<void> {
  const { world, chance } = ways
  const path = `${workspace}/tasks/${task.id}`
  const give = (command: string, more: JsonObject) =>
    tell(ways, {
      by,
      method: 'POST',
      path: `${path}/${command}`,
      body: { commandId: randomUUID(), taskRev: task.rev, ...more },
    })
  if (task.node.id === 'n_start') {
    await give('decision', { decision: 'submit' })
    return
  }
  const luck = chance.below(100)
  const isErrand = workspace === world.errands.key
  const other = isErrand ? world.errands.deputy.user : world.requests.deputy.user
  if (luck < 72) await give('decision', { decision: 'approve', ...signature(task) })
  else if (luck < 80) await give('decision', { decision: 'reject', comment: 'Not now' })
  else if (luck < 88) {
    const resume = chance.pick(['replay', 'direct'])
    await give('send_back', { to: 'n_start', resume, comment: 'Say more' })
  } else if (luck < 92) await give('transfer', { to: other, comment: 'Yours' })
  else if (luck < 95) await give('delegate', { to: other, comment: 'What do you say?' })
  else if (luck < 98)
    await give('add_signers', { people: [other], place: 'parallel', comment: 'Two see more' })
  else {
    // Somebody else's mistake: an old screen.
    await tell(ways, {
      by,
      method: 'POST',
      path: `${path}/decision`,
      body: { commandId: randomUUID(), taskRev: Math.max(0, task.rev - 1), decision: 'approve' },
    })
  }
}

/** What a step asks for with an approval. */
export function signature(task: Pick<Todo, 'node'>): JsonObject {
  return task.node.id === 'n_legal' ? { signature: drawn } : {}
}
const drawn =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function approveSeveral(ways: Ways, workspace: string, by: TestMember): Promise<void> {
  const todo = (await todoOf(ways, workspace, by)).filter(({ batch }) => batch).slice(0, 5)
  if (todo.length === 0) return
  const items = todo.map(({ id, rev }) => ({ task: id, taskRev: rev, commandId: randomUUID() }))
  const body = { decision: 'approve', items }
  await tell(ways, { by, method: 'POST', path: `${workspace}/tasks/batch`, body })
}

/** Whoever applied takes a case back; a deal that was taken back is sometimes submitted again. */
async function takeBack(ways: Ways): Promise<void> {
  const { world, chance } = ways
  const { deals, requests, errands } = world
  const [workspace, by] = chance.pick([
    [deals.key, deals.rep],
    [requests.key, requests.asker],
    [errands.key, errands.asker],
  ] as const)
  const run = await pickRun(ways, workspace, by)
  if (run === null) return
  const path = `${workspace}/runs/${run.id}/withdraw`
  const { status } = await tell(ways, { by, method: 'POST', path, body: { commandId: randomUUID() } })
  if (status !== 200 || workspace !== deals.key || chance.percent(50)) return
  // Refused where the state has not been written back yet, which is as it should be.
  await tell(ways, {
    by,
    method: 'PATCH',
    path: `${workspace}/records/registration/${run.record}`,
    body: { state: 'submitted' },
    idempotencyKey: randomUUID(),
  })
}

async function pickRun(
  ways: Ways,
  workspace: string,
  by: TestMember,
): Promise<{ readonly id: string; readonly record: string } | null> {
  const path = `${workspace}/inbox/runs?box=started&limit=20`
  const { status, body } = await tell(ways, { by, method: 'GET', path })
  const open =
    status === 200 ? body.runs.filter((run: { ended_at: string | null }) => run.ended_at === null) : []
  return open.length === 0 ? null : ways.chance.pick(open)
}

/** Administrators hold cases up, let them go on, try them again, end them. */
async function administer(ways: Ways): Promise<void> {
  const { world, chance } = ways
  const { errands, requests } = world
  const [workspace, asker, keeper] = chance.pick([
    [errands.key, errands.asker, errands.keeper],
    [requests.key, requests.asker, requests.keeper],
  ] as const)
  const run = await pickRun(ways, workspace, asker)
  if (run === null) return
  const command = chance.pick(['suspend', 'resume', 'resume', 'retry', 'terminate'])
  const body = { commandId: randomUUID(), reason: 'A day like any other' }
  await tell(ways, { by: keeper, method: 'POST', path: `${workspace}/runs/${run.id}/${command}`, body })
  if (command !== 'suspend' || chance.percent(30)) return
  const again = { commandId: randomUUID(), reason: 'It goes on' }
  await tell(ways, { by: keeper, method: 'POST', path: `${workspace}/runs/${run.id}/resume`, body: again })
}

/** What cases wait for comes about. */
async function nudgeWaiting(ways: Ways): Promise<void> {
  const { errands } = ways.world
  const run = await pickRun(ways, errands.key, errands.asker)
  if (run === null) return
  await tell(ways, goAhead(ways.world, run.record))
}

export function goAhead({ errands }: LoadWorld, record: string): Call {
  return {
    by: errands.asker,
    method: 'PATCH',
    path: `${errands.key}/records/errand/${record}`,
    body: { note: 'go' },
    idempotencyKey: randomUUID(),
  }
}

function tell({ world, chance, log }: Ways, call: Call) {
  return giveUntilTold(world, chance, log, call)
}
