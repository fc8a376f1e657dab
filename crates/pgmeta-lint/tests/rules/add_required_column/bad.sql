ALTER TABLE app.orders ADD state text NOT NULL;
ALTER TABLE app.orders ADD state text NOT NULL DEFAULT NULL;
