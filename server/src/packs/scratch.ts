import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import type { PoolClient } from 'pg'
import { publishSources } from '../publish/publish-sources.ts'
import { quoteName } from '../publish/quote.ts'
import { createWorkspace, dropWorkspace, scratchKey } from '../publish/workspace.ts'
import type { Services, Workspace } from '../services.ts'

/** What a scratch workspace is called, whatever case is in it. */
const title = { en: 'Case', zh: '用例' }

/**
 * Workspaces that cases run in, one case at a time. Making one and publishing in it costs several times what most cases
 * do, so one that a case leaves with the definitions it found is emptied and lent again. `close` takes all away.
 */
export class ScratchWorkspaces {
  private readonly idle: Scratch[] = []
  private readonly lent = new Set<Scratch>()

  constructor(private readonly services: Services) {}

  /** A workspace with these definitions in force and nothing else in it, in that time zone, under the given clock. */
  async lend(
    services: Services,
    timeZone: string,
    definitions: readonly DefinitionSource[],
  ): Promise<Scratch> {
    const at = this.idle.findIndex((one) => one.timeZone === timeZone && one.definitions === definitions)
    const [known] = at < 0 ? [] : this.idle.splice(at, 1)
    if (known) {
      this.lent.add(known)
      await known.empty(services)
      return known
    }
    const made = await Scratch.make(services, timeZone, definitions)
    this.lent.add(made)
    return made
  }

  /** Takes one back; `asFound`: with the definitions it was lent with, and all there is to it in its own schema. */
  async takeBack(scratch: Scratch, asFound: boolean): Promise<void> {
    this.lent.delete(scratch)
    await this.services.files.removeAll(scratch.workspace.id)
    if (asFound) this.idle.push(scratch)
    else await dropWorkspace(this.services, scratch.workspace)
  }

  async close(): Promise<void> {
    for (const { workspace } of [...this.idle.splice(0), ...this.lent])
      await dropWorkspace(this.services, workspace)
    this.lent.clear()
  }
}

export class Scratch {
  private constructor(
    readonly workspace: Workspace,
    readonly timeZone: string,
    readonly definitions: readonly DefinitionSource[],
    /** Tables that publishing filled: what it says of the definitions stays. */
    private readonly published: readonly string[],
  ) {}

  static async make(
    services: Services,
    timeZone: string,
    definitions: readonly DefinitionSource[],
  ): Promise<Scratch> {
    const workspace = await createWorkspace(services, {
      key: scratchKey(services),
      title,
      timeZone,
      scratch: true,
    })
    try {
      await publishSources(services, workspace, definitions, { confirmed: 'all' })
      const client = await services.owner.connect()
      try {
        return new Scratch(workspace, timeZone, definitions, await filledTables(client, workspace))
      } finally {
        client.release()
      }
    } catch (error) {
      await dropWorkspace(services, workspace)
      throw error
    }
  }

  /** Takes away whatever a case left in the schema; its release counts as made now. */
  async empty({ owner, clock }: Pick<Services, 'owner' | 'clock'>): Promise<void> {
    const client = await owner.connect()
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const { rowCount } = await client.query(
        'UPDATE channelwright.release SET created_at = $2 WHERE workspace = (SELECT id FROM channelwright.workspace WHERE id = $1 AND scratch)',
        [this.workspace.id, clock.now()],
      )
      // Nothing that anybody works in is ever emptied, whoever asks for it.
      if (!rowCount) throw new Error(`${this.workspace.key} is no scratch workspace`)
      const filled = (await filledTables(client, this.workspace)).filter(
        (table) => !this.published.includes(table),
      )
      if (filled.length) await truncate(client, this.workspace, filled)
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => {
        broken = lost
      })
      throw error
    } finally {
      client.release(broken)
    }
  }
}

/** Tables of the schema that have ever held a row since they were made or emptied; policies hide rows, not sizes. */
async function filledTables(client: PoolClient, { schema }: Workspace): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0 ORDER BY 1`,
    [quoteName(schema)],
  )
  return rows.map(({ name }) => name)
}

/** What may only grow refuses to be emptied; here it is, as it would go with its schema. */
async function truncate(client: PoolClient, { schema }: Workspace, tables: readonly string[]): Promise<void> {
  const { rows: guards } = await client.query<{ table: string; name: string; always: boolean }>(
    `SELECT c.relname AS table, t.tgname AS name, t.tgenabled = 'A' AS always
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = $1::regnamespace AND t.tgtype & 32 <> 0 AND t.tgenabled <> 'D'`,
    [quoteName(schema)],
  )
  const within = (name: string) => `${quoteName(schema)}.${quoteName(name)}`
  const of = guards.filter(({ table }) => tables.includes(table))
  const off = of.map(({ table, name }) => `ALTER TABLE ${within(table)} DISABLE TRIGGER ${quoteName(name)}`)
  const on = of.map(
    ({ table, name, always }) =>
      `ALTER TABLE ${within(table)} ENABLE ${always ? 'ALWAYS ' : ''}TRIGGER ${quoteName(name)}`,
  )
  const all = `TRUNCATE ${tables.map(within).join(', ')} RESTART IDENTITY CASCADE`
  await client.query([...off, all, ...on].join(';'))
}
