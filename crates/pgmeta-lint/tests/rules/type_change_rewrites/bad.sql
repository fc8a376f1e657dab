ALTER TABLE app.orders ALTER id TYPE bigint;
ALTER TABLE app.orders ALTER price TYPE numeric(12,3);
ALTER TABLE app.orders ALTER note TYPE varchar(10);
ALTER TABLE app.orders ALTER note TYPE varchar(30) USING lower(note);
ALTER TABLE app.elsewhere ALTER n TYPE int;
ALTER TABLE app.orders ALTER note TYPE text USING price::text;
