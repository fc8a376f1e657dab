REINDEX INDEX app.orders_customer;
REINDEX (VERBOSE) TABLE app.orders;
REINDEX SCHEMA app;
