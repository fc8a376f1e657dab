-- One without a function is a shell: another operator names it, and CREATE OPERATOR of that one makes it.
SELECT o.oid, o.oprnamespace AS schema, o.oprname AS name, o.oprowner AS owner,
       CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END AS left_type,
       pg_catalog.format_type(o.oprright, NULL) AS right_type,
       o.oprcode::pg_catalog.text AS function,
       c.oprnamespace AS commutator_schema, c.oprname AS commutator,
       n.oprnamespace AS negator_schema, n.oprname AS negator,
       NULLIF(o.oprrest::pg_catalog.text, '-') AS restrict, NULLIF(o.oprjoin::pg_catalog.text, '-') AS "join",
       o.oprcanhash AS hashes, o.oprcanmerge AS merges
FROM pg_catalog.pg_operator o
LEFT JOIN pg_catalog.pg_operator c ON c.oid = o.oprcom
LEFT JOIN pg_catalog.pg_operator n ON n.oid = o.oprnegate
WHERE o.oprnamespace = ANY($1) AND o.oprcode <> 0
