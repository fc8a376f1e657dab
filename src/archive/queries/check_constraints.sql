SELECT c.conname AS name, pg_catalog.pg_get_constraintdef(c.oid) AS definition
    FROM pg_catalog.pg_constraint c WHERE c.conrelid = $1::pg_catalog.oid AND c.contype IN ('c', 'n')
        AND NOT c.connoinherit ORDER BY c.contype DESC, c.conname
