CREATE SCHEMA app;
CREATE TABLE app.identities (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE app.serials (id bigserial PRIMARY KEY);
CREATE TABLE app.uuids (id uuid PRIMARY KEY, n int);
-- A foreign key is as its table's key; of several columns none runs out alone.
CREATE TABLE app.one_to_one (id bigint PRIMARY KEY REFERENCES app.identities);
CREATE TABLE app.pairs (a int, b int, PRIMARY KEY (a, b));
CREATE SEQUENCE app.numbers;
CREATE SEQUENCE app.shards AS smallint MAXVALUE 16 CYCLE;
