-- Files of the workspace: what each is called and holds, and what it belongs to. The bytes lie in the store of files
-- (`server/src/files/store.ts`) under the id. Written by the engine alone.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_file (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- Found out from the bytes, never taken from the sender.
  type text NOT NULL,
  bytes bigint NOT NULL CHECK (bytes > 0),
  sha256 text NOT NULL,
  -- Null: printed by the platform.
  uploaded_by uuid,
  at timestamptz NOT NULL,
  -- When it came to belong to something; null: it goes after a day.
  bound_at timestamptz
);
CREATE INDEX IF NOT EXISTS cw_file_unbound ON {{schema}}.cw_file (at) WHERE bound_at IS NULL;

-- What a file belongs to: a field of a record, or a run. One that was taken out, or whose record was deleted, has ended:
-- history still leads to it.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_file_use (
  file uuid NOT NULL REFERENCES {{schema}}.cw_file ON DELETE CASCADE,
  -- x-id of the object and of the field.
  object text,
  field text,
  record uuid,
  run uuid REFERENCES {{schema}}.cw_run,
  at timestamptz NOT NULL,
  ended_at timestamptz,
  CHECK ((record IS NULL) <> (run IS NULL) AND (record IS NULL) = (object IS NULL) AND (record IS NULL) = (field IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS cw_file_use_record ON {{schema}}.cw_file_use (file, record, field)
  WHERE record IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS cw_file_use_run ON {{schema}}.cw_file_use (file, run) WHERE run IS NOT NULL;
CREATE INDEX IF NOT EXISTS cw_file_use_of_record ON {{schema}}.cw_file_use (record) WHERE record IS NOT NULL;
CREATE INDEX IF NOT EXISTS cw_file_use_of_run ON {{schema}}.cw_file_use (run) WHERE run IS NOT NULL;
CREATE INDEX IF NOT EXISTS cw_file_use_ended ON {{schema}}.cw_file_use (ended_at) WHERE ended_at IS NOT NULL;

-- Whether the reader sees the record and may read the field of it. With the reader's own rights.
CREATE OR REPLACE FUNCTION {{schema}}.cw_may_read_field(of_object text, of_field text, of_record uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog AS $body$
DECLARE
  place record;
  found_it boolean;
BEGIN
  SELECT table_name, column_name INTO place FROM {{schema}}.cw_field
    WHERE object = of_object AND lines = '' AND field = of_field;
  IF place.table_name IS NULL
    OR NOT has_column_privilege(
      format('%I.%I', {{schema_text}}, place.table_name)::regclass, place.column_name::name, 'SELECT') THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I WHERE id = $1)', {{schema_text}}, place.table_name)
    INTO found_it USING of_record;
  RETURN found_it;
END $body$;

GRANT SELECT ON {{schema}}.cw_file, {{schema}}.cw_file_use TO {{member}};
DROP POLICY IF EXISTS cw_of_record ON {{schema}}.cw_file_use;
CREATE POLICY cw_of_record ON {{schema}}.cw_file_use FOR SELECT TO {{member}}
  USING (record IS NOT NULL AND {{schema}}.cw_may_read_field(object, field, record));
-- The subselect obeys the policies of cw_run.
DROP POLICY IF EXISTS cw_of_run ON {{schema}}.cw_file_use;
CREATE POLICY cw_of_run ON {{schema}}.cw_file_use FOR SELECT TO {{member}}
  USING (run IS NOT NULL AND EXISTS (SELECT FROM {{schema}}.cw_run r WHERE r.id = run));
-- What belongs to nothing yet is its sender's alone; afterwards it is seen where what it belongs to is seen.
DROP POLICY IF EXISTS cw_sender ON {{schema}}.cw_file;
CREATE POLICY cw_sender ON {{schema}}.cw_file FOR SELECT TO {{member}}
  USING (bound_at IS NULL AND uploaded_by = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
-- The subselect obeys the policies of cw_file_use.
DROP POLICY IF EXISTS cw_bound ON {{schema}}.cw_file;
CREATE POLICY cw_bound ON {{schema}}.cw_file FOR SELECT TO {{member}}
  USING (EXISTS (SELECT FROM {{schema}}.cw_file_use u WHERE u.file = id));
