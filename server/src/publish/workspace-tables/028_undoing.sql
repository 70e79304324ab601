-- What takes steps back again, and cases that stand still though they have ended because it failed.

ALTER TABLE {{schema}}.cw_effect
  -- It takes back what a step has done.
  ADD COLUMN IF NOT EXISTS undoes boolean NOT NULL DEFAULT false;
ALTER TABLE {{schema}}.cw_run
  -- Something waits for an administrator, whether or not the case has ended.
  ADD COLUMN IF NOT EXISTS stuck boolean NOT NULL DEFAULT false;
UPDATE {{schema}}.cw_run SET stuck = true WHERE status = 'incident' AND NOT stuck;
CREATE INDEX IF NOT EXISTS cw_run_stuck ON {{schema}}.cw_run (started_at DESC, id DESC) WHERE stuck;
