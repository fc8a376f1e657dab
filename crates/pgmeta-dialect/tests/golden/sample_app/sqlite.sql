-- SQLite checks foreign keys after PRAGMA foreign_keys = ON, in each connection

-- default of column actor of app.events: SESSION_USER
CREATE TABLE "events" (
  "at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '+00'),
  "actor" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "before" TEXT CHECK ("before" IS NULL OR json_valid("before")),
  "after" TEXT CHECK ("after" IS NULL OR json_valid("after"))
) STRICT;
CREATE INDEX "events_at_idx" ON "events" ("at");

-- table auth.tenants: One row for each shop on the platform
-- column slug of auth.tenants: First part of the shop's host name
CREATE TABLE "tenants" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "settings" TEXT NOT NULL DEFAULT '{}' CHECK ("settings" IS NULL OR json_valid("settings")),
  "created_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '+00'),
  CONSTRAINT "tenants_slug_check" CHECK ("slug" = lower("slug")),
  CONSTRAINT "tenants_slug_key" UNIQUE ("slug")
) STRICT;

-- default of column tenant_id of app.customers: auth.current_tenant()
-- check email_has_at of column email of app.customers: (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'::text)
CREATE TABLE "customers" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "tenant_id" INTEGER NOT NULL,
  "first_name" TEXT NOT NULL,
  "last_name" TEXT NOT NULL,
  "full_name" TEXT GENERATED ALWAYS AS (("first_name" || ' ') || "last_name") STORED,
  "email" TEXT,
  "billing" TEXT CHECK ("billing" IS NULL OR json_valid("billing")),
  CONSTRAINT "customers_tenant_id_email_key" UNIQUE ("tenant_id", "email"),
  CONSTRAINT "customers_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants" ("id")
) STRICT;

-- table app.orders: Partitioned by month; old months are archived
-- default of column tenant_id of app.orders: auth.current_tenant()
CREATE TABLE "orders" (
  "id" INTEGER NOT NULL,
  "placed_on" TEXT NOT NULL DEFAULT (CURRENT_DATE),
  "tenant_id" INTEGER NOT NULL,
  "customer_id" INTEGER NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'draft' CHECK ("status" IN ('draft', 'placed', 'paid', 'shipped', 'cancelled')),
  "note" TEXT,
  CONSTRAINT "orders_pkey" PRIMARY KEY ("id", "placed_on"),
  CONSTRAINT "orders_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id"),
  CONSTRAINT "orders_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants" ("id")
) STRICT;
CREATE INDEX "orders_customer_idx" ON "orders" ("customer_id", "placed_on" DESC);
CREATE INDEX "orders_open_idx" ON "orders" ("tenant_id") WHERE "status" IN ('draft', 'placed');

-- default of column tenant_id of app.invoices: auth.current_tenant()
CREATE TABLE "invoices" (
  "number" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "tenant_id" INTEGER NOT NULL,
  "order_id" INTEGER NOT NULL,
  "placed_on" TEXT NOT NULL,
  "amount" TEXT NOT NULL DEFAULT '0.00' CHECK (CAST("amount" AS NUMERIC) >= 0),
  "issued_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '+00'),
  "paid_at" TEXT,
  CONSTRAINT "invoices_check" CHECK ("paid_at" >= "issued_at"),
  CONSTRAINT "invoices_order_id_placed_on_fkey" FOREIGN KEY ("order_id", "placed_on") REFERENCES "orders" ("id", "placed_on") DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "invoices_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants" ("id")
) STRICT;
CREATE INDEX "invoices_unpaid_idx" ON "invoices" ("tenant_id", "issued_at") WHERE "paid_at" IS NULL;

-- default of column tenant_id of app.products: auth.current_tenant()
-- generated column search of app.products: (setweight(to_tsvector('simple'::regconfig, name), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, details), 'B'::"char"))
-- index products_search_idx of app.products: USING gin (search)
CREATE TABLE "products" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "tenant_id" INTEGER NOT NULL,
  "sku" TEXT NOT NULL CHECK (length("sku") <= 32),
  "name" TEXT NOT NULL,
  "details" TEXT NOT NULL DEFAULT '',
  "price" TEXT NOT NULL DEFAULT '0.00' CHECK (CAST("price" AS NUMERIC) >= 0),
  "tags" TEXT NOT NULL DEFAULT '[]' CHECK ("tags" IS NULL OR json_valid("tags")),
  "search" TEXT,
  "retired_at" TEXT,
  CONSTRAINT "products_sku_key" UNIQUE ("tenant_id", "sku"),
  CONSTRAINT "products_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants" ("id")
) STRICT;
CREATE INDEX "products_active_idx" ON "products" ("tenant_id", "name") WHERE "retired_at" IS NULL;

-- generated column total of app.order_lines: ((quantity)::numeric * (unit_price)::numeric)
CREATE TABLE "order_lines" (
  "order_id" INTEGER NOT NULL,
  "placed_on" TEXT NOT NULL,
  "line" INTEGER NOT NULL,
  "product_id" INTEGER NOT NULL,
  "quantity" INTEGER NOT NULL DEFAULT 1,
  "unit_price" TEXT NOT NULL DEFAULT '0.00' CHECK (CAST("unit_price" AS NUMERIC) >= 0),
  "total" TEXT,
  CONSTRAINT "order_lines_line_check" CHECK ("line" > 0),
  CONSTRAINT "order_lines_pkey" PRIMARY KEY ("order_id", "placed_on", "line"),
  CONSTRAINT "order_lines_quantity_check" CHECK ("quantity" > 0),
  CONSTRAINT "order_lines_order_id_placed_on_fkey" FOREIGN KEY ("order_id", "placed_on") REFERENCES "orders" ("id", "placed_on") ON DELETE CASCADE,
  CONSTRAINT "order_lines_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products" ("id")
) STRICT;

-- exclusion price_rules_one_at_a_time of app.price_rules: EXCLUDE USING gist (int4range(product_id, product_id, '[]'::text) WITH =, valid WITH &&)
-- exclusion price_rules_one_at_a_time of app.price_rules: A product has one discount at any time
CREATE TABLE "price_rules" (
  "product_id" INTEGER NOT NULL,
  "valid" TEXT NOT NULL,
  "discount" TEXT NOT NULL,
  CONSTRAINT "price_rules_discount_check" CHECK ((CAST("discount" AS NUMERIC) > 0) AND (CAST("discount" AS NUMERIC) < 1)),
  CONSTRAINT "price_rules_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products" ("id") ON DELETE CASCADE
) STRICT;

-- check email_has_at of column email of auth.users: (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'::text)
CREATE TABLE "users" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "tenant_id" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'viewer' CHECK ("role" IN ('owner', 'staff', 'viewer')),
  "last_login" TEXT,
  CONSTRAINT "users_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants" ("id") ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("tenant_id", lower("email"));

-- view reporting.open_orders:
--  SELECT order_totals.tenant_id,
--     count(*) AS orders,
--     sum(order_totals.total) AS total
--    FROM reporting.order_totals
--   WHERE (order_totals.status <> ALL (ARRAY['paid'::app.order_status, 'shipped'::app.order_status, 'cancelled'::app.order_status]))
--   GROUP BY order_totals.tenant_id

-- view reporting.order_totals:
--  SELECT o.id,
--     o.placed_on,
--     o.tenant_id,
--     c.full_name AS customer,
--     o.status,
--     app.order_total(o.id, o.placed_on) AS total
--    FROM (app.orders o
--      JOIN app.customers c ON ((c.id = o.customer_id)))

-- materialized view reporting.revenue_by_month:
--  SELECT t.id AS tenant_id,
--     t.name AS tenant,
--     (date_trunc('month'::text, (i.issued_at AT TIME ZONE 'UTC'::text)))::date AS month,
--     count(*) AS invoices,
--     sum((i.amount)::numeric) AS amount,
--     sum((i.amount)::numeric) FILTER (WHERE (i.paid_at IS NULL)) AS unpaid
--    FROM (auth.tenants t
--      JOIN app.invoices i ON ((i.tenant_id = t.id)))
--   GROUP BY t.id, ((date_trunc('month'::text, (i.issued_at AT TIME ZONE 'UTC'::text)))::date)
