-- Overloads of the functions with snapshot arguments. A text is the name of a saved snapshot or a JSON document; untyped literals
-- resolve to text. Some drivers send json. All overloads call the same C functions, which look at the types of their arguments.

-- Pins the search_path: the schema that CREATE EXTENSION chooses may contain functions and operators of other roles.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
    changes CONSTANT pg_catalog.text := 'TABLE (ordinal pg_catalog.int4, change pg_catalog.text, type pg_catalog.text, schema pg_catalog.text,
        name pg_catalog.text, identity pg_catalog.text, detail pg_catalog.jsonb)';
    steps CONSTANT pg_catalog.text := 'TABLE (step pg_catalog.int4, transaction pg_catalog.int4, statement pg_catalog.text, hazards pg_catalog.text[],
        lock_level pg_catalog.text, lock_timeout_ms pg_catalog.int4, statement_timeout_ms pg_catalog.int4, rewrites pg_catalog.text[],
        reason pg_catalog.text, type pg_catalog.text, identity pg_catalog.text)';
    findings CONSTANT pg_catalog.text := 'TABLE (rule pg_catalog.text, level pg_catalog.text, category pg_catalog.text, type pg_catalog.text,
        schema pg_catalog.text, name pg_catalog.text, identity pg_catalog.text, column_name pg_catalog.text, title pg_catalog.text,
        description pg_catalog.text, detail pg_catalog.text, remediation pg_catalog.text, fix_sql pg_catalog.text,
        metadata pg_catalog.jsonb, cache_key pg_catalog.text)';
    options CONSTANT pg_catalog.text := 'options pg_catalog.jsonb DEFAULT ''{}''';
    -- Name and arguments, with `%1$s` and `%2$s` for the types of snapshots; result; volatility.
    of_two CONSTANT pg_catalog.text[] := ARRAY[
        ['pgmeta_diff(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', changes, 'STABLE'],
        ['pgmeta_plan(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', steps, 'STABLE'],
        ['pgmeta_migration(source %1$s, target %2$s, format pg_catalog.text DEFAULT ''plain'', name pg_catalog.text DEFAULT ''migration'','
            ' version pg_catalog.text DEFAULT NULL, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (path pg_catalog.text, content pg_catalog.text)', 'STABLE'],
        ['pgmeta_lint_plan(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', findings, 'STABLE']];
    of_one CONSTANT pg_catalog.text[] := ARRAY[
        ['pgmeta_snapshot_ddl(snapshot %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', 'pg_catalog.text', 'STABLE'],
        ['pgmeta_snapshot_save(name pg_catalog.text, snapshot %1$s, comment pg_catalog.text DEFAULT NULL)', 'pg_catalog.int8', 'VOLATILE'],
        ['pgmeta_live(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', 'pg_catalog.jsonb', 'STABLE'],
        ['pgmeta_plan_live(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', steps, 'STABLE'],
        ['pgmeta_rehearse(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (step pg_catalog.int4, statement pg_catalog.text, duration_ms pg_catalog.float8, locks pg_catalog.jsonb,'
            ' rewritten pg_catalog.text[], error pg_catalog.text, values_changed pg_catalog.jsonb)', 'VOLATILE'],
        ['pgmeta_apply(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (step pg_catalog.int4, statement pg_catalog.text, duration_ms pg_catalog.float8, values_changed pg_catalog.jsonb)', 'VOLATILE'],
        ['pgmeta_discover(snapshot %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', 'pg_catalog.jsonb', 'STABLE'],
        ['pgmeta_drift(name %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', changes, 'STABLE'],
        ['pgmeta_lint(snapshot %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', findings, 'STABLE']];
    types CONSTANT pg_catalog.text[] := '{{text,text},{json,json},{jsonb,text},{text,jsonb}}';
    pair pg_catalog.text[];
    declared pg_catalog.text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY types LOOP
        FOREACH declared SLICE 1 IN ARRAY of_two OPERATOR(pg_catalog.||) of_one LOOP
            -- pgmeta_diff(text, text), pgmeta_discover(text) and pgmeta_lint(text) are other functions: a text may be the name of a schema.
            CONTINUE WHEN pair OPERATOR(pg_catalog.=) '{text,text}' AND declared[1] OPERATOR(pg_catalog.~) '^pgmeta_(diff|discover|lint)\(';
            CONTINUE WHEN pair[1] OPERATOR(pg_catalog.<>) pair[2] AND declared[1] OPERATOR(pg_catalog.!~~) '%\%2$s%';
            EXECUTE pg_catalog.format('CREATE FUNCTION %s.%s RETURNS %s %s PARALLEL UNSAFE LANGUAGE c AS %L, %L', '@extschema@',
                pg_catalog.format(declared[1], 'pg_catalog.' OPERATOR(pg_catalog.||) pair[1], 'pg_catalog.' OPERATOR(pg_catalog.||) pair[2]),
                declared[2], declared[3], 'MODULE_PATHNAME',
                pg_catalog.split_part(declared[1], '(', 1) OPERATOR(pg_catalog.||) '_wrapper');
        END LOOP;
    END LOOP;
END
$$;

-- The following objects are created in the extension's own schema.
SET LOCAL search_path = @extschema@, pg_temp;
