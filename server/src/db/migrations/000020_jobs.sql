-- Servers that work off jobs, and when each last said that it lives.
CREATE TABLE channelwright.job_server (
  id uuid PRIMARY KEY,
  pool_id text NOT NULL,
  beat_at timestamptz NOT NULL
);

-- The one way to add a job. Runs as the owner, so that engine roles can enqueue in their own transaction without
-- any right on the tables of the queue. The queue's tables are made by graphile-worker itself after this migration.
CREATE FUNCTION channelwright.enqueue_job(
  identifier text, payload json, run_at timestamptz, job_key text, max_attempts integer, priority integer,
  flag text, queue_name text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM channelwright_jobs.add_job($1, $2, $8, $3, $5, $4, $6, CASE WHEN $7 IS NULL THEN NULL ELSE ARRAY[$7] END);
END
$$;
REVOKE ALL ON FUNCTION channelwright.enqueue_job(text, json, timestamptz, text, integer, integer, text, text) FROM PUBLIC;
