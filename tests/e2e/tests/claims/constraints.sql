-- old
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, r int4range, u int, k int, c int, f int, f2 int, was int CONSTRAINT was_check CHECK (was > 0), nv int);
CREATE TABLE app.parent (id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE app.bare (id int NOT NULL, n int);
INSERT INTO app.t SELECT i, i, int4range(i, i + 1), i, i, i, i, i, i, i FROM generate_series(1, 2000) i;
INSERT INTO app.parent SELECT i, i FROM generate_series(1, 2000) i;
INSERT INTO app.bare SELECT i, i FROM generate_series(1, 2000) i;
ALTER TABLE app.t ADD CONSTRAINT t_f2 FOREIGN KEY (f2) REFERENCES app.parent, ADD CONSTRAINT t_nv CHECK (nv > 0) NOT VALID;
-- new
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int, r int4range, u int CONSTRAINT t_u UNIQUE DEFERRABLE INITIALLY DEFERRED, k int, c int CONSTRAINT t_c CHECK (c > 0), f int, f2 int, was int CONSTRAINT was_check CHECK (was > -1), nv int,
  CONSTRAINT t_r EXCLUDE USING gist (r WITH &&), CONSTRAINT t_k UNIQUE (k) INCLUDE (n) WITH (fillfactor = 50));
CREATE TABLE app.parent (id int PRIMARY KEY, code int, CONSTRAINT parent_code_key UNIQUE (code) INCLUDE (id));
CREATE TABLE app.bare (id int PRIMARY KEY, n int);
ALTER TABLE app.t ADD CONSTRAINT t_f FOREIGN KEY (f) REFERENCES app.parent, ADD CONSTRAINT t_f2 FOREIGN KEY (f2) REFERENCES app.parent DEFERRABLE, ADD CONSTRAINT t_nv CHECK (nv > 0);
COMMENT ON CONSTRAINT t_f2 ON app.t IS 'x';
-- fails: UPDATE app.t SET c = -5 WHERE id = 7
-- fails: ALTER TABLE app.t DROP CONSTRAINT was_check; UPDATE app.t SET was = -5 WHERE id = 7; ALTER TABLE app.t ADD CONSTRAINT was_check CHECK (was > 0) NOT VALID
-- fails: UPDATE app.t SET f = -5 WHERE id = 7
-- fails: UPDATE app.t SET u = 8 WHERE id = 7
-- fails: UPDATE app.t SET k = 8 WHERE id = 7
-- fails: UPDATE app.t SET r = int4range(1, 100) WHERE id = 7
-- fails: ALTER TABLE app.t DROP CONSTRAINT t_nv; UPDATE app.t SET nv = -1 WHERE id = 7; ALTER TABLE app.t ADD CONSTRAINT t_nv CHECK (nv > 0) NOT VALID
-- fails: UPDATE app.bare SET id = 8 WHERE id = 7
-- fails: ALTER TABLE app.parent DROP CONSTRAINT parent_code_key; UPDATE app.parent SET code = 8 WHERE id = 7; ALTER TABLE app.parent ADD CONSTRAINT parent_code_key CHECK (true)
