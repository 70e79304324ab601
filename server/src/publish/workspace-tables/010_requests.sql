-- The next number of each numbered series: a sequence field, per period of its pattern.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_sequence (
  series text PRIMARY KEY,
  last bigint NOT NULL
);
-- Taken by whoever may create the record: the function alone touches the counters, a gap-free one per transaction.
CREATE OR REPLACE FUNCTION {{schema}}.cw_next_number(of_series text) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $body$
  INSERT INTO {{schema}}.cw_sequence AS s (series, last) VALUES (of_series, 1)
  ON CONFLICT (series) DO UPDATE SET last = s.last + 1 RETURNING last
$body$;
GRANT EXECUTE ON FUNCTION {{schema}}.cw_next_number(text) TO {{member}};

-- Answers of writes that carried an Idempotency-Key, kept for a day. A person sees their own.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_idempotency (
  actor uuid NOT NULL,
  key text NOT NULL CHECK (length(key) <= 200),
  -- SHA-256 of method, path and body: the same key with another body is refused.
  request_hash text NOT NULL,
  status integer,
  body jsonb,
  headers jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX IF NOT EXISTS cw_idempotency_at ON {{schema}}.cw_idempotency (at);
GRANT SELECT, INSERT, UPDATE ON {{schema}}.cw_idempotency TO {{member}};
DROP POLICY IF EXISTS cw_member ON {{schema}}.cw_idempotency;
CREATE POLICY cw_member ON {{schema}}.cw_idempotency TO {{member}}
  USING (actor = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid))
  WITH CHECK (actor = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
