ALTER TABLE app.orders ALTER customer_id SET NOT NULL;
ALTER TABLE app.orders ALTER at SET NOT NULL;
