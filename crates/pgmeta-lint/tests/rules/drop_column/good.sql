CREATE TABLE app.new (a int, b int);
ALTER TABLE app.new DROP COLUMN b;
ALTER TABLE app.orders DROP CONSTRAINT orders_pkey;
DROP DOMAIN app.unused CASCADE;
DROP DOMAIN app.mail;
ALTER TABLE app.orders DROP COLUMN IF EXISTS nosuch;
