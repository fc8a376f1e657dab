SELECT pg_catalog.count(*) AS count FROM pg_catalog.pg_inherits i WHERE i.inhparent = $1::oid
