SELECT oid, defaclrole AS role, defaclobjtype AS object_type, defaclacl AS acl
FROM pg_catalog.pg_default_acl
WHERE defaclnamespace = 0
