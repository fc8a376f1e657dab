-- Whether a change of a type's modifier rewrites the table: what plans say is what the server does, for all pairs.
SET client_min_messages = warning;
CREATE SCHEMA modifiers_t;
CREATE DOMAIN modifiers_t.money_like AS numeric(10,2) CHECK (VALUE >= 0);
CREATE DOMAIN modifiers_t.wider AS numeric(12,2);
CREATE TEMP TABLE families (family text, types text[], is_exact boolean);
INSERT INTO families VALUES
    ('numeric', '{numeric,"numeric(10,2)","numeric(12,2)","numeric(12,3)","numeric(12,0)","numeric(9,2)","numeric(10,3)"}', true),
    ('varchar', '{varchar,varchar(5),varchar(9),text}', true),
    ('varbit', '{varbit,varbit(5),varbit(9)}', true),
    ('bit', '{bit(3),bit(5)}', true),
    ('char', '{char(3),char(5)}', true),
    ('timestamp', '{timestamp,timestamp(0),timestamp(3),timestamp(6)}', true),
    ('timestamptz', '{timestamptz,timestamptz(0),timestamptz(3),timestamptz(6)}', true),
    ('time', '{time,time(0),time(3),time(6)}', true),
    ('timetz', '{timetz,timetz(0),timetz(3),timetz(6)}', true),
    ('interval', '{interval,interval(0),interval(3),interval(6),interval year,interval month,interval day,interval hour,'
        'interval minute,interval second,interval second(2),interval second(6),interval year to month,interval day to hour,'
        'interval day to minute,interval day to second,interval day to second(4),interval hour to minute,interval hour to second(1)}', true),
    -- Of these a plan may say more than happens, never less.
    ('arrays', '{"numeric(10,2)[]","numeric(12,2)[]",numeric[],varchar(5)[],varchar(9)[],text[]}', false),
    ('domains', '{"numeric(10,2)",modifiers_t.money_like,modifiers_t.wider,numeric}', false);
CREATE TEMP TABLE pairs AS
SELECT format('t%s', row_number() OVER ()) AS name, is_exact, a AS old, b AS new
FROM families, unnest(types) a, unnest(types) b WHERE a <> b;
SELECT count(*) AS pairs FROM pairs;

DO $$
DECLARE
    pair pairs;
BEGIN
    FOR pair IN SELECT * FROM pairs LOOP
        EXECUTE format('CREATE TABLE modifiers_t.%I (c %s)', pair.name, pair.new);
    END LOOP;
END
$$;
CREATE TEMP TABLE sides AS SELECT pgmeta_snapshot('modifiers_t') AS target, NULL::jsonb AS source;
DO $$
DECLARE
    pair pairs;
BEGIN
    FOR pair IN SELECT * FROM pairs LOOP
        EXECUTE format('DROP TABLE modifiers_t.%I', pair.name);
        EXECUTE format('CREATE TABLE modifiers_t.%I (c %s)', pair.name, pair.old);
    END LOOP;
END
$$;
UPDATE sides SET source = pgmeta_snapshot('modifiers_t');
CREATE TEMP TABLE steps AS
SELECT step, statement, identity, identity = ANY (rewrites) AS rewrites, 'MAY_FAIL_ON_DATA' = ANY (hazards) AS may_fail
FROM sides, pgmeta_plan(source, target);
CREATE TEMP TABLE happened (identity text, rewritten boolean);
DO $$
DECLARE
    one steps;
    before oid;
BEGIN
    FOR one IN SELECT * FROM steps ORDER BY step LOOP
        before := pg_relation_filenode(one.identity);
        EXECUTE one.statement;
        INSERT INTO happened VALUES (one.identity, before <> pg_relation_filenode(one.identity));
    END LOOP;
END
$$;

-- Both kinds are there.
SELECT is_exact, rewritten, count(*) > 5 AS several
FROM pairs JOIN happened ON identity = 'modifiers_t.' || name GROUP BY 1, 2 ORDER BY 1, 2;
-- What is not as it was said.
SELECT old, new, s.rewrites AS said, h.rewritten AS happened
FROM pairs JOIN steps s ON s.identity = 'modifiers_t.' || name JOIN happened h USING (identity)
WHERE CASE WHEN is_exact THEN s.rewrites <> h.rewritten ELSE h.rewritten AND NOT s.rewrites END;
-- What is not rewritten cannot fail, and neither can more digits on both sides of the point.
SELECT old, new FROM pairs JOIN steps ON identity = 'modifiers_t.' || name WHERE is_exact AND NOT rewrites AND may_fail;
SELECT old, new, may_fail FROM pairs JOIN steps ON identity = 'modifiers_t.' || name
WHERE rewrites AND old LIKE 'numeric(%' AND new LIKE 'numeric(%' AND old NOT LIKE '%]' ORDER BY 1, 2;
SELECT count(*) AS left_over FROM sides, pgmeta_diff(pgmeta_snapshot('modifiers_t'), target);
DROP SCHEMA modifiers_t CASCADE;
