-- Creates one table per set of types, whose rows have difficult values of every type in the database: all literals that the
-- types' input functions accept. For each type t there are also t[], a domain over it, a composite type with it, an array
-- of that, and a range if the type has an order.
CREATE SCHEMA v;
CREATE TABLE v.literals (text text PRIMARY KEY);
INSERT INTO v.literals SELECT DISTINCT unnest(ARRAY[
  '', ' ', '0', '1', '-1', '12', '1.50', '-0', '1e400', 'NaN', '-Infinity', 'infinity', '-infinity', '9223372036854775807', '4294967295', '32767',
  '123456789012345678901234567890.12345678901234567890', '5e-324', '0.1', '$1,234.56',
  'a', 'é', ' x y ', E'tab\tline\nreturn\r', '"quoted"', 'a"b', 'back\\slash', '\.', '\N', 'NULL', 'null', 'a,b', '{', '}', 'it''s', E'\u2028', '<a b="c">x</a>', '<!-- -->', '%s', ':x',
  '{}', '{1,2}', '{a,NULL,"NULL",""}', '{{1,2},{3,4}}', '[0:1]={1,2}', '[-1:0][2:2]={{1},{2}}', '{"a": 1}', '[]', '[1, 2]', E'{"a": "\\u0000"}', E'"\\ud800"', ' {"a" : null}', E'[1,\n2]', E'{}\n', '{"b": [true, "x\"y", {"c": null}]}', '"s"', '"NULL"', 'true', 'false', 't', 'f',
  '(1,2)', '(NaN,Infinity)', '{1,2,3}', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '((0,0),(0,0))', '<(1,2),0.1>', '(1,2),(3,4)',
  '2024-02-29', '0044-03-15 BC', '5874897-12-31', '4713-01-01 BC', '2024-02-29 12:34:56.123456', '2024-02-29 12:34:56.123456+02', '294276-12-31 23:59:59.999999', '20000-01-01 00:00+00', '24:00', '00:00', '23:59:60', '10:00-15:59', '24:00:00+02',
  '1 year -2 days 00:00:01.5', '-1 mon', '178000000 years', 'epoch',
  '10.0.0.0/8', '::1/64', '::ffff:1.2.3.4', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '5b2f0a4e-0000-4000-8000-000000000001',
  '10101', '1', '00000', 'x1F', '\x00ff', '\x', '\000',
  'a & b', '!a & b:*', '''a'' <-> ''it''''s'':2A', '''x'':1A,2B y', 'english', 'simple', 'pg_class', 'pg_catalog.now', 'int4', 'integer', 'now()', 'abs(integer)', '+(integer,integer)', 'postgres=r/postgres', 'public', 'postgres', 'C', '"C"', '-',
  '16/B374D848', '0/0', '10:20:10,14,15', '(0,1)', '$.a[*] ? (@ > 1)', 'strict $', '1 2', '1 2 3',
  'empty', '[1,5)', '(,)', '["2024-01-01 00:00+00",)', '[2024-01-01,2024-02-01)', '{[1,2),[3,)}', '[a,b)',
  'a=>1, b=>NULL', '"q"=>"\"x"', 'Top.Science', '*.a.*', 'a & b*', '1..2', '~1', '>1', '(1, 2.5),(3,4)', '978-0-393-04002-9', '9780393040029', '0-393-04002-X', '12345678901', '220500896', '1&2|3', '+1',
  'POINT(1 2)', 'SRID=4326;POINT(0.1 0.2)', 'SRID=999123;POINT(1 2)', 'POINTZM(1 2 3 4.0000000000000001)', 'POINTM(1 2 3)', 'TRIANGLE((0 0, 0 1, 1 1, 0 0))', 'CIRCULARSTRING(0 0, 1 1, 2 0)', 'POLYGON EMPTY', 'LINESTRING(0 0, 1e-300 1e300)', 'GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))', 'BOX(0 0,1 1)', 'BOX3D(0 0 0,1 1 1)'
]);

-- Values that an input function accepts, and whose text it accepts again.
CREATE FUNCTION v.values_of(of text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE found text[] := '{}'; literal text; back text;
BEGIN
  FOR literal IN SELECT text FROM v.literals ORDER BY text COLLATE "C" LOOP
    BEGIN
      EXECUTE format('SELECT format(''%%s'', %L::%s)', literal, of) INTO back;
      -- The type "char" of 14 prints half a character, which is not valid text: an error here.
      PERFORM convert_from(textsend(back), 'UTF8');
      found := found || back;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  RETURN ARRAY(SELECT DISTINCT unnest(found) ORDER BY 1);
END $$;

CREATE TABLE v.types AS
SELECT row_number() OVER (ORDER BY n.nspname, t.typname)::int AS id, t.oid, format_type(t.oid, NULL) AS name, t.typsend <> 0 AND t.typreceive <> 0 AS sends, v.values_of(format_type(t.oid, NULL)) AS found,
  EXISTS (SELECT FROM pg_opclass o JOIN pg_am a ON a.oid = o.opcmethod WHERE o.opcintype = t.oid AND o.opcdefault AND a.amname = 'btree') AS is_ordered
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('b', 'r', 'm', 'e') AND t.typelem = 0 AND n.nspname IN ('pg_catalog', 'public') AND t.typrelid = 0 AND t.typname NOT LIKE 'gtrgm';
DELETE FROM v.types WHERE found = '{}';

SELECT format('CREATE DOMAIN v.d%s AS %s; CREATE TYPE v.c%s AS (a %s, b text, c %s[])', id, name, id, name, name) FROM v.types ORDER BY id \gexec
SELECT format('CREATE TYPE v.r%s AS RANGE (subtype = %s, multirange_type_name = v.m%s)', id, name, id) FROM v.types WHERE is_ordered ORDER BY id \gexec

-- 20 types in a table.
SELECT format('CREATE TABLE v.t%s (id int, %s)', id / 20, string_agg(format('a%s %s, b%s %s[], d%s v.d%s, c%s v.c%s, e%s v.c%s[]', id, name, id, name, id, id, id, id, id, id)
  || CASE WHEN is_ordered THEN format(', r%s v.r%s, m%s v.m%s', id, id, id, id) ELSE '' END, ', ' ORDER BY id))
FROM v.types GROUP BY id / 20 ORDER BY id / 20 \gexec
CREATE FUNCTION v.range_of(of text, low text, high text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE back text;
BEGIN
  EXECUTE format('SELECT format(''%%s'', v.%I(%L, %L, ''[]''))', of, low, high) INTO back;
  RETURN back;
EXCEPTION WHEN OTHERS THEN RETURN 'empty';
END $$;
CREATE FUNCTION v.row_of(t v.types, at int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE one text := quote_nullable(t.found[1 + at % (cardinality(t.found) + 1)]); other text := quote_nullable(t.found[1 + (at + 1) % cardinality(t.found)]); made text;
BEGIN
  made := format('%s::%s, ARRAY[%s, NULL, %s]::%s[], %s::%s::v.d%s, ROW(%s, %s, ARRAY[%s]::%s[])::v.c%s, ARRAY[ROW(%s, ''x,"y'', NULL)::v.c%s, NULL]',
    one, t.name, one, other, t.name, one, t.name, t.id, one, quote_nullable(CASE WHEN at % 3 = 0 THEN NULL ELSE '"), \' END), other, t.name, t.id, other, t.id);
  IF t.is_ordered THEN
    made := made || format(', %L::v.r%s, %L::v.m%s', v.range_of('r' || t.id, t.found[1 + at % cardinality(t.found)], t.found[1 + (at + 1) % cardinality(t.found)]), t.id, '{}', t.id);
  END IF;
  RETURN made;
END $$;
SELECT format('INSERT INTO v.t%s SELECT %s, %s', id / 20, at, string_agg(v.row_of(t, at), ', ' ORDER BY id))
FROM v.types t, generate_series(0, 45) at GROUP BY id / 20, at ORDER BY id / 20, at \gexec
SELECT format('INSERT INTO v.t%s (id) VALUES (-1)', id / 20) FROM v.types GROUP BY id / 20 \gexec
