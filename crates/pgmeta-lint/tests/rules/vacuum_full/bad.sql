VACUUM FULL app.orders;
VACUUM (FULL, ANALYZE) app.orders, app.customers;
CLUSTER app.orders USING orders_customer;
VACUUM FULL;
