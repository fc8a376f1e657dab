ALTER TABLE app.orders ALTER price TYPE numeric(12,2);
ALTER TABLE app.orders ALTER note TYPE varchar(30);
ALTER TABLE app.orders ALTER note TYPE text;
ALTER TABLE app.orders ALTER price TYPE numeric;
CREATE TABLE app.new (a int);
ALTER TABLE app.new ALTER a TYPE bigint;
ALTER TYPE app.pair ALTER ATTRIBUTE a TYPE bigint;
