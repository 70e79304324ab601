-- A case ends by the release it began with, and its story is told by it; money says under which release it was posted.
-- So what is referred to stays, whoever would take it away: the release in force, one that cases or plans refer to, and
-- every text that a release names. A workspace as a whole may go: its schema goes first, and nothing refers any more.

CREATE FUNCTION channelwright.keep_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
$$;
CREATE TRIGGER keep_release BEFORE DELETE OR UPDATE OF workspace, number, manifest ON channelwright.release
  FOR EACH ROW EXECUTE FUNCTION channelwright.keep_release();

CREATE FUNCTION channelwright.keep_definition() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  releases bigint;
BEGIN
  SELECT count(*) INTO releases FROM channelwright.release r
  WHERE r.manifest @> jsonb_build_array(jsonb_build_object('hash', OLD.hash));
  IF releases = 0 THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
  RAISE EXCEPTION 'DEFINITION_IN_USE: this text is named by % releases', releases USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER keep_definition BEFORE DELETE OR UPDATE ON channelwright.definition
  FOR EACH ROW EXECUTE FUNCTION channelwright.keep_definition();
