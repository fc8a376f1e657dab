CREATE SCHEMA app;
CREATE TABLE app.visits (id int GENERATED ALWAYS AS IDENTITY, day date NOT NULL DEFAULT now(), PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE app.listed (n int) PARTITION BY LIST (n);
-- Its name is taken.
CREATE TABLE app.listed_default (n int);
CREATE TABLE app.holes (n int) PARTITION BY RANGE (n);
CREATE TABLE app.holes_1 PARTITION OF app.holes FOR VALUES FROM (MINVALUE) TO (0);
CREATE TABLE app.holes_2 PARTITION OF app.holes FOR VALUES FROM (9) TO (MAXVALUE);
-- With a check, which the new partition must have.
CREATE TABLE app.checked (n int NOT NULL, v int CONSTRAINT positive CHECK (v > 0)) PARTITION BY RANGE (n);
CREATE TABLE app.checked_1 PARTITION OF app.checked FOR VALUES FROM (1) TO (10);
