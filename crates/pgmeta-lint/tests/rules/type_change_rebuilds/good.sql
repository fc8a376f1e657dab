ALTER TABLE app.orders ALTER remark TYPE text;
ALTER TABLE app.lines ALTER of_order TYPE int;
ALTER TABLE app.orders ALTER code TYPE varchar;
DROP INDEX app.orders_state;
ALTER TABLE app.orders ALTER state TYPE varchar;
ALTER TABLE app.orders ALTER remark TYPE int USING 1;
CREATE TABLE app.new (a varchar(10) CHECK (a <> ''));
ALTER TABLE app.new ALTER a TYPE text;
