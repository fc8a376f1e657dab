-- default of column actor of app.events: SESSION_USER
CREATE TABLE `events` (
  `at` DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  `actor` VARCHAR(63) NOT NULL,
  `action` LONGTEXT NOT NULL,
  `subject` VARCHAR(255) NOT NULL,
  `before` JSON,
  `after` JSON
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
CREATE INDEX `events_at_idx` ON `events` (`at`);

CREATE TABLE `tenants` (
  `id` INT NOT NULL AUTO_INCREMENT,
  `slug` VARCHAR(255) NOT NULL COMMENT 'First part of the shop''s host name',
  `name` LONGTEXT NOT NULL,
  `settings` JSON NOT NULL DEFAULT '{}',
  `created_at` DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  PRIMARY KEY (`id`),
  CONSTRAINT `tenants_slug_check` CHECK (`slug` = LOWER(`slug`)),
  CONSTRAINT `tenants_slug_key` UNIQUE (`slug`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='One row for each shop on the platform';

-- default of column tenant_id of app.customers: auth.current_tenant()
CREATE TABLE `customers` (
  `id` BIGINT NOT NULL AUTO_INCREMENT,
  `tenant_id` INT NOT NULL,
  `first_name` LONGTEXT NOT NULL,
  `last_name` LONGTEXT NOT NULL,
  `full_name` LONGTEXT GENERATED ALWAYS AS (CONCAT((CONCAT(`first_name`, ' ')), `last_name`)) STORED,
  `email` VARCHAR(255) CHECK (`email` REGEXP '(?s)^[^\\@ \\t\\n\\r\\f\\x0b]+\\@[^\\@ \\t\\n\\r\\f\\x0b]+\\.[^\\@ \\t\\n\\r\\f\\x0b]+\\z'),
  `billing` JSON,
  PRIMARY KEY (`id`),
  CONSTRAINT `customers_tenant_id_email_key` UNIQUE (`tenant_id`, `email`),
  CONSTRAINT `customers_tenant_id_fkey` FOREIGN KEY (`tenant_id`) REFERENCES `tenants` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=1000 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- default of column tenant_id of app.orders: auth.current_tenant()
CREATE TABLE `orders` (
  `id` BIGINT NOT NULL AUTO_INCREMENT,
  `placed_on` DATE NOT NULL DEFAULT (CURRENT_DATE),
  `tenant_id` INT NOT NULL,
  `customer_id` BIGINT NOT NULL,
  `status` ENUM('draft', 'placed', 'paid', 'shipped', 'cancelled') NOT NULL DEFAULT 'draft',
  `note` LONGTEXT,
  PRIMARY KEY (`id`, `placed_on`),
  CONSTRAINT `orders_customer_id_fkey` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`),
  CONSTRAINT `orders_tenant_id_fkey` FOREIGN KEY (`tenant_id`) REFERENCES `tenants` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='Partitioned by month; old months are archived';
CREATE INDEX `orders_customer_idx` ON `orders` (`customer_id`, `placed_on` DESC);
CREATE INDEX `orders_open_idx` ON `orders` (`tenant_id`);

-- default of column tenant_id of app.invoices: auth.current_tenant()
CREATE TABLE `invoices` (
  `number` BIGINT NOT NULL AUTO_INCREMENT,
  `tenant_id` INT NOT NULL,
  `order_id` BIGINT NOT NULL,
  `placed_on` DATE NOT NULL,
  `amount` DECIMAL(12,2) NOT NULL DEFAULT 0 CHECK (`amount` >= 0),
  `issued_at` DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  `paid_at` DATETIME(6),
  CONSTRAINT `invoices_check` CHECK (`paid_at` >= `issued_at`),
  PRIMARY KEY (`number`),
  CONSTRAINT `invoices_order_id_placed_on_fkey` FOREIGN KEY (`order_id`, `placed_on`) REFERENCES `orders` (`id`, `placed_on`),
  CONSTRAINT `invoices_tenant_id_fkey` FOREIGN KEY (`tenant_id`) REFERENCES `tenants` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=10000 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
CREATE INDEX `invoices_unpaid_idx` ON `invoices` (`tenant_id`, `issued_at`);

-- default of column tenant_id of app.products: auth.current_tenant()
-- generated column search of app.products: (setweight(to_tsvector('simple'::regconfig, name), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, details), 'B'::"char"))
-- index products_search_idx of app.products: USING gin (search)
CREATE TABLE `products` (
  `id` INT NOT NULL AUTO_INCREMENT,
  `tenant_id` INT NOT NULL,
  `sku` VARCHAR(32) NOT NULL,
  `name` LONGTEXT NOT NULL,
  `details` LONGTEXT NOT NULL DEFAULT '',
  `price` DECIMAL(12,2) NOT NULL DEFAULT 0 CHECK (`price` >= 0),
  `tags` JSON NOT NULL DEFAULT '[]',
  `search` LONGTEXT,
  `retired_at` DATETIME(6),
  PRIMARY KEY (`id`),
  CONSTRAINT `products_sku_key` UNIQUE (`tenant_id`, `sku`),
  CONSTRAINT `products_tenant_id_fkey` FOREIGN KEY (`tenant_id`) REFERENCES `tenants` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
CREATE INDEX `products_active_idx` ON `products` (`tenant_id`, `name`(255));

CREATE TABLE `order_lines` (
  `order_id` BIGINT NOT NULL,
  `placed_on` DATE NOT NULL,
  `line` SMALLINT NOT NULL,
  `product_id` INT NOT NULL,
  `quantity` INT NOT NULL DEFAULT 1,
  `unit_price` DECIMAL(12,2) NOT NULL DEFAULT 0 CHECK (`unit_price` >= 0),
  `total` DECIMAL(14,2) GENERATED ALWAYS AS (`quantity` * `unit_price`) STORED,
  CONSTRAINT `order_lines_line_check` CHECK (`line` > 0),
  PRIMARY KEY (`order_id`, `placed_on`, `line`),
  CONSTRAINT `order_lines_quantity_check` CHECK (`quantity` > 0),
  CONSTRAINT `order_lines_order_id_placed_on_fkey` FOREIGN KEY (`order_id`, `placed_on`) REFERENCES `orders` (`id`, `placed_on`) ON DELETE CASCADE,
  CONSTRAINT `order_lines_product_id_fkey` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- exclusion price_rules_one_at_a_time of app.price_rules: EXCLUDE USING gist (int4range(product_id, product_id, '[]'::text) WITH =, valid WITH &&)
-- exclusion price_rules_one_at_a_time of app.price_rules: A product has one discount at any time
CREATE TABLE `price_rules` (
  `product_id` INT NOT NULL,
  `valid` VARCHAR(255) NOT NULL,
  `discount` DECIMAL(4,3) NOT NULL,
  CONSTRAINT `price_rules_discount_check` CHECK ((`discount` > 0) AND (`discount` < 1)),
  CONSTRAINT `price_rules_product_id_fkey` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- index users_email_key of auth.users: UNIQUE USING btree (tenant_id, lower((email)::text))
CREATE TABLE `users` (
  `id` INT NOT NULL AUTO_INCREMENT,
  `tenant_id` INT NOT NULL,
  `email` LONGTEXT NOT NULL CHECK (`email` REGEXP '(?s)^[^\\@ \\t\\n\\r\\f\\x0b]+\\@[^\\@ \\t\\n\\r\\f\\x0b]+\\.[^\\@ \\t\\n\\r\\f\\x0b]+\\z'),
  `role` ENUM('owner', 'staff', 'viewer') NOT NULL DEFAULT 'viewer',
  `last_login` DATETIME(6),
  PRIMARY KEY (`id`),
  CONSTRAINT `users_tenant_id_fkey` FOREIGN KEY (`tenant_id`) REFERENCES `tenants` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

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
