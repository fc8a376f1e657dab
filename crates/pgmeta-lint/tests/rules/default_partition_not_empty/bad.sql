CREATE SCHEMA app;
CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.visits_rest PARTITION OF app.visits DEFAULT;
CREATE TABLE app.others (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.others_rest PARTITION OF app.others DEFAULT;
