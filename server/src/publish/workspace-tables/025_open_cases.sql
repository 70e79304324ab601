-- Which cases of a record are open, for whoever reads the record: people are told that it is locked, whether or not
-- they may see the case that locks it.
CREATE OR REPLACE FUNCTION {{schema}}.cw_open_cases(of_record uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $body$
BEGIN
  -- In plpgsql because its plan is kept: this is called with every record that is read.
  RETURN (
    SELECT jsonb_agg(jsonb_build_object('flow', r.flow, 'release', r.release)) FROM {{schema}}.cw_run r
    WHERE r.record = of_record AND r.status IN ('running', 'returned', 'suspended', 'incident')
  );
END
$body$;
