-- Objects that guard or show rows, as rows of (kind, name, state): run in the schema `beside`, with search_path =
-- pg_catalog.
SELECT current_setting('server_version_num')::int >= 150000 AS ge15 \gset
\if :ge15
CREATE VIEW beside.published AS SELECT prpubid, prrelid, format('%s %s',
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = prrelid AND attnum = ANY (prattrs)),
    pg_get_expr(prqual, prrelid)) AS state FROM pg_publication_rel;
\else
CREATE VIEW beside.published AS SELECT prpubid, prrelid, '' AS state FROM pg_publication_rel;
\endif
CREATE VIEW beside.guards AS
WITH relations AS (
  SELECT c.oid, c.relkind, c.oid::regclass::text AS name, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relispopulated,
         c.relispartition, c.relpartbound, c.relacl, c.relowner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'beside', 'pgmeta') AND n.nspname NOT LIKE 'pg\_t%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT 'relation' AS kind, name, relkind::text AS state FROM relations WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION ALL SELECT 'view options', name, reloptions::text FROM relations WHERE relkind = 'v' AND reloptions IS NOT NULL
UNION ALL SELECT 'rows of a view', name, 'populated' FROM relations WHERE relkind = 'm' AND relispopulated
UNION ALL SELECT 'row security', name, relforcerowsecurity::text FROM relations WHERE relrowsecurity
UNION ALL SELECT 'policy', format('%s.%I', r.name, polname),
  format('%s %s %s %s %s', polcmd, polpermissive, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  FROM pg_policy JOIN relations r ON r.oid = polrelid
UNION ALL SELECT 'constraint', format('%s.%I', r.name, conname), format('%s %s', convalidated, pg_get_constraintdef(k.oid))
  FROM pg_constraint k JOIN relations r ON r.oid = conrelid WHERE contype <> 't' AND contype <> 'n'
UNION ALL SELECT DISTINCT 'unique columns', format('%s (%s)', r.name,
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute
      WHERE attrelid = indrelid AND attnum = ANY ((indkey::int2[])[0:indnkeyatts - 1]))), ''
  FROM pg_index JOIN relations r ON r.oid = indrelid
  WHERE indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL AND relkind IN ('r', 'p')
UNION ALL SELECT 'domain constraint', format('%s.%I', contypid::regtype, conname), format('%s %s', convalidated, pg_get_constraintdef(k.oid))
  FROM pg_constraint k WHERE contypid <> 0 AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
UNION ALL SELECT 'trigger', format('%s.%I', r.name, tgname), format('%s %s', tgenabled, pg_get_triggerdef(t.oid))
  FROM pg_trigger t JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal
UNION ALL SELECT 'rule', format('%s.%I', r.name, rulename), format('%s %s', ev_enabled, pg_get_ruledef(w.oid))
  FROM pg_rewrite w JOIN relations r ON r.oid = ev_class WHERE rulename <> '_RETURN'
UNION ALL SELECT 'publication', quote_ident(pubname), format('%s %s%s%s%s', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate)
  FROM pg_publication
UNION ALL SELECT 'published table', format('%I.%s', pubname, r.name), state
  FROM beside.published JOIN pg_publication p ON p.oid = prpubid JOIN relations r ON r.oid = prrelid
UNION ALL SELECT 'partition', format('%s of %s', r.name, inhparent::regclass), pg_get_expr(relpartbound, r.oid)
  FROM pg_inherits JOIN relations r ON r.oid = inhrelid WHERE relispartition
UNION ALL SELECT 'child', format('%s of %s', r.name, inhparent::regclass), ''
  FROM pg_inherits JOIN relations r ON r.oid = inhrelid WHERE NOT relispartition AND relkind IN ('r', 'f')
UNION ALL SELECT 'column', format('%s.%I', r.name, attname), '' FROM pg_attribute JOIN relations r ON r.oid = attrelid
  WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'f', 'v', 'm') AND attgenerated = ''
UNION ALL SELECT 'not null', format('%s.%I', r.name, attname), '' FROM pg_attribute JOIN relations r ON r.oid = attrelid
  WHERE attnum > 0 AND attnotnull AND relkind IN ('r', 'p', 'f')
UNION ALL SELECT 'default', format('%s.%I', r.name, attname), pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN relations r ON r.oid = adrelid
  JOIN pg_attribute a ON attrelid = adrelid AND attnum = adnum WHERE attgenerated = ''
UNION ALL SELECT 'identity', format('%s.%I', r.name, attname), attidentity::text FROM pg_attribute JOIN relations r ON r.oid = attrelid
  WHERE attidentity <> '' AND NOT attisdropped
UNION ALL SELECT 'type', t.oid::regtype::text, typtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
  WHERE typtype IN ('e', 'd', 'r', 'c') AND nspname NOT IN ('pg_catalog', 'information_schema', 'beside', 'pgmeta') AND nspname NOT LIKE 'pg\_t%'
UNION ALL SELECT 'function', p.oid::regprocedure::text, '' FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'beside', 'pgmeta')
UNION ALL SELECT 'privilege', format('%s to %s: %s', r.name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type), ''
  FROM relations r, aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)))
  WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND grantee <> relowner
UNION ALL SELECT 'privilege', format('%s.%I to %s: %s', r.name, attname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type), ''
  FROM pg_attribute JOIN relations r ON r.oid = attrelid, aclexplode(attacl) WHERE attacl IS NOT NULL AND grantee <> relowner
UNION ALL SELECT 'privilege', format('%s to %s: %s', p.oid::regprocedure, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type), ''
  FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace, aclexplode(coalesce(proacl, acldefault('f', proowner)))
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'beside', 'pgmeta') AND grantee <> proowner;
CREATE TABLE beside.seen (at int, kind text, name text, state text);

-- Objects that are missing, weaker or stronger than before and after, at each commit between the first and the last.
CREATE VIEW beside.wrong AS
WITH ends AS (SELECT min(at) AS first, max(at) AS last FROM beside.seen),
  first AS (SELECT s.* FROM beside.seen s, ends WHERE at = first),
  last AS (SELECT s.* FROM beside.seen s, ends WHERE at = last),
  commits AS (SELECT DISTINCT at FROM beside.seen, ends WHERE at > first AND at < last)
SELECT c.at, format('%s %s is missing', kind, name) AS what
FROM first JOIN last USING (kind, name) CROSS JOIN commits c
WHERE NOT EXISTS (SELECT FROM beside.seen s WHERE s.at = c.at AND s.kind = first.kind AND s.name = first.name)
UNION ALL
SELECT s.at, format('%s %s is %s', s.kind, s.name, s.state)
FROM first JOIN last USING (kind, name) JOIN beside.seen s USING (kind, name) JOIN commits c ON c.at = s.at
WHERE s.state IS DISTINCT FROM first.state AND s.state IS DISTINCT FROM last.state
UNION ALL
SELECT s.at, format('%s %s is granted', s.kind, s.name)
FROM beside.seen s JOIN commits USING (at)
WHERE kind = 'privilege' AND NOT EXISTS (SELECT FROM first WHERE first.kind = s.kind AND first.name = s.name)
  AND NOT EXISTS (SELECT FROM last WHERE last.kind = s.kind AND last.name = s.name);
