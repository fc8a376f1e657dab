//! The uses of the matrix: each as SQL with the words of `words`. Runs nothing.

use crate::matrix::words::Need::{self, Attribute, Call, Column, Composite, Expression, Filter, Query, Server, Type};

pub struct Use {
    pub name: &'static str,
    pub needs: Need,
    pub sql: &'static str,
}

const fn of(name: &'static str, needs: Need, sql: &'static str) -> Use {
    Use { name, needs, sql }
}

#[rustfmt::skip]
pub const USES: &[Use] = &[
    // Columns and tables.
    of("column", Column, "{t}"),
    of("column default", Column, "{t}; ALTER TABLE m.t ALTER COLUMN v SET DEFAULT {value}"),
    of("default of another column", Expression, "{t}; CREATE TABLE m.u (w {result} DEFAULT {e:{value}}); INSERT INTO m.u DEFAULT VALUES"),
    of("array column", Type, "CREATE TABLE m.t (id int, v {type}[]); INSERT INTO m.t VALUES (1, ARRAY[{value}]::{type}[])"),
    of("generated column", Expression, "{t:g {result} GENERATED ALWAYS AS ({e:v}) STORED}"),
    of("generated column with an index", Expression, "{t:g {result} GENERATED ALWAYS AS ({e:v}) STORED}; CREATE INDEX ON m.t (g)"),
    of("privileges and comment of a column", Column, "{t}; GRANT SELECT (v) ON m.t TO pg_monitor; COMMENT ON COLUMN m.t.v IS 'it'"),
    of("inherited column", Column, "{t}; CREATE TABLE m.u () INHERITS (m.t); INSERT INTO m.u (id, v) VALUES (2, {value})"),
    of("child that declares the column", Column, "{t}; CREATE TABLE m.u (v {type}) INHERITS (m.t); INSERT INTO m.u (id, v) VALUES (2, {value})"),
    of("partition's column", Column, "CREATE TABLE m.t (id int, v {type}) PARTITION BY LIST (id); CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN (1); \
        INSERT INTO m.t (id, v) VALUES (1, {value})"),
    of("default of a child's column", Column, "{t}; CREATE TABLE m.u () INHERITS (m.t); ALTER TABLE m.u ALTER COLUMN v SET DEFAULT {value}"),
    of("default of a partition's column", Column, "CREATE TABLE m.t (id int, v {type}) PARTITION BY LIST (id); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN (1); INSERT INTO m.t (id, v) VALUES (1, {value}); ALTER TABLE m.t1 ALTER COLUMN v SET DEFAULT {value}"),
    of("partition without its parent's default", Column, "CREATE TABLE m.t (id int, v {type}) PARTITION BY LIST (id); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN (1); INSERT INTO m.t (id, v) VALUES (1, {value}); \
        ALTER TABLE m.t ALTER COLUMN v SET DEFAULT {value}; ALTER TABLE m.t1 ALTER COLUMN v DROP DEFAULT"),
    of("child with another default", Column, "{t}; ALTER TABLE m.t ALTER COLUMN v SET DEFAULT {value}; CREATE TABLE m.u () INHERITS (m.t); \
        ALTER TABLE m.u ALTER COLUMN v SET DEFAULT NULL"),
    of("generated column of a partitioned table", Expression, "CREATE TABLE m.t (id int, v {type}, g {result} GENERATED ALWAYS AS ({e:v}) STORED) \
        PARTITION BY LIST (id); CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN (1); INSERT INTO m.t (id, v) VALUES (1, {value})"),
    of("typed table of it", Composite, "CREATE TABLE m.u OF m.base; INSERT INTO m.u SELECT ({value}::m.base).*"),
    of("typed table", Attribute, "CREATE TYPE m.r AS (id int, v {type}); CREATE TABLE m.u OF m.r; INSERT INTO m.u VALUES (1, {value})"),
    of("foreign table's column", Column, "CREATE FOREIGN DATA WRAPPER m_fdw; CREATE SERVER m_server FOREIGN DATA WRAPPER m_fdw; \
        CREATE FOREIGN TABLE m.t (id int, v {type}) SERVER m_server"),
    of("foreign table's check", Expression, "CREATE FOREIGN DATA WRAPPER m_fdw; CREATE SERVER m_server FOREIGN DATA WRAPPER m_fdw; \
        CREATE FOREIGN TABLE m.t (id int, v {type} CHECK ({c:v})) SERVER m_server"),
    of("column of the row type", Column, "{t}; CREATE TABLE m.u (w m.t)"),
    of("row type in a column, with a row", Column, "{t}; CREATE TABLE m.u (w m.t); INSERT INTO m.u SELECT t FROM m.t"),
    of("array of the row type", Column, "{t}; CREATE TABLE m.u (w m.t[]); INSERT INTO m.u SELECT ARRAY[t] FROM m.t"),
    of("type over the row type", Column, "{t}; CREATE TYPE m.r AS (a m.t); CREATE TABLE m.u (w m.r); INSERT INTO m.u SELECT ROW(t)::m.r FROM m.t"),
    of("view of a row type's column", Column, "{t}; CREATE TABLE m.u (w m.t DEFAULT NULL); CREATE VIEW m.w AS SELECT (w).v FROM m.u"),
    // Constraints and indexes.
    of("check constraint", Expression, "{t}; ALTER TABLE m.t ADD CONSTRAINT t_check CHECK ({c:v})"),
    of("unique constraint", Column, "{t}; ALTER TABLE m.t ADD CONSTRAINT t_key UNIQUE (v)"),
    of("exclusion constraint", Expression, "{t}; ALTER TABLE m.t ADD CONSTRAINT t_excl EXCLUDE USING btree (({e:v}) WITH =) WHERE ({c:v})"),
    of("foreign key of it", Column, "CREATE TABLE m.u (w {type} UNIQUE); INSERT INTO m.u VALUES ({value}); {t}; \
        ALTER TABLE m.t ADD CONSTRAINT t_fkey FOREIGN KEY (v) REFERENCES m.u (w)"),
    of("foreign key to it", Column, "{t}; ALTER TABLE m.t ADD CONSTRAINT t_key UNIQUE (v); CREATE TABLE m.u (w {type} REFERENCES m.t (v)); \
        INSERT INTO m.u VALUES ({value})"),
    of("index", Column, "{t}; CREATE INDEX t_v ON m.t (v)"),
    of("included column of an index", Column, "{t}; CREATE INDEX t_v ON m.t (id) INCLUDE (v)"),
    of("index expression", Expression, "{t}; CREATE INDEX t_v ON m.t (({e:v}))"),
    of("index predicate", Expression, "{t}; CREATE INDEX t_v ON m.t (id) WHERE {c:v}"),
    of("index expression of a partitioned table", Expression, "CREATE TABLE m.t (id int, v {type}) PARTITION BY LIST (id); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN (1); INSERT INTO m.t (id, v) VALUES (1, {value}); CREATE INDEX t_v ON m.t (({e:v}))"),
    of("check of a partitioned table", Expression, "CREATE TABLE m.t (id int, v {type}, CHECK ({c:v})) PARTITION BY LIST (id); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN (1); INSERT INTO m.t (id, v) VALUES (1, {value})"),
    of("statistics", Column, "{t}; CREATE STATISTICS m.t_v ON id, v FROM m.t"),
    of("statistics expression", Expression, "{t}; CREATE STATISTICS m.t_v ON ({e:v}), id FROM m.t"),
    // Partitioning.
    of("partition key", Column, "CREATE TABLE m.t (id int, v {type}) PARTITION BY RANGE (v); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES FROM ({low}) TO ({high}); INSERT INTO m.t (id, v) VALUES (1, {value})"),
    of("partition key by list", Column, "CREATE TABLE m.t (id int, v {type}) PARTITION BY LIST (v); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN ({value}); INSERT INTO m.t (id, v) VALUES (1, {value})"),
    of("partition key expression", Expression, "CREATE TABLE m.t (id int, v {type}) PARTITION BY LIST (({e:v})); \
        CREATE TABLE m.t1 PARTITION OF m.t DEFAULT; INSERT INTO m.t (id, v) VALUES (1, {value})"),
    of("partition bound", Expression, "CREATE TABLE m.t (id int, v {result}) PARTITION BY LIST (v); \
        CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES IN ({e:{value}}); INSERT INTO m.t VALUES (1, {e:{value}})"),
    // Views, rules, policies, triggers, publications.
    of("view", Query, "{t}; CREATE VIEW m.w AS SELECT id, {e:v} AS w FROM m.t WHERE {c:v}"),
    of("view over a view", Query, "{t}; CREATE VIEW m.w AS SELECT id, v FROM m.t; CREATE VIEW m.x AS SELECT {e:v} AS w FROM m.w"),
    of("view of whole rows", Query, "{t}; CREATE VIEW m.w AS SELECT t AS w, {e:v} AS v FROM m.t"),
    of("view's column default", Expression, "CREATE TABLE m.u (w {result}); CREATE VIEW m.w AS SELECT w FROM m.u; \
        ALTER VIEW m.w ALTER COLUMN w SET DEFAULT {e:{value}}"),
    of("materialized view", Query, "{t}; CREATE MATERIALIZED VIEW m.w AS SELECT id, {e:v} AS w FROM m.t WHERE {c:v}; CREATE INDEX ON m.w (w)"),
    of("rule", Query, "{t}; CREATE TABLE m.u (w int); CREATE RULE r AS ON INSERT TO m.u DO ALSO INSERT INTO m.u SELECT id FROM m.t WHERE {c:v}"),
    of("rule's condition", Query, "CREATE TABLE m.u (id int, v {type}); CREATE RULE r AS ON UPDATE TO m.u WHERE {c:new.v} DO INSTEAD NOTHING"),
    of("rule instead, on a view", Query, "{t}; CREATE VIEW m.w AS SELECT id, {e:v} AS w FROM m.t; \
        CREATE RULE r AS ON DELETE TO m.w DO INSTEAD UPDATE m.t SET id = 0 WHERE {c:v}"),
    of("policy, USING", Expression, "{t}; CREATE POLICY p ON m.t USING ({c:v}); ALTER TABLE m.t ENABLE ROW LEVEL SECURITY"),
    of("policy, WITH CHECK", Expression, "{t}; CREATE POLICY p ON m.t FOR INSERT WITH CHECK ({c:v}); ALTER TABLE m.t ENABLE ROW LEVEL SECURITY"),
    of("policy that looks elsewhere", Query, "{t}; CREATE TABLE m.u (w int); ALTER TABLE m.u ENABLE ROW LEVEL SECURITY; \
        CREATE POLICY p ON m.u USING (EXISTS (SELECT FROM m.t WHERE {c:v}))"),
    of("trigger's condition", Expression, "{t}; CREATE FUNCTION m.trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
        CREATE TRIGGER t_t AFTER INSERT ON m.t FOR EACH ROW WHEN ({c:new.v}) EXECUTE FUNCTION m.trigger()"),
    of("trigger's columns", Column, "{t}; CREATE FUNCTION m.trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
        CREATE TRIGGER t_t AFTER UPDATE OF v ON m.t FOR EACH ROW EXECUTE FUNCTION m.trigger()"),
    of("trigger instead, on a view", Query, "{t}; CREATE FUNCTION m.trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
        CREATE VIEW m.w AS SELECT id, {e:v} AS w FROM m.t; \
        CREATE TRIGGER w_t INSTEAD OF INSERT ON m.w FOR EACH ROW EXECUTE FUNCTION m.trigger()"),
    of("publication", Column, "{t}; CREATE PUBLICATION m_pub FOR TABLE m.t"),
    of("publication's columns", Column, "{t}; CREATE PUBLICATION m_pub FOR TABLE m.t (id, v) WITH (publish_via_partition_root = true)"),
    of("publication's row filter", Filter, "{t}; CREATE PUBLICATION m_pub FOR TABLE m.t WHERE (v IS NOT NULL) WITH (publish = 'insert', publish_via_partition_root = true)"),
    // Functions and what is made of them.
    of("function's argument", Type, "CREATE FUNCTION m.g(a {type}) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"),
    of("function's argument, called by a view", Type, "CREATE FUNCTION m.g(a {type}) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; {t}; \
        CREATE VIEW m.w AS SELECT m.g(v) FROM m.t"),
    of("function's array argument", Type, "CREATE FUNCTION m.g(VARIADIC a {type}[]) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"),
    of("function's argument default", Expression, "CREATE FUNCTION m.g(a {result} DEFAULT {e:{value}}) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"),
    of("function's result", Type, "CREATE FUNCTION m.g() RETURNS {type} LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"),
    of("function's result, in a default", Type, "CREATE FUNCTION m.g() RETURNS {type} LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
        {t}; ALTER TABLE m.t ALTER COLUMN v SET DEFAULT m.g()"),
    of("function's result table", Type, "CREATE FUNCTION m.g() RETURNS TABLE (a {type}) LANGUAGE plpgsql AS 'BEGIN RETURN; END'"),
    of("function of the row type", Column, "{t}; CREATE FUNCTION m.g(m.t) RETURNS SETOF m.t LANGUAGE sql AS 'SELECT $1'"),
    of("function's SQL body", Query, "{t}; CREATE FUNCTION m.g() RETURNS bool BEGIN ATOMIC SELECT {c:v} FROM m.t; END"),
    of("procedure's SQL body", Query, "{t}; CREATE PROCEDURE m.g() BEGIN ATOMIC UPDATE m.t SET id = 1 WHERE {c:v}; END"),
    of("operator", Type, "CREATE FUNCTION m.g({type}, {type}) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END'; \
        CREATE OPERATOR m.=== (LEFTARG = {type}, RIGHTARG = {type}, FUNCTION = m.g)"),
    of("operator in a check", Type, "CREATE FUNCTION m.g({type}, {type}) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END'; \
        CREATE OPERATOR m.=== (LEFTARG = {type}, RIGHTARG = {type}, FUNCTION = m.g); {t}; ALTER TABLE m.t ADD CHECK (v OPERATOR(m.===) v)"),
    of("operator's function", Call, "{t}; CREATE OPERATOR m.@@@ (RIGHTARG = int, FUNCTION = m.f); CREATE VIEW m.w AS SELECT OPERATOR(m.@@@) v FROM m.t"),
    of("aggregate", Type, "CREATE FUNCTION m.g({type}, {type}) RETURNS {type} LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END'; \
        CREATE AGGREGATE m.agg({type}) (SFUNC = m.g, STYPE = {type}); {t}; CREATE VIEW m.w AS SELECT m.agg(v) FROM m.t"),
    of("aggregate's function", Call, "CREATE AGGREGATE m.agg(int) (SFUNC = int4pl, STYPE = int, FINALFUNC = m.f); {t}; CREATE VIEW m.w AS SELECT m.agg(v) FROM m.t"),
    of("cast", Type, "CREATE TYPE m.ct AS (a int); CREATE FUNCTION m.g(m.ct) RETURNS {type} LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END'; \
        CREATE CAST (m.ct AS {type}) WITH FUNCTION m.g(m.ct); {t}"),
    of("cast in a view", Type, "CREATE TYPE m.ct AS (a int); CREATE FUNCTION m.g({type}) RETURNS m.ct LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END'; \
        CREATE CAST ({type} AS m.ct) WITH FUNCTION m.g({type}); {t}; CREATE VIEW m.w AS SELECT v::m.ct FROM m.t"),
    of("transform", Type, "CREATE TRANSFORM FOR {type} LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal)); \
        CREATE FUNCTION m.g({type}) RETURNS int TRANSFORM FOR TYPE {type} LANGUAGE sql AS 'SELECT 1'"),
    of("operator class", Type, "CREATE FUNCTION m.g({type}, {type}) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 0; END'; \
        CREATE FUNCTION m.h({type}, {type}) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END'; \
        CREATE OPERATOR m.=== (LEFTARG = {type}, RIGHTARG = {type}, FUNCTION = m.h); \
        CREATE OPERATOR CLASS m.ops FOR TYPE {type} USING btree AS OPERATOR 3 m.===, FUNCTION 1 m.g({type}, {type}); \
        {t}; CREATE INDEX t_v ON m.t (v m.ops)"),
    of("foreign table", Server, "CREATE FOREIGN TABLE m.t (id int) SERVER m_server; CREATE FUNCTION m.g(m.t) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    of("user mapping", Server, "CREATE USER MAPPING FOR pg_monitor SERVER m_server"),
    // Types.
    of("domain", Attribute, "CREATE DOMAIN m.d AS {type}"),
    of("domain of a column", Attribute, "CREATE DOMAIN m.d AS {type}; CREATE TABLE m.t (id int, v m.d); INSERT INTO m.t VALUES (1, {value})"),
    of("domain over arrays, of a column", Type, "CREATE DOMAIN m.d AS {type}[]; CREATE TABLE m.t (id int, v m.d); INSERT INTO m.t VALUES (1, ARRAY[{value}]::{type}[])"),
    of("domain's default", Expression, "CREATE DOMAIN m.d AS {result} DEFAULT {e:{value}}; CREATE TABLE m.u (w m.d); INSERT INTO m.u DEFAULT VALUES"),
    of("domain's check", Expression, "CREATE DOMAIN m.d AS {type} CHECK ({c:VALUE}); CREATE TABLE m.u (w m.d); INSERT INTO m.u VALUES ({value})"),
    of("domain's check, in an array column", Expression, "CREATE DOMAIN m.d AS {type} CHECK ({c:VALUE}); CREATE TABLE m.u (w m.d[]); \
        INSERT INTO m.u VALUES (ARRAY[{value}]::m.d[])"),
    of("domain's check, in an attribute", Expression, "CREATE DOMAIN m.d AS {type} CHECK ({c:VALUE}); CREATE TYPE m.r AS (a int, b m.d); \
        CREATE TABLE m.u (w m.r); INSERT INTO m.u VALUES (ROW(1, {value}))"),
    of("attribute", Attribute, "CREATE TYPE m.r AS (a int, b {type})"),
    of("attribute, of a column", Attribute, "CREATE TYPE m.r AS (a int, b {type}); CREATE TABLE m.t (id int, v m.r); INSERT INTO m.t VALUES (1, ROW(1, {value}))"),
    of("attribute of an array column", Attribute, "CREATE TYPE m.r AS (a int, b {type}); CREATE TABLE m.t (id int, v m.r[]); \
        INSERT INTO m.t VALUES (1, ARRAY[ROW(1, {value})]::m.r[])"),
    of("range over it", Type, "CREATE TYPE m.r AS RANGE (subtype = {type})"),
    of("range over it, of a column", Type, "CREATE TYPE m.r AS RANGE (subtype = {type}); CREATE TABLE m.t (id int, v m.r); \
        INSERT INTO m.t VALUES (1, m.r({value}, {value}, '[]'))"),
    of("multirange over it, of a column", Type, "CREATE TYPE m.r AS RANGE (subtype = {type}, multirange_type_name = m.rr); \
        CREATE TABLE m.t (id int, v m.rr); INSERT INTO m.t VALUES (1, m.rr(m.r({value}, {value}, '[]')))"),
];
