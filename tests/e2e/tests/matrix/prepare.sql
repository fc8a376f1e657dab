-- Objects that the matrix needs in its database, besides the pairs: run as a superuser.
CREATE SCHEMA beside;
CREATE EXTENSION pgmeta SCHEMA beside;
SET search_path = beside, pg_catalog;

CREATE TABLE beside.plan (step int, transaction int, statement text);
CREATE TABLE beside.seen (at text, relation text, rows bigint, content text);

CREATE PROCEDURE beside.plan(source jsonb, target jsonb) LANGUAGE sql AS $$
  TRUNCATE beside.plan;
  INSERT INTO beside.plan SELECT step, transaction, statement FROM beside.pgmeta_plan(source, target, '{"exclude": ["beside"]}');
$$;

-- For \gexec: runs the cells of a row one after the other, and skips NULL.
CREATE VIEW beside.steps AS
SELECT CASE WHEN transaction IS NOT NULL AND lag(transaction) OVER w IS DISTINCT FROM transaction THEN 'BEGIN' END AS before,
  statement,
  CASE WHEN transaction IS NOT NULL AND lead(transaction) OVER w IS DISTINCT FROM transaction THEN 'COMMIT' END AS after
FROM beside.plan WINDOW w AS (ORDER BY step) ORDER BY step;

CREATE PROCEDURE beside.nothing_left(source jsonb, target jsonb) LANGUAGE plpgsql AS $$
BEGIN
  CALL beside.plan(source, target);
  IF EXISTS (SELECT FROM beside.plan) THEN
    RAISE EXCEPTION 'something is left: %', (SELECT string_agg(statement, E'\n' ORDER BY step) FROM beside.plan);
  END IF;
END
$$;

CREATE FUNCTION beside.look(at text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  relation regclass;
BEGIN
  FOR relation IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname ~ '^m[0-9]+$' AND relkind IN ('r', 'p', 'v', 'm') LOOP
    EXECUTE format('INSERT INTO beside.seen SELECT %L, %L, count(*), string_agg(r::text, E''\n'' ORDER BY r::text) FROM %s r', at, relation, relation);
  END LOOP;
END
$$;

-- Rows exist at every step, and are the same at the end.
CREATE FUNCTION beside.judge() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lost text;
BEGIN
  SELECT string_agg(format('%s: %s rows, then %s, then %s; %s, then %s', b.relation, b.rows, t.rows, k.rows, b.content, k.content), E'\n') INTO lost
  FROM beside.seen b LEFT JOIN beside.seen t ON t.at = 'there' AND t.relation = b.relation
    LEFT JOIN beside.seen k ON k.at = 'back' AND k.relation = b.relation
  WHERE b.at = 'before' AND (t.rows IS DISTINCT FROM b.rows OR k.rows IS DISTINCT FROM b.rows OR k.content IS DISTINCT FROM b.content);
  IF lost IS NOT NULL THEN
    RAISE EXCEPTION 'rows are lost: %', lost;
  END IF;
END
$$;

CREATE PROCEDURE beside.clear(schemas text[]) LANGUAGE plpgsql AS $$
DECLARE
  own text;
BEGIN
  SET LOCAL client_min_messages = warning;
  FOREACH own IN ARRAY schemas LOOP
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', own);
    EXECUTE format('DROP PUBLICATION IF EXISTS %I', own || '_pub');
    EXECUTE format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', own || '_fdw');
  END LOOP;
  TRUNCATE beside.plan, beside.seen;
END
$$;
