WITH RECURSIVE tree AS (
        SELECT $1::oid AS oid, NULL::oid AS parent, false AS pending
        UNION ALL SELECT i.inhrelid, i.inhparent, i.inhdetachpending FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
    SELECT t.oid, t.parent, c.relkind::text AS kind, c.relpersistence = 'u' AS unlogged, t.pending,
        pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, c.reltuples::int8 AS rows,
        CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid) END AS bytes,
        CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
            + pg_catalog.pg_stat_get_tuples_deleted(c.oid) END AS changes,
        (WITH RECURSIVE base AS (SELECT a.atttypid AS oid UNION ALL SELECT y.typbasetype FROM base b
                JOIN pg_catalog.pg_type y ON y.oid = b.oid WHERE y.typtype = 'd')
            SELECT pg_catalog.format_type(b.oid, NULL) FROM base b JOIN pg_catalog.pg_type y ON y.oid = b.oid
            WHERE y.typtype <> 'd') AS key,
        e.parts[1] AS unit, a.attname AS column_name, c.oid::regclass::text AS quoted
    FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
    LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat IN ('r', 'l')
    LEFT JOIN LATERAL (SELECT pg_catalog.regexp_match(pg_catalog.pg_get_expr(p.partexprs, p.partrelid),
        '^date_trunc\(''([a-z]+)''::text, ([a-z_][a-z0-9_]*|"(?:[^"]|"")+")\)') AS parts) e ON p.partattrs[0] = 0
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND CASE WHEN p.partattrs[0] = 0 THEN pg_catalog.quote_ident(a.attname) = e.parts[2] ELSE a.attnum = p.partattrs[0] END
