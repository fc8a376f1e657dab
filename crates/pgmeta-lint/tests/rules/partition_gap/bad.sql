CREATE SCHEMA app;
CREATE TABLE app.visits (id int, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE app.visits_3 PARTITION OF app.visits FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
CREATE TABLE app.visits_9 PARTITION OF app.visits FOR VALUES FROM ('2024-09-01') TO (MAXVALUE);
-- Numbers are ordered as numbers.
CREATE TABLE app.numbers (n int) PARTITION BY RANGE (n);
CREATE TABLE app.numbers_1 PARTITION OF app.numbers FOR VALUES FROM (1) TO (5);
CREATE TABLE app.numbers_2 PARTITION OF app.numbers FOR VALUES FROM (5) TO (10);
CREATE TABLE app.numbers_3 PARTITION OF app.numbers FOR VALUES FROM (20) TO (100);
CREATE TABLE app.hashed (n int) PARTITION BY HASH (n);
CREATE TABLE app.hashed_0 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.hashed_1 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 4, REMAINDER 1);
-- With a check, which the new partition must have.
CREATE TABLE app.checked (n int NOT NULL, v int CHECK (v > 0)) PARTITION BY RANGE (n);
CREATE TABLE app.checked_1 PARTITION OF app.checked FOR VALUES FROM (1) TO (10);
CREATE TABLE app.checked_2 PARTITION OF app.checked FOR VALUES FROM (20) TO (30);
