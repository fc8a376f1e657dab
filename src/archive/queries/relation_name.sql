SELECT $1::oid::regclass::text AS name
