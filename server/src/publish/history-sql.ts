import { fitName } from '../access/pg-role.ts'
import { quoteName, quoteTable, quoteText } from './quote.ts'

/** A column whose changes history keeps. */
export interface WatchedColumn {
  readonly field: string
  readonly column: string
  readonly type: string
}

export interface WatchedTable {
  readonly schema: string
  readonly table: string
  /** x-id of the object. */
  readonly object: string
  /** x-id of the lines field, and the table its records are in; empty for an object's own table. */
  readonly lines: string
  readonly parent: string | null
  readonly columns: readonly WatchedColumn[]
}

function functionName(table: WatchedTable): string {
  return quoteTable(table.schema, fitName(`cw_history_of_${table.table}`))
}

/**
 * The trigger function that writes a table's history. It runs as the owner, whom no request can become, so nobody
 * needs a right on history and nobody can leave it out. Publishing's own backfills are no changes of people: the
 * owner's session may say so, a request's session cannot.
 */
export function historyFunctionSql(watched: WatchedTable, owner: string): string {
  const record = watched.lines ? 'record_id' : 'id'
  const changed = watched.columns.map(
    (c) => `    IF NEW.${quoteName(c.column)} IS DISTINCT FROM OLD.${quoteName(c.column)} THEN
      was := was || jsonb_build_object(${quoteText(c.field)}, ${jsonOf('OLD', c)});
      now_is := now_is || jsonb_build_object(${quoteText(c.field)}, ${jsonOf('NEW', c)});
    END IF;`,
  )
  const operation = watched.lines
    ? `'update'`
    : `CASE WHEN NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN 'delete'
      WHEN NEW.deleted_at IS NULL AND OLD.deleted_at IS NOT NULL THEN 'restore' ELSE 'update' END`
  const history = quoteTable(watched.schema, 'cw_history')
  const heading = watched.lines
    ? `SELECT p.rev, p.release INTO of_rev, of_release FROM ${quoteTable(watched.schema, watched.parent!)} p WHERE p.id = this.record_id;
  of_rev := COALESCE(of_rev, 0); of_release := COALESCE(of_release, 0);`
    : 'of_rev := this.rev; of_release := this.release;'
  return `CREATE OR REPLACE FUNCTION ${functionName(watched)}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
DECLARE
  was jsonb := '{}';
  now_is jsonb := '{}';
  done text;
  this record;
  of_rev integer;
  of_release integer;
BEGIN
  IF TG_OP = 'INSERT' THEN
    this := NEW;
    done := 'create';
    now_is := ${allValues('NEW', watched.columns)};
  ELSIF TG_OP = 'UPDATE' THEN
    this := NEW;
    done := ${operation};
${changed.join('\n')}
    IF done = 'update' AND now_is = '{}' THEN
      RETURN NULL;
    END IF;
    IF session_user = ${quoteText(owner)} AND current_setting('cw.backfill', true) = 'on' THEN
      RETURN NULL;
    END IF;
  ELSE
    this := OLD;
    done := ${watched.lines ? `'delete'` : `'purge'`};
    was := ${allValues('OLD', watched.columns)};
  END IF;
  ${heading}
  INSERT INTO ${history} (object, record_id, lines, line_id, rev, at, actor, release, op, before, after)
  VALUES (${quoteText(watched.object)}, this.${record}, ${watched.lines ? `${quoteText(watched.lines)}, this.id` : 'NULL, NULL'}, of_rev,
    COALESCE(NULLIF(current_setting('cw.now', true), '')::timestamptz, clock_timestamp()),
    NULLIF(current_setting('cw.user', true), '')::uuid, of_release, done, was, now_is);
  RETURN NULL;
END $body$`
}

/** Fires in every session, also one that plays the part of a replica. */
export function historyTriggerSql(watched: WatchedTable): string {
  const table = quoteTable(watched.schema, watched.table)
  return `CREATE TRIGGER cw_history AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${functionName(watched)}();
ALTER TABLE ${table} ENABLE ALWAYS TRIGGER cw_history`
}

/** jsonb_build_object takes a hundred arguments at most. */
const perCall = 40

function allValues(row: string, columns: readonly WatchedColumn[]): string {
  const parts: string[] = []
  for (let at = 0; at < columns.length; at += perCall) {
    const pairs = columns.slice(at, at + perCall).map((c) => `${quoteText(c.field)}, ${jsonOf(row, c)}`)
    parts.push(`jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`)
  }
  return parts.length ? parts.join(' || ') : `'{}'::jsonb`
}

/** As the driver hands values over: what a JavaScript number would round is text. */
function jsonOf(row: string, { column, type }: WatchedColumn): string {
  const value = `${row}.${quoteName(column)}`
  return /^(numeric|bigint|daterange)/.test(type) ? `${value}::text` : value
}
