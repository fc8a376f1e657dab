CREATE SCHEMA app;
CREATE TABLE app.jobs (done bool, at timestamptz, plain timestamp(3), queue text);
CREATE INDEX jobs_done ON app.jobs (done);
CREATE INDEX jobs_both ON app.jobs (done, at, queue);
CREATE INDEX jobs_plain ON app.jobs (queue, plain, done);
