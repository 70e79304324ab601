-- What the migrations make, as Postgres tells it. Written by tests/contract/schema.test.ts.

TABLE channelwright.account (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT account_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE,
  CONSTRAINT account_pkey PRIMARY KEY (id),
  CONSTRAINT account_provider_id_account_id_key UNIQUE (provider_id, account_id)
);

TABLE channelwright.definition (
  hash text NOT NULL,
  text text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT definition_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT definition_pkey PRIMARY KEY (hash)
);

TABLE channelwright.draft (
  workspace uuid NOT NULL,
  pack text NOT NULL,
  path text NOT NULL,
  text text,
  base_hash text,
  rev integer NOT NULL DEFAULT 1,
  author uuid,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT draft_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT draft_pkey PRIMARY KEY (workspace, pack, path)
);

TABLE channelwright.hook_guess (
  address bytea NOT NULL,
  count integer NOT NULL,
  since timestamp with time zone NOT NULL,
  CONSTRAINT hook_guess_pkey PRIMARY KEY (address)
);

TABLE channelwright.installation (
  id text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT installation_id_check CHECK ((id ~ '^[a-z0-9]{8}$'::text)),
  CONSTRAINT installation_pkey PRIMARY KEY (id)
);

TABLE channelwright.invitation (
  id uuid NOT NULL,
  workspace uuid NOT NULL,
  email text NOT NULL,
  name text,
  roles text[] NOT NULL,
  partner uuid,
  locale text NOT NULL DEFAULT 'en'::text,
  token_hash bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  accepted_at timestamp with time zone,
  accepted_by uuid,
  revoked_at timestamp with time zone,
  CONSTRAINT invitation_email_check CHECK ((email = lower(email))),
  CONSTRAINT invitation_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'zh'::text]))),
  CONSTRAINT invitation_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES "user"(id) ON DELETE SET NULL,
  CONSTRAINT invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id) ON DELETE SET NULL,
  CONSTRAINT invitation_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT invitation_pkey PRIMARY KEY (id),
  CONSTRAINT invitation_token_hash_key UNIQUE (token_hash)
);

TABLE channelwright.job_server (
  id uuid NOT NULL,
  pool_id text NOT NULL,
  beat_at timestamp with time zone NOT NULL,
  CONSTRAINT job_server_pkey PRIMARY KEY (id)
);

TABLE channelwright.kept_mail (
  id uuid NOT NULL,
  workspace uuid,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  html text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT kept_mail_pkey PRIMARY KEY (id)
);

TABLE channelwright.membership (
  id uuid NOT NULL,
  workspace uuid NOT NULL,
  user_id uuid NOT NULL,
  roles text[] NOT NULL DEFAULT '{}'::text[],
  partner uuid,
  status text NOT NULL DEFAULT 'active'::text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT membership_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text]))),
  CONSTRAINT membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE,
  CONSTRAINT membership_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT membership_pkey PRIMARY KEY (id),
  CONSTRAINT membership_workspace_user_id_key UNIQUE (workspace, user_id)
);

TABLE channelwright.migration (
  name text NOT NULL,
  ran_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT migration_pkey PRIMARY KEY (name)
);

TABLE channelwright.pack_install (
  workspace uuid NOT NULL,
  pack text NOT NULL,
  version text NOT NULL,
  manifest jsonb NOT NULL,
  release integer NOT NULL,
  installed_at timestamp with time zone NOT NULL,
  installed_by uuid,
  CONSTRAINT pack_install_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT pack_install_pkey PRIMARY KEY (workspace, pack)
);

TABLE channelwright.physical_column (
  workspace uuid NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  field text NOT NULL,
  sql_type text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  CONSTRAINT physical_column_workspace_table_name_fkey FOREIGN KEY (workspace, table_name) REFERENCES physical_table(workspace, table_name) ON DELETE CASCADE,
  CONSTRAINT physical_column_pkey PRIMARY KEY (workspace, table_name, column_name)
);

TABLE channelwright.physical_table (
  workspace uuid NOT NULL,
  object text NOT NULL,
  lines text NOT NULL DEFAULT ''::text,
  table_name text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  access_hash text,
  CONSTRAINT physical_table_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT physical_table_pkey PRIMARY KEY (workspace, object, lines),
  CONSTRAINT physical_table_workspace_table_name_key UNIQUE (workspace, table_name)
);

TABLE channelwright.publication (
  id uuid NOT NULL,
  workspace uuid NOT NULL,
  status text NOT NULL,
  steps jsonb NOT NULL DEFAULT '[]'::jsonb,
  diagnostics jsonb NOT NULL DEFAULT '[]'::jsonb,
  cases jsonb NOT NULL DEFAULT '[]'::jsonb,
  message jsonb,
  release integer,
  started_by uuid,
  started_at timestamp with time zone NOT NULL,
  beat_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT publication_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'refused'::text, 'failed'::text]))),
  CONSTRAINT publication_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT publication_pkey PRIMARY KEY (id)
);

TABLE channelwright.rate_limit (
  id uuid NOT NULL,
  key text NOT NULL,
  count integer NOT NULL,
  last_request bigint NOT NULL,
  CONSTRAINT rate_limit_pkey PRIMARY KEY (id),
  CONSTRAINT rate_limit_key_key UNIQUE (key)
);

TABLE channelwright.release (
  workspace uuid NOT NULL,
  number integer NOT NULL,
  author uuid,
  note text NOT NULL DEFAULT ''::text,
  previous integer,
  restores integer,
  manifest jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT release_number_check CHECK ((number > 0)),
  CONSTRAINT release_workspace_fkey FOREIGN KEY (workspace) REFERENCES workspace(id) ON DELETE CASCADE,
  CONSTRAINT release_pkey PRIMARY KEY (workspace, number)
);

TABLE channelwright.session (
  id uuid NOT NULL,
  token text NOT NULL,
  user_id uuid NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE,
  CONSTRAINT session_pkey PRIMARY KEY (id),
  CONSTRAINT session_token_key UNIQUE (token)
);

TABLE channelwright.sign_in_failure (
  account bytea NOT NULL,
  count integer NOT NULL,
  since timestamp with time zone NOT NULL,
  CONSTRAINT sign_in_failure_pkey PRIMARY KEY (account)
);

TABLE channelwright.user (
  id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  locale text NOT NULL DEFAULT 'en'::text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT user_email_check CHECK ((email = lower(email))),
  CONSTRAINT user_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'zh'::text]))),
  CONSTRAINT user_pkey PRIMARY KEY (id),
  CONSTRAINT user_email_key UNIQUE (email)
);

TABLE channelwright.verification (
  id uuid NOT NULL,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT verification_pkey PRIMARY KEY (id)
);

TABLE channelwright.workspace (
  id uuid NOT NULL,
  key text NOT NULL,
  title_en text NOT NULL,
  title_zh text NOT NULL,
  schema_name text NOT NULL,
  time_zone text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  scratch boolean NOT NULL DEFAULT false,
  release integer,
  tables_hash text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  access_made_by text,
  CONSTRAINT workspace_key_check CHECK ((key ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
  CONSTRAINT workspace_pkey PRIMARY KEY (id),
  CONSTRAINT workspace_key_key UNIQUE (key),
  CONSTRAINT workspace_schema_name_key UNIQUE (schema_name)
);

CREATE INDEX account_user_id ON channelwright.account USING btree (user_id);
CREATE INDEX hook_guess_since ON channelwright.hook_guess USING btree (since);
CREATE INDEX invitation_workspace ON channelwright.invitation USING btree (workspace, created_at DESC);
CREATE INDEX kept_mail_at ON channelwright.kept_mail USING btree (at DESC, id DESC);
CREATE INDEX membership_partner ON channelwright.membership USING btree (workspace, partner);
CREATE INDEX membership_user_id ON channelwright.membership USING btree (user_id);
CREATE UNIQUE INDEX physical_column_in_use ON channelwright.physical_column USING btree (workspace, table_name, field) WHERE (NOT retired);
CREATE INDEX publication_workspace ON channelwright.publication USING btree (workspace, started_at DESC);
CREATE INDEX session_user_id ON channelwright.session USING btree (user_id);
CREATE INDEX verification_identifier ON channelwright.verification USING btree (identifier);

CREATE OR REPLACE FUNCTION channelwright.keep_definition()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  releases bigint;
BEGIN
  SELECT count(*) INTO releases FROM channelwright.release r
  WHERE r.manifest @> jsonb_build_array(jsonb_build_object('hash', OLD.hash));
  IF releases = 0 THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
  RAISE EXCEPTION 'DEFINITION_IN_USE: this text is named by % releases', releases USING ERRCODE = 'restrict_violation';
END
$function$
;

CREATE OR REPLACE FUNCTION channelwright.keep_release()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  home text;
  current integer;
  cases bigint := 0;
  plans bigint := 0;
BEGIN
  SELECT w.schema_name, w.release INTO home, current FROM channelwright.workspace w WHERE w.id = OLD.workspace;
  IF home IS NULL THEN RETURN OLD; END IF;
  IF to_regclass(format('%I.cw_run', home)) IS NOT NULL THEN
    EXECUTE format('SELECT count(*) FROM %I.cw_run WHERE release = $1', home) INTO cases USING OLD.number;
  END IF;
  IF to_regclass(format('%I.cw_plan_version', home)) IS NOT NULL THEN
    EXECUTE format('SELECT count(*) FROM %I.cw_plan_version WHERE release = $1', home) INTO plans USING OLD.number;
  END IF;
  IF current IS DISTINCT FROM OLD.number AND cases = 0 AND plans = 0 THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'RELEASE_IN_USE: release % is referred to by % cases and % versions of plans', OLD.number, cases, plans
    USING ERRCODE = 'restrict_violation';
END
$function$
;

CREATE OR REPLACE FUNCTION channelwright.notify_identity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM pg_notify('cw_identity', '');
  RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION channelwright.order_jobs(orders jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  patient text[] := ARRAY(SELECT o->>'key' FROM jsonb_array_elements(orders) o WHERE o ? 'patient');
BEGIN
  PERFORM channelwright_jobs.remove_job(o->>'key') FROM jsonb_array_elements(orders) o WHERE NOT o ? 'job';

  INSERT INTO channelwright_jobs._private_tasks (identifier)
  SELECT DISTINCT o->>'job' FROM jsonb_array_elements(orders) o
  WHERE o ? 'job' AND NOT EXISTS (SELECT FROM channelwright_jobs._private_tasks t WHERE t.identifier = o->>'job')
  ON CONFLICT DO NOTHING;

  -- One that has begun did not see what this transaction writes: it loses its key and another is added.
  UPDATE channelwright_jobs._private_jobs j SET key = NULL, attempts = j.max_attempts, updated_at = now()
  FROM jsonb_array_elements(orders) o
  WHERE o ? 'job' AND j.key = o->>'key' AND j.is_available IS NOT TRUE;

  -- In the order of the keys: two that want the same ones must not wait for each other.
  INSERT INTO channelwright_jobs._private_jobs AS kept (task_id, payload, run_at, max_attempts, key, priority, flags)
  SELECT t.id, (o->'payload')::json, coalesce((o->>'run_at')::timestamptz, now()), (o->>'max_attempts')::smallint,
    o->>'key', (o->>'priority')::smallint, CASE WHEN o ? 'flag' THEN jsonb_build_object(o->>'flag', true) END
  FROM jsonb_array_elements(orders) o JOIN channelwright_jobs._private_tasks t ON t.identifier = o->>'job'
  ORDER BY o->>'key'
  ON CONFLICT (key) DO UPDATE SET task_id = excluded.task_id, payload = excluded.payload,
    max_attempts = excluded.max_attempts, priority = excluded.priority,
    run_at = CASE WHEN excluded.key = ANY (patient) AND kept.attempts = 0 THEN least(kept.run_at, excluded.run_at)
      ELSE excluded.run_at END,
    revision = kept.revision + 1, flags = excluded.flags, attempts = 0, last_error = NULL, updated_at = now()
  WHERE kept.locked_at IS NULL;
END
$function$
;

CREATE TRIGGER keep_definition BEFORE DELETE OR UPDATE ON channelwright.definition FOR EACH ROW EXECUTE FUNCTION keep_definition();
CREATE TRIGGER notify_identity AFTER INSERT OR DELETE OR UPDATE ON channelwright.membership FOR EACH STATEMENT EXECUTE FUNCTION notify_identity();
CREATE TRIGGER keep_release BEFORE DELETE OR UPDATE OF workspace, number, manifest ON channelwright.release FOR EACH ROW EXECUTE FUNCTION keep_release();
CREATE TRIGGER notify_identity AFTER DELETE ON channelwright.session FOR EACH STATEMENT EXECUTE FUNCTION notify_identity();
CREATE TRIGGER notify_identity AFTER DELETE OR UPDATE ON channelwright."user" FOR EACH STATEMENT EXECUTE FUNCTION notify_identity();
