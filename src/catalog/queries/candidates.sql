-- What a name ($1) may mean: in a schema ($2), or in the schemas of a search path ($3), the earliest winning.
WITH path AS (
    SELECT n.oid, p.position
    FROM pg_catalog.unnest($3) WITH ORDINALITY AS p (oid, position)
    JOIN pg_catalog.pg_namespace n ON n.oid = p.oid
    UNION ALL
    SELECT oid, 1 FROM pg_catalog.pg_namespace WHERE nspname = $2 AND $2 <> ''
), in_schemas AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, oid, relnamespace AS schema
    FROM pg_catalog.pg_class WHERE relname = $1 AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace FROM pg_catalog.pg_proc WHERE proname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typnamespace
    FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE t.typname = $1 AND (c.oid IS NULL OR c.relkind = 'c') AND t.typtype <> 'm'
    UNION ALL
    SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, collnamespace FROM pg_catalog.pg_collation WHERE collname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid, connamespace FROM pg_catalog.pg_conversion WHERE conname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, oid, stxnamespace FROM pg_catalog.pg_statistic_ext WHERE stxname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, cfgnamespace FROM pg_catalog.pg_ts_config WHERE cfgname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid, dictnamespace FROM pg_catalog.pg_ts_dict WHERE dictname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, oid, prsnamespace FROM pg_catalog.pg_ts_parser WHERE prsname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_ts_template'::pg_catalog.regclass, oid, tmplnamespace FROM pg_catalog.pg_ts_template WHERE tmplname = $1
), visible AS (
    SELECT s.class, s.oid, s.oid < 16384 AS is_system, pg_catalog.rank() OVER (PARTITION BY s.class, s.oid < 16384 ORDER BY p.position) AS place
    FROM in_schemas s JOIN path p ON p.oid = s.schema
), found AS (
    -- The system's own come last, for pg_catalog is in every path, and of them the functions, which casts are called like types.
    SELECT CASE WHEN NOT is_system THEN 1 WHEN class = 'pg_catalog.pg_proc'::pg_catalog.regclass THEN 5 ELSE 4 END AS tier, class, oid
    FROM visible WHERE place = 1
    UNION ALL
    SELECT 1, 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid FROM pg_catalog.pg_namespace WHERE nspname = $1 AND $2 = ''
    UNION ALL
    SELECT 2, 'pg_catalog.pg_extension'::pg_catalog.regclass, oid FROM pg_catalog.pg_extension WHERE extname = $1 AND $2 = ''
    UNION ALL
    SELECT 2, 'pg_catalog.pg_publication'::pg_catalog.regclass, oid FROM pg_catalog.pg_publication WHERE pubname = $1 AND $2 = ''
    UNION ALL
    SELECT 2, 'pg_catalog.pg_subscription'::pg_catalog.regclass, oid FROM pg_catalog.pg_subscription
    WHERE subname = $1 AND $2 = '' AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    UNION ALL
    SELECT 2, 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, oid FROM pg_catalog.pg_event_trigger WHERE evtname = $1 AND $2 = ''
    UNION ALL
    SELECT 2, 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid FROM pg_catalog.pg_foreign_server WHERE srvname = $1 AND $2 = ''
    UNION ALL
    SELECT 2, 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid FROM pg_catalog.pg_foreign_data_wrapper
    WHERE fdwname = $1 AND $2 = ''
    UNION ALL
    SELECT 2, 'pg_catalog.pg_language'::pg_catalog.regclass, oid FROM pg_catalog.pg_language WHERE lanname = $1 AND $2 = '' AND oid >= 16384
    UNION ALL
    SELECT 2, 'pg_catalog.pg_am'::pg_catalog.regclass, oid FROM pg_catalog.pg_am WHERE amname = $1 AND $2 = '' AND oid >= 16384
    UNION ALL
    SELECT 3, 'pg_catalog.pg_authid'::pg_catalog.regclass, oid FROM pg_catalog.pg_roles WHERE rolname = $1 AND $2 = ''
    UNION ALL
    SELECT 3, 'pg_catalog.pg_tablespace'::pg_catalog.regclass, oid FROM pg_catalog.pg_tablespace
    WHERE spcname = $1 AND $2 = '' AND oid >= 16384
    UNION ALL
    SELECT 3, 'pg_catalog.pg_database'::pg_catalog.regclass, oid FROM pg_catalog.pg_database WHERE datname = $1 AND $2 = ''
)
SELECT tier, class::pg_catalog.oid AS class, oid FROM found
