SELECT oid, lomowner AS owner, lomacl AS acl
FROM pg_catalog.pg_largeobject_metadata
