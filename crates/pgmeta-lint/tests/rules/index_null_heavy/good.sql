CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, coupon text, note text);
CREATE INDEX orders_coupon ON app.orders (coupon) WHERE coupon IS NOT NULL;
CREATE INDEX orders_note ON app.orders (note, coupon);
CREATE UNIQUE INDEX orders_unique ON app.orders (coupon);
CREATE INDEX orders_expression ON app.orders (lower(coupon));
