-- How often those were reminded by a person who are waited for in a case.

ALTER TABLE {{schema}}.cw_run
  ADD COLUMN IF NOT EXISTS reminders integer NOT NULL DEFAULT 0;
