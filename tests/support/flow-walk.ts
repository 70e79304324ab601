import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import { FlowWorld, people } from '@channelwright/runtime/flow/vectors/world.ts'
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

export function pick<T>(list: readonly T[], at: number): T | undefined {
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
