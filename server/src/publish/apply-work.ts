import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishDataRefused, publishExtensionMissing } from '@channelwright/runtime/errors/publishing.ts'
import type { ClientBase, Pool, PoolClient } from 'pg'
import { fitName } from '../access/pg-role.ts'
import { codeOf } from '../db/failures.ts'
import { backfill } from './backfill.ts'
import { besideWriters } from './beside-writers.ts'
import { readConstraintName } from './constraint-names.ts'
import { conversionSql, converterName, converterSql } from './convert-column.ts'
import type { TableWork } from './plan-tables.ts'
import { quoteName, quoteTable } from './quote.ts'
import { exclusionSql, indexSql, searchIndexSql } from './shape-tables.ts'
import { changeTable } from './with-lock.ts'

/** What takes time: everything but plain statements. */
export type SlowWork = Exclude<TableWork, { kind: 'expand' | 'switch' | 'drop_index' }>

export function isSlow(work: TableWork): work is SlowWork {
  return work.kind !== 'expand' && work.kind !== 'switch' && work.kind !== 'drop_index'
}

/** The work in the caller's transaction: for new and small tables, where nothing has to wait. */
export async function doAtOnce(client: ClientBase, schema: string, work: SlowWork): Promise<void> {
  const table = quoteTable(schema, work.table)
  await refuseReadably(work, async () => {
    switch (work.kind) {
      case 'index':
        await client.query(`DROP INDEX IF EXISTS ${quoteTable(schema, work.index.name)}`)
        await client.query(
          [indexSql(schema, work.table, work.index), ...searchIndexSql(schema, work.index)].join(';\n'),
        )
        return
      case 'exclusion':
        await client.query(exclusionSql(schema, work.table, work.exclusion))
        return
      case 'reference':
        await client.query(
          `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${quoteName(work.name)}; ${referenceSql(schema, work)}`,
        )
        return
      case 'require': {
        const column = quoteName(work.column)
        await client.query(`SET LOCAL cw.backfill = 'on'`)
        if (work.default !== null)
          await client.query(`UPDATE ${table} SET ${column} = ${work.default} WHERE ${column} IS NULL;
            ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${work.default}`)
        await client.query(`ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`)
        return
      }
      case 'convert': {
        await client.query(`SET LOCAL cw.backfill = 'on'`)
        await client.query(syncStatements(schema, work).join(';\n'))
        await client.query(`UPDATE ${table} SET ${quoteName(work.to.column)} = ${conversionOf(schema, work)}`)
      }
    }
  })
}

/** The same beside running writers: no statement holds a lock that they wait for longer than a moment. */
export async function doOnline(owner: Pool, schema: string, work: SlowWork): Promise<void> {
  await refuseReadably(work, async () => {
    switch (work.kind) {
      case 'index':
        return buildIndex(owner, schema, work)
      case 'exclusion':
        return buildExclusion(owner, schema, work)
      case 'reference':
        return addReference(owner, schema, work)
      case 'require':
        return requireColumn(owner, schema, work)
      case 'convert':
        return convertColumn(owner, schema, work)
    }
  })
}

async function buildIndex(owner: Pool, schema: string, work: SlowWork & { kind: 'index' }): Promise<void> {
  const { index } = work
  const drop = `DROP INDEX CONCURRENTLY IF EXISTS ${quoteTable(schema, index.name)}`
  await besideWriters(owner, async (client) => {
    // A build that was cut short left an invalid index, which costs writes and helps nobody.
    await client.query(drop)
    try {
      await client.query(indexSql(schema, work.table, index, true))
      for (const more of searchIndexSql(schema, index)) await client.query(more)
    } catch (error) {
      await client.query(drop).catch(() => undefined)
      throw error
    }
  })
}

/** The one kind of work that writers wait for; the plan says so and has it confirmed. */
function buildExclusion(owner: Pool, schema: string, work: SlowWork & { kind: 'exclusion' }): Promise<void> {
  return changeTable(
    owner,
    work.table,
    `SET LOCAL maintenance_work_mem = '256MB'`,
    exclusionSql(schema, work.table, work.exclusion),
  )
}

function referenceSql(schema: string, work: SlowWork & { kind: 'reference' }): string {
  return `ALTER TABLE ${quoteTable(schema, work.table)} ADD CONSTRAINT ${quoteName(work.name)}
    FOREIGN KEY (${quoteName(work.column)}) REFERENCES ${quoteTable(schema, work.target)} (id)`
}

async function addReference(
  owner: Pool,
  schema: string,
  work: SlowWork & { kind: 'reference' },
): Promise<void> {
  const table = quoteTable(schema, work.table)
  await changeTable(
    owner,
    work.table,
    `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${quoteName(work.name)}`,
    `${referenceSql(schema, work)} NOT VALID`,
  )
  await validate(owner, table, quoteName(work.name))
}

async function validate(owner: Pool, table: string, constraint: string): Promise<void> {
  await besideWriters(owner, (client) =>
    client.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint}`),
  )
}

/**
 * NOT NULL without a scan under lock: a trigger fills what old servers still leave empty, old rows are filled in small
 * batches, a CHECK is validated beside the writers, and SET NOT NULL then believes the CHECK.
 */
async function requireColumn(
  owner: Pool,
  schema: string,
  work: SlowWork & { kind: 'require' },
): Promise<void> {
  const table = quoteTable(schema, work.table)
  const column = quoteName(work.column)
  const check = quoteName(fitName(`cw_filled_${work.column}`))
  if (work.default !== null) {
    const filler = triggerName('fill', work.column)
    await changeTable(
      owner,
      work.table,
      ...keepingTriggerSql(
        schema,
        work.table,
        filler,
        `IF NEW.${column} IS NULL THEN NEW.${column} := ${work.default}; END IF;`,
      ),
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${work.default}`,
    )
    await backfill(owner, schema, work.table, `${column} = ${work.default}`, `t.${column} IS NULL`)
  }
  await changeTable(
    owner,
    work.table,
    `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`,
    `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`,
  )
  try {
    await validate(owner, table, check)
    await changeTable(
      owner,
      work.table,
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${check}`,
    )
  } catch (error) {
    await changeTable(owner, work.table, `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`).catch(
      () => undefined,
    )
    throw error
  }
}

/** Servers that have not heard of the switch write the old column; the trigger writes the new one with it. */
async function convertColumn(
  owner: Pool,
  schema: string,
  work: SlowWork & { kind: 'convert' },
): Promise<void> {
  const to = quoteName(work.to.column)
  await changeTable(owner, work.table, ...syncStatements(schema, work))
  await backfill(
    owner,
    schema,
    work.table,
    `${to} = ${conversionOf(schema, work, 't.')}`,
    `t.${to} IS DISTINCT FROM ${conversionOf(schema, work, 't.')}`,
  )
}

/**
 * The converter, and the bridge from the old column to the new one. A write that names the new column knows the new
 * release, and is left alone. A bridge of an earlier publish that led the other way goes.
 */
function syncStatements(schema: string, work: SlowWork & { kind: 'convert' }): string[] {
  const [from, to] = [quoteName(work.from.column), quoteName(work.to.column)]
  const table = quoteTable(schema, work.table)
  const back = triggerName('sync', work.from.column)
  return [
    converterSql(schema, work.from.type, work.to.sql),
    `DROP TRIGGER IF EXISTS ${quoteName(back)} ON ${table}`,
    `DROP FUNCTION IF EXISTS ${bridgeFunction(schema, work.table, back)}()`,
    ...keepingTriggerSql(
      schema,
      work.table,
      triggerName('sync', work.to.column),
      `IF TG_OP = 'INSERT' THEN
    IF NEW.${to} IS NULL THEN NEW.${to} := ${converterCall(schema, work, 'NEW.')}; END IF;
  ELSIF NEW.${from} IS DISTINCT FROM OLD.${from} AND NEW.${to} IS NOT DISTINCT FROM OLD.${to} THEN
    NEW.${to} := ${converterCall(schema, work, 'NEW.')};
  END IF;`,
    ),
  ]
}

function conversionOf(schema: string, work: SlowWork & { kind: 'convert' }, row = ''): string {
  const exists = work.to.origin.kind === 'converted' && work.to.origin.exists
  return conversionSql(schema, work.from, { column: work.to.column, type: work.to.sql, exists }, row)
}

function converterCall(schema: string, work: SlowWork & { kind: 'convert' }, row: string): string {
  return `${quoteTable(schema, converterName(work.from.type, work.to.sql))}(${row}${quoteName(work.from.column)})`
}

/**
 * Triggers that bridge the time until every server has heard of the switch; named so that the switch, and a publish
 * after a failed one, finds them.
 */
function triggerName(what: 'fill' | 'sync', column: string): string {
  return fitName(`cw_bridge_${what}_${column}`)
}

function bridgeFunction(schema: string, table: string, trigger: string): string {
  return quoteTable(schema, fitName(`${trigger}_of_${table}`))
}

function keepingTriggerSql(schema: string, table: string, name: string, body: string): string[] {
  const call = bridgeFunction(schema, table, name)
  return [
    `CREATE OR REPLACE FUNCTION ${call}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
BEGIN
  ${body}
  RETURN NEW;
END $body$`,
    `CREATE OR REPLACE TRIGGER ${quoteName(name)} BEFORE INSERT OR UPDATE ON ${quoteTable(schema, table)} FOR EACH ROW EXECUTE FUNCTION ${call}()`,
  ]
}

/**
 * What takes the bridges of earlier publishes away, and those of this one that have done their work; for the switch.
 * Bridges between two columns stay until the next publish: a server may write the old column for a moment yet.
 */
export async function bridgeStatements(
  client: PoolClient,
  schema: string,
  work: readonly TableWork[],
): Promise<string[]> {
  const { rows } = await client.query<{ table: string; trigger: string; function: string }>(
    `SELECT c.relname AS "table", t.tgname AS trigger, p.proname AS function
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE c.relnamespace = $1::regnamespace AND t.tgname LIKE 'cw\\_bridge\\_%'`,
    [quoteName(schema)],
  )
  const kept = new Set(
    work.flatMap((one) =>
      one.kind === 'convert' ? [`${one.table} ${triggerName('sync', one.to.column)}`] : [],
    ),
  )
  return rows
    .filter((row) => !kept.has(`${row.table} ${row.trigger}`))
    .flatMap((row) => [
      `DROP TRIGGER ${quoteName(row.trigger)} ON ${quoteTable(schema, row.table)}`,
      `DROP FUNCTION ${quoteTable(schema, row.function)}()`,
    ])
}

/** Exclusion constraints compare texts and ids with GiST, which Postgres keeps in an extension. */
export async function ensureGist(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM pg_extension WHERE extname = 'btree_gist'`)
  if (rowCount) return
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA channelwright')
  } catch (error) {
    // No right, or no such file on the server.
    if (['42501', '58P01', '0A000'].includes(codeOf(error)))
      throw new Refusal(publishExtensionMissing, { extension: 'btree_gist' })
    throw error
  }
}

/** Rows that break a new constraint are the publisher's to mend: named by constraint, without their values. */
async function refuseReadably(work: SlowWork, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const detail = dataDetails[codeOf(error)]
    if (!detail) throw error
    const constraint =
      typeof error === 'object' && error !== null && 'constraint' in error
        ? String(error.constraint)
        : work.table
    throw new Refusal(publishDataRefused, {
      constraint: readConstraintName(constraint)?.xId ?? constraint,
      detail: detail(work),
    })
  }
}

const dataDetails: Readonly<Record<string, (work: SlowWork) => string>> = {
  '23505': (work) => `several records of ${work.table} share the same values`,
  '23P01': (work) => `records of ${work.table} overlap`,
  '23503': (work) => `records of ${work.table} point to records that do not exist`,
  '23502': (work) => `records of ${work.table} have no value`,
  '23514': (work) => `records of ${work.table} have no value`,
}
