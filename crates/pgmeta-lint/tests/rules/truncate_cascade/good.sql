TRUNCATE app.customers, app.orders;
CREATE TABLE app.new (id int);
TRUNCATE app.new CASCADE;
