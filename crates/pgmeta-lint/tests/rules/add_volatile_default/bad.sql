ALTER TABLE app.orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE app.orders ADD seen timestamptz DEFAULT clock_timestamp(), ADD fine timestamptz DEFAULT now();
ALTER TABLE app.orders ADD twice int GENERATED ALWAYS AS (id * 2) STORED;
ALTER TABLE app.orders ADD number bigserial;
ALTER TABLE app.orders ADD other bigint GENERATED ALWAYS AS IDENTITY;
