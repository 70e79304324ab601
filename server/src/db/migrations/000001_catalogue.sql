-- The catalogue: what the program knows across workspaces. Workspaces keep their own data in schemas of their own.

CREATE TABLE channelwright.installation (
  -- Part of the name of every Postgres role, so that several databases of one server do not meet.
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]{8}$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE channelwright.workspace (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  title_en text NOT NULL,
  title_zh text NOT NULL,
  schema_name text NOT NULL UNIQUE,
  time_zone text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  -- A workspace for one run of pack cases; leftovers of a killed run are swept.
  scratch boolean NOT NULL DEFAULT false,
  -- The release in force. Null: nothing has been published.
  release integer,
  -- Hash of the platform's tables inside the workspace's schema, as last applied.
  tables_hash text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE channelwright."user" (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'zh')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE channelwright.session (
  id uuid PRIMARY KEY,
  token text NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES channelwright."user" ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX session_user_id ON channelwright.session (user_id);

CREATE TABLE channelwright.account (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES channelwright."user" ON DELETE CASCADE,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX account_user_id ON channelwright.account (user_id);

CREATE TABLE channelwright.verification (
  id uuid PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX verification_identifier ON channelwright.verification (identifier);

-- Attempts per address and path; shared by all servers.
CREATE TABLE channelwright.rate_limit (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  count integer NOT NULL,
  last_request bigint NOT NULL
);

CREATE TABLE channelwright.membership (
  id uuid PRIMARY KEY,
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES channelwright."user" ON DELETE CASCADE,
  roles text[] NOT NULL DEFAULT '{}',
  -- A record of the workspace's party object; lives in the workspace's schema, so no foreign key.
  partner uuid,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace, user_id)
);
CREATE INDEX membership_user_id ON channelwright.membership (user_id);
CREATE INDEX membership_partner ON channelwright.membership (workspace, partner);

CREATE TABLE channelwright.invitation (
  id uuid PRIMARY KEY,
  workspace uuid NOT NULL REFERENCES channelwright.workspace ON DELETE CASCADE,
  email text NOT NULL CHECK (email = lower(email)),
  name text,
  roles text[] NOT NULL,
  partner uuid,
  locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'zh')),
  -- SHA-256 of the token in the link; the link itself is not kept.
  token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  created_by uuid REFERENCES channelwright."user" ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by uuid REFERENCES channelwright."user" ON DELETE SET NULL,
  revoked_at timestamptz
);
CREATE INDEX invitation_workspace ON channelwright.invitation (workspace, created_at DESC);

-- Every server forgets what it remembered of people as soon as a commit changes it.
CREATE FUNCTION channelwright.notify_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cw_identity', '');
  RETURN NULL;
END $$;
CREATE TRIGGER notify_identity AFTER UPDATE OR DELETE OR INSERT ON channelwright.membership
  FOR EACH STATEMENT EXECUTE FUNCTION channelwright.notify_identity();
CREATE TRIGGER notify_identity AFTER DELETE ON channelwright.session
  FOR EACH STATEMENT EXECUTE FUNCTION channelwright.notify_identity();
CREATE TRIGGER notify_identity AFTER UPDATE OR DELETE ON channelwright."user"
  FOR EACH STATEMENT EXECUTE FUNCTION channelwright.notify_identity();
