-- old
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, changes int);
INSERT INTO app.t SELECT i, i, i FROM generate_series(1, 2000) i;
CREATE VIEW app.v AS SELECT id, n FROM app.t; CREATE VIEW app.gone AS SELECT id FROM app.t; CREATE VIEW app.set AS SELECT id, n FROM app.t;
CREATE VIEW app.remade AS SELECT id, changes FROM app.t;
CREATE MATERIALIZED VIEW app.m AS SELECT id, changes FROM app.t;
CREATE MATERIALIZED VIEW app.mgone AS SELECT id FROM app.t; CREATE MATERIALIZED VIEW app.mset AS SELECT id, n FROM app.t;
CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.t; END;
CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.h() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- new
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, changes bigint);
CREATE VIEW app.v AS SELECT id, n FROM app.t WHERE n > 0; CREATE VIEW app.born AS SELECT id FROM app.t; CREATE VIEW app.set WITH (security_barrier = true) AS SELECT id, n FROM app.t;
ALTER VIEW app.set ALTER COLUMN n SET DEFAULT 5;
CREATE VIEW app.remade AS SELECT id, changes FROM app.t;
CREATE MATERIALIZED VIEW app.m AS SELECT id, changes FROM app.t;
CREATE MATERIALIZED VIEW app.mborn AS SELECT id FROM app.t; CREATE MATERIALIZED VIEW app.mset WITH (fillfactor = 60) AS SELECT id, n FROM app.t;
ALTER MATERIALIZED VIEW app.mset ALTER COLUMN n SET STATISTICS 50;
CREATE FUNCTION app.f2() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.t; END;
CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION app.h() RETURNS bigint LANGUAGE sql AS 'SELECT 1';
COMMENT ON VIEW app.set IS 'x'; COMMENT ON MATERIALIZED VIEW app.mset IS 'x'; COMMENT ON COLUMN app.set.n IS 'x'; ALTER VIEW app.set OWNER TO pg_monitor;
ALTER MATERIALIZED VIEW app.mset OWNER TO pg_monitor;
