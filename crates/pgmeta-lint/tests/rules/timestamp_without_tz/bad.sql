CREATE SCHEMA app;
CREATE DOMAIN app.moment AS timestamp;
CREATE TABLE app.t (a timestamp, b timestamp(3), c timestamp[], d app.moment);
-- A child's column is its parent's, a partition's too.
CREATE TABLE app.child (e timestamp) INHERITS (app.t);
CREATE TABLE app.events (a timestamp) PARTITION BY RANGE (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
