-- What was offered to whom by steps that assign: whose turn it is follows from it, and why a choice fell as it did.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_offer (
  id uuid PRIMARY KEY,
  -- Object of the candidates, and which of its records.
  object text NOT NULL,
  candidate uuid NOT NULL,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  activation uuid NOT NULL,
  record uuid NOT NULL,
  -- Which rule of the node chose, counted from 0, and how.
  rule integer NOT NULL,
  method text NOT NULL,
  at timestamptz NOT NULL
);
-- What people give by hand is a turn as well: no case, no step and no rule chose it.
ALTER TABLE {{schema}}.cw_offer ALTER COLUMN run DROP NOT NULL, ALTER COLUMN activation DROP NOT NULL,
  ALTER COLUMN rule DROP NOT NULL;
-- Which choice of the step it was: a later one takes the place of those before.
ALTER TABLE {{schema}}.cw_offer ADD COLUMN IF NOT EXISTS attempt integer NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS cw_offer_step ON {{schema}}.cw_offer (activation);
DROP INDEX IF EXISTS {{schema}}.cw_offer_turn;
CREATE INDEX IF NOT EXISTS cw_offer_last ON {{schema}}.cw_offer (object, candidate, id DESC);
CREATE INDEX IF NOT EXISTS cw_offer_run ON {{schema}}.cw_offer (run);

-- Credits of weighted turns, per flow, node and rule.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_offer_credit (
  series text NOT NULL,
  candidate uuid NOT NULL,
  credit bigint NOT NULL,
  PRIMARY KEY (series, candidate)
);

GRANT SELECT ON {{schema}}.cw_offer TO {{member}};
DROP POLICY IF EXISTS cw_of_run ON {{schema}}.cw_offer;
CREATE POLICY cw_of_run ON {{schema}}.cw_offer FOR SELECT TO {{member}}
  USING (EXISTS (SELECT FROM {{schema}}.cw_run r WHERE r.id = run));
