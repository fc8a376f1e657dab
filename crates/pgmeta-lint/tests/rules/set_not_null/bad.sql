ALTER TABLE app.orders ALTER customer_id SET NOT NULL;
ALTER TABLE app.orders ALTER at SET NOT NULL;
ALTER TABLE app.orders VALIDATE CONSTRAINT other;
ALTER TABLE app.orders ALTER at SET NOT NULL;
ALTER TABLE app.orders ADD CONSTRAINT known CHECK (customer_id IS NOT NULL) NOT VALID;
ALTER TABLE app.orders ALTER customer_id SET NOT NULL;
ALTER TABLE app.customers ALTER mail SET NOT NULL;
ALTER TABLE app.orders ADD CONSTRAINT added CHECK (customer_id IS NOT NULL OR price IS NOT NULL);
ALTER TABLE app.orders ALTER customer_id SET NOT NULL;
