SELECT oid, typbasetype AS base FROM pg_catalog.pg_type WHERE typtype = 'd'
