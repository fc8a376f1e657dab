CREATE SCHEMA app;
CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE app.visits_2 PARTITION OF app.visits FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
-- A default takes the rows; lists have no order; all remainders are there; there is no partition yet.
CREATE TABLE app.numbers (n int) PARTITION BY RANGE (n);
CREATE TABLE app.numbers_1 PARTITION OF app.numbers FOR VALUES FROM (1) TO (5);
CREATE TABLE app.numbers_2 PARTITION OF app.numbers FOR VALUES FROM (50) TO (60);
CREATE TABLE app.numbers_rest PARTITION OF app.numbers DEFAULT;
CREATE TABLE app.listed (n int) PARTITION BY LIST (n);
CREATE TABLE app.listed_1 PARTITION OF app.listed FOR VALUES IN (1);
CREATE TABLE app.listed_9 PARTITION OF app.listed FOR VALUES IN (9);
CREATE TABLE app.hashed (n int) PARTITION BY HASH (n);
CREATE TABLE app.hashed_0 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.hashed_1 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE app.hashed_3 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 4, REMAINDER 3);
CREATE TABLE app.future (n int) PARTITION BY RANGE (n);
-- Two columns.
CREATE TABLE app.pairs (a int, b text) PARTITION BY RANGE (a, b);
CREATE TABLE app.pairs_1 PARTITION OF app.pairs FOR VALUES FROM (1, 'a') TO (2, 'b');
CREATE TABLE app.pairs_2 PARTITION OF app.pairs FOR VALUES FROM (2, 'b') TO (3, MINVALUE);
-- Values of which only the server knows the order, and one number in two spellings.
CREATE TABLE app.hosts (host inet) PARTITION BY RANGE (host);
CREATE TABLE app.hosts_9 PARTITION OF app.hosts FOR VALUES FROM ('9.0.0.0') TO ('10.0.0.0');
CREATE TABLE app.hosts_10 PARTITION OF app.hosts FOR VALUES FROM ('10.0.0.0') TO ('11.0.0.0');
CREATE TABLE app.sizes (size numeric) PARTITION BY RANGE (size);
CREATE TABLE app.sizes_0 PARTITION OF app.sizes FOR VALUES FROM (0) TO (1.0);
CREATE TABLE app.sizes_1 PARTITION OF app.sizes FOR VALUES FROM (1) TO (2);
CREATE TABLE app.ages (age interval) PARTITION BY RANGE (age);
CREATE TABLE app.ages_2 PARTITION OF app.ages FOR VALUES FROM ('2 days') TO ('10 days');
CREATE TABLE app.ages_10 PARTITION OF app.ages FOR VALUES FROM ('10 days') TO ('20 days');
CREATE TABLE app.eras (day date) PARTITION BY RANGE (day);
CREATE TABLE app.eras_1 PARTITION OF app.eras FOR VALUES FROM ('9999-01-01') TO ('10000-01-01');
CREATE TABLE app.eras_2 PARTITION OF app.eras FOR VALUES FROM ('10000-01-01') TO ('infinity');
