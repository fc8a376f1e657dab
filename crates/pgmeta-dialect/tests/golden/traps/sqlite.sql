-- SQLite checks foreign keys after PRAGMA foreign_keys = ON, in each connection

CREATE TABLE "Case" (
  "A" INTEGER,
  "a_2" INTEGER,
  "select" TEXT,
  "order" TEXT,
  CONSTRAINT "x" CHECK ("A" > "a_2")
) STRICT;

CREATE TABLE "a_name_that_is_longer_than_the_64_characters_of_mysql_üa_name_that_is_longer_than_the_64_characters_of_mysql_ü" (
  "a_name_that_is_longer_than_the_64_characters_of_mysql_üa_name_that_is_longer_than_the_64_characters_of_mysql_ü" INTEGER,
  "a_name_that_is_longer_than_the_64_characters_of_mysql_üa_name_that_is_longer_than_the_64_characters_of_mysql_üx" INTEGER
) STRICT;

CREATE TABLE "case_2" (
  "x" INTEGER,
  CONSTRAINT "x" CHECK ("x" > 0)
) STRICT;

CREATE TABLE "emoji 😀 " (
  "x😀" INTEGER,
  "y " INTEGER,
  "back`tick""]" TEXT
) STRICT;

CREATE TABLE "keys" (
  "a" TEXT NOT NULL,
  "b" TEXT NOT NULL,
  "c" BLOB NOT NULL,
  "d" TEXT CHECK (length("d") <= 1000),
  "j" TEXT CHECK ("j" IS NULL OR json_valid("j")),
  "n" TEXT,
  "neg" TEXT,
  "small" TEXT,
  CONSTRAINT "keys_d" UNIQUE ("d"),
  CONSTRAINT "keys_j" UNIQUE ("j"),
  CONSTRAINT "keys_n" UNIQUE ("n", "d"),
  CONSTRAINT "keys_pkey" PRIMARY KEY ("a", "b", "c")
) STRICT;

-- table app.orders: Orders; DROP TABLE x;
-- -- second line
-- check strict of column mail of app.orders: (VALUE ~ '^[^@]+@[^@]+$'::text)
-- column note of app.orders: A note:
-- with 'quotes' and \
-- default of column ticket of app.orders: nextval('app.tickets'::regclass)
-- default of column actor of app.orders: current_setting('app.user'::text, true)
-- generated column double_price of app.orders: (price * (2)::numeric)
-- generated column doc of app.orders: to_tsvector('simple'::regconfig, note)
-- exclusion excl of app.orders: EXCLUDE USING gist (span WITH &&)
-- check func of app.orders: app.check_it(code)
-- unique orders_code_key of app.orders: one code
-- check regex of app.orders: ((code)::text ~ '^[A-Z]+$'::text)
-- index gin_tags of app.orders: USING gin (tags)
CREATE TABLE "app_orders" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "code" TEXT NOT NULL,
  "ref" TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  "mood" TEXT NOT NULL DEFAULT 'ok' CHECK ("mood" IN ('ok', 'Ok', 'it''s', 'back\slash')),
  "mail" TEXT NOT NULL CHECK ("mail" GLOB '*@*'),
  "price" TEXT DEFAULT '0.00' CHECK (CAST("price" AS NUMERIC) >= 0),
  "total" TEXT DEFAULT '1.50',
  "is_paid" INTEGER NOT NULL DEFAULT 0 CHECK ("is_paid" IN (0, 1)),
  "tags" TEXT NOT NULL DEFAULT '[]' CHECK ("tags" IS NULL OR json_valid("tags")),
  "data" TEXT NOT NULL DEFAULT '{}' CHECK ("data" IS NULL OR json_valid("data")),
  "note" TEXT DEFAULT 'it''s \ new',
  "created_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '+00'),
  "day" TEXT DEFAULT (CURRENT_DATE),
  "at_utc" TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  "ticket" INTEGER,
  "actor" TEXT,
  "long_code" TEXT GENERATED ALWAYS AS ("code" || '!') STORED,
  "double_price" TEXT,
  "doc" TEXT,
  "bits" TEXT DEFAULT '101',
  "raw" BLOB DEFAULT X'00FF',
  "wait" TEXT DEFAULT '1 day',
  "span" TEXT DEFAULT '[1,4)',
  "part" TEXT CHECK ("part" IS NULL OR json_valid("part")),
  "name" TEXT,
  "one" TEXT CHECK (length("one") <= 1),
  "c3" TEXT DEFAULT 'abc' CHECK (length("c3") <= 3),
  "next_id" INTEGER GENERATED ALWAYS AS ("id" + 1) STORED,
  CONSTRAINT "gen" CHECK (length("long_code") < 50),
  CONSTRAINT "likes" CHECK (("note" IS NULL) OR (("note" GLOB 'a%[[]b?*') AND (lower("note") = "note"))),
  CONSTRAINT "moods" CHECK ("mood" IN ('ok', 'Ok')),
  CONSTRAINT "orders_code_key" UNIQUE ("code"),
  CONSTRAINT "paid" CHECK (("is_paid" = 0) OR (CAST("total" AS NUMERIC) > 0)),
  CONSTRAINT "self" CHECK ("id" > 0)
) STRICT;
CREATE INDEX "by_json" ON "app_orders" ("data" ->> 'kind');
CREATE UNIQUE INDEX "cast_idx" ON "app_orders" ("code");
CREATE UNIQUE INDEX "day_mail" ON "app_orders" ("day", "mail");
CREATE UNIQUE INDEX "either" ON "app_orders" ("code") WHERE ("is_paid" = 0) OR ("total" IS NULL);
CREATE INDEX "hashed" ON "app_orders" ("ref");
CREATE UNIQUE INDEX "lower_code" ON "app_orders" (lower("code"));
CREATE INDEX "lower_note" ON "app_orders" (lower("note"));
CREATE INDEX "next_idx" ON "app_orders" ("id" + 1);
CREATE INDEX "notes" ON "app_orders" ("note", "day");
CREATE UNIQUE INDEX "one_day" ON "app_orders" ("day", "code") WHERE "is_paid" AND ("total" IS NOT NULL);
CREATE UNIQUE INDEX "one_open" ON "app_orders" ("code") WHERE "is_paid" = 0;
CREATE INDEX "open" ON "app_orders" ("created_at" DESC) WHERE NOT "is_paid";
CREATE INDEX "ordered" ON "app_orders" ("day", "code");
CREATE INDEX "twice_idx" ON "app_orders" ("day", "day" DESC);

CREATE TABLE "items" (
  "order_id" INTEGER NOT NULL,
  "no" INTEGER NOT NULL,
  "sku" TEXT NOT NULL,
  "kind" TEXT CHECK ("kind" IN ('', ' ', 'a ')),
  "nothing" TEXT CHECK ("nothing" IS NULL),
  "parent_order" INTEGER,
  "parent_no" INTEGER,
  CONSTRAINT "items_pkey" PRIMARY KEY ("order_id", "no"),
  CONSTRAINT "sku_check" CHECK ("sku" <> ''),
  CHECK (("parent_order" IS NULL AND "parent_no" IS NULL) OR ("parent_order" IS NOT NULL AND "parent_no" IS NOT NULL)),
  CONSTRAINT "items_order" FOREIGN KEY ("order_id") REFERENCES "app_orders" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT "items_parent" FOREIGN KEY ("parent_order", "parent_no") REFERENCES "items" ("order_id", "no") ON DELETE SET NULL,
  CONSTRAINT "items_sku" FOREIGN KEY ("sku") REFERENCES "app_orders" ("code") ON DELETE SET DEFAULT ON UPDATE CASCADE
) STRICT;

CREATE TABLE "parted" (
  "id" INTEGER NOT NULL,
  "at" TEXT NOT NULL,
  CONSTRAINT "parted_pkey" PRIMARY KEY ("id", "at")
) STRICT;

-- default of column real of app.sqlite_like: 'NaN'::real
-- check off of app.sqlite_like: (id < 10)
CREATE TABLE "_sqlite_like" (
  "id" INTEGER NOT NULL,
  "real" REAL,
  "until" TEXT DEFAULT 'infinity',
  "money" TEXT DEFAULT '1234.50',
  CONSTRAINT "noisy" CHECK ("id" > 0),
  CONSTRAINT "sqlite_like_pkey" PRIMARY KEY ("id")
) STRICT;

CREATE TABLE "tree" (
  "id" INTEGER NOT NULL,
  "up" INTEGER,
  "path" TEXT NOT NULL,
  "doubled" INTEGER GENERATED ALWAYS AS ("up" * 2) VIRTUAL NOT NULL,
  CONSTRAINT "tree_up" FOREIGN KEY ("up") REFERENCES "tree" ("id") ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX "tree_id" ON "tree" ("id");
CREATE UNIQUE INDEX "tree_path" ON "tree" ("path");

-- foreign key leaf_gone of app.leaf: (cast_id) REFERENCES gone.away
-- unique leaf_during of app.leaf: (tree_id, during)
CREATE TABLE "leaf" (
  "tree_id" INTEGER,
  "path" TEXT,
  "during" TEXT NOT NULL,
  "cast_id" INTEGER,
  CONSTRAINT "leaf_path" FOREIGN KEY ("path") REFERENCES "tree" ("path") ON DELETE RESTRICT,
  CONSTRAINT "leaf_tree" FOREIGN KEY ("tree_id") REFERENCES "tree" ("id") ON DELETE SET NULL
) STRICT;

CREATE TABLE "wide" (
  "id" INTEGER NOT NULL,
  "v0" TEXT CHECK (length("v0") <= 4000),
  "v1" TEXT CHECK (length("v1") <= 4000),
  "v2" TEXT CHECK (length("v2") <= 4000),
  "v3" TEXT CHECK (length("v3") <= 4000),
  "v4" TEXT CHECK (length("v4") <= 4000),
  "v5" TEXT CHECK (length("v5") <= 4000),
  "v6" TEXT CHECK (length("v6") <= 4000),
  "v7" TEXT CHECK (length("v7") <= 4000),
  "v8" TEXT CHECK (length("v8") <= 4000),
  "big" TEXT CHECK (length("big") <= 20000),
  CONSTRAINT "wide_pkey" PRIMARY KEY ("id")
) STRICT;

CREATE TABLE "other_orders" (
  "id" TEXT NOT NULL,
  CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "open_2" ON "other_orders" ("id");

CREATE TABLE "a" (
  "id" INTEGER NOT NULL,
  "b_id" INTEGER,
  CONSTRAINT "a_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "a_b" FOREIGN KEY ("b_id") REFERENCES "b" ("id") ON DELETE CASCADE
) STRICT;

CREATE TABLE "b" (
  "id" INTEGER NOT NULL,
  "a_id" INTEGER,
  CONSTRAINT "b_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "b_a" FOREIGN KEY ("a_id") REFERENCES "a" ("id") ON DELETE CASCADE
) STRICT;

-- view app.paid: paid ones
-- column c of view app.paid: the code
CREATE VIEW "paid" ("id", "c", "low", "no") AS
SELECT "o"."id", "o"."code" AS "c", lower("o"."code") AS "low", "i"."no"
FROM "app_orders" AS "o"
  LEFT JOIN "items" AS "i" ON "i"."order_id" = "o"."id"
WHERE "o"."is_paid"
ORDER BY "o"."id" DESC;

CREATE VIEW "zz" ("id", "c") AS
SELECT "paid"."id", "paid"."c"
FROM "paid" AS "paid";

CREATE VIEW "above" ("c", "n") AS
SELECT "zz"."c", COUNT(*) AS "n"
FROM "zz" AS "zz"
GROUP BY "zz"."c"
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
