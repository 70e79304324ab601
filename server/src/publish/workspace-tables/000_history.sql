-- History of every record of the workspace, written by trigger. Read through cw_history_readable, which shows the
-- records and the columns that the reader may read and no others.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- x-id of the object.
  object text NOT NULL,
  record_id uuid NOT NULL,
  -- Of a line: x-id of the lines field and the line's own id.
  lines text,
  line_id uuid,
  rev integer NOT NULL,
  at timestamptz NOT NULL,
  actor uuid,
  release integer NOT NULL,
  op text NOT NULL CHECK (op IN ('create', 'update', 'delete', 'restore', 'purge')),
  -- Changed values by x-id of the field; exact numbers as strings.
  before jsonb NOT NULL,
  after jsonb NOT NULL
);
-- What wrote in the name of the actor (`WriteCause` of server/src/db/unit.ts); null: the person did. As a default and
-- not in the triggers, so that it holds for tables that were published before it came.
ALTER TABLE {{schema}}.cw_history ADD COLUMN IF NOT EXISTS cause jsonb;
ALTER TABLE {{schema}}.cw_history ALTER COLUMN cause
  SET DEFAULT NULLIF(current_setting('cw.cause', true), '')::jsonb;
CREATE INDEX IF NOT EXISTS cw_history_record ON {{schema}}.cw_history (record_id, id DESC);

CREATE OR REPLACE FUNCTION {{schema}}.cw_keep_history() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'history is append-only' USING ERRCODE = '42501';
END $body$;
DROP TRIGGER IF EXISTS cw_keep_history ON {{schema}}.cw_history;
CREATE TRIGGER cw_keep_history BEFORE UPDATE OR DELETE OR TRUNCATE ON {{schema}}.cw_history
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.cw_keep_history();

-- Which column holds which field: how a reader's rights on columns decide what history shows. Kept by publishing.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_field (
  object text NOT NULL,
  lines text NOT NULL DEFAULT '',
  field text NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  PRIMARY KEY (object, lines, field)
);
GRANT SELECT ON {{schema}}.cw_field TO {{member}};
DROP POLICY IF EXISTS cw_member ON {{schema}}.cw_field;
CREATE POLICY cw_member ON {{schema}}.cw_field FOR SELECT TO {{member}} USING (true);

-- Both functions run with the reader's own rights: row-level security and column rights answer, not code.
CREATE OR REPLACE FUNCTION {{schema}}.cw_may_read(of_object text, of_record uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog AS $body$
DECLARE
  named text;
  found_it boolean;
BEGIN
  SELECT table_name INTO named FROM {{schema}}.cw_field WHERE object = of_object AND lines = '' LIMIT 1;
  IF named IS NULL OR NOT has_column_privilege(format('%I.%I', {{schema_text}}, named)::regclass, 'id', 'SELECT') THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I WHERE id = $1)', {{schema_text}}, named)
    INTO found_it USING of_record;
  RETURN found_it;
END $body$;

CREATE OR REPLACE FUNCTION {{schema}}.cw_readable_values(of_object text, of_lines text, changed jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog AS $body$
  SELECT COALESCE(jsonb_object_agg(v.key, v.value), '{}'::jsonb)
  FROM jsonb_each(changed) v
  JOIN {{schema}}.cw_field f ON f.object = of_object AND f.lines = COALESCE(of_lines, '') AND f.field = v.key
  WHERE has_column_privilege(
    format('%I.%I', {{schema_text}}, f.table_name)::regclass, f.column_name::name, 'SELECT')
$body$;

CREATE OR REPLACE VIEW {{schema}}.cw_history_readable WITH (security_barrier) AS
  SELECT h.id, h.object, h.record_id, h.lines, h.line_id, h.rev, h.at, h.actor, h.release, h.op,
    {{schema}}.cw_readable_values(h.object, h.lines, h.before) AS before,
    {{schema}}.cw_readable_values(h.object, h.lines, h.after) AS after,
    h.cause
  FROM {{schema}}.cw_history h
  WHERE {{schema}}.cw_may_read(h.object, h.record_id);
GRANT SELECT ON {{schema}}.cw_history_readable TO {{member}};
