CREATE SCHEMA app;
CREATE TABLE app.visits (visitor int, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
CREATE INDEX visits_visitor ON ONLY app.visits (visitor) WHERE visitor > 0;
-- One that would do is there.
CREATE INDEX visits_1_visitor ON app.visits_1 (visitor) WHERE visitor > 0;
CREATE UNIQUE INDEX visits_day ON ONLY app.visits (day);
