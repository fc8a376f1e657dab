CREATE INDEX IF NOT EXISTS orders_customer ON app.orders (customer_id);
CREATE INDEX CONCURRENTLY a ON app.orders (id);
DROP INDEX CONCURRENTLY app.orders_customer;
CREATE TABLE app.new (id int);
CREATE INDEX new_id ON app.new (id);
DROP INDEX app.new_id;
CREATE INDEX e ON ONLY app.events (at);
