SELECT $1::regclass::oid AS oid
