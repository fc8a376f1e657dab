REINDEX INDEX app.orders_customer;
REINDEX (VERBOSE) TABLE app.orders;
REINDEX SCHEMA app;
REINDEX TABLE "INDEX";
REINDEX TABLE pg_catalog.pg_class;
