IF SCHEMA_ID(N'app') IS NULL EXEC(N'CREATE SCHEMA [app]');
IF SCHEMA_ID(N'auth') IS NULL EXEC(N'CREATE SCHEMA [auth]');
IF SCHEMA_ID(N'reporting') IS NULL EXEC(N'CREATE SCHEMA [reporting]');

-- default of column actor of app.events: SESSION_USER
CREATE TABLE [app].[events] (
  [at] DATETIMEOFFSET(6) NOT NULL DEFAULT (SYSDATETIMEOFFSET()),
  [actor] NVARCHAR(63) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [action] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [subject] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [before] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [before], N']')) = 1),
  [after] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [after], N']')) = 1)
);
CREATE INDEX [events_at_idx] ON [app].[events] ([at]);

-- table auth.tenants: One row for each shop on the platform
-- column slug of auth.tenants: First part of the shop's host name
CREATE TABLE [auth].[tenants] (
  [id] INT NOT NULL IDENTITY(1,1),
  [slug] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [name] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [settings] NVARCHAR(MAX) NOT NULL DEFAULT N'{}' CHECK (ISJSON(CONCAT(N'[', [settings], N']')) = 1),
  [created_at] DATETIMEOFFSET(6) NOT NULL DEFAULT (SYSDATETIMEOFFSET()),
  CONSTRAINT [tenants_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [tenants_slug_check] CHECK ([slug] = LOWER([slug])),
  CONSTRAINT [tenants_slug_key] UNIQUE ([slug])
);

-- default of column tenant_id of app.customers: auth.current_tenant()
-- check email_has_at of column email of app.customers: (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'::text)
CREATE TABLE [app].[customers] (
  [id] BIGINT NOT NULL IDENTITY(1000,1),
  [tenant_id] INT NOT NULL,
  [first_name] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [last_name] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [full_name] AS (CAST(([first_name] + N' ') + [last_name] AS NVARCHAR(MAX)) COLLATE Latin1_General_100_BIN2) PERSISTED,
  [email] NVARCHAR(255) COLLATE Latin1_General_100_BIN2,
  [billing] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [billing], N']')) = 1),
  CONSTRAINT [customers_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [customers_tenant_id_fkey] FOREIGN KEY ([tenant_id]) REFERENCES [auth].[tenants] ([id])
);
CREATE UNIQUE INDEX [customers_tenant_id_email_key] ON [app].[customers] ([tenant_id], [email]) WHERE [email] IS NOT NULL;

-- table app.orders: Partitioned by month; old months are archived
-- default of column tenant_id of app.orders: auth.current_tenant()
CREATE TABLE [app].[orders] (
  [id] BIGINT NOT NULL IDENTITY(1,1),
  [placed_on] DATE NOT NULL DEFAULT (CAST(SYSDATETIME() AS DATE)),
  [tenant_id] INT NOT NULL,
  [customer_id] BIGINT NOT NULL,
  [status] NVARCHAR(9) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'draft' CHECK ([status] IN (N'draft', N'placed', N'paid', N'shipped', N'cancelled')),
  [note] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  CONSTRAINT [orders_pkey] PRIMARY KEY ([id], [placed_on]),
  CONSTRAINT [orders_customer_id_fkey] FOREIGN KEY ([customer_id]) REFERENCES [app].[customers] ([id]),
  CONSTRAINT [orders_tenant_id_fkey] FOREIGN KEY ([tenant_id]) REFERENCES [auth].[tenants] ([id])
);
CREATE INDEX [orders_customer_idx] ON [app].[orders] ([customer_id], [placed_on] DESC);
CREATE INDEX [orders_open_idx] ON [app].[orders] ([tenant_id]);

-- default of column tenant_id of app.invoices: auth.current_tenant()
CREATE TABLE [app].[invoices] (
  [number] BIGINT NOT NULL IDENTITY(10000,1),
  [tenant_id] INT NOT NULL,
  [order_id] BIGINT NOT NULL,
  [placed_on] DATE NOT NULL,
  [amount] DECIMAL(12,2) NOT NULL DEFAULT 0 CHECK ([amount] >= 0),
  [issued_at] DATETIMEOFFSET(6) NOT NULL DEFAULT (SYSDATETIMEOFFSET()),
  [paid_at] DATETIMEOFFSET(6),
  CONSTRAINT [invoices_check] CHECK ([paid_at] >= [issued_at]),
  CONSTRAINT [invoices_pkey] PRIMARY KEY ([number]),
  CONSTRAINT [invoices_order_id_placed_on_fkey] FOREIGN KEY ([order_id], [placed_on]) REFERENCES [app].[orders] ([id], [placed_on]),
  CONSTRAINT [invoices_tenant_id_fkey] FOREIGN KEY ([tenant_id]) REFERENCES [auth].[tenants] ([id])
);
CREATE INDEX [invoices_unpaid_idx] ON [app].[invoices] ([tenant_id], [issued_at]) INCLUDE ([amount]) WHERE [paid_at] IS NULL;

-- default of column tenant_id of app.products: auth.current_tenant()
-- generated column search of app.products: (setweight(to_tsvector('simple'::regconfig, name), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, details), 'B'::"char"))
-- index products_active_idx of app.products: USING btree (tenant_id, name) WHERE (retired_at IS NULL)
-- index products_search_idx of app.products: USING gin (search)
CREATE TABLE [app].[products] (
  [id] INT NOT NULL IDENTITY(1,1),
  [tenant_id] INT NOT NULL,
  [sku] NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [name] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [details] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'',
  [price] DECIMAL(12,2) NOT NULL DEFAULT 0 CHECK ([price] >= 0),
  [tags] NVARCHAR(MAX) NOT NULL DEFAULT N'[]' CHECK (ISJSON(CONCAT(N'[', [tags], N']')) = 1),
  [search] NVARCHAR(MAX),
  [retired_at] DATETIMEOFFSET(6),
  CONSTRAINT [products_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [products_sku_key] UNIQUE ([tenant_id], [sku]),
  CONSTRAINT [products_tenant_id_fkey] FOREIGN KEY ([tenant_id]) REFERENCES [auth].[tenants] ([id])
);

CREATE TABLE [app].[order_lines] (
  [order_id] BIGINT NOT NULL,
  [placed_on] DATE NOT NULL,
  [line] SMALLINT NOT NULL,
  [product_id] INT NOT NULL,
  [quantity] INT NOT NULL DEFAULT 1,
  [unit_price] DECIMAL(12,2) NOT NULL DEFAULT 0 CHECK ([unit_price] >= 0),
  [total] AS (CAST([quantity] * [unit_price] AS DECIMAL(14,2))) PERSISTED,
  CONSTRAINT [order_lines_line_check] CHECK ([line] > 0),
  CONSTRAINT [order_lines_pkey] PRIMARY KEY ([order_id], [placed_on], [line]),
  CONSTRAINT [order_lines_quantity_check] CHECK ([quantity] > 0),
  CONSTRAINT [order_lines_order_id_placed_on_fkey] FOREIGN KEY ([order_id], [placed_on]) REFERENCES [app].[orders] ([id], [placed_on]) ON DELETE CASCADE,
  CONSTRAINT [order_lines_product_id_fkey] FOREIGN KEY ([product_id]) REFERENCES [app].[products] ([id])
);

-- exclusion price_rules_one_at_a_time of app.price_rules: EXCLUDE USING gist (int4range(product_id, product_id, '[]'::text) WITH =, valid WITH &&)
-- exclusion price_rules_one_at_a_time of app.price_rules: A product has one discount at any time
CREATE TABLE [app].[price_rules] (
  [product_id] INT NOT NULL,
  [valid] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [discount] DECIMAL(4,3) NOT NULL,
  CONSTRAINT [price_rules_discount_check] CHECK (([discount] > 0) AND ([discount] < 1)),
  CONSTRAINT [price_rules_product_id_fkey] FOREIGN KEY ([product_id]) REFERENCES [app].[products] ([id]) ON DELETE CASCADE
);

-- check email_has_at of column email of auth.users: (VALUE ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'::text)
-- index users_email_key of auth.users: UNIQUE USING btree (tenant_id, lower((email)::text))
CREATE TABLE [auth].[users] (
  [id] INT NOT NULL IDENTITY(1,1),
  [tenant_id] INT NOT NULL,
  [email] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [role] NVARCHAR(6) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'viewer' CHECK ([role] IN (N'owner', N'staff', N'viewer')),
  [last_login] DATETIMEOFFSET(6),
  CONSTRAINT [users_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [users_tenant_id_fkey] FOREIGN KEY ([tenant_id]) REFERENCES [auth].[tenants] ([id]) ON DELETE CASCADE
);

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
