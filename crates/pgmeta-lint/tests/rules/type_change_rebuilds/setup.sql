CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, price numeric(10,2), note varchar(20), state varchar(20), remark varchar(20), code text, CONSTRAINT priced CHECK (price > 0));
CREATE INDEX orders_state ON app.orders (state) WHERE state <> '';
CREATE INDEX orders_remark ON app.orders (remark);
CREATE TABLE app.lines (of_order int REFERENCES app.orders);
ALTER TABLE app.lines ADD CONSTRAINT numbered CHECK (of_order > 0) NOT VALID;
CREATE TABLE app.parts (day int, note varchar(20)) PARTITION BY LIST (day);
CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES IN (1);
CREATE INDEX parts_note ON app.parts (note);
