CREATE SCHEMA app;
CREATE TABLE app.p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE app.q (id int PRIMARY KEY);
CREATE TABLE app.names (name text PRIMARY KEY);
CREATE TABLE app.plain (q int REFERENCES app.q);
CREATE INDEX ON app.plain (q);
-- In another order, with more columns behind, as a unique constraint, as the primary key.
CREATE TABLE app.reversed (a int, b int, FOREIGN KEY (a, b) REFERENCES app.p);
CREATE INDEX ON app.reversed (b, a);
CREATE TABLE app.longer (q int REFERENCES app.q, x int);
CREATE INDEX ON app.longer (q DESC, x);
CREATE TABLE app.one_to_one (id int PRIMARY KEY REFERENCES app.q);
CREATE TABLE app.member (q int REFERENCES app.q, x int, UNIQUE (q, x));
-- A partial index of all rows that refer to something.
CREATE TABLE app.sparse (q int REFERENCES app.q);
CREATE INDEX ON app.sparse (q) WHERE q IS NOT NULL;
CREATE TABLE app.sparse_two (a int, b int, FOREIGN KEY (a, b) REFERENCES app.p);
CREATE INDEX ON app.sparse_two (a, b) WHERE a IS NOT NULL AND b IS NOT NULL;
-- Hash, and the class for LIKE, whose equality is the same.
CREATE TABLE app.hashed (q int REFERENCES app.q);
CREATE INDEX ON app.hashed USING hash (q);
CREATE TABLE app.liked (name text REFERENCES app.names);
CREATE INDEX ON app.liked (name text_pattern_ops);
-- Partitions, by the parent's index and by their own.
CREATE TABLE app.events (q int REFERENCES app.q, day date) PARTITION BY RANGE (day);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX ON app.events (q);
CREATE TABLE app.others (q int REFERENCES app.q, day date) PARTITION BY RANGE (day);
CREATE TABLE app.others_1 PARTITION OF app.others FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX ON app.others_1 (q);
CREATE TABLE app.own (q int, day date) PARTITION BY RANGE (day);
CREATE TABLE app.own_1 PARTITION OF app.own (FOREIGN KEY (q) REFERENCES app.q) DEFAULT;
CREATE INDEX ON app.own_1 (q);
-- The index of an exclusion constraint serves, too.
CREATE TABLE app.slots (q int REFERENCES app.q, EXCLUDE USING btree (q WITH =));
