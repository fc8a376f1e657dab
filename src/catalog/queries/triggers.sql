-- A partition's copy of a trigger is its parent's, unless it has a state or comment of its own. Triggers of foreign
-- keys and deferrable unique constraints are their constraint's; only those of kind 't' are constraint triggers.
SELECT t.oid, t.tgrelid AS relation, c.relkind AS relation_kind, t.tgname AS name, t.tgtype AS flags,
       t.tgenabled AS firing, t.tgconstraint AS constraint_oid, t.tgconstrrelid AS from_table,
       t.tgdeferrable AS deferrable, t.tginitdeferred AS initially_deferred,
       CASE WHEN t.tgattr[0] IS NOT NULL THEN ARRAY(
           SELECT a.attname FROM pg_catalog.unnest(t.tgattr::int2[]) WITH ORDINALITY u (number, position)
           JOIN pg_catalog.pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = u.number
           ORDER BY u.position
       ) END AS update_of,
       t.tgoldtable AS old_table, t.tgnewtable AS new_table,
       t.tgqual IS NOT NULL AS conditional,
       -- Nothing else deparses a condition, which speaks of OLD and NEW.
       CASE WHEN t.tgqual IS NOT NULL AND t.tgparentid = 0 THEN pg_catalog.pg_get_triggerdef(t.oid) END AS definition,
       n.nspname AS function_schema, p.proname AS function_name,
       -- Each ends with a zero byte, which no text has. A backslash is written as its number, so that none is before another.
       CASE WHEN t.tgnargs > 0 THEN ARRAY(
           SELECT pg_catalog.convert_from(pg_catalog.decode(u.argument, 'escape'), pg_catalog.getdatabaseencoding())
           FROM pg_catalog.unnest(pg_catalog.string_to_array(
               pg_catalog.replace(pg_catalog.encode(t.tgargs, 'escape'), '\\', '\134'), '\000'))
               WITH ORDINALITY u (argument, position)
           WHERE u.position <= t.tgnargs ORDER BY u.position
       ) END AS arguments,
       CASE WHEN t.tgparentid <> 0
            THEN ARRAY(SELECT a.relid::oid FROM pg_catalog.pg_partition_ancestors(t.tgrelid) WITH ORDINALITY a (relid, depth)
                       WHERE a.relid <> t.tgrelid ORDER BY a.depth)
       END AS ancestors
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_trigger parent ON parent.oid = t.tgparentid
LEFT JOIN pg_catalog.pg_constraint con ON con.oid = t.tgconstraint
LEFT JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND d.objoid = t.oid
WHERE (c.relnamespace = ANY($1) OR c.oid = ANY($2))
  AND (con.oid IS NULL OR con.contype = 't')
  AND (t.tgparentid = 0 AND NOT t.tgisinternal
       OR t.tgparentid <> 0 AND (t.tgenabled <> parent.tgenabled OR d.objoid IS NOT NULL))
