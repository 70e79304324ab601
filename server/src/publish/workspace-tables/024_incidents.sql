-- Steps that have stopped and of which those who administer flows have not been told yet; written by the engine with the
-- command that stopped them, taken away by the job that tells (`server/src/flows/incidents.ts`).
CREATE TABLE IF NOT EXISTS {{schema}}.cw_untold_incident (
  activation uuid PRIMARY KEY REFERENCES {{schema}}.cw_activation,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  at timestamptz NOT NULL
);
-- Effects that failed and were left: their step has gone on, and they are told all the same.
ALTER TABLE {{schema}}.cw_untold_incident ADD COLUMN IF NOT EXISTS failures jsonb NOT NULL DEFAULT '[]';
-- When they were last told of any.
CREATE INDEX IF NOT EXISTS cw_notification_incident ON {{schema}}.cw_notification (at DESC) WHERE kind = 'incident';
