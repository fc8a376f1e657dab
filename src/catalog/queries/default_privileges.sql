SELECT oid, defaclrole AS role, defaclnamespace AS schema, defaclobjtype AS object_type, defaclacl AS acl
FROM pg_catalog.pg_default_acl
WHERE defaclnamespace = ANY($1)
