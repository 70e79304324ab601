import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { FlowWorld, people, type Sketch } from '@channelwright/runtime/flow/vectors/world.ts'
import fc from 'fast-check'
import { type Order, type ReferenceNode, ReferenceRun, type Rule } from './flow-reference.ts'

/** One step of a walk: which command, by whom, about whom. Numbers are taken as far as there is a choice. */
export interface WalkStep {
  readonly what: number
  readonly who: number
  readonly other: number
  readonly third: number
  readonly flag: boolean
}

const walkStep: fc.Arbitrary<WalkStep> = fc.record({
  what: fc.nat(999),
  who: fc.nat(11),
  other: fc.nat(11),
  third: fc.nat(11),
  flag: fc.boolean(),
})

/** How many commands were given, and how many of them were not refused. */
export interface Tally {
  given: number
  done: number
}

/** So many steps at most in one walk. */
export const longestWalk = 40

export const walk = fc.array(walkStep, { minLength: 5, maxLength: longestWalk, size: 'max' })

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % Math.max(1, list.length)]
}

// ---- against the reference

const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.constantFrom<Rule>({ kind: 'any' }, { kind: 'all' }),
  fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.constantFrom<Rule>(
    { kind: 'ratio', num: 2, den: 3 },
    { kind: 'ratio', num: 1, den: 2 },
    { kind: 'ratio', num: 1, den: 3 },
    { kind: 'ratio', num: 23, den: 100 },
  ),
)

export const referenceNodes: fc.Arbitrary<readonly ReferenceNode[]> = fc.array(
  fc.record({
    people: fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1 }),
    pass: rule,
    reject: fc.constantFrom('any', 'all', 'cannot_pass'),
    waitAll: fc.boolean(),
    sequential: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
)

function passOf(said: Rule) {
  switch (said.kind) {
    case 'any':
    case 'all':
      return said.kind
    case 'count':
      return { count: said.count }
    case 'ratio':
      return { ratio: { num: said.num, den: said.den } }
  }
}

const extras = ['p', 'q', 'r', 's', 't', 'u', 'ann']
const everybody = ['a', 'b', 'c', 'd', 'sup_a', 'sup_b', 'adm', ...extras]

/** Walks engine and reference side by side; throws where they part. */
export function walkBeside(nodes: readonly ReferenceNode[], steps: readonly WalkStep[]): Tally {
  const tally = { given: 0, done: 0 }
  const world = new FlowWorld({
    nodes: nodes.map((node, index) => ({
      id: `n${index}`,
      type: 'approval',
      approvers: people(...node.people),
      pass: passOf(node.pass),
      reject: node.reject,
      wait: node.waitAll ? 'all' : 'early',
      order: node.sequential ? 'sequential' : 'parallel',
    })),
    settings: { dedupe: 'none', withdraw: 'until_end' },
  })
  world.admin = false
  for (const user of ['a', 'b', 'c', 'd']) world.superiors[user] = [`sup_${user}`]
  world.start()
  const model = new ReferenceRun(nodes, 'ann')
  compare(world, model, 'start')
  for (const step of steps) {
    const { name, command, expected } = chooseBeside(world, model, nodes, step)
    if (command === null) continue
    const answer = world.refusal(command)
    tally.given += 1
    if (answer === 'done') tally.done += 1
    if ((answer === 'done') !== expected)
      throw new Error(`${name}: the engine says ${answer}, the reference ${expected ? 'done' : 'refused'}`)
    compare(world, model, name)
  }
  return tally
}

function compare(world: FlowWorld, model: ReferenceRun, after: string): void {
  const waits = world.waits.map((line) => line.split(': ')[1]).sort()
  const [mine, theirs] = [
    JSON.stringify([model.status, model.waits()]),
    JSON.stringify([world.status, waits]),
  ]
  if (mine !== theirs) throw new Error(`after ${after}: the engine has ${theirs}, the reference ${mine}`)
}

interface Chosen {
  readonly name: string
  readonly command: FlowCommand | null
  readonly expected: boolean
}

function chooseBeside(
  world: FlowWorld,
  model: ReferenceRun,
  nodes: readonly ReferenceNode[],
  { what, who, other, third, flag }: WalkStep,
): Chosen {
  // Mostly somebody whose turn it is, now and then anybody.
  const waited = world.tasks.filter(({ state }) => state === 'pending').map(({ assignee }) => assignee)
  const user = (what % 10 === 9 ? undefined : pick(waited, who)) ?? pick(everybody, who) ?? 'a'
  const hasTask = world.tasks.some(({ assignee }) => assignee === user)
  const none: Chosen = { name: 'none', command: null, expected: true }
  const to = pick(extras, other) ?? 'p'
  const byTask = (name: string, more: Record<string, unknown>, expected: () => boolean): Chosen =>
    hasTask
      ? { name: `${user} ${name}`, command: world.say(user, name, more as never), expected: expected() }
      : none
  const reason = 'x'
  switch (Math.floor(what / 10) % 20) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return byTask('approve', {}, () => model.decide(user, 'yes'))
    case 5:
      return byTask('reject', {}, () => model.decide(user, 'no'))
    case 6:
    case 7:
      return byTask('transfer', { to }, () => model.transfer(user, to))
    case 8:
      return byTask('delegate', { to }, () => model.delegate(user, to))
    case 9:
    case 10:
    case 11:
    case 12: {
      const added = flag ? [to] : [to, pick(extras, other + 1 + (third % 3)) ?? 'q']
      const place = pick(['before', 'after', 'parallel'], third) ?? 'before'
      const order = pick<Order>(['any', 'all', 'sequential'], who + other) ?? 'all'
      const opinion = what % 4 === 0
      if (new Set(added).size < added.length) return none
      const said = { people: added, place, order, opinionOnly: opinion }
      return byTask('add_signers', said, () => model.add(user, added, place, order, opinion))
    }
    case 13: {
      const added = world.tasks.filter(({ addedBy, state }) => addedBy !== null && state !== 'cancelled')
      const found = pick(added, other)
      if (found === undefined || found.addedBy === null) return none
      const by = flag ? found.addedBy : 'b'
      const task = world.task(found.assignee)
      const command: FlowCommand = { type: 'remove_signer', task: task.id, taskRev: task.rev, by }
      return { name: `${by} removes ${found.assignee}`, command, expected: model.remove(by, found.assignee) }
    }
    case 14: {
      const node = flag ? 'start' : `n${third % nodes.length}`
      return byTask('send_back', { to: node }, () =>
        model.sendBack(user, flag ? 'start' : third % nodes.length),
      )
    }
    case 15: {
      const task = world.tasks.findLast(({ node }) => node === 'start')
      if (task === undefined) return none
      const command = {
        type: 'decide',
        decision: 'submit',
        task: task.id,
        taskRev: task.rev,
        by: 'ann',
      } as const
      return { name: 'ann submits', command, expected: model.submit() }
    }
    case 16:
      if (third > 2) return none
      return { name: 'withdraw', command: { type: 'withdraw', by: 'ann' }, expected: model.withdraw() }
    case 17:
      return flag
        ? { name: 'suspend', command: { type: 'suspend', by: 'adm', reason }, expected: model.suspend() }
        : { name: 'resume', command: { type: 'resume', by: 'adm', reason }, expected: model.resume() }
    case 18: {
      const left = pick(['a', 'b', 'c', 'd'], other) ?? 'a'
      if (world.gone.has(left) || third > 5) return none
      world.gone.add(left)
      model.leave(left, `sup_${left}`)
      return { name: `${left} leaves`, command: { type: 'person_left', user: left }, expected: true }
    }
    default: {
      if (flag && third < 2)
        return {
          name: 'terminate',
          command: { type: 'terminate', by: 'adm', reason },
          expected: model.terminate(),
        }
      const command: FlowCommand = { type: 'reopen', by: 'adm', node: 'n0', reason }
      return { name: 'reopen', command, expected: model.reopen(0) }
    }
  }
}

// ---- every command on flows with everything, held to the invariants alone

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

export const richSketches: readonly Sketch[] = [
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
  ...(['cancel_siblings', 'wait_all', 'ignore'] as const).map(
    (onBranchReject, index): Sketch => ({
      money: index === 1,
      settings: { withdraw: 'until_end', selfApproval: 'superior' },
      nodes: [
        approvals('n0', ['a']),
        { id: 'split', type: 'parallel', onBranchReject, ...(index === 2 ? { join: 'any' } : {}) },
        approvals('p1', ['b', 'c'], { pass: 'all', onReject: { do: 'end' }, timeouts: clocks }),
        { id: 'x2', type: 'action', effect: 'set_fields', with: { state: 'seen' } },
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
  switch (Math.floor(what / 10) % 34) {
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
      const step = pick(world.run?.activations ?? [], other)
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
      const done = new Set(
        world.events.flatMap(({ type, data }) => (type === 'effect_done' ? [data.key] : [])),
      )
      const effect = pick(
        world.effects.filter(({ key }) => !done.has(key)),
        other,
      )
      if (effect === undefined) return null
      world.version += 1
      return third < 3
        ? { type: 'effect_failed', key: effect.key, reason: { en: 'x', zh: 'x' } }
        : { type: 'effect_done', key: effect.key, result: {} }
    }
    default: {
      // The same once more: a task that was decided is not decided again, a timer does not fire again.
      const again = pick(given, other)
      return again === undefined || again.type === 'effect_done' ? null : again
    }
  }
}
