SELECT p.oid, p.parname AS name, p.paracl AS acl
FROM {{parameter_acl}} p
