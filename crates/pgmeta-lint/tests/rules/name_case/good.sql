CREATE SCHEMA app;
CREATE TABLE app._items2 (id bigserial PRIMARY KEY, user_id int, "order" int);
-- Policies have sentences for names, indexes are named after their columns.
CREATE POLICY "Users see their own" ON app._items2 USING (true);
CREATE INDEX "Items by user" ON app._items2 (user_id);
CREATE TYPE app.kind AS ENUM ('Big', 'SMALL');
