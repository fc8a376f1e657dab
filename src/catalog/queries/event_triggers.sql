SELECT e.oid, e.evtname AS name, e.evtowner AS owner, e.evtevent AS event, e.evtenabled AS firing, e.evttags AS tags,
       n.nspname AS function_schema, p.proname AS function_name
FROM pg_catalog.pg_event_trigger e
JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE e.oid >= 16384
