-- Takes a job back that has not begun: a timer that is not needed any more. As `enqueue_job`, for engine roles.
CREATE FUNCTION channelwright.drop_job(job_key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM channelwright_jobs.remove_job($1);
END
$$;
REVOKE ALL ON FUNCTION channelwright.drop_job(text) FROM PUBLIC;

-- E-mails of an installation that has no mail server: an inbox for those who develop or try it out.
CREATE TABLE channelwright.kept_mail (
  id uuid PRIMARY KEY,
  workspace uuid,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  html text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX kept_mail_at ON channelwright.kept_mail (at DESC, id DESC);
