CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, coupon text, note text);
CREATE INDEX orders_coupon ON app.orders (coupon, note);
