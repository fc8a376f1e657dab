-- old
CREATE SCHEMA app;
CREATE TYPE app.color AS ENUM ('red', 'green'); CREATE TYPE app.size AS ENUM ('s', 'm', 'l');
CREATE DOMAIN app.pos AS int; CREATE DOMAIN app.must AS int; CREATE DOMAIN app.was AS int CONSTRAINT old_check CHECK (VALUE > 0); CREATE DOMAIN app.nv AS int;
ALTER DOMAIN app.nv ADD CONSTRAINT nv_check CHECK (VALUE > 0) NOT VALID;
CREATE DOMAIN app.base AS int; CREATE DOMAIN app.free AS int; CREATE DOMAIN app.def AS int DEFAULT 4;
CREATE TYPE app.comp AS (a int, b text, c int);
CREATE TABLE app.t (id int PRIMARY KEY, color app.color, size app.size DEFAULT 's', pos app.pos, must app.must, was app.was, nv app.nv, base app.base, comp app.comp);
CREATE TABLE app.rows (id int, w app.t, ws app.t[]);
INSERT INTO app.t SELECT i, 'red', 's', i, i, i, i, i FROM generate_series(1, 2000) i;
INSERT INTO app.rows SELECT id, t, ARRAY[t] FROM app.t;
-- new
CREATE SCHEMA app;
CREATE TYPE app.color AS ENUM ('red', 'blue', 'green'); CREATE TYPE app.size AS ENUM ('s', 'l');
CREATE DOMAIN app.pos AS int CONSTRAINT pos_check CHECK (VALUE > 0); CREATE DOMAIN app.must AS int NOT NULL; CREATE DOMAIN app.was AS int; CREATE DOMAIN app.nv AS int CONSTRAINT nv_check CHECK (VALUE > 0);
CREATE DOMAIN app.base AS bigint; CREATE DOMAIN app.free AS int CONSTRAINT free_check CHECK (VALUE > 0); CREATE DOMAIN app.def AS int DEFAULT 5;
CREATE TYPE app.comp AS (a int, c int, d text);
CREATE TABLE app.t (id int PRIMARY KEY, color app.color, size app.size DEFAULT 's', pos app.pos, must app.must, was app.was, nv app.nv, base app.base, comp app.comp);
CREATE TABLE app.rows (id int, w app.t, ws app.t[]);
COMMENT ON DOMAIN app.pos IS 'x'; COMMENT ON CONSTRAINT pos_check ON DOMAIN app.pos IS 'x'; ALTER TYPE app.comp OWNER TO pg_monitor; COMMENT ON TYPE app.comp IS 'x';
-- fails: UPDATE app.t SET pos = -1 WHERE id = 7
-- fails: UPDATE app.t SET must = NULL WHERE id = 7
-- fails: UPDATE app.t SET size = 'm' WHERE id = 7
-- fails: ALTER DOMAIN app.nv DROP CONSTRAINT nv_check; UPDATE app.t SET nv = -1 WHERE id = 7; ALTER DOMAIN app.nv ADD CONSTRAINT nv_check CHECK (VALUE > 0) NOT VALID
