{{type_parts}} SELECT DISTINCT y.typowner AS owner FROM parts t JOIN pg_catalog.pg_type y ON y.oid = t.oid
    JOIN pg_catalog.pg_roles o ON o.oid = y.typowner WHERE y.typtype = 'd' AND y.oid >= 16384 AND NOT o.rolsuper
