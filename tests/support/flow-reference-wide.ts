// What steps side by side come to, written again from the rules and not from the engine: weights, people asked in turn
// who may have left, windows of delegation, limits of time, decisions taken back, branches that are refused. Hours are
// whole numbers since the walk began.

export type WideRule =
  | { readonly kind: 'any' }
  | { readonly kind: 'all' }
  | { readonly kind: 'ratio'; readonly num: number; readonly den: number }
  | { readonly kind: 'weight'; readonly need: number }

export interface WideStep {
  readonly people: readonly { readonly user: string; readonly weight: number }[]
  readonly pass: WideRule
  readonly reject: 'any' | 'all' | 'cannot_pass'
  readonly waitAll: boolean
  readonly sequential: boolean
  readonly limit: { readonly hours: number; readonly does: 'approve' | 'reject' | 'escalate' } | null
}

/** One after the other; a stage with several branches waits for them by its rules. */
export interface WideStage {
  readonly branches: readonly (readonly WideStep[])[]
  readonly join: 'all' | 'any' | 2
  readonly onReject: 'cancel_siblings' | 'wait_all' | 'ignore'
}

interface Seat {
  user: string
  /** For whom, and by a window that ends when. */
  owner: string | null
  readonly weight: number
  said: 'yes' | 'no' | null
  /** Who said it; null: the clock. */
  by: string | null
  /** Its node went on without it. */
  dropped: boolean
  due: number | null
  /** In a row: somebody before it has to decide again. Then it waits with what is left of its time. */
  rests: { readonly left: number | null } | null
  chain: number
}

/** One entry into a step. */
interface Visit {
  readonly stage: number
  readonly branch: number
  readonly at: number
  seats: Seat[]
  readonly list: readonly { readonly user: string; readonly weight: number }[]
  made: number
  isFallback: boolean
  state: 'open' | 'done' | 'gone'
}

export interface WideWindow {
  readonly to: string
  readonly since: number
  readonly until: number
}

export class WideReference {
  status = 'running'
  now = 0
  readonly left = new Set<string>()
  readonly windows = new Map<string, WideWindow>()
  private visits: Visit[] = []
  private arrived: ('done' | 'refused' | null)[] = []
  private stage = 0
  private hasJoined = false
  private stoppedAt = 0

  constructor(
    private readonly stages: readonly WideStage[],
    private readonly superiorsOf: (user: string) => readonly string[],
  ) {
    this.enterStage(0)
  }

  private stepOf({ stage, branch, at }: Visit): WideStep {
    return this.stages[stage]!.branches[branch]![at]!
  }

  private enterStage(stage: number): void {
    const found = this.stages[stage]
    if (found === undefined) {
      this.end('approved')
      return
    }
    this.stage = stage
    this.hasJoined = false
    this.arrived = found.branches.map(() => null)
    for (const branch of found.branches.keys()) if (this.status === 'running') this.enter(branch, 0)
  }

  private enter(branch: number, at: number): void {
    const step = this.stages[this.stage]!.branches[branch]![at]!
    const list = step.people.filter(({ user }) => !this.left.has(user))
    const visit: Visit = {
      stage: this.stage,
      branch,
      at,
      seats: [],
      list,
      made: 0,
      isFallback: false,
      state: 'open',
    }
    this.visits.push(visit)
    if (list.length === 0) {
      visit.isFallback = true
      visit.seats.push(this.seatFor(step, 'adm', 1))
    } else if (!step.sequential) while (visit.made < list.length) this.ask(visit)
    this.settle(visit)
  }

  private seatFor(step: WideStep, user: string, weight: number): Seat {
    const due = step.limit === null ? null : this.now + step.limit.hours
    return { user, owner: null, weight, said: null, by: null, dropped: false, due, rests: null, chain: 0 }
  }

  private ask(visit: Visit): void {
    const { user, weight } = visit.list[visit.made]!
    visit.made += 1
    if (visit.made > 1 && this.left.has(user)) {
      if (visit.made === visit.list.length) visit.seats.push(this.seatFor(this.stepOf(visit), 'adm', weight))
      return
    }
    const seat = this.seatFor(this.stepOf(visit), user, weight)
    const window = this.windowOf(user)
    if (window !== undefined) Object.assign(seat, { user: window.to, owner: user })
    visit.seats.push(seat)
  }

  /** The window that is open now, to somebody who is there. */
  private windowOf(user: string): WideWindow | undefined {
    const window = this.windows.get(user)
    const isOpen = window !== undefined && window.since <= this.now && this.now < window.until
    return isOpen && !this.left.has(window.to) ? window : undefined
  }

  /** In a row only the first who has not spoken is asked. */
  private takeTurns(visit: Visit): void {
    if (!this.stepOf(visit).sequential) return
    const turn = visit.seats.find(({ said, dropped }) => said === null && !dropped)
    const later = turn === undefined ? [] : visit.seats.slice(visit.seats.indexOf(turn) + 1)
    if (turn?.rests) {
      turn.due = turn.rests.left === null ? null : this.now + turn.rests.left
      turn.rests = null
    }
    for (const seat of later)
      if (seat.said === null) seat.rests ??= { left: seat.due === null ? null : seat.due - this.now }
  }

  private settle(visit: Visit): void {
    this.takeTurns(visit)
    for (;;) {
      const verdict = this.verdict(visit)
      if (verdict !== null) {
        this.leave(visit, verdict)
        return
      }
      if (visit.made >= visit.list.length || visit.seats.some(({ said }) => said === null)) return
      this.ask(visit)
    }
  }

  private verdict(visit: Visit): 'yes' | 'no' | null {
    const { pass, reject, waitAll } = visit.isFallback
      ? { pass: { kind: 'any' } as WideRule, reject: 'any' as const, waitAll: false }
      : this.stepOf(visit)
    const worth = (weight: number) => (pass.kind === 'weight' ? weight : 1)
    const sum = (said: Seat['said']) =>
      visit.seats.reduce((all, seat) => all + (seat.said === said ? worth(seat.weight) : 0), 0)
    const later = visit.list.slice(visit.made).reduce((all, { weight }) => all + worth(weight), 0)
    const [yes, no, open] = [sum('yes'), sum('no'), sum(null) + later]
    const all = yes + no + open
    if (waitAll && open > 0) return null
    const reaches = (count: number) => {
      if (pass.kind === 'any') return count >= 1
      if (pass.kind === 'all') return count >= all
      if (pass.kind === 'weight') return count >= pass.need || count >= all
      return BigInt(count) * BigInt(pass.den) >= BigInt(pass.num) * BigInt(all)
    }
    const refused = reject === 'any' ? no > 0 : reject === 'all' ? no === all : !reaches(yes + open)
    if (waitAll && refused) return 'no'
    if (yes > 0 && reaches(yes)) return 'yes'
    return refused || open === 0 ? 'no' : null
  }

  private leave(visit: Visit, verdict: 'yes' | 'no'): void {
    visit.state = 'done'
    for (const seat of visit.seats) if (seat.said === null) seat.dropped = true
    const { branches, onReject } = this.stages[this.stage]!
    if (verdict === 'yes' && visit.at + 1 < branches[visit.branch]!.length) {
      this.enter(visit.branch, visit.at + 1)
      return
    }
    if (verdict === 'no' && (branches.length === 1 || onReject === 'cancel_siblings')) {
      this.end('rejected')
      return
    }
    if (branches.length === 1) {
      this.enterStage(this.stage + 1)
      return
    }
    this.hasJoined = true
    this.arrived[visit.branch] = verdict === 'yes' ? 'done' : 'refused'
    const joined = this.joined()
    if (joined === null) return
    for (const other of this.visits) if (other.state === 'open') other.state = 'gone'
    if (joined === 'no') this.end('rejected')
    else this.enterStage(this.stage + 1)
  }

  /** What the branches come to together; null: others are waited for. */
  private joined(): 'yes' | 'no' | null {
    const { join, onReject } = this.stages[this.stage]!
    const count = (state: 'done' | 'refused' | null) => this.arrived.filter((one) => one === state).length
    const [done, refused, open] = [count('done'), count('refused'), count(null)]
    const wanted =
      join === 'all' ? this.arrived.length : join === 'any' ? 1 : Math.min(join, this.arrived.length)
    if (onReject === 'wait_all' && join === 'all' && refused > 0) return open === 0 ? 'no' : null
    const needed =
      onReject === 'ignore' ? Math.max(1, Math.min(wanted, this.arrived.length - refused)) : wanted
    if (done >= needed) return 'yes'
    return done + open < needed ? 'no' : null
  }

  private end(status: string): void {
    this.status = status
    for (const visit of this.visits) if (visit.state === 'open') visit.state = 'gone'
  }

  private open(): { visit: Visit; seat: Seat }[] {
    const isOn = this.status === 'running' || this.status === 'suspended'
    return this.visits.flatMap((visit) =>
      isOn && visit.state === 'open'
        ? visit.seats.filter(({ said }) => said === null).map((seat) => ({ visit, seat }))
        : [],
    )
  }

  /** Where and for whom, and until when if something happens then. */
  waits(): string[] {
    return this.open()
      .filter(({ seat }) => seat.rests === null)
      .map(({ visit, seat }) => {
        const left =
          seat.due === null ? '' : seat.due - (this.status === 'suspended' ? this.stoppedAt : this.now)
        return `${nameOf(visit)} ${seat.user} ${left}`
      })
      .sort()
  }

  /** The seat of somebody at a step, if they may act on it: a delegate while the window is open, their owner after. */
  private mine(user: string, where: string): { visit: Visit; seat: Seat } | undefined {
    if (this.status !== 'running') return undefined
    const found = this.open().find(({ visit, seat }) => nameOf(visit) === where && seat.user === user)
    if (found === undefined || found.seat.rests !== null) return undefined
    const { owner } = found.seat
    return owner !== null && this.windows.get(owner) !== undefined && !this.isWindowOpen(owner)
      ? undefined
      : found
  }

  private isWindowOpen(owner: string): boolean {
    const window = this.windows.get(owner)
    return window !== undefined && window.since <= this.now && this.now < window.until
  }

  decide(user: string, where: string, said: 'yes' | 'no'): boolean {
    const own = this.mine(user, where)
    // Whoever is acted for acts as soon as the window is over.
    const back =
      this.status === 'running'
        ? this.open().find(
            ({ visit, seat }) =>
              nameOf(visit) === where &&
              seat.owner === user &&
              seat.rests === null &&
              !this.isWindowOpen(user) &&
              own === undefined,
          )
        : undefined
    const found = own ?? back
    if (found === undefined) return false
    Object.assign(found.seat, { user, said, by: user, ...(own === undefined ? { owner: null } : {}) })
    this.settle(found.visit)
    return true
  }

  transfer(user: string, where: string, to: string): boolean {
    const found = this.mine(user, where)
    if (found === undefined || !this.fits(found.visit, to) || found.seat.chain >= 5) return false
    Object.assign(found.seat, { user: to, owner: null, chain: found.seat.chain + 1 })
    return true
  }

  private fits(visit: Visit, user: string, except?: Seat): boolean {
    return (
      !this.left.has(user) &&
      !visit.seats.some(
        (seat) => seat !== except && seat.user === user && (seat.said !== null || !seat.dropped),
      )
    )
  }

  /** The clock has come to where a seat has waited too long. */
  expire(user: string, where: string): void {
    const found = this.open().find(({ visit, seat }) => nameOf(visit) === where && seat.user === user)
    if (found === undefined) throw new Error(`nobody waits at ${where}`)
    const { visit, seat } = found
    const does = this.stepOf(visit).limit?.does
    seat.due = null
    if (does === 'escalate') {
      const above = this.superiorsOf(seat.owner ?? seat.user).find((one) => this.fits(visit, one))
      Object.assign(seat, { user: above ?? 'adm', owner: null, chain: 0 })
      return
    }
    Object.assign(seat, { said: does === 'approve' ? 'yes' : 'no', by: null })
    this.settle(visit)
  }

  /** A decision is taken back while nobody has built on it. */
  takeBack(user: string, where: string): boolean {
    if (this.status !== 'running') return false
    const index = this.visits.findLastIndex(
      (visit) => nameOf(visit) === where && visit.seats.some(({ by }) => by === user),
    )
    const visit = this.visits[index]
    if (visit === undefined || visit.state === 'gone') return false
    const own = visit.seats.findIndex(({ by }) => by === user)
    if (this.stepOf(visit).sequential && visit.seats.slice(own + 1).some(({ by }) => by !== null))
      return false
    const isBranched = this.stages[visit.stage]!.branches.length > 1
    const behind = (other: Visit) =>
      isBranched && other.stage === visit.stage ? other.branch === visit.branch : true
    const since = visit.state === 'done' ? this.visits.slice(index + 1).filter(behind) : []
    const isOn = since.some(({ state, stage }) => state === 'open' && stage === visit.stage)
    // A branch that has come to its join, alone or with others, is not taken out of it again.
    if (visit.state === 'done' && isBranched && (this.stage !== visit.stage || this.hasJoined) && !isOn)
      return false
    if (since.some(({ seats }) => seats.some(({ by }) => by !== null))) return false
    for (const other of since) other.state = 'gone'
    this.visits = this.visits.filter((other) => !since.includes(other))
    if (visit.stage !== this.stage) {
      this.stage = visit.stage
      this.arrived = [null]
    }
    const due = this.stepOf(visit).limit
    const again = {
      said: null,
      by: null,
      chain: 0,
      due: due === null ? null : this.now + due.hours,
      rests: null,
    }
    const seat = visit.seats[own]!
    for (const one of visit.seats)
      if (one === seat || one.dropped) Object.assign(one, again, { dropped: false })
    visit.state = 'open'
    this.settle(visit)
    return true
  }

  /** What waits for somebody who is gone goes to whoever stands in for them, is above them, or administers. */
  leaves(user: string): void {
    this.left.add(user)
    for (const { visit, seat } of this.open()) {
      if (seat.user !== user && seat.owner !== user) continue
      if (seat.user === user && seat.owner !== null) {
        Object.assign(seat, { user: seat.owner, owner: null, chain: 0 })
        continue
      }
      const window = this.windowOf(user)
      const standsIn = window !== undefined && this.fits(visit, window.to, seat) ? window.to : undefined
      const above = this.superiorsOf(user).find((one) => this.fits(visit, one, seat))
      Object.assign(seat, { user: standsIn ?? above ?? 'adm', owner: null, chain: 0 })
    }
  }

  /** A window is over: what is open by it goes back. */
  windowEnds(owner: string): void {
    for (const { seat } of this.open())
      if (seat.owner === owner) Object.assign(seat, { user: owner, owner: null, chain: 0 })
  }

  suspend(): boolean {
    if (this.status !== 'running') return false
    this.status = 'suspended'
    this.stoppedAt = this.now
    return true
  }

  resume(): boolean {
    if (this.status !== 'suspended') return false
    for (const { seat } of this.open())
      if (seat.due !== null && seat.rests === null) seat.due += this.now - this.stoppedAt
    this.status = 'running'
    return true
  }

  withdraw(): boolean {
    if (this.status !== 'running') return false
    this.end('withdrawn')
    return true
  }
}

export function nameOf({ stage, branch, at }: Pick<Visit, 'stage' | 'branch' | 'at'>): string {
  return `s${stage}_${branch}_${at}`
}
