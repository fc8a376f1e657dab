DROP TABLE app.orders;
DROP TABLE IF EXISTS app.orders, other CASCADE;
