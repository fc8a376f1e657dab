SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
        c.relowner AS owner_oid, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
        pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, p.oid AS parent_oid, pn.nspname AS parent_schema, p.relname AS parent_name, COALESCE(i.inhdetachpending, false) AS pending,
        GREATEST(c.reltuples, 0)::int8 AS rows, COALESCE(pg_catalog.pg_table_size(c.oid), 0) AS bytes,
        pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
            + pg_catalog.pg_stat_get_tuples_deleted(c.oid) AS changes
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_inherits i ON c.relispartition AND i.inhrelid = c.oid
    LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
    LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE c.oid = $1::oid
