-- How cases begin without anybody pressing anything: by the clock, by messages from outside, by other cases; and what
-- they hear of while they wait.

ALTER TABLE {{schema}}.cw_run
  -- What it was handed when it began, as it was then.
  ADD COLUMN IF NOT EXISTS given jsonb,
  -- How many cases started one another before this one began.
  ADD COLUMN IF NOT EXISTS depth integer NOT NULL DEFAULT 0;
ALTER TABLE {{schema}}.cw_timer
  -- By what the due time was reckoned, with the calendar and its release; null: by no calendar.
  ADD COLUMN IF NOT EXISTS reckoned jsonb;
CREATE INDEX IF NOT EXISTS cw_timer_reckoned ON {{schema}}.cw_timer (run)
  WHERE state = 'open' AND remaining IS NULL AND reckoned IS NOT NULL;

-- Flows that begin at times, of the release in force. The job that fires carries the time; it does nothing unless that
-- is the one that stands here.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_schedule (
  flow text PRIMARY KEY,
  release integer NOT NULL,
  cron text NOT NULL,
  next_at timestamptz NOT NULL,
  -- The time for which cases were begun last.
  last_at timestamptz
);

-- Secrets by which other systems sign their messages to a flow, encrypted with a key of this installation. No role of
-- people reads them.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_hook (
  flow text PRIMARY KEY,
  secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid NOT NULL,
  -- The one before, for as long as senders may still use it.
  previous bytea,
  previous_until timestamptz,
  used_at timestamptz,
  -- Messages since the minute began.
  minute timestamptz,
  count integer NOT NULL DEFAULT 0
);
ALTER TABLE {{schema}}.cw_hook
  -- The newest signed message that was not taken, and the code that its sender was told.
  ADD COLUMN IF NOT EXISTS refused_at timestamptz,
  ADD COLUMN IF NOT EXISTS refused_code text;
-- Messages that were taken, by the id that their sender gave them: sent again, answered again.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_hook_message (
  flow text NOT NULL,
  id text NOT NULL CHECK (length(id) <= 200),
  -- SHA-256 of the body: the same id with another body is refused.
  digest text NOT NULL,
  reply json NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (flow, id)
);
CREATE INDEX IF NOT EXISTS cw_hook_message_at ON {{schema}}.cw_hook_message (at);

-- Events that were raised, by the id that was given to them. A step that begins to wait shortly after hears them too.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_flow_event (
  id text PRIMARY KEY CHECK (length(id) <= 200),
  event text NOT NULL,
  -- Whose it is; null: everybody's.
  records uuid[],
  data jsonb NOT NULL,
  digest text NOT NULL,
  by uuid NOT NULL,
  at timestamptz NOT NULL,
  keep_until timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS cw_flow_event_records ON {{schema}}.cw_flow_event USING gin (records);
CREATE INDEX IF NOT EXISTS cw_flow_event_until ON {{schema}}.cw_flow_event (keep_until);
-- Steps that wait for an event by name.
CREATE INDEX IF NOT EXISTS cw_activation_event ON {{schema}}.cw_activation
  ((state #>> '{wait,event}'), id) WHERE status = 'active' AND state ? 'wait';
