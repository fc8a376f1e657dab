CREATE SCHEMA app;
CREATE TABLE app.rooms (house int, room int, PRIMARY KEY (house, room));
CREATE TABLE app.desks (house int, room int, CONSTRAINT in_room FOREIGN KEY (house, room) REFERENCES app.rooms);
-- One may be null: the row refers to nothing then.
CREATE TABLE app.chairs (house int NOT NULL, room int, CONSTRAINT in_room FOREIGN KEY (house, room) REFERENCES app.rooms);
