CREATE TABLE `Case` (
  `A` INT,
  `a_2` INT,
  `select` LONGTEXT,
  `order` LONGTEXT,
  CONSTRAINT `x` CHECK (`A` > `a_2`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `a_name_that_is_longer_than_the_64_characters_of_9f849585` (
  `a_name_that_is_longer_than_the_64_characters_of_mysql_ü_9f849585` INT,
  `a_name_that_is_longer_than_the_64_characters_of_mysql_ü_1ab81d47` INT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `case_2` (
  `x` INT,
  CONSTRAINT `x_2` CHECK (`x` > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `emoji __` (
  `x_` INT,
  `y_` INT,
  `back``tick"]` LONGTEXT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

-- unique keys_j of app.keys: (j)
CREATE TABLE `keys` (
  `a` VARCHAR(255) NOT NULL,
  `b` VARCHAR(255) NOT NULL,
  `c` VARBINARY(255) NOT NULL,
  `d` VARCHAR(384),
  `j` JSON,
  `n` VARCHAR(255),
  `neg` DECIMAL(7,0),
  `small` DECIMAL(5,5),
  CONSTRAINT `keys_d` UNIQUE (`d`),
  CONSTRAINT `keys_n` UNIQUE (`n`, `d`),
  PRIMARY KEY (`a`, `b`, `c`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

-- default of column ticket of app.orders: nextval('app.tickets'::regclass)
-- default of column actor of app.orders: current_setting('app.user'::text, true)
-- generated column double_price of app.orders: (price * (2)::numeric)
-- generated column doc of app.orders: to_tsvector('simple'::regconfig, note)
-- generated column next_id of app.orders: (id + 1)
-- exclusion excl of app.orders: EXCLUDE USING gist (span WITH &&)
-- check func of app.orders: app.check_it(code)
-- unique orders_code_key of app.orders: one code
-- check self of app.orders: (id > 0)
-- index by_json of app.orders: USING btree (((data ->> 'kind'::text)))
-- index gin_tags of app.orders: USING gin (tags)
-- index lower_note of app.orders: USING btree (lower(note))
-- index next_idx of app.orders: USING btree (((id + 1)))
CREATE TABLE `app_orders` (
  `id` INT NOT NULL AUTO_INCREMENT,
  `code` VARCHAR(255) NOT NULL,
  `ref` CHAR(36) NOT NULL DEFAULT (LOWER(CONCAT(HEX(RANDOM_BYTES(4)), '-', HEX(RANDOM_BYTES(2)), '-4', SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', SUBSTR('89AB', 1 + FLOOR(RAND() * 4), 1), SUBSTR(HEX(RANDOM_BYTES(2)), 2), '-', HEX(RANDOM_BYTES(6))))),
  `mood` ENUM('ok', 'Ok', 'it''s', 'back\\slash') NOT NULL DEFAULT 'ok',
  `mail` VARCHAR(255) NOT NULL CHECK ((`mail` LIKE '%@%') AND (REGEXP_LIKE(`mail`, '(?s)^[^\\@]+\\@[^\\@]+\\z', 'c'))),
  `price` DECIMAL(12,2) DEFAULT 0 CHECK (`price` >= 0),
  `total` VARCHAR(255) DEFAULT '1.50',
  `is_paid` TINYINT(1) NOT NULL DEFAULT FALSE CHECK (`is_paid` IN (0, 1)),
  `tags` JSON NOT NULL DEFAULT (CAST('[]' AS JSON)),
  `data` JSON NOT NULL DEFAULT (CAST('{}' AS JSON)),
  `note` LONGTEXT DEFAULT ('it''s \\ new') COMMENT 'A note:
with ''quotes'' and \\',
  `created_at` DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  `day` DATE DEFAULT (CURRENT_DATE),
  `at_utc` DATETIME(6) DEFAULT (UTC_TIMESTAMP(6)),
  `ticket` BIGINT,
  `actor` LONGTEXT,
  `long_code` LONGTEXT GENERATED ALWAYS AS (CONCAT(`code`, '!')) STORED,
  `double_price` VARCHAR(255),
  `doc` LONGTEXT,
  `bits` BIT(3) DEFAULT b'101',
  `raw` LONGBLOB DEFAULT (X'00FF'),
  `wait` VARCHAR(64) DEFAULT '1 day',
  `span` VARCHAR(255) DEFAULT '[1,4)',
  `part` JSON,
  `name` VARCHAR(63),
  `one` VARCHAR(1),
  `c3` CHAR(3) DEFAULT 'abc',
  `next_id` INT,
  CONSTRAINT `gen` CHECK (CHAR_LENGTH(`long_code`) < 50),
  CONSTRAINT `likes` CHECK ((`note` IS NULL) OR ((`note` LIKE 'a\\%[b_%') AND (LOWER(`note`) = `note`))),
  CONSTRAINT `moods` CHECK (`mood` IN ('ok', 'Ok')),
  CONSTRAINT `orders_code_key` UNIQUE (`code`),
  PRIMARY KEY (`id`),
  CONSTRAINT `paid` CHECK ((`is_paid` = FALSE) OR (CAST(`total` AS DOUBLE) > 0)),
  CONSTRAINT `regex` CHECK (REGEXP_LIKE(`code`, '(?s)^[A-Z]+\\z', 'c'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin COMMENT='Orders; DROP TABLE x;
-- second line';
CREATE UNIQUE INDEX `cast_idx` ON `app_orders` (`code`);
CREATE UNIQUE INDEX `day_mail` ON `app_orders` (`day`, `mail`);
CREATE UNIQUE INDEX `either` ON `app_orders` ((CASE WHEN (`is_paid` = FALSE) OR (`total` IS NULL) THEN `code` END));
CREATE INDEX `hashed` ON `app_orders` (`ref`);
CREATE UNIQUE INDEX `lower_code` ON `app_orders` ((LOWER(`code`)));
CREATE INDEX `notes` ON `app_orders` (`note`(255), `day`);
CREATE UNIQUE INDEX `one_day` ON `app_orders` ((CASE WHEN `is_paid` AND (`total` IS NOT NULL) THEN `day` END), (CASE WHEN `is_paid` AND (`total` IS NOT NULL) THEN `code` END));
CREATE UNIQUE INDEX `one_open` ON `app_orders` ((CASE WHEN `is_paid` = FALSE THEN `code` END));
CREATE INDEX `open` ON `app_orders` (`created_at` DESC);
CREATE INDEX `ordered` ON `app_orders` (`day`, `code`);
CREATE INDEX `twice_idx` ON `app_orders` (`day`);

-- check sku_check of app.items: (sku <> ''::text)
CREATE TABLE `items` (
  `order_id` INT NOT NULL,
  `no` INT NOT NULL AUTO_INCREMENT,
  `sku` VARCHAR(255) NOT NULL,
  `kind` VARCHAR(2) CHECK (`kind` IN ('', ' ', 'a ')),
  `nothing` VARCHAR(1) CHECK (`nothing` IS NULL),
  `parent_order` INT,
  `parent_no` INT,
  PRIMARY KEY (`order_id`, `no`),
  KEY (`no`),
  CONSTRAINT `items_order` FOREIGN KEY (`order_id`) REFERENCES `app_orders` (`id`) ON DELETE CASCADE,
  CONSTRAINT `items_parent` FOREIGN KEY (`parent_order`, `parent_no`) REFERENCES `items` (`order_id`, `no`) ON DELETE SET NULL,
  CONSTRAINT `items_sku` FOREIGN KEY (`sku`) REFERENCES `app_orders` (`code`) ON UPDATE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=100 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `parted` (
  `id` INT NOT NULL,
  `at` DATE NOT NULL,
  PRIMARY KEY (`id`, `at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

-- default of column real of app.sqlite_like: 'NaN'::real
-- default of column until of app.sqlite_like: 'infinity'::timestamp without time zone
CREATE TABLE `sqlite_like` (
  `id` SMALLINT NOT NULL,
  `real` FLOAT,
  `until` DATETIME(6),
  `money` DECIMAL(19,2) DEFAULT 1234.50,
  CONSTRAINT `noisy` CHECK (`id` > 0),
  CONSTRAINT `off` CHECK (`id` < 10) NOT ENFORCED,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `tree` (
  `id` INT NOT NULL,
  `up` INT,
  `path` VARCHAR(255) NOT NULL,
  `doubled` INT GENERATED ALWAYS AS (`up` * 2) VIRTUAL NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;
CREATE UNIQUE INDEX `tree_id` ON `tree` (`id`);
CREATE UNIQUE INDEX `tree_path` ON `tree` (`path`);

-- foreign key leaf_gone of app.leaf: (cast_id) REFERENCES gone.away
-- unique leaf_during of app.leaf: (tree_id, during)
CREATE TABLE `leaf` (
  `tree_id` INT,
  `path` VARCHAR(255),
  `during` VARCHAR(255) NOT NULL,
  `cast_id` SMALLINT,
  CONSTRAINT `leaf_path` FOREIGN KEY (`path`) REFERENCES `tree` (`path`) ON DELETE RESTRICT,
  CONSTRAINT `leaf_tree` FOREIGN KEY (`tree_id`) REFERENCES `tree` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `wide` (
  `id` INT NOT NULL,
  `v0` VARCHAR(4000),
  `v1` VARCHAR(4000),
  `v2` VARCHAR(4000),
  `v3` VARCHAR(4000),
  `v4` LONGTEXT CHECK (CHAR_LENGTH(`v4`) <= 4000),
  `v5` LONGTEXT CHECK (CHAR_LENGTH(`v5`) <= 4000),
  `v6` LONGTEXT CHECK (CHAR_LENGTH(`v6`) <= 4000),
  `v7` LONGTEXT CHECK (CHAR_LENGTH(`v7`) <= 4000),
  `v8` LONGTEXT CHECK (CHAR_LENGTH(`v8`) <= 4000),
  `big` LONGTEXT CHECK (CHAR_LENGTH(`big`) <= 20000),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `other_orders` (
  `id` VARCHAR(255) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;
CREATE INDEX `open` ON `other_orders` (`id`);

CREATE TABLE `a` (
  `id` BIGINT NOT NULL,
  `b_id` BIGINT,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `b` (
  `id` BIGINT NOT NULL,
  `a_id` BIGINT,
  PRIMARY KEY (`id`),
  CONSTRAINT `b_a` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

ALTER TABLE `tree` ADD CONSTRAINT `tree_up` FOREIGN KEY (`up`) REFERENCES `tree` (`id`) ON DELETE SET NULL;
ALTER TABLE `a` ADD CONSTRAINT `a_b` FOREIGN KEY (`b_id`) REFERENCES `b` (`id`) ON DELETE CASCADE;

-- view app.paid: paid ones
-- column c of view app.paid: the code
CREATE VIEW `paid` (`id`, `c`, `low`, `no`) AS
SELECT `o`.`id`, `o`.`code` AS `c`, LOWER(`o`.`code`) AS `low`, `i`.`no`
FROM `app_orders` AS `o`
  LEFT JOIN `items` AS `i` ON `i`.`order_id` = `o`.`id`
WHERE `o`.`is_paid`
ORDER BY `o`.`id` DESC;

CREATE VIEW `zz` (`id`, `c`) AS
SELECT `paid`.`id`, `paid`.`c`
FROM `paid` AS `paid`;

CREATE VIEW `above` (`c`, `n`) AS
SELECT `zz`.`c`, COUNT(*) AS `n`
FROM `zz` AS `zz`
GROUP BY `zz`.`c`
HAVING COUNT(*) > 1;

-- view app.hard:
--  WITH x AS (
--          SELECT 1
--         )
--  SELECT '--
-- ;DROP TABLE y'::text AS a
--    FROM x;

-- materialized view app.mv:
--  SELECT orders.id
--    FROM app.orders;
