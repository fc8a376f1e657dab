CREATE SCHEMA app;
CREATE TABLE app.houses (house int PRIMARY KEY);
CREATE TABLE app.rooms (house int REFERENCES app.houses, room int, PRIMARY KEY (house, room));
