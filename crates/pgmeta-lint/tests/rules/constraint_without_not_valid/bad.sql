ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (price > 0);
ALTER TABLE app.orders ADD CONSTRAINT of_customer FOREIGN KEY (customer_id) REFERENCES app.customers;
ALTER TABLE app.orders ADD CHECK (id > 0);
ALTER TABLE app.orders ADD amount int CHECK (amount > 0);
ALTER TABLE app.orders ADD buyer int DEFAULT 1 REFERENCES app.customers;
