-- Cases that are moved to another release of their flow: what was asked for and by whom, and what became of each case.
-- Read and written by the engine alone; whoever administers flows is asked for by the routes.
CREATE TABLE IF NOT EXISTS {{schema}}.cw_migration (
  id uuid PRIMARY KEY,
  flow text NOT NULL,
  -- To where.
  release integer NOT NULL,
  how text NOT NULL CHECK (how IN ('move', 'restart')),
  people text NOT NULL CHECK (people IN ('keep', 'resolve')),
  mapping jsonb NOT NULL,
  reason text,
  -- Nothing is changed; each case tells what would become of it.
  dry boolean NOT NULL,
  by uuid NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE TABLE IF NOT EXISTS {{schema}}.cw_migration_run (
  migration uuid NOT NULL REFERENCES {{schema}}.cw_migration,
  seq integer NOT NULL,
  run uuid NOT NULL REFERENCES {{schema}}.cw_run,
  from_release integer NOT NULL,
  outcome text NOT NULL,
  -- Why not: a code with what fills its message.
  problem jsonb,
  report jsonb,
  PRIMARY KEY (migration, seq)
);
CREATE INDEX IF NOT EXISTS cw_migration_run_waiting ON {{schema}}.cw_migration_run (migration, seq)
  WHERE outcome = 'waiting';
-- Open cases by the release that they follow: counted for administrators, and before anything of a release goes.
CREATE INDEX IF NOT EXISTS cw_run_release ON {{schema}}.cw_run (flow, release)
  WHERE status IN ('running', 'returned', 'suspended', 'incident');
