CREATE SCHEMA app;
CREATE TABLE app.jobs (id int PRIMARY KEY, done bool, at timestamptz, day date, queue text, UNIQUE (done, queue), UNIQUE (at, queue));
CREATE INDEX ON app.jobs (queue, done);
CREATE INDEX ON app.jobs (queue, at);
CREATE INDEX ON app.jobs (done, queue) WHERE queue <> '';
CREATE INDEX ON app.jobs USING brin (at, queue);
CREATE INDEX ON app.jobs ((NOT done), queue);
