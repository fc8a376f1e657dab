ALTER TABLE app.orders ADD state text NOT NULL;
ALTER TABLE app.orders ADD state text NOT NULL DEFAULT NULL;
ALTER TABLE app.orders ADD required app.required;
ALTER TABLE app.orders ADD nothing int NOT NULL DEFAULT NULL;
ALTER TABLE app.orders ADD nothing int NOT NULL DEFAULT NULL::int;
ALTER TABLE app.orders ADD filled app.filled DEFAULT NULL;
