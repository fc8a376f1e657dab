SELECT p.partdefid AS oid FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = $1::oid
