SELECT 0::oid AS oid WHERE false
