-- old
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int); CREATE TABLE app.u (id int PRIMARY KEY, n int);
CREATE PUBLICATION claims_pub FOR TABLE app.t; CREATE PUBLICATION claims_gone FOR TABLE app.u;
-- new
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int); CREATE TABLE app.u (id int PRIMARY KEY, n int);
SELECT current_setting('server_version_num')::int >= 150000 AS ge15 \gset
\if :ge15
CREATE PUBLICATION claims_pub FOR TABLE app.u, TABLES IN SCHEMA app WITH (publish = 'insert');
\else
CREATE PUBLICATION claims_pub FOR TABLE app.u WITH (publish = 'insert');
\endif
CREATE PUBLICATION claims_new FOR TABLE app.t;
COMMENT ON PUBLICATION claims_pub IS 'x';
