-- Refuses the statement that asks, when there are records that its writer names but may not see. In the statement
-- itself: a writer who names what is not theirs is told so before anything else, and nothing has to be waited for.
CREATE OR REPLACE FUNCTION {{schema}}.cw_require_seen(unseen uuid[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $body$
BEGIN
  IF pg_catalog.cardinality(unseen) > 0 THEN
    RAISE EXCEPTION 'the writer may not see all that is named'
      USING ERRCODE = 'CW001', DETAIL = pg_catalog.array_to_string(unseen, ',');
  END IF;
  RETURN true;
END $body$;
