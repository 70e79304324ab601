-- What a transaction orders of the queue, all of it at once and as its last act: `server/src/jobs/order-jobs.ts`. It does
-- what graphile-worker's add_jobs and remove_job do, but for the NOTIFY: one inside a transaction makes all commits of
-- the database wait for each other. Who ordered wakes the workers after the commit.
CREATE FUNCTION channelwright.order_jobs(orders jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
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
$$;
REVOKE ALL ON FUNCTION channelwright.order_jobs(jsonb) FROM PUBLIC;

DROP FUNCTION channelwright.enqueue_job(text, json, timestamptz, text, integer, integer, text, text);
DROP FUNCTION channelwright.drop_job(text);
