CREATE SCHEMA app;
CREATE TABLE app.p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE app.q (id int PRIMARY KEY);
CREATE TABLE app.none (q int REFERENCES app.q);
-- One of two columns only.
CREATE TABLE app.half (a int, b int, FOREIGN KEY (a, b) REFERENCES app.p);
CREATE INDEX ON app.half (a);
-- Not its first column.
CREATE TABLE app.second (x int, q int REFERENCES app.q);
CREATE INDEX ON app.second (x, q);
-- A partial index with another condition.
CREATE TABLE app.partial (q int REFERENCES app.q, open bool);
CREATE INDEX ON app.partial (q) WHERE open;
CREATE INDEX ON app.partial (q) WHERE open IS NOT NULL;
-- INCLUDE is no key column.
CREATE TABLE app.included (a int, b int, FOREIGN KEY (a, b) REFERENCES app.p);
CREATE INDEX ON app.included (a) INCLUDE (b);
-- BRIN finds blocks, an expression other values, another collation another order.
CREATE TABLE app.brin (q int REFERENCES app.q);
CREATE INDEX ON app.brin USING brin (q);
CREATE TABLE app.expression (q int REFERENCES app.q);
CREATE INDEX ON app.expression ((q + 1));
CREATE TABLE app.names (name text PRIMARY KEY);
CREATE TABLE app.collated (name text REFERENCES app.names);
CREATE INDEX ON app.collated (name COLLATE "C");
-- One index serves two keys, whichever order they are in.
CREATE TABLE app.twice (b int REFERENCES app.q, a int, FOREIGN KEY (b, a) REFERENCES app.p);
-- A partitioned table is reported once; one partition has an index.
CREATE TABLE app.events (q int REFERENCES app.q, day date) PARTITION BY RANGE (day);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE app.events_2 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (q);
CREATE TABLE app.events_2_rest PARTITION OF app.events_2 DEFAULT;
CREATE INDEX ON app.events_1 (q);
-- Strange names, and a name that is taken.
CREATE TABLE app."Odd ""table""" ("Key" int REFERENCES app.q);
CREATE TABLE app.taken (q int REFERENCES app.q);
CREATE SEQUENCE app.taken_q_idx;
