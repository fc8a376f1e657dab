ALTER TABLE app.orders ADD state text NOT NULL DEFAULT 'new';
ALTER TABLE app.orders ADD n bigserial NOT NULL;
ALTER TABLE app.orders ADD m int;
CREATE TABLE app.new (a int);
ALTER TABLE app.new ADD b int NOT NULL;
ALTER TABLE app.orders ADD filled app.filled;
ALTER TABLE app.orders ADD required app.required DEFAULT 1;
