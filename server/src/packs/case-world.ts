import type { CaseDefinition } from '@channelwright/runtime/definition/case.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { createActor } from '../auth/people.ts'
import { dateInZone } from '../db/time-zone.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { engineActor, nobody } from '../flows/engine-actor.ts'
import { replanWorkspace } from '../flows/schedules.ts'
import { drainJobs, nextJobAt } from '../jobs/drain-jobs.ts'
import { jobs } from '../jobs/index.ts'
import { publishSources } from '../publish/publish-sources.ts'
import { createRecord } from '../records/write-record.ts'
import type { Actor, ServedRelease, Services, Workspace } from '../services.ts'
import { editSources } from './case-edits.ts'
import { CaseFailure } from './case-failure.ts'
import type { CaseClock } from './case-time.ts'
import { resolveValues } from './case-values.ts'
import type { Scratch, ScratchWorkspaces } from './scratch.ts'

interface NamedRecord {
  readonly object: string
  readonly id: string
}

/** What no case waits for: it comes again and again whatever anybody does. */
export function comingAgain(): readonly string[] {
  return jobs.filter((job) => job.comesAgain === true).map(({ name }) => name)
}

/** A workspace for one case alone: the real server under the case's clock. Nothing of the case stays once closed. */
export class CaseWorld {
  /** Names of records, given or made by a step. */
  readonly records = new Map<string, NamedRecord>()
  readonly users = new Map<string, string>()
  readonly workspace: Workspace
  /** What answers held and steps named. */
  readonly kept = new Map<string, Json>()
  private readonly ids = new Map<string, string>()
  sources: readonly DefinitionSource[]
  /** False once the case did what goes beyond the rows of its workspace: nobody else can have it then. */
  private asFound = true

  private constructor(
    readonly services: Services,
    readonly clock: CaseClock,
    private readonly scratches: ScratchWorkspaces,
    private readonly scratch: Scratch,
    readonly definition: CaseDefinition,
  ) {
    this.sources = scratch.definitions
    this.workspace = scratch.workspace
  }

  static async open(
    services: Services,
    clock: CaseClock,
    definition: CaseDefinition,
    sources: readonly DefinitionSource[],
    scratches: ScratchWorkspaces,
  ): Promise<CaseWorld> {
    const own: Services = { ...services, clock }
    const edits = definition.given.definitions
    const given = edits ? editSources(sources, edits, '/given/definitions') : sources
    const scratch = await scratches.lend(own, definition.timeZone, given)
    const world = new CaseWorld(own, clock, scratches, scratch, definition)
    try {
      // Nobody else has just these definitions.
      if (edits) world.change()
      // The clock of the case may be another one than that under which the workspace was made.
      await replanWorkspace(own, scratch.workspace.key, true)
      await world.putGiven()
      await world.settle()
      return world
    } catch (error) {
      await world.close()
      throw error
    }
  }

  /** What is done now may leave more behind than rows in the workspace's own tables. */
  change(): void {
    this.asFound = false
  }

  async publish(sources: readonly DefinitionSource[], author: string | null = null): Promise<void> {
    // What is refused before anything is changed leaves the workspace to the next case.
    const beforeApply = async () => this.change()
    await publishSources(this.services, this.workspace, sources, { confirmed: 'all', author, beforeApply })
    this.sources = sources
  }

  async served(): Promise<ServedRelease> {
    const served = await this.services.releases.current(this.workspace.key)
    if (served === undefined) throw new Error('the scratch workspace has no release')
    return served
  }

  /** People of the case are real members for as long as it runs: flows find them by their roles. */
  private async putGiven(): Promise<void> {
    const { users, records = [] } = this.definition.given
    for (const [index, record] of records.entries()) {
      if (record.as === undefined) continue
      if (this.records.has(record.as)) throw twice(record.as, `/given/records/${index}/as`)
      this.records.set(record.as, { object: record.object, id: this.services.ids.next() })
    }
    for (const name of Object.keys(users)) this.users.set(name, this.services.ids.next())
    for (const [name, user] of Object.entries(users)) {
      const id = this.userId(`@${name}`, '/given/users')
      await this.services.owner.query(
        `INSERT INTO channelwright."user" (id, name, email, locale) VALUES ($1, $2, $3, $4)`,
        [id, user.name ?? name, `${id}@case.invalid`, user.locale ?? 'en'],
      )
      const partner =
        user.partner === undefined ? null : this.record(user.partner, `/given/users/${name}/partner`).id
      await this.services.owner.query(
        `INSERT INTO channelwright.membership (id, workspace, user_id, roles, partner) VALUES ($1, $2, $3, $4, $5)`,
        [this.services.ids.next(), this.workspace.id, id, user.roles, partner],
      )
    }
    await this.asEngine(async (unit) => {
      for (const [index, record] of records.entries()) {
        const values = await resolveValues(this, record.values, `/given/records/${index}/values`)
        const id = record.as === undefined ? undefined : this.records.get(record.as)?.id
        const options = { by: 'seed' as const, ...(id === undefined ? {} : { id }) }
        await createRecord(unit, record.object, values, options)
      }
    })
  }

  /** Everybody leaves, with all that is still to be done. */
  async close(): Promise<void> {
    await this.services.owner.query('DELETE FROM channelwright."user" WHERE id = ANY($1::uuid[])', [
      [...this.users.values()],
    ])
    await this.services.owner.query(
      `DELETE FROM channelwright_jobs._private_jobs WHERE payload->>'workspace' = $1`,
      [this.workspace.key],
    )
    await this.scratches.takeBack(this.scratch, this.asFound)
  }

  /** Background work that is due, and what follows from it. */
  async settle(): Promise<void> {
    await drainJobs(this.services, this.workspace.key)
  }

  /** When the next thing happens that waits for its time; null: nothing does. `except` names jobs that do not count. */
  nextAt(except: readonly string[] = []): Promise<string | null> {
    return nextJobAt(this.services, this.workspace.key, except)
  }

  /** Time passes; what falls due on the way happens at its own time. */
  async moveTo(instant: string): Promise<void> {
    for (;;) {
      const at = await this.nextAt()
      if (at === null || Date.parse(at) > Date.parse(instant)) break
      this.clock.moveTo(at)
      await this.settle()
    }
    this.clock.moveTo(instant)
    await this.settle()
  }

  get today(): string {
    return dateInZone(this.clock.now(), this.workspace.timeZone)
  }

  async asEngine<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    const served = await this.served()
    return inUnit(this.services, served, engineActor(this.services, served, nobody), work)
  }

  /** As a person of the case, with the rights they have now. */
  async as<T>(name: string, pointer: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    const served = await this.served()
    return inUnit(this.services, served, await this.actor(served, name, pointer), work)
  }

  async actor(served: ServedRelease, name: string, pointer: string): Promise<Actor> {
    const user = this.userId(name, pointer)
    const { rows } = await this.services.owner.query<{
      name: string
      email: string
      locale: 'en' | 'zh'
      roles: string[]
      partner: string | null
    }>(
      `SELECT u.name, u.email, u.locale, m.roles, m.partner FROM channelwright."user" u
       JOIN channelwright.membership m ON m.user_id = u.id WHERE u.id = $1 AND m.workspace = $2 AND m.status = 'active'`,
      [user, this.workspace.id],
    )
    const row = rows[0]
    if (row === undefined) {
      throw new CaseFailure(
        { en: `${name} is no longer a member (at ${pointer})`, zh: `${name} 已不是成员(位置 ${pointer})` },
        pointer,
      )
    }
    return createActor(
      this.services,
      served,
      { user, name: row.name, email: row.email, locale: row.locale },
      row.roles,
      row.partner,
    )
  }

  userId(ref: string, pointer: string): string {
    const id = this.users.get(ref.slice(1))
    if (id === undefined) throw unknown(ref, pointer, { en: 'user', zh: '用户' })
    return id
  }

  record(ref: string, pointer: string): NamedRecord {
    const record = this.records.get(ref.slice(1))
    if (record === undefined) throw unknown(ref, pointer, { en: 'record', zh: '记录' })
    return record
  }

  keep(name: string, record: NamedRecord, pointer: string): void {
    if (this.records.has(name)) throw twice(name, pointer)
    this.records.set(name, record)
  }

  /** What a name of the case stands for in values: an id, or what an answer held. */
  named(ref: string, pointer: string): Json {
    const name = ref.slice(1)
    const known = this.users.get(name) ?? this.records.get(name)?.id ?? this.kept.get(name)
    if (known === undefined) throw unknown(ref, pointer, { en: 'user or record', zh: '用户或记录' })
    return known
  }

  /** The id that a label of the case stands for: the same label, the same id. */
  idOf(label: string): string {
    const known = this.ids.get(label) ?? this.services.ids.next()
    this.ids.set(label, known)
    return known
  }
}

function unknown(ref: string, pointer: string, kind: { en: string; zh: string }): CaseFailure {
  return new CaseFailure(
    {
      en: `There is no ${kind.en} ${ref} in this case (at ${pointer})`,
      zh: `本用例中没有名为 ${ref} 的${kind.zh}(位置 ${pointer})`,
    },
    pointer,
  )
}

function twice(name: string, pointer: string): CaseFailure {
  return new CaseFailure(
    { en: `The name ${name} is given twice (at ${pointer})`, zh: `名称 ${name} 重复(位置 ${pointer})` },
    pointer,
  )
}
