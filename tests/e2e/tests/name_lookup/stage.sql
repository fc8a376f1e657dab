-- Objects that the runs use: pgmeta in its own schema, in which nobody else may create, and a schema app on which all
-- callers have the same privileges. Run by the superuser in an empty database.
SET client_min_messages = error;
CREATE SCHEMA tools;
CREATE EXTENSION pgmeta SCHEMA tools;
GRANT USAGE ON SCHEMA tools, pgmeta TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON pgmeta.snapshot_names, pgmeta.saved_snapshots, pgmeta.snapshots TO PUBLIC;
GRANT CREATE ON SCHEMA public TO twin_maker;

CREATE SCHEMA app AUTHORIZATION twin_owner;
CREATE SCHEMA app_old AUTHORIZATION twin_owner;
SET ROLE twin_owner;
CREATE TYPE app.mood AS ENUM ('glad', 'sad');
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE COLLATION app.plain (provider = libc, locale = 'C');
CREATE TEXT SEARCH DICTIONARY app.dictionary (TEMPLATE = pg_catalog.simple);
CREATE TEXT SEARCH CONFIGURATION app.configuration (COPY = pg_catalog.simple);
CREATE FUNCTION app.same(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = app.same);
CREATE TABLE app.person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE app.plain NOT NULL DEFAULT 'nobody',
    mood app.mood,
    age app.positive CHECK (age < 200),
    born timestamptz DEFAULT now(),
    boss bigint REFERENCES app.person
);
CREATE INDEX person_name ON app.person (lower(name)) WHERE mood = 'glad';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.born := now(); RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON app.person FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE VIEW app.glad AS SELECT id, name || '!' AS name, length(name) AS length FROM app.person WHERE mood = 'glad';
ALTER TABLE app.person ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.person USING (name = CURRENT_USER);
CREATE STATISTICS app.both ON name, mood FROM app.person;
COMMENT ON TABLE app.person IS 'who there is';
CREATE TABLE app_old.person (id int PRIMARY KEY, name text);

CREATE TABLE app.days (id int, at timestamptz NOT NULL, t text, n numeric, j jsonb, m app.mood, a text[]) PARTITION BY RANGE (at);
SELECT format('CREATE TABLE app.days_%s PARTITION OF app.days FOR VALUES FROM (%L) TO (%L)', m, d, d + interval '1 month')
FROM generate_series(1, 9) m, LATERAL (SELECT timestamptz '2020-01-01 00:00+00' + (m - 1) * interval '1 month') x (d) \gexec
CREATE TABLE app.days_new PARTITION OF app.days FOR VALUES FROM ('2099-01-01') TO ('2099-02-01');
INSERT INTO app.days SELECT g, timestamptz '2020-01-01 00:00+00' + g * interval '1 day', 'x' || g, g / 7.0, '{"a": 1}', 'sad', '{a,b}' FROM generate_series(1, 250) g;
CREATE TABLE app.keys (id bigint NOT NULL, t text) PARTITION BY RANGE (id);
CREATE TABLE app.keys_1 PARTITION OF app.keys FOR VALUES FROM (0) TO (100);
CREATE TABLE app.keys_2 PARTITION OF app.keys FOR VALUES FROM (100) TO (200);
CREATE TABLE app.keys_3 PARTITION OF app.keys FOR VALUES FROM (200) TO (300);
CREATE TABLE app.keys_4 PARTITION OF app.keys FOR VALUES FROM (300) TO (400);
INSERT INTO app.keys SELECT g, 'y' FROM generate_series(0, 390, 10) g;
CREATE TABLE app.gone (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE app.gone_1 PARTITION OF app.gone FOR VALUES FROM (0) TO (10);
CREATE TABLE app.gone_2 PARTITION OF app.gone FOR VALUES FROM (10) TO (20);
CREATE TABLE app.gone_3 PARTITION OF app.gone FOR VALUES FROM (20) TO (30);
INSERT INTO app.gone SELECT generate_series(0, 29);
CREATE TABLE app.late (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE app.late_1 PARTITION OF app.late FOR VALUES FROM (0) TO (10);
CREATE TABLE app.late_2 PARTITION OF app.late FOR VALUES FROM (10) TO (20);
INSERT INTO app.late SELECT generate_series(0, 19);
CREATE TABLE app.busy (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.busy_2020 PARTITION OF app.busy FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
INSERT INTO app.busy SELECT '2020-05-05' FROM generate_series(1, 100);
RESET ROLE;

CREATE FOREIGN DATA WRAPPER remote;
CREATE SERVER far FOREIGN DATA WRAPPER remote OPTIONS (host 'h', password 'secret');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp');
-- Its folder does not exist at first.
CREATE SERVER late FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp');
CREATE SERVER slow FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp');
GRANT USAGE ON FOREIGN SERVER cold, late, far TO twin_owner;

-- Their workers log in as the superuser.
SELECT tools.pgmeta_archive_policy_create('days', 'app.days', 'cold', interval '1 month', '{"retire": "drop", "backoff": "0"}'),
    tools.pgmeta_archive_policy_create('keys', 'app.keys', 'cold', 50, '{"retire": "detach"}'),
    tools.pgmeta_archive_policy_create('gone', 'app.gone', 'cold', 1, '{"retire": "drop", "detach_concurrently": true}'),
    tools.pgmeta_archive_policy_create('late', 'app.late', 'late', 9, '{"retire": "drop", "backoff": "0"}');
