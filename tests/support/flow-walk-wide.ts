import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { plusMillis } from '@channelwright/runtime/flow/due-time.ts'
import { FlowWorld, type NodeSketch } from '@channelwright/runtime/flow/vectors/world.ts'
import fc from 'fast-check'
import { nameOf, WideReference, type WideRule, type WideStage, type WideStep } from './flow-reference-wide.ts'
import { pick, type Tally, type WalkStep } from './flow-walk.ts'

// Steps side by side with weights, clocks and windows of delegation: engine beside reference.

const rule: fc.Arbitrary<WideRule> = fc.oneof(
  fc.constantFrom<WideRule>({ kind: 'any' }, { kind: 'all' }, { kind: 'ratio', num: 2, den: 3 }),
  fc.record({ kind: fc.constant('weight' as const), need: fc.integer({ min: 1, max: 120 }) }),
)
const step: fc.Arbitrary<WideStep> = fc.record({
  people: fc
    .shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1, maxLength: 3 })
    .chain((users) =>
      fc.tuple(
        ...users.map((user) =>
          fc.record({ user: fc.constant(user), weight: fc.constantFrom(1, 20, 30, 50) }),
        ),
      ),
    ),
  pass: rule,
  reject: fc.constantFrom('any', 'all', 'cannot_pass'),
  waitAll: fc.boolean(),
  sequential: fc.boolean(),
  limit: fc.option(
    fc.record({
      hours: fc.integer({ min: 1, max: 9 }),
      does: fc.constantFrom('approve', 'reject', 'escalate'),
    }),
  ),
})
const stage: fc.Arbitrary<WideStage> = fc.record({
  branches: fc.oneof<fc.Arbitrary<readonly (readonly WideStep[])[]>[]>(
    fc.tuple(fc.tuple(step)),
    fc.array(fc.array(step, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 3 }),
  ),
  join: fc.constantFrom<WideStage['join']>('all', 'any', 2),
  onReject: fc.constantFrom('cancel_siblings', 'wait_all', 'ignore'),
})
export const wideStages = fc.array(stage, { minLength: 1, maxLength: 3 })

function passOf(said: WideRule) {
  if (said.kind === 'ratio') return { ratio: { num: said.num, den: said.den } }
  return said.kind === 'weight' ? { weight: { need: said.need } } : said.kind
}

function sketch(stages: readonly WideStage[]): { nodes: NodeSketch[]; edges: string[] } {
  const nodes: NodeSketch[] = []
  const edges: string[] = []
  let from = 'start'
  for (const [index, { branches, join, onReject }] of stages.entries()) {
    const isSplit = branches.length > 1
    if (isSplit) {
      const rules = join === 'all' ? 'all' : join === 'any' ? 'any' : { quorum: join }
      nodes.push({ id: `p${index}`, type: 'parallel', join: rules, onBranchReject: onReject })
      nodes.push({ id: `j${index}`, type: 'join' })
      edges.push(`${from} p${index}`)
    }
    for (const [branch, steps] of branches.entries()) {
      let before = isSplit ? `p${index}` : from
      for (const [at, said] of steps.entries()) {
        const id = nameOf({ stage: index, branch, at })
        nodes.push({
          id,
          type: 'approval',
          approvers: said.people.map(({ user, weight }) => ({ kind: 'user', user, weight })),
          pass: passOf(said.pass),
          reject: said.reject,
          wait: said.waitAll ? 'all' : 'early',
          order: said.sequential ? 'sequential' : 'parallel',
          onReject: { do: 'end' },
          ...(said.limit === null
            ? {}
            : { timeouts: [{ after: said.limit.hours, unit: 'hour', do: said.limit.does }] }),
        })
        edges.push(`${before} ${id}`)
        before = `${id} approved`
      }
      if (isSplit) edges.push(`${before} j${index}`)
      else from = before
    }
    if (isSplit) from = `j${index}`
  }
  // Refused steps end the case by themselves.
  return { nodes, edges: [...edges, `${from} end_ok`] }
}

const delegates: Readonly<Record<string, string>> = { a: 'p', b: 'q', c: 'r', d: 's' }
const others = ['t', 'u', 'v', 'w']
/** Six levels above everybody. */
const above = (user: string) => {
  const [, name = '', level = ''] = /^([a-z]+)(\d*)$/.exec(user) ?? []
  return Array.from({ length: 6 }, (_, at) => `${name}${Number(level || 0) + at + 1}`)
}

/** Walks engine and reference side by side; throws where they part. */
export function walkWide(stages: readonly WideStage[], steps: readonly WalkStep[]): Tally {
  const tally = { given: 0, done: 0 }
  const world = new FlowWorld({
    ...sketch(stages),
    settings: { dedupe: 'none', withdraw: 'until_end' },
  })
  for (const user of ['adm', ...Object.keys(delegates), ...Object.values(delegates), ...others])
    for (const one of [user, ...above(user)]) world.superiors[one] = above(one)
  const began = world.now
  world.start()
  const model = new WideReference(stages, above)
  compare(world, model, 'start')
  for (const one of steps) {
    const chosen = choose(world, model, began, one)
    if (chosen === null) continue
    const { name, command, expected } = chosen
    const answer = world.refusal(command)
    tally.given += 1
    if (answer === 'done') tally.done += 1
    if ((answer === 'done') !== expected)
      throw new Error(`${name}: the engine says ${answer}, the reference ${expected ? 'done' : 'refused'}`)
    compare(world, model, name)
  }
  return tally
}

function compare(world: FlowWorld, model: WideReference, after: string): void {
  const timers = (world.run?.timers ?? []).filter(({ state }) => state === 'open')
  const waits = world.tasks
    .filter(({ state }) => state === 'pending')
    .map(({ id, node, assignee }) => {
      const timer = timers.find(({ task }) => task === id)
      const left =
        timer === undefined ? '' : (timer.left ?? Date.parse(timer.dueAt) - Date.parse(world.now)) / 3_600_000
      return `${node} ${assignee} ${left}`
    })
    .sort()
  const [theirs, mine] = [
    JSON.stringify([world.status, waits]),
    JSON.stringify([model.status, model.waits()]),
  ]
  if (mine !== theirs) throw new Error(`after ${after}: the engine has ${theirs}, the reference ${mine}`)
}

interface Chosen {
  readonly name: string
  readonly command: FlowCommand
  readonly expected: boolean
}

function choose(
  world: FlowWorld,
  model: WideReference,
  began: string,
  { what, who, other, third, flag }: WalkStep,
): Chosen | null {
  const pending = world.tasks.filter(({ state }) => state === 'pending')
  const task = (what % 10 === 9 ? undefined : pick(pending, who)) ?? pick(world.tasks, who)
  const reason = 'x'
  if (task === undefined) return null
  const { assignee, node, id, rev: taskRev } = task
  // Now and then whoever is acted for answers themselves.
  const by = what % 10 === 8 && task.onBehalfOf !== null ? task.onBehalfOf : assignee
  const isOpen = task.state === 'pending'
  switch (Math.floor(what / 10) % 16) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: {
      const says = flag || third > 2 ? 'approve' : 'reject'
      const expected = isOpen && model.decide(by, node, says === 'approve' ? 'yes' : 'no')
      const command: FlowCommand = { type: 'decide', decision: says, task: id, taskRev, by }
      return { name: `${by} ${says} at ${node}`, command, expected }
    }
    case 6: {
      const to = pick(others, other) ?? 't'
      const expected = isOpen && by === assignee && to !== by && model.transfer(by, node, to)
      if (by !== assignee) return null
      return {
        name: `${by} passes on to ${to} at ${node}`,
        command: { type: 'transfer', to, task: id, taskRev, by },
        expected,
      }
    }
    case 7:
    case 8:
    case 9: {
      const decided = world.tasks.filter(({ decidedBy }) => decidedBy !== null)
      // The latest decision of somebody at a step: the earlier ones are taken back already.
      const mine = pick(decided, flag ? decided.length - 1 : other)
      const last = decided.findLast((one) => one.decidedBy === mine?.decidedBy && one.node === mine?.node)
      if (last === undefined || last.decidedBy === null) return null
      const isAnew = world.tasks.some(({ from }) => from === last.id)
      const expected = !isAnew && model.takeBack(last.decidedBy, last.node)
      const command: FlowCommand = { type: 'take_back', task: last.id, taskRev: last.rev, by: last.decidedBy }
      return { name: `${last.decidedBy} takes back at ${last.node}`, command, expected }
    }
    case 10:
    case 11: {
      const timer = pick(world.timers, 0)
      const whose = world.tasks.find((one) => one.id === timer?.task)
      if (timer === undefined || whose === undefined) return null
      if (Date.parse(timer.dueAt) > Date.parse(world.now)) world.now = timer.dueAt
      model.now = hours(began, world.now)
      model.expire(whose.assignee, whose.node)
      const command: FlowCommand = { type: 'timer', timer: timer.id }
      return { name: `time is over at ${whose.node}`, command, expected: true }
    }
    case 12: {
      const from = pick(Object.keys(delegates), other) ?? 'a'
      if (world.windows.some((window) => window.from === from)) return null
      const until = plusMillis(world.now, (1 + third) * 3_600_000)
      world.delegate(from, delegates[from] ?? 'p', world.now, until)
      model.windows.set(from, { to: delegates[from] ?? 'p', since: model.now, until: model.now + 1 + third })
      return null
    }
    case 13: {
      const over = world.windows.filter(({ until }) => until !== null && until <= world.now)
      const window = pick(over, other)
      if (window === undefined) {
        // No limit of time may be passed over: it is due before.
        const [next] = world.timers
        const later = plusMillis(world.now, 3_600_000)
        if (next !== undefined && next.dueAt < later) return null
        world.now = later
        model.now = hours(began, later)
        return null
      }
      model.windowEnds(window.from)
      const command: FlowCommand = { type: 'delegation_ended', delegation: window.id }
      return { name: `the window of ${window.from} ends`, command, expected: true }
    }
    case 14: {
      if (third > 3)
        return flag
          ? { name: 'suspend', command: { type: 'suspend', by: 'adm', reason }, expected: model.suspend() }
          : { name: 'resume', command: { type: 'resume', by: 'adm', reason }, expected: model.resume() }
      if (third > 0)
        return { name: 'resume', command: { type: 'resume', by: 'adm', reason }, expected: model.resume() }
      return { name: 'withdraw', command: { type: 'withdraw', by: 'ann' }, expected: model.withdraw() }
    }
    default: {
      const leaver = pick(['a', 'b', 'c', 'd', 'p', 'q', 'r', 's'], other) ?? 'a'
      if (world.gone.has(leaver) || third > 5) return null
      world.gone.add(leaver)
      model.leaves(leaver)
      return { name: `${leaver} leaves`, command: { type: 'person_left', user: leaver }, expected: true }
    }
  }
}

function hours(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000
}
