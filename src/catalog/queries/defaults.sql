-- Defaults and generation expressions.
SELECT d.adrelid AS relation, d.adnum AS number, d.oid, {{default}} AS expression
FROM pg_catalog.pg_attrdef d {{relations_in_scope}}
