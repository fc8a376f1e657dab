SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = i.inhparent
    WHERE i.inhrelid = $1::oid AND p.partdefid <> 0) AS found
