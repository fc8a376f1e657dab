ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (price > 0) NOT VALID;
ALTER TABLE app.orders VALIDATE CONSTRAINT positive;
ALTER TABLE app.orders ADD UNIQUE (customer_id);
CREATE TABLE app.new (a int);
ALTER TABLE app.new ADD CHECK (a > 0);
ALTER TABLE app.orders ADD buyer int REFERENCES app.customers;
CREATE TABLE app.other (a int);
ALTER TABLE app.other ADD amount int CHECK (amount > 0);
