CREATE SCHEMA app;
CREATE TABLE app.t (a int NOT NULL, b int);
CREATE INDEX t_b ON app.t (b) WHERE b IS NOT NULL;
CREATE INDEX t_ab ON app.t (a) WHERE a IS NOT NULL AND b IS NOT NULL;
CREATE INDEX t_positive ON app.t (a) WHERE a IS NOT NULL AND a > 0;
CREATE INDEX t_expression ON app.t (a) WHERE (a + b) IS NOT NULL;
