-- Rows of the sample application, fixtures/sample_app.sql: two shops with their orders.
INSERT INTO auth.tenants (slug, name, settings, created_at) VALUES
  ('north', 'North Sea Tea', '{"currency": "EUR", "days": [1, 2]}', '2026-01-01 08:00+01'), ('söuth', 'O''Hara & Söhne', '{}', '2026-01-02 00:00:00.123456+00');
INSERT INTO auth.users (tenant_id, email, role, last_login) VALUES (1, 'a@north.example', 'owner', '2026-02-03 04:05:06+00'), (1, 'b@north.example', 'viewer', NULL);
INSERT INTO app.products (tenant_id, sku, name, details, price, tags, retired_at) VALUES
  (1, 'T-1', 'Green tea', 'Ein "Tee"', 12.50, '{green,"loose leaf"}', NULL), (2, 'T-1', 'Teapot\', E'two\nlines', 0, '{}', '2026-03-01 00:00+00');
INSERT INTO app.price_rules VALUES (1, '[2026-01-01 00:00+00,2026-02-01 00:00+00)', 0.125), (2, '[2026-01-01 00:00+00,)', 0.5);
INSERT INTO app.customers (tenant_id, first_name, last_name, email, billing) VALUES
  (1, 'Ida', 'Ütz', 'ida@example.com', ROW('Long street 1', 'Kiel', '24103', 'DE')), (2, '', 'X', NULL, NULL);
INSERT INTO app.orders (placed_on, tenant_id, customer_id, status, note) VALUES
  ('2026-01-15', 1, 1000, 'paid', NULL), ('2026-02-15', 1, 1000, 'draft', 'call first'), ('2027-01-01', 2, 1001, 'cancelled', '');
INSERT INTO app.order_lines (order_id, placed_on, line, product_id, quantity, unit_price) VALUES
  (1, '2026-01-15', 1, 1, 3, 12.50), (1, '2026-01-15', 2, 1, 1, 0), (2, '2026-02-15', 1, 1, 2, 9.99);
INSERT INTO app.invoices (tenant_id, order_id, placed_on, amount, issued_at, paid_at) VALUES
  (1, 1, '2026-01-15', 37.50, '2026-01-16 10:00+00', '2026-01-20 10:00+00'), (1, 2, '2026-02-15', 19.98, '2026-02-16 10:00+00', NULL);
