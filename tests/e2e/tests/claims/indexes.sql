-- old
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, m int NOT NULL, e int);
INSERT INTO app.t SELECT i, i, i, i FROM generate_series(1, 2000) i;
CREATE INDEX t_gone ON app.t (n);
CREATE INDEX t_changed ON app.t (n);
CREATE UNIQUE INDEX t_m ON app.t (m);
CREATE INDEX t_e ON app.t ((e + 1));
CREATE MATERIALIZED VIEW app.m AS SELECT id, n FROM app.t;
CREATE UNIQUE INDEX m_id ON app.m (id);
CREATE TABLE app.u (id int NOT NULL);
INSERT INTO app.u SELECT generate_series(1, 2000);
-- new
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, m int NOT NULL, e int);
CREATE INDEX t_changed ON app.t (m);
CREATE UNIQUE INDEX t_m ON app.t (m) WITH (fillfactor = 60);
CREATE INDEX t_new ON app.t (e);
CREATE UNIQUE INDEX t_unique ON app.t (n);
CREATE INDEX t_e ON app.t ((e + 1));
ALTER INDEX app.t_e ALTER COLUMN 1 SET STATISTICS 50;
ALTER TABLE app.t CLUSTER ON t_m, REPLICA IDENTITY USING INDEX t_m;
COMMENT ON INDEX app.t_new IS 'x';
CREATE MATERIALIZED VIEW app.m AS SELECT id, n FROM app.t;
CREATE UNIQUE INDEX m_id ON app.m (id);
CREATE INDEX m_n ON app.m (n);
ALTER MATERIALIZED VIEW app.m CLUSTER ON m_id;
CREATE TABLE app.u (id int NOT NULL);
CREATE UNIQUE INDEX u_id ON app.u (id);
ALTER TABLE app.u CLUSTER ON u_id, REPLICA IDENTITY USING INDEX u_id;
-- fails: INSERT INTO app.u VALUES (1)
-- fails: UPDATE app.t SET n = 8 WHERE id = 7
