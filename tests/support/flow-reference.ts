// What a row of approval steps comes to, written again from the rules and not from the engine: people as a tree of
// who asked whom, verdicts read from the tree, votes compared by multiplying across.

export type Order = 'any' | 'all' | 'sequential'
export type Rule =
  | { readonly kind: 'any' | 'all' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'ratio'; readonly num: number; readonly den: number }

export interface ReferenceNode {
  readonly people: readonly string[]
  readonly pass: Rule
  readonly reject: 'any' | 'all' | 'cannot_pass'
  readonly waitAll: boolean
  readonly sequential: boolean
}

interface Ask {
  user: string
  said: 'yes' | 'no' | null
  gone: boolean
  readonly opinion: boolean
  readonly kind: 'seat' | 'before' | 'after' | 'delegate' | 'heard'
  readonly depth: number
  readonly addedBy: string | null
  readonly parent: Ask | null
  chain: number
  before: Group[]
  after: Group[]
}

interface Group {
  readonly order: Order
  readonly asks: Ask[]
}

type Value = 'yes' | 'no' | 'open' | 'none'

export class ReferenceRun {
  status = 'running'
  at = 0
  returns = 0
  private held: string | null = null
  private seats: Ask[] = []
  private heard: Ask[] = []
  private list: string[] = []
  private made = 0
  private isFallback = false
  readonly left = new Set<string>()
  /** Steps that were gone through. */
  private readonly passed = new Set<number>()

  constructor(
    private readonly nodes: readonly ReferenceNode[],
    private readonly applicant: string,
  ) {
    this.enter(0)
  }

  private get node(): ReferenceNode {
    return this.nodes[this.at]!
  }

  private enter(at: number): void {
    this.at = at
    this.status = 'running'
    this.isFallback = false
    this.seats = []
    this.heard = []
    this.made = 0
    this.list = this.node.people.filter((user) => !this.left.has(user) && user !== this.applicant)
    if (this.list.length === 0) this.fallBack()
    else if (!this.node.sequential) while (this.made < this.list.length) this.addSeat()
    this.settle()
  }

  private fallBack(): void {
    this.isFallback = true
    this.seats.push(ask('adm', 'seat', null))
  }

  private addSeat(): void {
    const user = this.list[this.made]!
    this.made += 1
    if (this.made > 1 && this.left.has(user)) {
      if (this.made === this.list.length) this.seats.push(ask('adm', 'seat', null))
    } else this.seats.push(ask(user, 'seat', null))
  }

  /** Goes on until somebody is waited for. */
  private settle(): void {
    for (;;) {
      for (const one of [...this.seats, ...this.heard]) prune(one)
      const verdict = this.verdict()
      if (verdict !== 'open') {
        this.passed.add(this.at)
        if (verdict === 'no') this.end('rejected')
        else if (this.at + 1 < this.nodes.length) this.enter(this.at + 1)
        else this.end('approved')
        return
      }
      if (this.made >= this.list.length || this.seats.some((seat) => askValue(seat) === 'open')) return
      this.addSeat()
    }
  }

  private end(status: string): void {
    this.status = status
    this.seats = []
    this.heard = []
  }

  private verdict(): Value {
    const values = this.seats.map(askValue).filter((value) => value !== 'none')
    const yes = values.filter((value) => value === 'yes').length
    const no = values.filter((value) => value === 'no').length
    const all = values.length + this.list.length - this.made
    const open = all - yes - no
    const { pass, reject, waitAll } = this.isFallback
      ? { pass: { kind: 'any' } as Rule, reject: 'any' as const, waitAll: false }
      : this.node
    if (waitAll && open > 0) return 'open'
    const reaches = (count: number) => {
      switch (pass.kind) {
        case 'any':
          return count >= 1
        case 'all':
          return count >= all
        case 'count':
          return count >= pass.count || count >= all
        case 'ratio':
          return BigInt(count) * BigInt(pass.den) >= BigInt(pass.num) * BigInt(all)
      }
    }
    const refused = reject === 'any' ? no > 0 : reject === 'all' ? no === all : !reaches(yes + open)
    if (waitAll && refused) return 'no'
    if (yes > 0 && reaches(yes)) return 'yes'
    return refused || open === 0 ? 'no' : 'open'
  }

  /** Whom the run waits for. */
  waits(): string[] {
    const { status } = this
    const isOpen = status === 'running' || (status === 'suspended' && this.held === 'running')
    if (status === 'returned' || (status === 'suspended' && this.held === 'returned')) return [this.applicant]
    return isOpen
      ? this.pending()
          .map(({ user }) => user)
          .sort()
      : []
  }

  private pending(): Ask[] {
    return [...this.seats, ...this.heard].flatMap(pendingOf)
  }

  private mine(user: string): Ask | undefined {
    return this.status === 'running' ? this.pending().find((one) => one.user === user) : undefined
  }

  private isAsked(user: string): boolean {
    return [...this.seats, ...this.heard]
      .flatMap(everyone)
      .some((one) => one.user === user && !one.gone && (one.said === null || !one.opinion))
  }

  private fits(user: string): boolean {
    return user !== this.applicant && !this.left.has(user) && !this.isAsked(user)
  }

  decide(user: string, said: 'yes' | 'no'): boolean {
    const found = this.mine(user)
    if (found === undefined) return false
    found.said = said
    this.settle()
    return true
  }

  transfer(user: string, to: string): boolean {
    const found = this.mine(user)
    if (found === undefined || to === user || !this.fits(to) || found.chain >= 5) return false
    found.user = to
    found.chain += 1
    return true
  }

  delegate(user: string, to: string): boolean {
    const found = this.mine(user)
    if (found === undefined || to === user || !this.fits(to) || found.depth >= 5) return false
    found.before.push({ order: 'all', asks: [ask(to, 'delegate', found, user, true)] })
    this.settle()
    return true
  }

  add(user: string, people: readonly string[], place: string, order: Order, opinion: boolean): boolean {
    const found = this.mine(user)
    if (found === undefined || found.depth >= 5 || (found.opinion && !opinion)) return false
    if (new Set(people).size < people.length || !people.every((one) => this.fits(one))) return false
    if (place === 'parallel') {
      const kind = opinion ? 'heard' : 'seat'
      const target = opinion ? this.heard : this.seats
      for (const one of people) target.push(ask(one, kind, found, user, opinion))
    } else {
      const kind = place === 'before' ? 'before' : 'after'
      found[kind].push({ order, asks: people.map((one) => ask(one, kind, found, user, opinion)) })
    }
    this.settle()
    return true
  }

  remove(by: string, user: string): boolean {
    if (this.status !== 'running') return false
    const found = [...this.seats, ...this.heard]
      .flatMap(everyone)
      .find((one) => one.user === user && isUndecided(one))
    if (found === undefined || found.addedBy !== by || found.kind === 'delegate') return false
    found.gone = true
    this.settle()
    return true
  }

  sendBack(user: string, to: number | 'start'): boolean {
    const found = this.mine(user)
    if (found === undefined || found.opinion || this.returns >= 20) return false
    if (to !== 'start' && (to >= this.at || !this.passed.has(to))) return false
    this.returns += 1
    if (to === 'start') this.end('returned')
    else this.enter(to)
    return true
  }

  submit(): boolean {
    if (this.status !== 'returned') return false
    this.enter(0)
    return true
  }

  withdraw(): boolean {
    if (this.status !== 'running' && this.status !== 'returned') return false
    this.end('withdrawn')
    return true
  }

  suspend(): boolean {
    if (this.status !== 'running' && this.status !== 'returned') return false
    this.held = this.status
    this.status = 'suspended'
    return true
  }

  resume(): boolean {
    if (this.status !== 'suspended') return false
    this.status = this.held ?? 'running'
    return true
  }

  reopen(at: number): boolean {
    if (!['withdrawn', 'rejected', 'terminated'].includes(this.status)) return false
    this.enter(at)
    return true
  }

  terminate(): boolean {
    if (!['running', 'returned', 'suspended'].includes(this.status)) return false
    this.end('terminated')
    return true
  }

  /** What waits for somebody who is gone goes to `heir`. */
  leave(user: string, heir: string): void {
    this.left.add(user)
    const isOpen = this.status === 'running' || (this.status === 'suspended' && this.held === 'running')
    if (!isOpen) return
    for (const one of [...this.seats, ...this.heard].flatMap(everyone))
      if (one.user === user && isUndecided(one)) {
        one.user = heir
        one.chain = 0
      }
  }
}

function ask(
  user: string,
  kind: Ask['kind'],
  parent: Ask | null,
  addedBy: string | null = null,
  opinion = false,
): Ask {
  const depth = parent === null ? 0 : parent.depth + 1
  return {
    user,
    kind,
    parent,
    addedBy,
    opinion,
    depth,
    said: null,
    gone: false,
    chain: 0,
    before: [],
    after: [],
  }
}

function isUndecided(one: Ask): boolean {
  return one.said === null && !one.gone
}

function everyone(one: Ask): Ask[] {
  return [one, ...[...one.before, ...one.after].flatMap(({ asks }) => asks.flatMap(everyone))]
}

function askValue(one: Ask): Value {
  if (one.gone) return 'none'
  if (one.said === null) return 'open'
  if (one.said === 'no') return one.opinion ? 'yes' : 'no'
  const after = one.after.map(groupValue)
  return after.includes('no') ? 'no' : after.includes('open') ? 'open' : 'yes'
}

function groupValue({ order, asks }: Group): Value {
  const values = asks.map(askValue).filter((value) => value !== 'none')
  if (values.length === 0) return 'none'
  const [first, last] = order === 'any' ? (['yes', 'no'] as const) : (['no', 'yes'] as const)
  return values.includes(first) ? first : values.includes('open') ? 'open' : last
}

function pendingOf(one: Ask): Ask[] {
  if (one.gone || one.said === 'no') return []
  const groups = (one.said === null ? one.before : one.after).filter((group) => groupValue(group) === 'open')
  if (one.said === null && groups.length === 0) return [one]
  return groups.flatMap(({ order, asks }) => {
    const open = asks.filter((other) => askValue(other) === 'open')
    return (order === 'sequential' ? open.slice(0, 1) : open).flatMap(pendingOf)
  })
}

/** What follows at once: advisers who refuse, those who are not needed any more. Until nothing does. */
function prune(one: Ask): void {
  for (const other of [...one.before, ...one.after].flatMap(({ asks }) => asks)) prune(other)
  for (const group of [...one.before, ...one.after])
    if (groupValue(group) !== 'open') for (const other of group.asks) if (isUndecided(other)) dismiss(other)
  if (one.said === null && !one.gone && one.before.some((group) => groupValue(group) === 'no'))
    one.said = 'no'
  if (one.gone || one.said === 'no') {
    for (const { asks } of [...one.before, ...one.after])
      for (const other of asks) if (isUndecided(other)) dismiss(other)
  }
}

function dismiss(one: Ask): void {
  one.gone = true
  for (const other of everyone(one)) if (isUndecided(other)) other.gone = true
}
