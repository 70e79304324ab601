-- What workspaces (000001) publish: their definitions, drafts and releases, and what each published thing is called in
-- Postgres. Only the owner reads and writes here; requests go through the functions of publish/.

-- Bytes are kept once, whatever number of drafts and releases name them.
CREATE TABLE channelwright.definition (
  hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE channelwright.release (
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  author uuid,
  note text NOT NULL DEFAULT '',
  -- The release that was in force before; null for the first.
  previous integer,
  -- Set when this release brings an earlier one back.
  restores integer,
  -- [{"pack", "path", "hash"}], sorted by pack and path.
  manifest jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace, number)
);

CREATE TABLE channelwright.draft (
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  pack text NOT NULL,
  path text NOT NULL,
  -- Null: the draft deletes the definition.
  text text,
  -- Hash of the text in the release that the draft started from; null: the definition is new.
  base_hash text,
  rev integer NOT NULL DEFAULT 1,
  author uuid,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace, pack, path)
);

-- What was installed from outside: the base of a later upgrade that keeps local edits.
CREATE TABLE channelwright.pack_install (
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  pack text NOT NULL,
  version text NOT NULL,
  manifest jsonb NOT NULL,
  release integer NOT NULL,
  installed_at timestamptz NOT NULL,
  installed_by uuid,
  PRIMARY KEY (workspace, pack)
);

-- x-id → physical name. Fixed when made, never renamed, remembered when retired.
CREATE TABLE channelwright.physical_table (
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  -- x-id of the object.
  object text NOT NULL,
  -- x-id of the lines field that the table holds; empty for the object's own table.
  lines text NOT NULL DEFAULT '',
  table_name text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  -- Hash of the rights last compiled for this table.
  access_hash text,
  PRIMARY KEY (workspace, object, lines),
  UNIQUE (workspace, table_name)
);

CREATE TABLE channelwright.physical_column (
  workspace uuid NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  -- x-id of the field. A change of type gives a field a new column; the old one stays as retired.
  field text NOT NULL,
  sql_type text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  PRIMARY KEY (workspace, table_name, column_name),
  FOREIGN KEY (workspace, table_name)
    REFERENCES channelwright.physical_table (workspace, table_name) ON DELETE CASCADE
);
CREATE UNIQUE INDEX physical_column_in_use
  ON channelwright.physical_column (workspace, table_name, field) WHERE NOT retired;

-- A publish as those who wait for it see it, from whichever server they ask.
CREATE TABLE channelwright.publication (
  id uuid PRIMARY KEY,
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  status text NOT NULL CHECK (status IN ('running', 'done', 'refused', 'failed')),
  steps jsonb NOT NULL DEFAULT '[]',
  diagnostics jsonb NOT NULL DEFAULT '[]',
  cases jsonb NOT NULL DEFAULT '[]',
  -- {"en", "zh"}: why it was refused or failed.
  message jsonb,
  release integer,
  started_by uuid,
  started_at timestamptz NOT NULL,
  -- Renewed while it runs; a publication that stopped renewing died with its server.
  beat_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX publication_workspace ON channelwright.publication (workspace, started_at DESC);
