CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a text DEFAULT NULL, b text DEFAULT 'NULLABLE', c text DEFAULT '', d text DEFAULT 'is ''null''');
