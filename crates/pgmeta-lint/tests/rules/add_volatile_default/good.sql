ALTER TABLE app.orders ADD COLUMN token uuid;
ALTER TABLE app.orders ADD COLUMN at timestamptz DEFAULT now();
ALTER TABLE app.orders ADD COLUMN n int DEFAULT 1;
CREATE TABLE app.new (id int);
ALTER TABLE app.new ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE app.orders ADD COLUMN name text DEFAULT lower('A');
