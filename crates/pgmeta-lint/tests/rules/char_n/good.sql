CREATE SCHEMA app;
CREATE TABLE app.t (a varchar(2), b text, c "char", d name);
