import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { failedEffects } from '@channelwright/runtime/flow/incident.ts'
import { isUndoKey } from '@channelwright/runtime/flow/run.ts'
import { FlowWorld, people, type Sketch } from '@channelwright/runtime/flow/vectors/world.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { pick, type Tally, type WalkStep } from './flow-walk.ts'

// Every command on flows with everything, held to the invariants alone.

const approvals = (id: string, users: readonly string[], more: object = {}) => ({
  id,
  type: 'approval',
  approvers: people(...users),
  ...more,
})
const clocks = [
  { after: 1, unit: 'hour', do: 'remind', max: 2 },
  { after: 4, unit: 'hour', do: 'escalate', max: 2 },
  { after: 9, unit: 'hour', do: 'reject' },
]

/** A rule that fails now and then. */
const brittle = 'brittle'

export const richSketches: readonly Sketch[] = [
  {
    settings: { withdraw: 'until_end' },
    nodes: [
      approvals('n0', ['a']),
      { id: 'c0', type: 'cc', to: people('b') },
      { id: 'w0', type: 'action', effect: 'set_fields', with: { state: 'seen' }, undo: true },
      {
        id: 'e0',
        type: 'for_each',
        over: { object: 'thing', where: true },
        flow: 'other',
        atOnce: 2,
        limit: 3,
        input: { x: brittle },
      },
      approvals('n1', ['c'], { returnTo: { resume: 'ask' } }),
      { id: 's0', type: 'subflow', flow: 'other', input: { x: brittle } },
      { id: 'w1', type: 'action', effect: 'set_fields', with: { state: brittle }, undo: true },
      {
        id: 'g0',
        type: 'assign',
        candidates: 'partner',
        into: 'partner',
        undo: true,
        rules: [{ title: { en: 'x', zh: 'x' }, by: 'least_recent' }],
        ask: {
          contacts: { field: 'u' },
          within: { after: 24, unit: 'hour' },
          on: {
            offered: [{ effect: 'set_fields', with: { note: brittle } }],
            declined: [{ effect: 'set_fields', with: { note: 'x' } }],
            silent: [{ effect: 'set_fields', with: { note: 'x' } }],
          },
        },
      },
      approvals('n2', ['d'], { returnTo: { resume: 'ask' } }),
    ],
    edges: [
      'start n0',
      'n0 approved c0',
      'n0 rejected end_no',
      'c0 w0',
      'w0 e0',
      'e0 n1',
      'n1 approved s0',
      'n1 rejected end_no',
      's0 ended w1',
      'w1 g0',
      'g0 assigned n2',
      'g0 unassigned end_no',
      'n2 approved end_ok',
      'n2 rejected end_no',
    ],
  },
  {
    settings: { dedupe: 'any', afterWithdraw: 'draft', withdraw: 'until_end' },
    nodes: [
      approvals('n0', ['a', 'ann'], { pass: 'all', timeouts: clocks, returnTo: { resume: 'ask' } }),
      {
        id: 'f0',
        type: 'task',
        approvers: [{ kind: 'node_actor', node: 'n0' }],
        timeouts: clocks.slice(0, 2),
      },
      approvals('n1', ['a', 'b', 'c'], { pass: 'all', order: 'sequential', returnTo: { resume: 'ask' } }),
      approvals('n2', ['a', 'd'], {
        pass: { ratio: { num: 1, den: 2 } },
        onReject: { do: 'return', to: 'n0' },
      }),
    ],
  },
  {
    settings: { withdraw: 'until_end', afterWithdraw: 'draft' },
    nodes: [
      approvals('n0', ['a'], { returnTo: { resume: 'ask' } }),
      approvals('x1', ['b', 'c'], { returnTo: { resume: 'ask' }, timeouts: clocks }),
      {
        id: 'y1',
        type: 'action',
        effect: 'set_fields',
        with: { state: 'seen' },
        undo: true,
        onFail: 'continue',
      },
      approvals('y2', ['d'], { timeouts: [{ after: 3, unit: 'hour', do: 'return', to: 'start' }] }),
      { id: 'm', type: 'merge' },
      { id: 'm1', type: 'action', effect: 'set_fields', with: { state: 'done' }, undo: true },
      approvals('n9', ['p', 'q'], { pass: 'all', returnTo: { resume: 'ask' } }),
    ],
    edges: [
      'start n0',
      'n0 approved x1',
      'n0 rejected y1',
      'y1 y2',
      'x1 approved m',
      'x1 rejected end_no',
      'y2 approved m',
      'y2 rejected end_no',
      'm m1',
      'm1 n9',
      'n9 approved end_ok',
      'n9 rejected end_no',
    ],
  },
  ...(['cancel_siblings', 'wait_all', 'ignore'] as const).map(
    (onBranchReject, index): Sketch => ({
      money: index === 1,
      settings: { withdraw: 'until_end', selfApproval: 'superior' },
      nodes: [
        approvals('n0', ['a']),
        { id: 'split', type: 'parallel', onBranchReject, ...(index === 2 ? { join: 'any' } : {}) },
        approvals('p1', ['b', 'c'], { pass: 'all', onReject: { do: 'end' }, timeouts: clocks }),
        { id: 'x2', type: 'action', effect: 'set_fields', with: { state: 'seen' }, onFail: 'continue' },
        approvals('p2', ['d', 'ann'], { onReject: { do: 'end' }, returnTo: { resume: 'ask' } }),
        approvals('p3', ['b'], { onReject: { do: 'end' } }),
        { id: 'j', type: 'join' },
        { id: 'd9', type: 'delay', until: { after: 2, unit: 'hour' } },
        approvals('n9', ['a', 'b', 'c'], { pass: { count: 2 }, wait: 'all' }),
      ],
      edges: [
        'start n0',
        'n0 approved split',
        'n0 rejected end_no',
        'split p1',
        'split x2',
        'x2 p2',
        'p2 approved p3',
        'p1 approved j',
        'p3 approved j',
        'j d9',
        'd9 n9',
        'n9 approved end_ok',
        'n9 rejected end_no',
      ],
    }),
  ),
]

const crowd = ['a', 'b', 'c', 'd', 'p', 'q', 'r', 'ann', 'sup', 'adm', 'ad2', 'z']

/** Any command at any time; the world throws as soon as an invariant breaks. */
export function walkRich(sketch: Sketch, steps: readonly WalkStep[]): Tally {
  const tally = { given: 0, done: 0 }
  const world = new FlowWorld(sketch)
  world.admins = ['adm', 'ad2']
  for (const user of crowd) if (user !== 'sup' && user !== 'adm') world.superiors[user] = ['sup', 'z']
  world.start()
  const given: FlowCommand[] = []
  for (const step of steps) {
    const command = chooseRich(world, given, step)
    if (command === null) continue
    const before = world.run
    const answer = world.refusal(command)
    tally.given += 1
    if (answer === 'done') tally.done += 1
    if (answer !== 'done') {
      if (before !== world.run) throw new Error('a refused command changed the run')
      continue
    }
    holdDecider(world, command)
    given.push(command)
  }
  return tally
}

/** Invariant 7: nobody decided while they must not. */
function holdDecider(world: FlowWorld, command: FlowCommand): void {
  if (command.type !== 'decide') return
  const task = world.tasks.find(({ id }) => id === command.task)
  if (task === undefined || task.node === 'start' || task.node === 'f0') return
  if (command.by === 'ann' && !task.opinionOnly) throw new Error('7: the applicant decided')
  const isOpen = world.windows.some(
    ({ id, since, until }) =>
      id === task.delegation && since <= world.now && (until === null || world.now < until),
  )
  if (task.delegation !== null && task.onBehalfOf !== null && !isOpen)
    throw new Error('7: somebody decided outside of their window')
}

/** What an effect tells, as far as a step reads it. */
function resultOf(world: FlowWorld, key: string, third: number): JsonObject {
  const type = world.effects.find((effect) => effect.key === key)?.type
  if (type === 'find_records') return { ids: ['r1', 'r2', 'r3', 'r4'].slice(0, third % 5) }
  if (key.endsWith(':give')) return { before: { partner: null }, after: { partner: 'P' }, rev: world.version }
  if (type !== 'offer') return {}
  return { offers: third < 5 ? [] : [{ candidate: `P${key.length}${key.at(-1)}`, people: ['p', 'q'] }] }
}

function chooseRich(
  world: FlowWorld,
  given: readonly FlowCommand[],
  { what, who, other, third, flag }: WalkStep,
): FlowCommand | null {
  const waited = world.tasks.filter(({ state }) => state === 'pending')
  const task = (what % 10 === 9 ? undefined : pick(waited, who)) ?? pick(world.tasks, who)
  const by = what % 10 === 8 ? (pick(crowd, other) ?? 'a') : (task?.assignee ?? 'a')
  const to = pick(crowd, other) ?? 'p'
  const onTask = task && { task: task.id, taskRev: task.rev, by }
  const reason = 'x'
  const nodes = world.flow.nodes.map((node) => node['x-id'])
  const node = pick(nodes, third) ?? 'n0'
  switch (Math.floor(what / 10) % 36) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6: {
      if (onTask === undefined) return null
      const isStart = task?.node === 'start'
      const answer = isStart
        ? 'submit'
        : task?.node === 'f0'
          ? 'done'
          : flag || third > 3
            ? 'approve'
            : 'reject'
      return { type: 'decide', decision: answer, ...onTask }
    }
    case 7:
    case 8:
      return onTask ? { type: 'send_back', to: node, resume: flag ? 'direct' : 'replay', ...onTask } : null
    case 9:
      return onTask ? { type: 'send_back', to: node, ...onTask } : null
    case 10:
      return onTask ? { type: 'transfer', to, ...onTask } : null
    case 11:
      return onTask ? { type: 'delegate', to, ...onTask } : null
    case 12:
    case 13:
    case 14: {
      const added = flag ? [to] : [to, pick(crowd, other + 1) ?? 'q']
      const place = pick(['before', 'after', 'parallel'] as const, third) ?? 'before'
      const order = pick(['any', 'all', 'sequential'] as const, who) ?? 'all'
      return onTask
        ? { type: 'add_signers', people: added, place, order, opinionOnly: what % 4 === 0, ...onTask }
        : null
    }
    case 15: {
      const added = pick(
        world.tasks.filter(({ addedBy }) => addedBy !== null),
        other,
      )
      return added
        ? { type: 'remove_signer', task: added.id, taskRev: added.rev, by: added.addedBy ?? 'a' }
        : null
    }
    case 16:
    case 17: {
      const mine = pick(
        world.tasks.filter(({ decidedBy }) => decidedBy !== null),
        other,
      )
      return mine ? { type: 'take_back', task: mine.id, taskRev: mine.rev, by: mine.decidedBy ?? 'a' } : null
    }
    case 18:
      return onTask ? { type: 'reassign', to, reason, ...onTask, by: 'adm' } : null
    case 19:
      return third < 3 ? { type: 'withdraw', by: 'ann' } : { type: 'remind', by: 'ann' }
    case 20:
      return flag ? { type: 'suspend', by: 'adm', reason } : { type: 'resume', by: 'adm', reason }
    case 21:
      return { type: 'resume', by: 'adm', reason }
    case 22:
      return third < 2
        ? { type: 'terminate', by: 'adm', reason }
        : { type: 'reopen', by: 'adm', node, reason }
    case 23:
      return { type: 'reopen', by: 'adm', node, reason }
    case 24:
      return third < 4 ? { type: 'jump', by: 'adm', node, reason } : null
    case 25: {
      const stuck = world.run?.activations.filter(({ incident }) => incident !== null) ?? []
      const step =
        (what % 2 === 0 ? pick(stuck, other) : undefined) ?? pick(world.run?.activations ?? [], other)
      return step && third < 6 ? { type: 'skip', by: 'adm', activation: step.id, reason } : null
    }
    case 26:
      return { type: 'retry', by: 'adm', reason }
    case 27: {
      if (third > 4 || to === 'adm' || world.gone.has(to)) return null
      world.gone.add(to)
      return { type: 'person_left', user: to }
    }
    case 28: {
      const from = pick(crowd, who) ?? 'a'
      if (from === to || world.windows.some((window) => window.from === from)) return null
      world.delegate(
        from,
        to,
        world.now,
        flag ? null : new Date(Date.parse(world.now) + 7_200_000).toISOString(),
        third < 4 ? 'also' : 'replace',
      )
      return null
    }
    case 29: {
      const over = world.windows.filter(({ until }) => until !== null && until <= world.now)
      const window = pick(over, other)
      return window ? { type: 'delegation_ended', delegation: window.id } : null
    }
    case 30:
    case 31: {
      const timer = pick(world.timers, flag ? 0 : other)
      if (timer === undefined) return null
      if (Date.parse(timer.dueAt) > Date.parse(world.now)) world.now = timer.dueAt
      return { type: 'timer', timer: timer.id }
    }
    case 32: {
      const key = pick(world.waitsForEffects, other)
      if (key === undefined) return null
      world.version += 1
      return third < 3
        ? { type: 'effect_failed', key, reason: { en: 'x', zh: 'x' } }
        : { type: 'effect_done', key, result: resultOf(world, key, third) }
    }
    case 33: {
      const child = pick(world.openChildren, other)
      const status = flag ? 'approved' : 'rejected'
      // Without any, one that could not be taken back may have been mended.
      const stuck = world.run?.activations.find((one) => failedEffects(one).some(isUndoKey))
      if (child === undefined) return stuck ? { type: 'part_mended', activation: stuck.id } : null
      return { type: 'child_ended', ...child, run: `run of ${child.key}`, status, outcome: status }
    }
    case 34:
      // A rule that can't be reckoned for a while.
      if (flag) world.fails.add(JSON.stringify(brittle))
      else world.fails.clear()
      return null
    default: {
      // The same once more: a task that was decided is not decided again, a timer does not fire again. What became of an
      // effect is told while its row says that it is asked for, and never again.
      const again = pick(given, other)
      return again?.type === 'effect_done' || again?.type === 'effect_failed' ? null : (again ?? null)
    }
  }
}
