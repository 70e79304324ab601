-- Flow runs of one workspace: where each case stands, who must decide, what happened, what is to be done.
-- Written by the engine alone. Whose runs a role sees is decided by policies made from the grants of a release
-- (`server/src/flows/policies.ts`); steps, tasks and events of a run are seen by whoever sees the run.

CREATE TABLE IF NOT EXISTS {{schema}}.cw_run (
  id uuid PRIMARY KEY,
  flow text NOT NULL,
  release integer NOT NULL,
  object text NOT NULL,
  record uuid NOT NULL,
  applicant uuid NOT NULL,
  status text NOT NULL,
  outcome text,
  rev integer NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS cw_run_record ON {{schema}}.cw_run (record, started_at DESC);
CREATE INDEX IF NOT EXISTS cw_run_started ON {{schema}}.cw_run (started_at DESC, id DESC);

CREATE TABLE IF NOT EXISTS {{schema}}.cw_activation (
  id uuid PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  -- Order of entry within the run.
  seq integer NOT NULL,
  node text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'done', 'cancelled')),
  exit text,
  via text,
  entered_at timestamptz NOT NULL,
  left_at timestamptz,
  state jsonb NOT NULL,
  incident jsonb,
  UNIQUE (run, seq)
);

CREATE TABLE IF NOT EXISTS {{schema}}.cw_task (
  id uuid PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  activation uuid NOT NULL REFERENCES {{schema}}.cw_activation,
  seq integer NOT NULL,
  -- Of the run, so that an inbox reads one table, whether or not its owner may see the run.
  flow text NOT NULL,
  release integer NOT NULL,
  object text NOT NULL,
  record uuid NOT NULL,
  node text NOT NULL,
  assignee uuid NOT NULL,
  state text NOT NULL,
  rev integer NOT NULL,
  reason text,
  comment text,
  created_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by uuid,
  UNIQUE (run, seq)
);
-- The inbox: what waits for a person, and what they have dealt with.
CREATE INDEX IF NOT EXISTS cw_task_todo ON {{schema}}.cw_task (assignee, created_at DESC, id DESC)
  WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS cw_task_done ON {{schema}}.cw_task (assignee, decided_at DESC, id DESC)
  WHERE decided_by IS NOT NULL;

CREATE TABLE IF NOT EXISTS {{schema}}.cw_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  type text NOT NULL,
  at timestamptz NOT NULL,
  by uuid,
  node text,
  task uuid,
  data jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS cw_event_run ON {{schema}}.cw_event (run, id);

-- What a flow asked the server to do. The key is applied once: whoever applies it locks the row first and marks it
-- in the transaction that does the work.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_effect (
  key text PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  activation uuid NOT NULL REFERENCES {{schema}}.cw_activation,
  type text NOT NULL,
  payload jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'done', 'failed', 'cancelled')),
  -- In whose name: the person whose decision led to it.
  by uuid NOT NULL,
  queued_at timestamptz NOT NULL,
  done_at timestamptz,
  result jsonb,
  error text
);
-- What `$` was when it was asked for, where its values are reckoned when they are written.
ALTER TABLE {{schema}}.cw_effect ADD COLUMN IF NOT EXISTS context jsonb;
CREATE INDEX IF NOT EXISTS cw_effect_run ON {{schema}}.cw_effect (run);

-- Answers to commands, by the id that the caller gave: sent twice, done once.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_command (
  id uuid PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  actor uuid NOT NULL,
  -- SHA-256 of the command: the same id with another content is refused.
  digest text NOT NULL,
  -- As text it was answered with, key by key.
  reply json NOT NULL,
  at timestamptz NOT NULL
);

GRANT SELECT ON {{schema}}.cw_run, {{schema}}.cw_activation, {{schema}}.cw_task, {{schema}}.cw_event TO {{member}};

-- A person sees the tasks that are theirs, and the runs they started.
DROP POLICY IF EXISTS cw_assignee ON {{schema}}.cw_task;
CREATE POLICY cw_assignee ON {{schema}}.cw_task FOR SELECT TO {{member}}
  USING (assignee = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
DROP POLICY IF EXISTS cw_applicant ON {{schema}}.cw_run;
CREATE POLICY cw_applicant ON {{schema}}.cw_run FOR SELECT TO {{member}}
  USING (applicant = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
-- The subselect obeys the policies of cw_run.
DROP POLICY IF EXISTS cw_of_run ON {{schema}}.cw_task;
CREATE POLICY cw_of_run ON {{schema}}.cw_task FOR SELECT TO {{member}}
  USING (EXISTS (SELECT FROM {{schema}}.cw_run r WHERE r.id = run));
DROP POLICY IF EXISTS cw_of_run ON {{schema}}.cw_activation;
CREATE POLICY cw_of_run ON {{schema}}.cw_activation FOR SELECT TO {{member}}
  USING (EXISTS (SELECT FROM {{schema}}.cw_run r WHERE r.id = run));
DROP POLICY IF EXISTS cw_of_run ON {{schema}}.cw_event;
CREATE POLICY cw_of_run ON {{schema}}.cw_event FOR SELECT TO {{member}}
  USING (EXISTS (SELECT FROM {{schema}}.cw_run r WHERE r.id = run));

-- For what the engine calls there.
GRANT USAGE ON SCHEMA channelwright TO {{engine}};
