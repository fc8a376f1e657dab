CREATE SCHEMA app;
CREATE TABLE app.t (id bigserial PRIMARY KEY);
CREATE TABLE public.t (id int PRIMARY KEY);
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
ALTER TABLE app.events_rest OWNER TO pg_monitor;
