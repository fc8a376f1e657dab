CREATE INDEX a ON app.orders (id);
create unique index if not exists b on app.orders (id) where customer_id > 0;
DROP INDEX app.orders_customer;
CREATE INDEX c ON app.events (at);
CREATE INDEX d ON app.orders (id) /* note */;
DROP INDEX IF EXISTS app.orders_by_id CASCADE;
