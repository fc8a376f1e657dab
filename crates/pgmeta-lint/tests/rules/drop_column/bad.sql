ALTER TABLE app.orders DROP COLUMN note;
ALTER TABLE app.orders DROP at, DROP IF EXISTS price;
