-- Views whose columns are traced. After each view: column, whether it can be null, and the column that its values come from.
-- scripts of tests read the comments `--> column | null or never | base`.
CREATE SCHEMA t;
SET search_path = t;

CREATE TABLE a (id int PRIMARY KEY, n text NOT NULL, o text, k int NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a, note text, k int NOT NULL);
CREATE TABLE c (id int PRIMARY KEY, b_id int REFERENCES b, v numeric NOT NULL);
CREATE TYPE pair AS (x int, y int);
CREATE TABLE composite (id int PRIMARY KEY, whole pair NOT NULL);
CREATE TABLE parent (id int NOT NULL, tag text NOT NULL);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE log (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log DEFAULT;
CREATE FUNCTION id_of(int) RETURNS int LANGUAGE sql STRICT AS 'SELECT $1';

CREATE VIEW plain AS SELECT id, n AS "odd name", o FROM a;
--> id | never | t.a.id
--> odd name | never | t.a.n
--> o | null | t.a.o

CREATE VIEW left_join AS SELECT a.id, b.id AS b_id, b.note, a.o FROM a LEFT JOIN b ON b.a_id = a.id;
--> id | never | t.a.id
--> b_id | null | t.b.id
--> note | null | t.b.note
--> o | null | t.a.o

-- The foreign key holds, and still the join may find nothing.
CREATE VIEW join_by_key AS SELECT b.id, a.n FROM b LEFT JOIN a ON a.id = b.a_id;
--> id | never | t.b.id
--> n | null | t.a.n

CREATE VIEW inner_join AS SELECT b.id, a.n, b.note FROM b JOIN a ON a.id = b.a_id;
--> id | never | t.b.id
--> n | never | t.a.n
--> note | null | t.b.note

CREATE VIEW right_join AS SELECT a.id, b.id AS b_id FROM a RIGHT JOIN b ON b.a_id = a.id;
--> id | null | t.a.id
--> b_id | never | t.b.id

CREATE VIEW full_join AS SELECT a.id, b.id AS b_id, COALESCE(a.id, b.id) AS any_id FROM a FULL JOIN b ON b.a_id = a.id;
--> id | null | t.a.id
--> b_id | null | t.b.id
--> any_id | never |

CREATE VIEW full_using AS SELECT id, a.n, b.note FROM a FULL JOIN b USING (id);
--> id | never |
--> n | null | t.a.n
--> note | null | t.b.note

-- The merged column of a join that is itself on the side of an outer join which may be absent.
CREATE VIEW full_using_below AS SELECT c.id AS c_id, f.id FROM c LEFT JOIN (a FULL JOIN b USING (id)) AS f ON f.id = c.id;
--> c_id | never | t.c.id
--> id | null |

CREATE VIEW left_using AS SELECT id, b.note, b.k FROM a LEFT JOIN b USING (id);
--> id | never | t.a.id
--> note | null | t.b.note
--> k | null | t.b.k

CREATE VIEW right_using AS SELECT id, a.n FROM a RIGHT JOIN b USING (id);
--> id | never | t.b.id
--> n | null | t.a.n

CREATE VIEW alias_of_join AS SELECT j.n, j.note FROM (a LEFT JOIN b ON b.a_id = a.id) AS j (aid, n, o, ak, bid, a_id, note, bk);
--> n | never | t.a.n
--> note | null | t.b.note

CREATE VIEW nested_left AS SELECT a.id, b.id AS b_id, c.v FROM a LEFT JOIN (b JOIN c ON c.b_id = b.id) ON b.a_id = a.id;
--> id | never | t.a.id
--> b_id | null | t.b.id
--> v | null | t.c.v

CREATE VIEW left_then_inner AS SELECT a.id, b.id AS b_id, c.v FROM a LEFT JOIN b ON b.a_id = a.id JOIN c ON true;
--> id | never | t.a.id
--> b_id | null | t.b.id
--> v | never | t.c.v

CREATE VIEW outer_subquery AS SELECT a.id, s.x, s.one FROM a LEFT JOIN (SELECT b.id AS x, 1 AS one FROM b) s ON s.x = a.id;
--> id | never | t.a.id
--> x | null | t.b.id
--> one | null |

CREATE VIEW subquery AS SELECT s.x, s.note FROM (SELECT b.id AS x, b.note, b.k FROM b ORDER BY b.k LIMIT 5) s;
--> x | never | t.b.id
--> note | null | t.b.note

CREATE VIEW of_view AS SELECT l.b_id, l.id, p.n FROM left_join l, (SELECT "odd name" AS n FROM plain) p;
--> b_id | null | t.b.id
--> id | never | t.a.id
--> n | never | t.a.n

-- The outer join is undone where a row without the other side does not pass.
CREATE VIEW not_null_filter AS SELECT a.id, a.o, b.id AS b_id, b.note FROM a LEFT JOIN b ON b.a_id = a.id WHERE a.o IS NOT NULL AND b.id IS NOT NULL;
--> id | never | t.a.id
--> o | never | t.a.o
--> b_id | never | t.b.id
--> note | null | t.b.note

CREATE VIEW filter_in_inner_on AS SELECT a.o, b.note FROM a JOIN b ON b.a_id = a.id AND a.o IS NOT NULL AND (b.note IS NOT NULL OR b.k > 0);
--> o | never | t.a.o
--> note | null | t.b.note

CREATE VIEW filter_in_outer_on AS SELECT a.o, b.note FROM a LEFT JOIN b ON b.a_id = a.id AND a.o IS NOT NULL AND b.note IS NOT NULL;
--> o | null | t.a.o
--> note | null | t.b.note

CREATE VIEW filter_below_outer AS SELECT a.id, x.note FROM a LEFT JOIN (b JOIN c ON c.b_id = b.id AND b.note IS NOT NULL) x ON x.a_id = a.id;
--> id | never | t.a.id
--> note | null | t.b.note

CREATE VIEW filter_below AS SELECT x.note FROM (SELECT b.note FROM b WHERE b.note IS NOT NULL) x;
--> note | never | t.b.note

CREATE VIEW unions AS SELECT id, n AS x, o, 1 AS one FROM a UNION ALL SELECT id, note, note, NULL FROM b;
--> id | never |
--> x | null |
--> o | null |
--> one | null |

CREATE VIEW union_of_one_base AS SELECT id FROM a WHERE k > 0 UNION SELECT id FROM a WHERE k < 0 UNION ALL SELECT 1 AS id;
--> id | never |

CREATE VIEW same_base AS SELECT id, o FROM a WHERE k > 0 UNION SELECT id, o FROM a WHERE k < 0;
--> id | never | t.a.id
--> o | null | t.a.o

CREATE VIEW intersects AS SELECT o AS x, o AS y FROM a INTERSECT SELECT n, o FROM a;
--> x | never |
--> y | null | t.a.o

CREATE VIEW excepts AS SELECT id, o FROM a EXCEPT SELECT k, n FROM a;
--> id | never | t.a.id
--> o | null | t.a.o

CREATE VIEW grouped AS SELECT a.k, a.o, count(*) AS rows, count(o) AS some, max(a.id) AS most, sum(a.id) FILTER (WHERE a.o = 'x') AS total FROM a GROUP BY a.k, a.o;
--> k | never | t.a.k
--> o | null | t.a.o
--> rows | never |
--> some | never |
--> most | never |
--> total | null |

CREATE VIEW aggregated AS SELECT max(id) AS most, count(*) AS rows, array_agg(id) AS ids FROM a;
--> most | null |
--> rows | never |
--> ids | null |

CREATE VIEW grouping_sets AS SELECT a.k, a.n, count(*) AS rows, GROUPING(a.k) AS level FROM a GROUP BY ROLLUP (a.k), a.n;
--> k | null | t.a.k
--> n | null | t.a.n
--> rows | never |
--> level | never |

CREATE VIEW expressions AS
SELECT COALESCE(a.o, a.n) AS filled, COALESCE(a.o, NULL) AS unfilled, a.o IS NULL AS is_null, a.o IS DISTINCT FROM a.n AS differs,
       a.k > 0 AND a.id > 0 AS both, a.o = '' OR true AS either, NOT (a.k > 0) AS negated,
       CASE WHEN a.k > 0 THEN 'pos' ELSE 'neg' END AS sign, CASE WHEN a.k > 0 THEN 'pos' END AS half, CASE a.k WHEN 1 THEN a.n ELSE a.o END AS picked,
       GREATEST(a.o, a.n) AS greatest, NULLIF(a.n, '') AS nulled, 'x'::text AS constant, NULL::int AS nothing, CURRENT_DATE AS today,
       ARRAY[a.o] AS list, ROW(NULL, NULL)::pair AS record, a.n::varchar(3) AS short, a.k::bigint AS wide, a AS whole, a.ctid AS place
FROM a;
--> filled | never |
--> unfilled | null |
--> is_null | never |
--> differs | never |
--> both | never |
--> either | null |
--> negated | never |
--> sign | never |
--> half | null |
--> picked | null |
--> greatest | never |
--> nulled | null |
--> constant | never |
--> nothing | null |
--> today | never |
--> list | never |
--> record | null |
--> short | never |
--> wide | never |
--> whole | null |
--> place | null |

CREATE VIEW functions AS
SELECT a.id + a.k * 2 AS sum, a.id + 1 > 0 AS positive, a.n || '!' AS loud, lower(a.n) AS low, lower(a.o) AS low_o, length(a.n) AS long,
       id_of(a.id) AS own, now() AS at, concat(a.o, a.o) AS both, a.n LIKE 'x%' AS begins, substring(a.n FROM 'x') AS part, round(a.k::numeric, 1) AS rounded
FROM a;
--> sum | never |
--> positive | never |
--> loud | never |
--> low | never |
--> low_o | null |
--> long | never |
--> own | null |
--> at | never |
--> both | never |
--> begins | never |
--> part | null |
--> rounded | never |

CREATE VIEW sublinks AS SELECT (SELECT b.id FROM b LIMIT 1) AS scalar, EXISTS (SELECT 1 FROM b) AS any_row, ARRAY(SELECT id FROM b) AS list, a.id IN (SELECT b_id FROM c) AS inside FROM a;
--> scalar | null |
--> any_row | never |
--> list | never |
--> inside | null |

CREATE VIEW windows AS SELECT id, row_number() OVER w AS no, rank() OVER w AS rank, lag(id) OVER w AS before, count(o) OVER w AS some, sum(id) OVER w AS total FROM a WINDOW w AS (ORDER BY k);
--> id | never | t.a.id
--> no | never |
--> rank | never |
--> before | null |
--> some | never |
--> total | null |

CREATE VIEW with_query AS WITH x AS (SELECT id, o FROM a), y AS (SELECT x.id, x.o, 1 AS one FROM x) SELECT y.id, y.o, y.one, z.id AS z_id FROM y LEFT JOIN x z ON z.id = y.id;
--> id | never | t.a.id
--> o | null | t.a.o
--> one | never |
--> z_id | null | t.a.id

CREATE VIEW recursion AS WITH RECURSIVE r AS (SELECT id, k, 1 AS depth, o FROM a WHERE k = 0 UNION ALL SELECT b.id, r.id, NULL, r.o FROM b JOIN r ON r.id = b.a_id) SELECT id, k, depth, o FROM r;
--> id | never |
--> k | never |
--> depth | null |
--> o | null | t.a.o

CREATE VIEW with_outer_query AS WITH x AS (SELECT id FROM a) SELECT s.id FROM (SELECT x.id FROM x) s;
--> id | never | t.a.id

CREATE VIEW row_values AS SELECT v.x, v.y, v.z FROM (VALUES (1, 'a', NULL), (2, NULL, NULL)) v (x, y, z);
--> x | never |
--> y | null |
--> z | null |

CREATE VIEW set_returning AS SELECT a.id, unnest(ARRAY[1, 2]) AS item, f.x, f.no FROM a, unnest(ARRAY[1, NULL]) WITH ORDINALITY f (x, no);
--> id | never | t.a.id
--> item | null |
--> x | null |
--> no | never |

CREATE VIEW laterals AS SELECT a.id, l.x, l.n FROM a, LATERAL (SELECT b.id AS x, a.n FROM b WHERE b.a_id = a.id) l;
--> id | never | t.a.id
--> x | never | t.b.id
--> n | null |

CREATE VIEW of_composite AS SELECT id, whole FROM composite;
--> id | never | t.composite.id
--> whole | null | t.composite.whole

CREATE VIEW only_parent AS SELECT id, tag FROM ONLY parent;
--> id | never | t.parent.id
--> tag | never | t.parent.tag

CREATE VIEW partitioned AS SELECT at, what FROM log;
--> at | never | t.log.at
--> what | null | t.log.what

CREATE VIEW distinct_rows AS SELECT DISTINCT ON (k) k, n, o FROM a ORDER BY k, id;
--> k | never | t.a.k
--> n | never | t.a.n
--> o | null | t.a.o

CREATE VIEW of_catalog AS SELECT c.relname, c.relacl FROM pg_class c;
--> relname | never | pg_catalog.pg_class.relname
--> relacl | null | pg_catalog.pg_class.relacl

-- Rows that were stored before NOT NULL was set may have nulls; what an expression never returns, it never did.
CREATE MATERIALIZED VIEW stored AS SELECT id, n, count(*) AS rows, 'x'::text AS constant FROM a GROUP BY id;
--> id | null | t.a.id
--> n | null | t.a.n
--> rows | never |
--> constant | never |

CREATE VIEW of_stored AS SELECT id, rows FROM stored;
--> id | null | t.a.id
--> rows | never |
