-- old
CREATE SCHEMA app;
CREATE TABLE app.t (id int, n int, i int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE app.u (id int, n int);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 2000) i;
CREATE SEQUENCE app.changed; CREATE SEQUENCE app.later; CREATE SEQUENCE app.other; CREATE SEQUENCE app.unlogged; CREATE SEQUENCE app.gone;
CREATE SEQUENCE app.moves OWNED BY app.t.id; CREATE SEQUENCE app.loses OWNED BY app.t.id; CREATE SEQUENCE app.gets;
-- new
CREATE SCHEMA app;
CREATE TABLE app.t (id int, n int, i int NOT NULL);
CREATE TABLE app.u (id int, n int);
CREATE SEQUENCE app.t_i_seq OWNED BY app.t.i;
CREATE SEQUENCE app.changed AS int INCREMENT BY 5 CYCLE; CREATE SEQUENCE app.later MINVALUE 100; CREATE SEQUENCE app.other MINVALUE -5 MAXVALUE -1;
SELECT current_setting('server_version_num')::int >= 150000 AS ge15 \gset
\if :ge15
CREATE UNLOGGED SEQUENCE app.unlogged;
\else
CREATE SEQUENCE app.unlogged;
\endif
CREATE SEQUENCE app.moves OWNED BY app.u.id; CREATE SEQUENCE app.loses; CREATE SEQUENCE app.gets OWNED BY app.t.n; CREATE SEQUENCE app.born OWNED BY app.t.n;
COMMENT ON SEQUENCE app.gets IS 'x'; ALTER SEQUENCE app.changed OWNER TO pg_monitor; GRANT USAGE ON SEQUENCE app.gets TO PUBLIC;
-- fails: SELECT setval('app.changed', 3000000000)
