import { isOpen, type Task, type TaskState } from './run.ts'

/** What a seat, or a person who was added, has come to. `void`: it does not count any more. */
export type SeatVerdict = 'approved' | 'rejected' | 'open' | 'void'

export interface Seat {
  readonly slot: number
  readonly weight: number
  readonly verdict: SeatVerdict
}

const yes: ReadonlySet<TaskState> = new Set(['approved', 'auto_approved', 'done'])
const no: ReadonlySet<TaskState> = new Set(['rejected', 'auto_rejected'])

/**
 * The seats of a step, in order. Tasks of one seat share its vote: whoever acted first has cast it. Those who were
 * heard before or after somebody, or for an opinion, have no seat; what they say reaches the seat they belong to.
 */
export function seatsOf(tasks: readonly Task[]): readonly Seat[] {
  const tree = new TaskTree(tasks)
  const bySlot = new Map<number, Task[]>()
  for (const task of tasks) {
    if (!hasSeat(task)) continue
    const seat = bySlot.get(task.slot)
    if (seat) seat.push(task)
    else bySlot.set(task.slot, [task])
  }
  return [...bySlot]
    .sort(([a], [b]) => a - b)
    .map(([slot, held]) => {
      const verdicts = held.map((task) => tree.verdict(task))
      const verdict =
        verdicts.find((one) => one === 'approved' || one === 'rejected') ??
        (verdicts.includes('open') ? 'open' : 'void')
      return { slot, weight: held.at(-1)?.weight ?? 1, verdict }
    })
}

/**
 * What follows for tasks from the state of those they belong to: whoever was asked before somebody opens their task,
 * whoever is asked after them waits until then, one of "any of you" closes the others. Of the first `inTurn` seats, which
 * a step asks one after the other, those wait before whom somebody has to decide again. Every changed task, once.
 */
export function settleGroups(tasks: readonly Task[], now: string, inTurn = 0): readonly Task[] {
  const current = new Map(tasks.map((task) => [task.id, task]))
  const changed = new Set<string>()
  const put = (task: Task, change: Partial<Task>) => {
    current.set(task.id, { ...task, ...change, rev: task.rev + 1 })
    changed.add(task.id)
  }
  const close = (task: Task, state: TaskState, reason: string) => put(task, { state, reason, decidedAt: now })
  if (inTurn === 0 && tasks.every((task) => task.group === null)) return []
  for (let again = true; again; ) {
    again = false
    const tree = new TaskTree([...current.values()])
    for (const group of tree.groups()) {
      const { parent, members, link } = group
      const open = members.filter(isOpen)
      const verdict = tree.groupVerdict(members)
      const isAsked = link !== 'after' || (parent !== undefined && yes.has(parent.state))
      const isHeard = parent !== undefined && (isOpen(parent) || (link === 'after' && yes.has(parent.state)))
      // Those whom somebody asked in turn fall away with the question that they were asked for.
      const isGone = !isHeard || tree.isMoot(parent)
      if (isGone || verdict !== 'open') {
        for (const task of open) close(task, 'cancelled', isGone ? 'parent_closed' : 'decided')
        again = open.length > 0
      } else if (isAsked) {
        // In a row the next is asked when the one before, and whoever they asked in turn, has spoken.
        const next = members.find((task) => tree.verdict(task) === 'open')
        const waits =
          members[0]?.order === 'sequential'
            ? next?.state === 'waiting'
              ? [next]
              : []
            : open.filter(isResting)
        // Whoever has asked others first is opened, or refused, by what those say.
        const opened = waits.filter((task) => !tree.hasAdvisers(task))
        for (const task of opened) put(task, { state: 'pending' })
        again = opened.length > 0
      }
      if (again) break
    }
    if (again) continue
    const turn = tree.firstOpenSeat(inTurn)
    for (const task of current.values()) {
      const isListed = task.link === null && task.slot < inTurn
      const isEarly = isListed && task.slot > turn
      if (isEarly && task.state === 'pending') put(task, { state: 'waiting', reason: 'taken_back' })
      else if (task.state !== 'waiting' || isEarly || !(isListed || tree.hasAdvisers(task))) continue
      else if (tree.isHeldUp(task)) continue
      else if (tree.isAdvisedAgainst(task)) close(task, 'auto_rejected', 'signer_rejected')
      else if (tree.isTurnOf(task)) put(task, { state: 'pending', reason: null })
      else continue
      again = true
      break
    }
  }
  return [...changed].flatMap((id) => current.get(id) ?? [])
}

/** Whether a task belongs to a seat that a step asks in turn and that comes after that of another one. */
export function comesAfter(tasks: readonly Task[], task: Task, other: Task, inTurn: number): boolean {
  const [mine, theirs] = [rootOf(tasks, task).slot, rootOf(tasks, other).slot]
  return theirs < mine && mine < inTurn
}

function hasSeat({ link, opinionOnly }: Task): boolean {
  return (link === null || link === 'parallel') && !opinionOnly
}

/** The task that the step itself asked for, in the end. */
function rootOf(tasks: readonly Task[], task: Task): Task {
  const parent = task.parent === null ? undefined : tasks.find(({ id }) => id === task.parent)
  return parent === undefined ? task : rootOf(tasks, parent)
}

function isResting(task: Task): boolean {
  return task.state === 'waiting'
}

interface Group {
  readonly parent: Task | undefined
  readonly link: Task['link']
  readonly members: readonly Task[]
}

/** Who belongs to whom. Every answer is read from the tasks as they are. */
class TaskTree {
  private readonly byId: ReadonlyMap<string, Task>
  private readonly replaced: ReadonlySet<string>
  private readonly ofParent = new Map<string, Task[]>()

  constructor(private readonly tasks: readonly Task[]) {
    this.byId = new Map(tasks.map((task) => [task.id, task]))
    this.replaced = new Set(tasks.flatMap(({ from }) => from ?? []))
    for (const task of tasks) {
      if (task.parent === null || task.link === 'parallel') continue
      const children = this.ofParent.get(task.parent)
      if (children) children.push(task)
      else this.ofParent.set(task.parent, [task])
    }
  }

  groups(): readonly Group[] {
    const found = new Map<string, Task[]>()
    for (const task of this.tasks) {
      if (task.group === null || task.link === 'parallel') continue
      const members = found.get(task.group)
      if (members) members.push(task)
      else found.set(task.group, [task])
    }
    return [...found.values()].map((members) => ({
      parent: this.byId.get(members[0]?.parent ?? ''),
      link: members[0]?.link ?? null,
      members: [...members].sort((a, b) => a.slot - b.slot),
    }))
  }

  verdict(task: Task): SeatVerdict {
    if (this.replaced.has(task.id)) return 'void'
    if (no.has(task.state)) return task.opinionOnly ? 'approved' : 'rejected'
    if (yes.has(task.state)) return this.joined(task, 'after', 'approved')
    return isOpen(task) ? 'open' : 'void'
  }

  /** What all the groups of one kind that hang on a task come to together. */
  private joined(task: Task, link: 'before' | 'after', otherwise: SeatVerdict): SeatVerdict {
    const verdicts = this.groupsOf(task, link).map((members) => this.groupVerdict(members))
    if (verdicts.includes('rejected')) return 'rejected'
    return verdicts.includes('open') ? 'open' : otherwise
  }

  groupVerdict(members: readonly Task[]): SeatVerdict {
    const live = members.map((task) => this.verdict(task)).filter((one) => one !== 'void')
    if (live.length === 0) return 'void'
    if (members[0]?.order === 'any') {
      if (live.includes('approved')) return 'approved'
      return live.includes('open') ? 'open' : 'rejected'
    }
    if (live.includes('rejected')) return 'rejected'
    return live.includes('open') ? 'open' : 'approved'
  }

  private groupsOf(task: Task, link: 'before' | 'after'): readonly (readonly Task[])[] {
    const groups = new Map<string, Task[]>()
    for (const child of this.ofParent.get(task.id) ?? []) {
      const isBefore = child.link === 'before' || child.link === 'delegate'
      if (child.group === null || isBefore !== (link === 'before')) continue
      groups.set(child.group, [...(groups.get(child.group) ?? []), child])
    }
    return [...groups.values()]
  }

  /** Those asked together with it have come to their answer without it. */
  isMoot(task: Task): boolean {
    const { id, group, link } = task
    if (group === null || link === 'parallel') return false
    const own = this.groups().find(({ members }) => members.some((one) => one.id === id))
    return own !== undefined && this.groupVerdict(own.members) !== 'open'
  }

  /** Whose turn it is, of so many seats, those included whom somebody asked beside themselves; nobody's: `inTurn`. */
  firstOpenSeat(inTurn: number): number {
    if (inTurn === 0) return 0
    const open = new Set(
      seatsOf(this.tasks).flatMap(({ slot, verdict }) => (verdict === 'open' ? [slot] : [])),
    )
    const turns = this.tasks.flatMap((task) =>
      hasSeat(task) && open.has(task.slot) ? [rootOf(this.tasks, task).slot] : [],
    )
    return Math.min(inTurn, ...turns)
  }

  hasAdvisers(task: Task): boolean {
    return this.groupsOf(task, 'before').length > 0
  }
  isHeldUp(task: Task): boolean {
    return this.groupsOf(task, 'before').some((members) => this.groupVerdict(members) === 'open')
  }
  isAdvisedAgainst(task: Task): boolean {
    return this.joined(task, 'before', 'approved') === 'rejected'
  }

  /** Nobody of the same group comes before it, and whoever it is asked after has acted. */
  isTurnOf(task: Task): boolean {
    if (task.group === null) return true
    const group = this.groups().find(({ members }) => members.some(({ id }) => id === task.id))
    if (group === undefined) return true
    if (task.link === 'after' && !(group.parent && yes.has(group.parent.state))) return false
    return (
      task.order !== 'sequential' || group.members.find((one) => this.verdict(one) === 'open')?.id === task.id
    )
  }
}
