import type { Text } from '@channelwright/runtime/text.ts'
import type { Pool, PoolClient } from 'pg'
import { engineRoleOf } from '../access/pg-role.ts'
import type { Services, Workspace } from '../services.ts'
import { bridgeStatements, doAtOnce, doOnline, ensureGist, isSlow } from './apply-work.ts'
import {
  historyFunctionSql,
  historyTriggerSql,
  type WatchedColumn,
  type WatchedTable,
} from './history-sql.ts'
import type { PhysicalNames } from './physical-names.ts'
import { smallTable, type TableStep, type TableWork } from './plan-tables.ts'
import { quoteName, quoteTable } from './quote.ts'
import type { TableState } from './read-table-state.ts'
import { rememberNames, useNames } from './save-names.ts'
import type { TableShape } from './shape-tables.ts'
import { changeTable, inShortTransaction } from './with-lock.ts'
import { closeTableSql } from './workspace-tables.ts'

/** What a publish tells those who wait for it. */
export interface PublishProgress {
  readonly step: number
  readonly of: number
  readonly words: Text
}

export interface PlanToApply {
  readonly services: Pick<Services, 'owner' | 'installation' | 'log'>
  readonly workspace: Workspace
  readonly names: PhysicalNames
  readonly states: ReadonlyMap<string, TableState>
  readonly shapes: readonly TableShape[]
  readonly steps: readonly TableStep[]
  report(progress: PublishProgress): void
  /**
   * The rights and the release itself, in the transaction of the switch. Returns the statements that need tables to
   * themselves: they are run last and together, so that writers wait for one round trip.
   */
  switchOver(client: PoolClient): Promise<string[]>
}

/**
 * Carries a plan out. Where all tables are new or small it is one transaction: everything or nothing. Else first what
 * only adds (short locks), then what takes time (beside the writers), then the switch in one transaction. Whatever
 * is cut short before the switch leaves the release in force as it was; the next publish takes up what is there.
 */
export async function applyPlan(plan: PlanToApply): Promise<void> {
  const { services, workspace } = plan
  const schema = workspace.schema
  const work = plan.steps.flatMap((step) => step.work.map((one) => ({ step, one })))
  const slow = work.filter(({ one }) => isSlow(one))
  const isOnline = work.some(({ one }) => rowsOf(plan, one) > smallTable)
  const say = (at: number, words: Text) => plan.report({ step: at, of: plan.steps.length + 1, words })
  const stepNumber = (step: TableStep) => plan.steps.indexOf(step) + 1

  if (!isOnline) {
    await inShortTransaction(services.owner, schema, async (client) => {
      await expandAll(
        client,
        plan,
        work.map(({ one }) => one),
        true,
      )
      for (const { step, one } of slow) {
        say(stepNumber(step), step.words)
        if (isSlow(one)) await doAtOnce(client, schema, one)
      }
      say(plan.steps.length + 1, switchWords)
      return switchAll(
        client,
        plan,
        work.map(({ one }) => one),
      )
    })
  } else {
    await inShortTransaction(services.owner, schema, async (client) => {
      await expandAll(
        client,
        plan,
        work.map(({ one }) => one).filter((one) => isNewTable(plan, one)),
        false,
      )
      return []
    })
    for (const { step, one } of work)
      if (one.kind === 'expand' && !isNewTable(plan, one)) {
        say(stepNumber(step), step.words)
        await changeTable(services.owner, one.table, one.sql)
      }
    // New columns are watched before anybody can write them.
    await inShortTransaction(services.owner, schema, async (client) => {
      await watch(client, plan, plan.shapes, false)
      return []
    })
    for (const { step, one } of slow) {
      say(stepNumber(step), step.words)
      if (isSlow(one)) await doOnline(services.owner, schema, one)
    }
    say(plan.steps.length + 1, switchWords)
    await inShortTransaction(services.owner, schema, (client) =>
      switchAll(
        client,
        plan,
        work.map(({ one }) => one),
      ),
    )
  }
  await dropIndexes(
    services.owner,
    plan,
    work.map(({ one }) => one),
  )
}

const switchWords: Text = { en: 'The release comes into force.', zh: '发布版生效。' }

function rowsOf(plan: PlanToApply, work: TableWork): number {
  return plan.states.get(work.table)?.rows ?? 0
}

function isNewTable(plan: PlanToApply, work: TableWork): boolean {
  return !plan.states.has(work.table)
}

/** Everything that only adds: nothing that runs sees a difference. */
async function expandAll(
  client: PoolClient,
  plan: PlanToApply,
  work: readonly TableWork[],
  isEverything: boolean,
): Promise<void> {
  const { workspace, shapes } = plan
  const schema = workspace.schema
  if (shapes.some((s) => s.exclusions.length)) await ensureGist(client)
  await rememberNames(client, workspace.id, shapes)
  for (const one of work) if (one.kind === 'expand') await client.query(one.sql)
  const owner = await currentUser(client)
  const engine = engineRoleOf(plan.services.installation, workspace.key)
  for (const shape of shapes.filter((s) => !plan.states.has(s.table)))
    await client.query(
      `${closeTableSql(schema, shape.table, engine, owner)}; GRANT ALL ON ${quoteTable(schema, shape.table)} TO ${quoteName(engine)}`,
    )
  await watch(
    client,
    plan,
    shapes.filter((s) => isEverything || !plan.states.has(s.table)),
    false,
  )
  await addTriggers(client, plan)
}

async function currentUser(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_user AS name')
  return rows[0]!.name
}

/** Gives back what needs tables to themselves. */
async function switchAll(
  client: PoolClient,
  plan: PlanToApply,
  work: readonly TableWork[],
): Promise<string[]> {
  const { workspace, shapes } = plan
  await useNames(client, workspace.id, workspace.schema, shapes)
  await watch(client, plan, shapes, true)
  return [
    ...(await plan.switchOver(client)),
    ...(await bridgeStatements(client, workspace.schema, work)),
    ...work.flatMap((one) => (one.kind === 'switch' ? [one.sql] : [])),
  ]
}

/** Old indexes that nothing needs any more; a failure here costs room, not correctness. */
async function dropIndexes(owner: Pool, plan: PlanToApply, work: readonly TableWork[]): Promise<void> {
  for (const one of work) {
    if (one.kind !== 'drop_index') continue
    try {
      await owner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteTable(plan.workspace.schema, one.name)}`)
    } catch (error) {
      plan.services.log.warn(
        { err: error, index: one.name },
        'an index that is no longer needed could not be dropped',
      )
    }
  }
}

/** Columns whose changes go to history: before the switch also those that the release leaves behind. */
function watchedColumns(plan: PlanToApply, shape: TableShape, isSwitched: boolean): WatchedColumn[] {
  const coming = shape.columns
    .filter((c) => isSwitched || c.origin.kind !== 'converted')
    .map((c) => ({ field: c.field, column: c.column, type: c.sql }))
  if (isSwitched) return coming
  const leaving = plan.names.columns.filter(
    (c) => c.table === shape.table && !c.retired && !coming.some((other) => other.column === c.column),
  )
  return [...coming, ...leaving.map((c) => ({ field: c.field, column: c.column, type: c.type }))]
}

function watchedTable(plan: PlanToApply, shape: TableShape, isSwitched: boolean): WatchedTable {
  return {
    schema: plan.workspace.schema,
    table: shape.table,
    object: shape.object,
    lines: shape.lines,
    parent: shape.parent,
    columns: watchedColumns(plan, shape, isSwitched),
  }
}

async function watch(
  client: PoolClient,
  plan: PlanToApply,
  shapes: readonly TableShape[],
  isSwitched: boolean,
): Promise<void> {
  const owner = await currentUser(client)
  for (const shape of shapes)
    await client.query(historyFunctionSql(watchedTable(plan, shape, isSwitched), owner))
}

async function addTriggers(client: PoolClient, plan: PlanToApply): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT c.relname AS "table" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = $1::regnamespace AND t.tgname = 'cw_history'`,
    [quoteName(plan.workspace.schema)],
  )
  const watched = new Set(rows.map((row) => row.table))
  for (const shape of plan.shapes)
    if (!watched.has(shape.table)) await client.query(historyTriggerSql(watchedTable(plan, shape, false)))
}
