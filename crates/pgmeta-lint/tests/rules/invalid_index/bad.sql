CREATE SCHEMA app;
CREATE TABLE app.t (a int);
INSERT INTO app.t VALUES (1), (1);
\set ON_ERROR_STOP off
CREATE UNIQUE INDEX CONCURRENTLY t_a ON app.t (a);
CREATE UNIQUE INDEX CONCURRENTLY t_a_ccnew1 ON app.t (a);
\set ON_ERROR_STOP on
-- So that the fix can succeed.
DELETE FROM app.t WHERE ctid = '(0,1)';
