CREATE SCHEMA app;
CREATE TABLE app.t (a int);
INSERT INTO app.t VALUES (1), (1);
CREATE MATERIALIZED VIEW app.v AS SELECT a FROM app.t;
\set ON_ERROR_STOP off
CREATE UNIQUE INDEX CONCURRENTLY t_a ON app.t (a);
CREATE UNIQUE INDEX CONCURRENTLY t_a_ccnew1 ON app.t (a);
\set ON_ERROR_STOP on
-- So that the fix can succeed.
DELETE FROM app.t WHERE ctid = '(0,1)';
-- As a cancelled build leaves it; REFRESH would mend it.
CREATE INDEX v_a ON app.v (a);
UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = 'app.v_a'::regclass;
