-- Twins of the functions, aggregates and operators of pg_catalog that an SQL text names, in the schema public, created by a
-- role that may create there and has no other privileges. Each writes to the server's log when it runs as another role than
-- its creator, and returns what the original returns. Requires shadows.sql, and the table seen (word).
--
-- A twin matters only if it matches as well as pg_catalog's function, or better: if it has the declared types, or types
-- that lead to the original by implicit casts only. So there is one for each list of types that pg_cast can convert to the
-- declared ones.
SET client_min_messages = error;
SET check_function_bodies = off;
SET search_path = pg_catalog;

-- Types of expressions on catalogs and on pgmeta's tables: possible arguments of polymorphic functions.
CREATE TEMP TABLE common AS
SELECT t.oid, t.typarray AS array_of FROM pg_type t WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typname IN (
    'bool', 'char', 'name', 'text', 'int2', 'int4', 'int8', 'oid', 'numeric', 'float8', 'timestamptz', 'timestamp', 'date',
    'interval', 'json', 'jsonb', 'bytea', 'xid', 'pg_lsn', 'aclitem', 'uuid', 'regclass', 'regtype', 'regproc', 'regrole', 'regnamespace',
    'regprocedure');

-- Possible types of an argument: the declared type, and types with an implicit cast to it.
CREATE TEMP TABLE accepted AS
SELECT t.oid AS declared, t.oid AS actual FROM pg_type t WHERE t.typtype <> 'p'
UNION
SELECT c.casttarget, c.castsource FROM pg_cast c WHERE c.castcontext = 'i'
    AND (c.castsource IN (SELECT oid FROM common) OR c.castsource IN ('varchar'::regtype, 'float4'::regtype))
    AND c.castsource <> c.casttarget;

-- The originals: their declared types, with polymorphic types resolved to one.
CREATE TEMP TABLE originals AS
WITH routines AS (
    SELECT 'operator' AS what, o.oprname::text AS name, CASE WHEN o.oprleft = 0 THEN ARRAY[o.oprright] ELSE ARRAY[o.oprleft, o.oprright] END AS declared,
        o.oprresult AS result, false AS retset, false AS spread, o.oprcode::oid AS routine
    FROM pg_operator o
    WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprresult <> 0 AND o.oprname IN (SELECT word FROM seen)
    UNION ALL
    SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.proname, p.proargtypes::oid[], p.prorettype, p.proretset, p.provariadic <> 0, p.oid
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a') AND p.proname IN (SELECT word FROM seen)
        AND p.pronargs <= 6
), resolved AS (
    SELECT r.what, r.name, r.retset, r.spread, r.routine, t.oid AS of,
        ARRAY(SELECT CASE WHEN a IN ('anyelement'::regtype, 'anynonarray'::regtype, 'anycompatible'::regtype, 'anycompatiblenonarray'::regtype, '"any"'::regtype) THEN t.oid
                WHEN a IN ('anyarray'::regtype, 'anycompatiblearray'::regtype) THEN t.array_of ELSE a END
            FROM unnest(r.declared) WITH ORDINALITY AS d (a, at) ORDER BY d.at) AS declared,
        CASE WHEN r.result IN ('anyelement'::regtype, 'anynonarray'::regtype, 'anycompatible'::regtype, 'anycompatiblenonarray'::regtype) THEN t.oid
            WHEN r.result IN ('anyarray'::regtype, 'anycompatiblearray'::regtype) THEN t.array_of ELSE r.result END AS result
    FROM routines r LEFT JOIN common t ON r.declared::regtype[] && '{anyelement,anynonarray,anycompatible,anycompatiblenonarray,"\"any\"",anyarray,anycompatiblearray}'::regtype[]
)
SELECT row_number() OVER () AS id, r.* FROM resolved r
WHERE NOT EXISTS (SELECT FROM unnest(r.declared || r.result) a JOIN pg_type t ON t.oid = a
    WHERE t.typtype = 'p' AND NOT (a = r.result AND t.typname IN ('void', 'record')));

-- Every list of types that leads to an original. With many arguments, only one of them has another type than the declared
-- one.
CREATE TEMP TABLE twins AS
WITH lists AS (
    SELECT o.id, o.declared AS actual FROM originals o
    UNION
    SELECT o.id, ARRAY[a.actual] FROM originals o JOIN accepted a ON a.declared = o.declared[1] WHERE cardinality(o.declared) = 1
    UNION
    SELECT o.id, ARRAY[a.actual, b.actual] FROM originals o JOIN accepted a ON a.declared = o.declared[1] JOIN accepted b ON b.declared = o.declared[2]
    WHERE cardinality(o.declared) = 2
    UNION
    SELECT o.id, o.declared[:at - 1] || a.actual || o.declared[at + 1:]
    FROM originals o, generate_subscripts(o.declared, 1) AS at, accepted a
    WHERE cardinality(o.declared) > 2 AND a.declared = o.declared[at]
)
SELECT DISTINCT ON (o.what = 'operator', o.name, l.actual) o.*, l.actual, 0::bigint AS number
FROM lists l JOIN originals o USING (id)
-- The nearest original determines the result type.
ORDER BY o.what = 'operator', o.name, l.actual,
    (SELECT count(*) FROM unnest(o.declared, l.actual) AS p (d, a) WHERE d = a) DESC,
    (SELECT count(*) FROM unnest(o.declared) d JOIN pg_type t ON t.oid = d WHERE t.typispreferred) DESC, o.routine;

-- format(text, VARIADIC "any") and similar functions accept any number of arguments; an array of one type replaces
-- arguments of that type.
INSERT INTO twins (what, name, retset, spread, routine, result, actual, declared)
SELECT DISTINCT ON (o.name, fixed || more.list) 'function', o.name, false, more.spread, o.routine, o.result, fixed || more.list, fixed
FROM originals o, LATERAL (SELECT o.declared[:cardinality(o.declared) - 1]) AS f (fixed),
    LATERAL (SELECT array_agg(c.oid) FROM common c WHERE c.oid = ANY ('{text,name,int4,int8,oid,regclass,regprocedure}'::regtype[])) AS few (types),
    LATERAL (SELECT ARRAY[c.array_of], true FROM common c
        UNION ALL SELECT ARRAY[a, b], false FROM unnest(few.types) a, unnest(few.types) b
        UNION ALL SELECT ARRAY[a, b, c], false FROM unnest(few.types) a, unnest(few.types) b, unnest(few.types) c) AS more (list, spread)
WHERE o.what = 'function' AND (SELECT p.provariadic FROM pg_proc p WHERE p.oid = o.routine) = '"any"'::regtype
    AND NOT EXISTS (SELECT FROM twins t WHERE t.name = o.name AND t.actual = fixed || more.list);
CREATE TEMP SEQUENCE number;
UPDATE twins SET number = nextval('number');
-- A function that is declared with an array after VARIADIC gets it so.
UPDATE twins SET spread = false WHERE spread AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = actual[cardinality(actual)] AND t.typelem <> 0 AND t.typlen = -1);

CREATE TEMP TABLE spelled AS
SELECT t.*, quote_ident(t.name) AS quoted,
    format('%s %s(%s)', t.what, t.name, (SELECT string_agg(format_type(a, NULL), ', ' ORDER BY at) FROM unnest(t.actual) WITH ORDINALITY u (a, at))) AS label,
    (SELECT string_agg(CASE WHEN t.spread AND at = cardinality(t.actual) THEN 'VARIADIC ' ELSE '' END || format_type(a, NULL), ', ' ORDER BY at)
        FROM unnest(t.actual) WITH ORDINALITY u (a, at)) AS types,
    (SELECT string_agg(CASE WHEN t.spread AND at = cardinality(t.actual) THEN 'VARIADIC $' ELSE '$' END || at, ', ' ORDER BY at)
        FROM unnest(t.actual) WITH ORDINALITY u (a, at)) AS passed,
    CASE WHEN t.result = 'record'::regtype OR p.proallargtypes IS NOT NULL THEN
        (SELECT string_agg(format('OUT %I %s', COALESCE(p.proargnames[at], 'c' || at), format_type(a, NULL)), ', ' ORDER BY at)
            FROM unnest(p.proallargtypes) WITH ORDINALITY u (a, at) WHERE p.proargmodes[at] IN ('o', 't')) END AS columns
FROM twins t JOIN pg_proc p ON p.oid = t.routine;

SELECT format('CREATE FUNCTION public.%s(%s) RETURNS %s%s LANGUAGE sql AS %L', quoted, concat_ws(', ', types, columns),
    CASE WHEN retset THEN 'SETOF ' ELSE '' END,
    CASE WHEN columns IS NULL THEN format_type(result, NULL) WHEN columns NOT LIKE '%, OUT %' THEN regexp_replace(columns, '^OUT ("[^"]*"|\S+) ', '') ELSE 'record' END,
    format('SELECT public.twin_ran(%L); SELECT * FROM pg_catalog.%s(%s)', label, quoted, passed))
FROM spelled WHERE what = 'function' AND (result <> 'record'::regtype OR columns IS NOT NULL) ORDER BY number \gexec

SELECT statement FROM spelled s, LATERAL (VALUES
    (1, format('CREATE FUNCTION public.twin_%s(%s) RETURNS %s LANGUAGE sql AS %L', number, types, format_type(result, NULL),
        format('SELECT public.twin_ran(%L); SELECT %s OPERATOR(pg_catalog.%s) %s', label, CASE WHEN cardinality(actual) = 2 THEN '$1' END, name,
            CASE WHEN cardinality(actual) = 2 THEN '$2' ELSE '$1' END))),
    (2, format('CREATE OPERATOR public.%s (FUNCTION = public.twin_%s, %s)', name, number,
        CASE WHEN cardinality(actual) = 2 THEN format('LEFTARG = %s, RIGHTARG = %s', format_type(actual[1], NULL), format_type(actual[2], NULL))
            ELSE format('RIGHTARG = %s', format_type(actual[1], NULL)) END))) AS step (at, statement)
WHERE what = 'operator' ORDER BY number, at \gexec

-- Aggregates with one argument collect the values and call the original at the end. Others only report that they ran.
SELECT statement FROM spelled s
    JOIN pg_aggregate g ON g.aggfnoid = s.routine AND g.aggkind = 'n'
    LEFT JOIN pg_type t ON t.oid = s.actual[1] LEFT JOIN pg_type k ON k.oid = t.typarray,
    LATERAL (VALUES
    (1, CASE WHEN cardinality(actual) = 1
        THEN format('CREATE FUNCTION public.twin_%s(pg_catalog.%s) RETURNS %s LANGUAGE sql AS %L', number, quote_ident(k.typname), format_type(result, NULL),
            format('SELECT public.twin_ran(%L); SELECT pg_catalog.%s(u) FROM pg_catalog.unnest($1) u', label, quoted))
        ELSE format('CREATE FUNCTION public.twin_%s(%s) RETURNS %s LANGUAGE sql AS %L', number, concat_ws(', ', format_type(result, NULL), types), format_type(result, NULL),
            format('SELECT public.twin_ran(%L); SELECT $1', label)) END),
    (2, CASE WHEN cardinality(actual) = 1
        THEN format('CREATE AGGREGATE public.%s(%s) (SFUNC = pg_catalog.array_append, STYPE = pg_catalog.%s, FINALFUNC = public.twin_%s)', quoted, types, quote_ident(k.typname), number)
        ELSE format('CREATE AGGREGATE public.%s(%s) (SFUNC = public.twin_%s, STYPE = %s)', quoted, COALESCE(types, '*'), number, format_type(result, NULL)) END)) AS step (at, statement)
WHERE what = 'aggregate' AND (cardinality(actual) <> 1 OR k.oid IS NOT NULL) ORDER BY number, at \gexec
RESET search_path;
