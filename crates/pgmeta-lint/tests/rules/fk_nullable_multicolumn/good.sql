CREATE SCHEMA app;
CREATE TABLE app.rooms (house int, room int, PRIMARY KEY (house, room));
CREATE TABLE app.full_match (house int, room int, FOREIGN KEY (house, room) REFERENCES app.rooms MATCH FULL);
CREATE TABLE app.not_null (house int NOT NULL, room int NOT NULL, FOREIGN KEY (house, room) REFERENCES app.rooms);
CREATE TABLE app.counted (house int, room int, CHECK (num_nulls(house, room) IN (0, 2)),
  FOREIGN KEY (house, room) REFERENCES app.rooms);
CREATE TABLE app.houses (house int PRIMARY KEY);
CREATE TABLE app.one (house int REFERENCES app.houses);
