SELECT true AS found FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pgmeta' AND pg_catalog.pg_has_role(e.extowner, 'USAGE') AND (e.extname = ANY ($1) OR e.extowner = ANY ($3)
        OR n.nspname = ANY ($2) OR $4 <> 0 AND n.nspowner = ANY ($3))
