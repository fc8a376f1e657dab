CREATE SCHEMA app;
CREATE TABLE app.visits (visitor int, day date NOT NULL, PRIMARY KEY (day, visitor)) PARTITION BY RANGE (day);
CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01') PARTITION BY LIST (visitor);
CREATE INDEX visits_visitor ON app.visits (visitor);
CREATE TABLE app.empty (visitor int) PARTITION BY LIST (visitor);
CREATE INDEX empty_visitor ON ONLY app.empty (visitor);
