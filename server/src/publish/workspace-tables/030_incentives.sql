-- Incentive plans of one workspace: what was computed, and the ledger it was posted to.
-- Written by the engine alone; whose entries a role sees is decided by policies made from the grants of a release
-- (`server/src/incentives/policies.ts`).

-- The releases under which the wording of a plan changed. Windows and events hold to one of these.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_plan_version (
  plan text NOT NULL,
  release integer NOT NULL,
  digest text NOT NULL,
  PRIMARY KEY (plan, release)
);

-- The release an event accrued under first. It keeps that release until its window is recomputed on purpose.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_plan_event (
  plan text NOT NULL,
  event uuid NOT NULL,
  release integer NOT NULL,
  PRIMARY KEY (plan, event)
);

-- What became due by a change of a record. Rows are only added and taken, never updated, and carry no unique
-- constraint: a writer must not wait for a run that is under way.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_plan_dirty (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan text NOT NULL,
  earner uuid NOT NULL,
  day date NOT NULL,
  event uuid NOT NULL
);
CREATE INDEX IF NOT EXISTS cw_plan_dirty_plan ON {{schema}}.cw_plan_dirty (plan);

CREATE TABLE IF NOT EXISTS {{schema}}.cw_plan_run (
  id uuid PRIMARY KEY,
  plan text NOT NULL,
  release integer NOT NULL,
  -- Records written before this instant are in it.
  watermark timestamptz NOT NULL,
  parameters jsonb NOT NULL,
  simulate boolean NOT NULL,
  -- Null: the system, because something changed.
  started_by text,
  windows integer NOT NULL DEFAULT 0,
  entries integer NOT NULL DEFAULT 0,
  posted numeric NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS cw_plan_run_plan ON {{schema}}.cw_plan_run (plan, watermark DESC);

-- One window of one earner as a run computed it, under one release of the plan.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_result (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_plan_run,
  simulate boolean NOT NULL,
  plan text NOT NULL,
  release integer NOT NULL,
  earner uuid NOT NULL,
  window_from date NOT NULL,
  window_to date NOT NULL,
  -- Plans per event: the event. Null for all others.
  event uuid,
  -- Measures of all events up to and with this release; and of those that earlier releases have paid, if any.
  measures jsonb NOT NULL,
  before_measures jsonb,
  gate boolean NOT NULL,
  band text,
  base numeric NOT NULL,
  amount numeric NOT NULL,
  delta numeric NOT NULL,
  events uuid[] NOT NULL,
  -- [[event, day, [value of each measure], counted before], …] in the order of days.
  inputs jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS cw_result_window ON {{schema}}.cw_result (plan, earner, window_from, release, id DESC);
CREATE INDEX IF NOT EXISTS cw_result_run ON {{schema}}.cw_result (run);
CREATE INDEX IF NOT EXISTS cw_result_events ON {{schema}}.cw_result USING gin (events);

CREATE TABLE IF NOT EXISTS {{schema}}.cw_ledger_entry (
  id uuid PRIMARY KEY,
  plan text NOT NULL,
  release integer NOT NULL,
  earner uuid NOT NULL,
  window_from date NOT NULL,
  window_to date NOT NULL,
  event uuid,
  posted_at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('accrual', 'adjust')),
  amount numeric NOT NULL CHECK (amount <> 0),
  currency text NOT NULL,
  run uuid NOT NULL REFERENCES {{schema}}.cw_plan_run,
  result bigint NOT NULL REFERENCES {{schema}}.cw_result,
  reason text NOT NULL
);
CREATE INDEX IF NOT EXISTS cw_ledger_entry_earner ON {{schema}}.cw_ledger_entry (earner, plan, window_from);
CREATE INDEX IF NOT EXISTS cw_ledger_entry_plan ON {{schema}}.cw_ledger_entry (plan, earner, window_from, release);
CREATE INDEX IF NOT EXISTS cw_ledger_entry_posted ON {{schema}}.cw_ledger_entry (posted_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS cw_ledger_entry_run ON {{schema}}.cw_ledger_entry (run);

-- Money is never rewritten: a correction is a new entry. Holds for every role, the owner included.
CREATE OR REPLACE FUNCTION {{schema}}.cw_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $body$;
DROP TRIGGER IF EXISTS cw_append_only ON {{schema}}.cw_ledger_entry;
CREATE TRIGGER cw_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {{schema}}.cw_ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.cw_refuse_rewrite();
ALTER TABLE {{schema}}.cw_ledger_entry ENABLE ALWAYS TRIGGER cw_append_only;
-- What an entry is explained from is kept as firmly as the entry.
DROP TRIGGER IF EXISTS cw_append_only ON {{schema}}.cw_result;
CREATE TRIGGER cw_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {{schema}}.cw_result
  FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.cw_refuse_rewrite();
ALTER TABLE {{schema}}.cw_result ENABLE ALWAYS TRIGGER cw_append_only;

-- Whose rows a person sees is decided by policies; without one that names the role there are none.
GRANT SELECT ON {{schema}}.cw_ledger_entry TO {{member}};
-- Which records counted, and with how much, is shown by the explanation alone, cut down to what its reader may read.
REVOKE ALL ON {{schema}}.cw_result FROM {{member}};
GRANT SELECT (id, run, simulate, plan, release, earner, window_from, window_to, event, measures, amount, delta)
  ON {{schema}}.cw_result TO {{member}};
