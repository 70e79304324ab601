-- Whether the case of a task is suspended: nobody can act on it, and no inbox counts it. Of the run, so that an inbox
-- reads one table.
ALTER TABLE {{schema}}.cw_task ADD COLUMN IF NOT EXISTS suspended boolean NOT NULL DEFAULT false;
UPDATE {{schema}}.cw_task t SET suspended = true FROM {{schema}}.cw_run r
  WHERE r.id = t.run AND r.status = 'suspended' AND t.state IN ('pending', 'waiting') AND NOT t.suspended;

-- Notes of a task that waits for somebody, to be read when it no longer does.
CREATE INDEX IF NOT EXISTS cw_notification_task ON {{schema}}.cw_notification (task)
  WHERE read_at IS NULL AND task IS NOT NULL;
