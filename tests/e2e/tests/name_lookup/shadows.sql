-- Twins of the types and relations of pg_catalog that an SQL text names: domains and views in the schema :where, in which
-- anybody may create. They write to the server's log when they are used by another role than :maker, and otherwise equal
-- their originals. Requires the table seen (word).
SET client_min_messages = error;
SET search_path = pg_catalog;

SELECT set_config('twins.schema', :'where', false), set_config('twins.maker', :'maker', false) \g /dev/null
DO $do$
BEGIN
    EXECUTE format($make$
        CREATE FUNCTION %1$s.twin_ran(twin text) RETURNS boolean LANGUAGE plpgsql AS $ran$
        BEGIN
            IF current_user OPERATOR(pg_catalog.<>) %2$L::pg_catalog.name THEN
                RAISE LOG 'twin %% ran as %%', twin, current_user;
            END IF;
            RETURN true;
        END $ran$;
        CREATE FUNCTION %1$s.twin_checked(value anyelement, twin text) RETURNS boolean LANGUAGE sql AS 'SELECT %1$s.twin_ran($2)'
        $make$, current_setting('twins.schema'), current_setting('twins.maker'));
END $do$;

SELECT format('CREATE VIEW %s.%I AS SELECT %s FROM pg_catalog.%2$I WHERE %1$s.twin_ran(%4$L)', :'where', c.relname,
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND t.typtype <> 'p'), 'relation ' || c.relname)
FROM pg_class c
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v') AND has_table_privilege(c.oid, 'SELECT')
    AND c.relname IN (SELECT word FROM seen)
ORDER BY c.relname \gexec

-- Last: from here on the names mean the twins if :where comes first.
SELECT format('CREATE DOMAIN %s.%I AS pg_catalog.%2$I CHECK (%1$s.twin_checked(VALUE, %3$L))', :'where', t.typname, 'type ' || t.typname)
FROM pg_type t
WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r') AND t.typname !~ '^_'
    AND t.typname IN (SELECT word FROM seen)
ORDER BY t.typname \gexec
RESET search_path;
