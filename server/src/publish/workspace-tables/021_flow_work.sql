-- What runs, steps and tasks say besides where they stand: rounds and returns, seats of a vote, who acts for whom,
-- evidence; and the tables of what happens by itself, who stands in for whom, and what people are told.

ALTER TABLE {{schema}}.cw_run
  ADD COLUMN IF NOT EXISTS round integer NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS returns integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS reminded_at timestamptz,
  -- The step of another run that waits for this one.
  ADD COLUMN IF NOT EXISTS parent_run uuid,
  ADD COLUMN IF NOT EXISTS parent_activation uuid,
  ADD COLUMN IF NOT EXISTS parent_item text,
  ADD COLUMN IF NOT EXISTS picks jsonb NOT NULL DEFAULT '{}',
  DROP CONSTRAINT IF EXISTS cw_run_status_check;
DO $body$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint
    WHERE conrelid = '{{schema}}.cw_run'::regclass AND conname = 'cw_run_status_known') THEN
    ALTER TABLE {{schema}}.cw_run ADD CONSTRAINT cw_run_status_known CHECK (status IN ('running', 'returned',
      'suspended', 'incident', 'approved', 'rejected', 'withdrawn', 'terminated', 'expired', 'ended')) NOT VALID;
  END IF;
END $body$;
DROP INDEX IF EXISTS {{schema}}.cw_run_open, {{schema}}.cw_run_status;
-- A record is in one open case of a flow at most, whoever writes it at the same time; what another case started for
-- each of its lines is not meant.
CREATE UNIQUE INDEX IF NOT EXISTS cw_run_open_case ON {{schema}}.cw_run (record, flow)
  WHERE status IN ('running', 'returned', 'suspended', 'incident') AND parent_run IS NULL;
CREATE INDEX IF NOT EXISTS cw_run_open_status ON {{schema}}.cw_run (status, started_at DESC, id DESC)
  WHERE status IN ('running', 'returned', 'suspended', 'incident');
-- Lists of administrators: the ended ones, behind any number that are open; those of one flow, however rare.
CREATE INDEX IF NOT EXISTS cw_run_closed ON {{schema}}.cw_run (started_at DESC, id DESC)
  WHERE status NOT IN ('running', 'returned', 'suspended', 'incident');
CREATE INDEX IF NOT EXISTS cw_run_flow ON {{schema}}.cw_run (flow, started_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS cw_run_applicant ON {{schema}}.cw_run (applicant, started_at DESC, id DESC);
-- What of one person is open, behind any number of theirs that have ended.
CREATE INDEX IF NOT EXISTS cw_run_applicant_open ON {{schema}}.cw_run (applicant, started_at DESC, id DESC)
  WHERE status IN ('running', 'returned', 'suspended', 'incident');
CREATE INDEX IF NOT EXISTS cw_run_ended ON {{schema}}.cw_run (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS cw_run_parent ON {{schema}}.cw_run (parent_run) WHERE parent_run IS NOT NULL;

ALTER TABLE {{schema}}.cw_activation
  ADD COLUMN IF NOT EXISTS round integer NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS cause text NOT NULL DEFAULT 'forward',
  ADD COLUMN IF NOT EXISTS data_version integer,
  ADD COLUMN IF NOT EXISTS back jsonb;
-- Steps that wait for something to happen to a record.
CREATE INDEX IF NOT EXISTS cw_activation_wait ON {{schema}}.cw_activation
  ((state #>> '{wait,record}')) WHERE status = 'active' AND state ? 'wait';

ALTER TABLE {{schema}}.cw_task
  ADD COLUMN IF NOT EXISTS slot integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS weight integer NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS parent uuid,
  ADD COLUMN IF NOT EXISTS link text,
  ADD COLUMN IF NOT EXISTS sign_group text,
  ADD COLUMN IF NOT EXISTS sign_order text,
  ADD COLUMN IF NOT EXISTS from_task uuid,
  ADD COLUMN IF NOT EXISTS added_by uuid,
  ADD COLUMN IF NOT EXISTS on_behalf_of uuid,
  ADD COLUMN IF NOT EXISTS delegation uuid,
  ADD COLUMN IF NOT EXISTS opinion_only boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS due_at timestamptz,
  ADD COLUMN IF NOT EXISTS evidence jsonb,
  ADD COLUMN IF NOT EXISTS data_version integer;
-- Late ones; those of a person who leaves; those of a delegation that ends.
CREATE INDEX IF NOT EXISTS cw_task_due ON {{schema}}.cw_task (due_at) WHERE state = 'pending' AND due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS cw_task_open ON {{schema}}.cw_task (assignee) WHERE state IN ('pending', 'waiting');
CREATE INDEX IF NOT EXISTS cw_task_delegation ON {{schema}}.cw_task (delegation)
  WHERE state IN ('pending', 'waiting') AND delegation IS NOT NULL;
CREATE INDEX IF NOT EXISTS cw_task_node ON {{schema}}.cw_task (decided_at) WHERE decided_at IS NOT NULL;

-- What happens by itself. Each has a job that is due at the same time; the row says whether it is still to happen.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_timer (
  id uuid PRIMARY KEY,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  activation uuid NOT NULL REFERENCES {{schema}}.cw_activation,
  task uuid,
  seq integer NOT NULL,
  kind text NOT NULL,
  due_at timestamptz NOT NULL,
  data jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'fired', 'cancelled')),
  -- Milliseconds that remained when it was stopped; a stopped timer does not fire.
  remaining bigint,
  UNIQUE (run, seq)
);
CREATE INDEX IF NOT EXISTS cw_timer_due ON {{schema}}.cw_timer (due_at) WHERE state = 'open' AND remaining IS NULL;

-- Who stands in for whom, and when.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_delegation (
  id uuid PRIMARY KEY,
  from_user uuid NOT NULL,
  to_user uuid NOT NULL CHECK (to_user <> from_user),
  -- Keys of flows; null: all.
  flows text[],
  -- Records of a greater amount stay with `from_user`; null: any.
  max_amount numeric,
  -- Field of the record that holds the amount.
  amount_field text,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  -- `replace`: they act instead of `from_user`; `also`: either may.
  mode text NOT NULL CHECK (mode IN ('replace', 'also')),
  reason text,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  -- Ended before its time.
  ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS cw_delegation_from ON {{schema}}.cw_delegation (from_user, ends_at DESC);
CREATE INDEX IF NOT EXISTS cw_delegation_to ON {{schema}}.cw_delegation (to_user, ends_at DESC);

-- Who was shown a run, by whichever step: once each.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_copy (
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  reader uuid NOT NULL,
  node text NOT NULL,
  at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (run, reader)
);
CREATE INDEX IF NOT EXISTS cw_copy_reader ON {{schema}}.cw_copy (reader, at DESC, run DESC);

-- What a person is told, here and by e-mail.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_notification (
  id uuid PRIMARY KEY,
  recipient uuid NOT NULL,
  kind text NOT NULL,
  run uuid REFERENCES {{schema}}.cw_run,
  task uuid,
  data jsonb NOT NULL,
  at timestamptz NOT NULL,
  read_at timestamptz,
  -- Where the e-mail stands: not wanted, to be sent, sent, given up.
  mail text NOT NULL CHECK (mail IN ('none', 'queued', 'sent', 'failed')),
  mailed_at timestamptz
);
CREATE INDEX IF NOT EXISTS cw_notification_recipient ON {{schema}}.cw_notification (recipient, at DESC, id DESC);

-- Who is stood in for sees the task as well; and whoever added somebody to it, so that they can take them back.
DROP POLICY IF EXISTS cw_principal ON {{schema}}.cw_task;
CREATE POLICY cw_principal ON {{schema}}.cw_task FOR SELECT TO {{member}}
  USING (on_behalf_of = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
DROP POLICY IF EXISTS cw_adder ON {{schema}}.cw_task;
CREATE POLICY cw_adder ON {{schema}}.cw_task FOR SELECT TO {{member}}
  USING (added_by = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));

GRANT SELECT ON {{schema}}.cw_timer, {{schema}}.cw_delegation, {{schema}}.cw_copy, {{schema}}.cw_notification
  TO {{member}};
-- The subselect obeys the policies of cw_run.
DROP POLICY IF EXISTS cw_of_run ON {{schema}}.cw_timer;
CREATE POLICY cw_of_run ON {{schema}}.cw_timer FOR SELECT TO {{member}}
  USING (EXISTS (SELECT FROM {{schema}}.cw_run r WHERE r.id = run));
DROP POLICY IF EXISTS cw_from ON {{schema}}.cw_delegation;
CREATE POLICY cw_from ON {{schema}}.cw_delegation FOR SELECT TO {{member}}
  USING (from_user = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
DROP POLICY IF EXISTS cw_to ON {{schema}}.cw_delegation;
CREATE POLICY cw_to ON {{schema}}.cw_delegation FOR SELECT TO {{member}}
  USING (to_user = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
DROP POLICY IF EXISTS cw_reader ON {{schema}}.cw_copy;
CREATE POLICY cw_reader ON {{schema}}.cw_copy FOR SELECT TO {{member}}
  USING (reader = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
DROP POLICY IF EXISTS cw_recipient ON {{schema}}.cw_notification;
CREATE POLICY cw_recipient ON {{schema}}.cw_notification FOR SELECT TO {{member}}
  USING (recipient = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid));
-- Who was shown a run may read it.
DROP POLICY IF EXISTS cw_copied ON {{schema}}.cw_run;
CREATE POLICY cw_copied ON {{schema}}.cw_run FOR SELECT TO {{member}}
  USING (id IN (SELECT c.run FROM {{schema}}.cw_copy c
    WHERE c.reader = (SELECT NULLIF(current_setting('cw.user', true), '')::uuid)));

-- The engine orders jobs in its own transaction (`server/src/jobs/order-jobs.ts`).
GRANT EXECUTE ON FUNCTION channelwright.order_jobs(jsonb) TO {{engine}};
