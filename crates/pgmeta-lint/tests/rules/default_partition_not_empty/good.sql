CREATE SCHEMA app;
CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
-- It had rows, and was analyzed since.
CREATE TABLE app.others (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.others_rest PARTITION OF app.others DEFAULT;
CREATE TABLE app.others_1 PARTITION OF app.others FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
