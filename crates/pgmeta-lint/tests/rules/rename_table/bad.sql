ALTER TABLE app.orders RENAME TO purchases;
ALTER VIEW app.v RENAME TO w;
