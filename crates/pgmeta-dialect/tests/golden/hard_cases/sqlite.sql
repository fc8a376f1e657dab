-- SQLite checks foreign keys after PRAGMA foreign_keys = ON, in each connection

DROP VIEW IF EXISTS "case_25_cascaded";
DROP VIEW IF EXISTS "case_03_above";
DROP VIEW IF EXISTS "case_25_v";
DROP VIEW IF EXISTS "case_25_renamed_columns";
DROP VIEW IF EXISTS "case_25_of_late";
DROP VIEW IF EXISTS "case_25_invoker";
DROP VIEW IF EXISTS "case_25_barrier_off";
DROP VIEW IF EXISTS "case_21_view";
DROP VIEW IF EXISTS "case_19_vw";
DROP VIEW IF EXISTS "case_17_v";
DROP VIEW IF EXISTS "case_04_w";
DROP VIEW IF EXISTS "case_03_writable";
DROP VIEW IF EXISTS "case_03_on_partitioned";
DROP VIEW IF EXISTS "case_03_on_adopted_key";
DROP VIEW IF EXISTS "case_03_grouped";
DROP VIEW IF EXISTS "case_02_untouched";
DROP TABLE IF EXISTS "case_16_muted";
DROP TABLE IF EXISTS "case_16_b";
DROP TABLE IF EXISTS "case_16_a";
DROP TABLE IF EXISTS "case_25_wide";
DROP TABLE IF EXISTS "case_25_t";
DROP TABLE IF EXISTS "case_25_only_toast";
DROP TABLE IF EXISTS "case_25_late_column";
DROP TABLE IF EXISTS "case_24_ty_parts";
DROP TABLE IF EXISTS "case_24_ty_later";
DROP TABLE IF EXISTS "case_24_ty_keyed";
DROP TABLE IF EXISTS "case_24_ty";
DROP TABLE IF EXISTS "case_24_t";
DROP TABLE IF EXISTS "case_24_ranges";
DROP TABLE IF EXISTS "case_24_of_row";
DROP TABLE IF EXISTS "case_23_sorted";
DROP TABLE IF EXISTS "case_22_t";
DROP TABLE IF EXISTS "case_22_arrays";
DROP TABLE IF EXISTS "case_21.x_shadow";
DROP TABLE IF EXISTS "case_21.x_a""B";
DROP TABLE IF EXISTS "case_21_x
; SELECT 1 --";
DROP TABLE IF EXISTS "case_21_table";
DROP TABLE IF EXISTS "case_21_calls";
DROP TABLE IF EXISTS "case_20_uses";
DROP TABLE IF EXISTS "case_20_indexed";
DROP TABLE IF EXISTS "case_19_with_defaults";
DROP TABLE IF EXISTS "case_19_t";
DROP TABLE IF EXISTS "case_19_owner_granted";
DROP TABLE IF EXISTS "case_19_nothing_left";
DROP TABLE IF EXISTS "case_19_handed_over";
DROP TABLE IF EXISTS "case_19_came_back";
DROP TABLE IF EXISTS "case_18_t";
DROP TABLE IF EXISTS "case_18_policy_not_enabled";
DROP TABLE IF EXISTS "case_18_parts";
DROP TABLE IF EXISTS "case_18_only_forced";
DROP TABLE IF EXISTS "case_18_no_policy";
DROP TABLE IF EXISTS "case_17_twin";
DROP TABLE IF EXISTS "case_17_p";
DROP TABLE IF EXISTS "case_16_to_partition";
DROP TABLE IF EXISTS "case_16_source";
DROP TABLE IF EXISTS "case_16_partly_null";
DROP TABLE IF EXISTS "case_16_partly_default";
DROP TABLE IF EXISTS "case_16_target";
DROP TABLE IF EXISTS "case_16_fk_parts";
DROP TABLE IF EXISTS "case_16_pk_parts";
DROP TABLE IF EXISTS "case_15_x";
DROP TABLE IF EXISTS "case_15_t";
DROP TABLE IF EXISTS "case_15_shout";
DROP TABLE IF EXISTS "case_15_k";
DROP TABLE IF EXISTS "case_14_p";
DROP TABLE IF EXISTS "case_14_keyed";
DROP TABLE IF EXISTS "case_13_two_users";
DROP TABLE IF EXISTS "case_13_t";
DROP TABLE IF EXISTS "case_13_ser";
DROP TABLE IF EXISTS "case_13_renamed";
DROP TABLE IF EXISTS "case_13_owner_elsewhere";
DROP TABLE IF EXISTS "case_13_logged";
DROP TABLE IF EXISTS "case_12_was_generated";
DROP TABLE IF EXISTS "case_12_parts";
DROP TABLE IF EXISTS "case_12_p";
DROP TABLE IF EXISTS "case_12_kinds";
DROP TABLE IF EXISTS "case_12_born";
DROP TABLE IF EXISTS "case_12_attached";
DROP TABLE IF EXISTS "case_11_z_first";
DROP TABLE IF EXISTS "case_11_top";
DROP TABLE IF EXISTS "case_11_q";
DROP TABLE IF EXISTS "case_11_p";
DROP TABLE IF EXISTS "case_11_orphan";
DROP TABLE IF EXISTS "case_11_of_both";
DROP TABLE IF EXISTS "case_11_mid_2";
DROP TABLE IF EXISTS "case_11_mid_1";
DROP TABLE IF EXISTS "case_11_merged";
DROP TABLE IF EXISTS "case_11_late";
DROP TABLE IF EXISTS "case_11_gone_parent";
DROP TABLE IF EXISTS "case_11_compressed_child";
DROP TABLE IF EXISTS "case_11_compressed";
DROP TABLE IF EXISTS "case_11_c";
DROP TABLE IF EXISTS "case_11_bottom";
DROP TABLE IF EXISTS "case_11_a_second";
DROP TABLE IF EXISTS "case_10_was_key";
DROP TABLE IF EXISTS "case_10_parent";
DROP TABLE IF EXISTS "case_10_p";
DROP TABLE IF EXISTS "case_10_nulls";
DROP TABLE IF EXISTS "case_10_key_child";
DROP TABLE IF EXISTS "case_10_child";
DROP TABLE IF EXISTS "case_10_by_domain";
DROP TABLE IF EXISTS "case_09_s";
DROP TABLE IF EXISTS "case_09_p";
DROP TABLE IF EXISTS "case_09_i_grandchild";
DROP TABLE IF EXISTS "case_09_i_dropped";
DROP TABLE IF EXISTS "case_09_i";
DROP TABLE IF EXISTS "case_08_other_q_like";
DROP TABLE IF EXISTS "case_08_other_detached";
DROP TABLE IF EXISTS "case_08_r_2";
DROP TABLE IF EXISTS "case_08_r";
DROP TABLE IF EXISTS "case_08_q";
DROP TABLE IF EXISTS "case_08_p";
DROP TABLE IF EXISTS "case_07_uses_taken";
DROP TABLE IF EXISTS "case_07_uses";
DROP TABLE IF EXISTS "case_07_spans";
DROP TABLE IF EXISTS "case_07__taken";
DROP TABLE IF EXISTS "case_06_uses";
DROP TABLE IF EXISTS "case_05_triggered";
DROP TABLE IF EXISTS "case_05_right_one";
DROP TABLE IF EXISTS "case_05_partitioned";
DROP TABLE IF EXISTS "case_05_left_one";
DROP TABLE IF EXISTS "case_05_defaulted";
DROP TABLE IF EXISTS "case_05_checked";
DROP TABLE IF EXISTS "case_04_t";
DROP TABLE IF EXISTS "case_03_t";
DROP TABLE IF EXISTS "case_03_parts";
DROP TABLE IF EXISTS "case_03_loose";
DROP TABLE IF EXISTS "case_03_guarded";
DROP TABLE IF EXISTS "case_03_defaulted";
DROP TABLE IF EXISTS "case_02_two";
DROP TABLE IF EXISTS "case_02_reset";
DROP TABLE IF EXISTS "case_02_parent";
DROP TABLE IF EXISTS "case_02_one";
DROP TABLE IF EXISTS "case_02_child";
DROP TABLE IF EXISTS "case_01_settings";
DROP TABLE IF EXISTS "case_01_by_span";
DROP TABLE IF EXISTS "case_01_by_instant";
DROP TABLE IF EXISTS "case_01_by_float";
DROP TABLE IF EXISTS "case_01_by_day";
DROP TABLE IF EXISTS "case_01_by_bytes";

CREATE TABLE "case_01_by_bytes" (
  "b" BLOB
);

CREATE TABLE "case_01_by_day" (
  "d" TEXT,
  "n" INTEGER
);

CREATE TABLE "case_01_by_float" (
  "f" REAL
);

CREATE TABLE "case_01_by_instant" (
  "t" TEXT
);

CREATE TABLE "case_01_by_span" (
  "i" TEXT
);

-- default of column f4 of case_01.settings: ('340282350000000000000000000000000000000'::numeric)::real
-- default of column nan of case_01.settings: 'NaN'::double precision
-- check recent of case_01.settings: ((d > '2023-12-01'::date) AND (i < '1 day 02:03:04'::interval))
CREATE TABLE "case_01_settings" (
  "d" TEXT DEFAULT '2024-04-03',
  "ts" TEXT DEFAULT '2024-04-03 05:06:07.891',
  "tz" TEXT DEFAULT '2024-04-03 03:06:07+00',
  "tt" TEXT DEFAULT '05:06:07+02',
  "i" TEXT DEFAULT '-1 years -2 mons +3 days -04:05:06.789',
  "f4" REAL,
  "f8" REAL DEFAULT 0.30000000000000004,
  "nan" REAL,
  "m" TEXT DEFAULT '1234.56',
  "b" BLOB DEFAULT X'00275C41FF',
  "t" TEXT DEFAULT 'back\slash ''quote''',
  "r" TEXT DEFAULT '["2024-02-01 00:00:00+00","2024-02-02 00:00:00+00")',
  "a" TEXT DEFAULT '["2024-02-01","2024-12-31"]' CHECK ("a" IS NULL OR json_valid("a")),
  "user" INTEGER DEFAULT 1
);
CREATE INDEX "partly" ON "case_01_settings" ("f8") WHERE "ts" >= '2024-01-02 00:00:00';

CREATE TABLE "case_02_child" (
  "a" INTEGER
);

CREATE TABLE "case_02_one" (
  "a" INTEGER,
  "b" INTEGER
);

CREATE TABLE "case_02_parent" (
  "a" INTEGER
);

CREATE TABLE "case_02_reset" (
  "a" INTEGER,
  "b" INTEGER
);

CREATE TABLE "case_02_two" (
  "a" INTEGER,
  "b" TEXT CHECK (length("b") <= 10)
);

-- default of column a of case_03.defaulted: case_03.total()
CREATE TABLE "case_03_defaulted" (
  "a" INTEGER
);

CREATE TABLE "case_03_guarded" (
  "a" INTEGER
);

CREATE TABLE "case_03_loose" (
  "a" INTEGER NOT NULL,
  "b" TEXT,
  CONSTRAINT "loose_key" PRIMARY KEY ("a")
) WITHOUT ROWID;

CREATE TABLE "case_03_parts" (
  "a" INTEGER NOT NULL,
  "b" TEXT,
  CONSTRAINT "parts_pkey" PRIMARY KEY ("a")
) WITHOUT ROWID;

CREATE TABLE "case_03_t" (
  "id" INTEGER NOT NULL,
  "n" TEXT,
  "m" INTEGER,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
) WITHOUT ROWID;

CREATE TABLE "case_04_t" (
  "a" INTEGER,
  "b" TEXT
);

-- check is_positive of case_05.checked: case_05.positive(checked.*)
-- check is_positive_too of case_05.checked: case_05.positive(checked.*)
-- index on_row of case_05.checked: USING btree (case_05.positive(checked.*))
CREATE TABLE "case_05_checked" (
  "a" INTEGER
);

-- default of column b of case_05.defaulted: case_05.next_b()
CREATE TABLE "case_05_defaulted" (
  "a" INTEGER,
  "b" INTEGER
);

-- check left_one_check of case_05.left_one: case_05.of_both(ROW(1)::case_05.left_one, NULL::case_05.right_one)
CREATE TABLE "case_05_left_one" (
  "a" INTEGER
);

-- check fits of case_05.partitioned: case_05.fits(partitioned.*)
CREATE TABLE "case_05_partitioned" (
  "a" INTEGER,
  "b" INTEGER
);

-- check right_one_check of case_05.right_one: case_05.of_both(l, right_one.*)
CREATE TABLE "case_05_right_one" (
  "a" INTEGER,
  "l" TEXT CHECK ("l" IS NULL OR json_valid("l"))
);

CREATE TABLE "case_05_triggered" (
  "a" INTEGER
);

-- check is_ok of column a of case_06.uses: case_06.ok((VALUE)::case_06.d)
-- check is_ok of column b of case_06.uses: case_06.ok((VALUE)::case_06.d)
-- check is_ok of column e of case_06.uses: case_06.ok((VALUE)::case_06.d)
CREATE TABLE "case_06_uses" (
  "a" TEXT CHECK ((length("a") < 10) AND ("a" <> '')),
  "b" TEXT NOT NULL DEFAULT 'x' CHECK (("b" <> 'y') AND (length("b") < 10) AND ("b" <> '')),
  "c" TEXT DEFAULT '[]' CHECK (("c" IS NULL OR json_valid("c")) AND (nullif(json_array_length("c"), 0) < 4)),
  "dd" TEXT CHECK ("dd" IS NULL OR json_valid("dd")),
  "e" TEXT NOT NULL CHECK (("e" <> 'y') AND (length("e") < 10) AND ("e" <> ''))
);

CREATE TABLE "case_07__taken" (
  "a" INTEGER
);

-- exclusion spans_s_excl of case_07.spans: EXCLUDE USING gist (s WITH &&)
CREATE TABLE "case_07_spans" (
  "s" TEXT DEFAULT '[1,4)'
);

CREATE TABLE "case_07_uses" (
  "a" TEXT DEFAULT '1',
  "v" TEXT CHECK ("v" IS NULL OR json_valid("v")),
  "w" TEXT
);

CREATE TABLE "case_07_uses_taken" (
  "a" TEXT DEFAULT '["x"]' CHECK ("a" IS NULL OR json_valid("a"))
);

CREATE TABLE "case_08_p" (
  "a" INTEGER,
  "b" INTEGER,
  "c" TEXT
);

CREATE TABLE "case_08_q" (
  "a" INTEGER,
  "b" INTEGER,
  "d" INTEGER
);

CREATE TABLE "case_08_r" (
  "a" INTEGER
);

CREATE TABLE "case_08_r_2" (
  "a" INTEGER
);

CREATE TABLE "case_08_other_detached" (
  "a" INTEGER,
  "b" INTEGER,
  "d" INTEGER
);

CREATE TABLE "case_08_other_q_like" (
  "a" INTEGER,
  "b" INTEGER,
  "d" INTEGER
);

CREATE TABLE "case_09_i" (
  "a" INTEGER DEFAULT 10,
  "b" INTEGER NOT NULL DEFAULT 2
);

CREATE TABLE "case_09_i_dropped" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL DEFAULT 3
);

CREATE TABLE "case_09_i_grandchild" (
  "a" INTEGER NOT NULL DEFAULT 9,
  "b" INTEGER NOT NULL DEFAULT 3
);

CREATE TABLE "case_09_p" (
  "a" INTEGER DEFAULT 1,
  "b" TEXT DEFAULT 'x',
  "c" INTEGER
);

-- default of column id of case_09.s: nextval('case_09.shared'::regclass)
CREATE TABLE "case_09_s" (
  "id" INTEGER
);

CREATE TABLE "case_10_by_domain" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL
);

CREATE TABLE "case_10_child" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL
);

CREATE TABLE "case_10_key_child" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL,
  CONSTRAINT "key_child_pkey" PRIMARY KEY ("a")
) WITHOUT ROWID;

-- default of column b of case_10.nulls: nextval('case_10.nulls_b_seq'::regclass)
CREATE TABLE "case_10_nulls" (
  "a" INTEGER,
  "b" INTEGER NOT NULL,
  "c" INTEGER NOT NULL
);

CREATE TABLE "case_10_p" (
  "a" INTEGER NOT NULL,
  "b" INTEGER
);

CREATE TABLE "case_10_parent" (
  "a" INTEGER,
  "b" INTEGER NOT NULL
);

CREATE TABLE "case_10_was_key" (
  "a" INTEGER NOT NULL,
  "b" INTEGER
);

CREATE TABLE "case_11_a_second" (
  "n" INTEGER
);

CREATE TABLE "case_11_bottom" (
  "b" INTEGER DEFAULT 6,
  CONSTRAINT "top_b_check" CHECK ("b" < 9)
);

CREATE TABLE "case_11_c" (
  "a" INTEGER DEFAULT 2,
  "b" INTEGER,
  "x" INTEGER,
  CONSTRAINT "k" CHECK ("a" > 0),
  CONSTRAINT "shared" CHECK ("b" > 0)
);

CREATE TABLE "case_11_compressed" (
  "t" TEXT
);

CREATE TABLE "case_11_compressed_child" (
  "t" TEXT
);

CREATE TABLE "case_11_gone_parent" (
  "g" INTEGER,
  "n" INTEGER
);

CREATE TABLE "case_11_late" (
  "n" INTEGER,
  CONSTRAINT "shared" CHECK ("n" > 0)
);

CREATE TABLE "case_11_merged" (
  "a" INTEGER,
  "b" INTEGER DEFAULT 5,
  "own" INTEGER,
  CONSTRAINT "top_b_check" CHECK ("b" < 9)
);

CREATE TABLE "case_11_mid_1" (
  "b" INTEGER DEFAULT 5,
  CONSTRAINT "top_b_check" CHECK ("b" < 9)
);

CREATE TABLE "case_11_mid_2" (
  "b" INTEGER DEFAULT 5,
  CONSTRAINT "top_b_check" CHECK ("b" < 9)
);

CREATE TABLE "case_11_of_both" (
  "n" INTEGER,
  CONSTRAINT "shared" CHECK ("n" > 0)
);

CREATE TABLE "case_11_orphan" (
  "g" INTEGER,
  "n" INTEGER,
  "own" INTEGER
);

CREATE TABLE "case_11_p" (
  "a" INTEGER DEFAULT 1,
  "b" INTEGER,
  CONSTRAINT "k" CHECK ("a" > 0),
  CONSTRAINT "only_here" CHECK ("a" < 100)
);

CREATE TABLE "case_11_q" (
  "b" INTEGER,
  CONSTRAINT "shared" CHECK ("b" > 0)
);

CREATE TABLE "case_11_top" (
  "b" INTEGER DEFAULT 5,
  CONSTRAINT "top_b_check" CHECK ("b" < 9)
);

CREATE TABLE "case_11_z_first" (
  "n" INTEGER,
  CONSTRAINT "shared" CHECK ("n" > 0)
);

CREATE TABLE "case_12_attached" (
  "a" INTEGER,
  "b" INTEGER GENERATED ALWAYS AS ("a" * 2) STORED
);

CREATE TABLE "case_12_born" (
  "a" INTEGER,
  "b" INTEGER GENERATED ALWAYS AS ("a" * 2) STORED
);

-- generated column v of case_12.kinds: to_tsvector('simple'::regconfig, (COALESCE(t, ''::character varying))::text)
-- index kinds_v_idx of case_12.kinds: USING gin (v)
CREATE TABLE "case_12_kinds" (
  "late" TEXT GENERATED ALWAYS AS (upper("t")) STORED NOT NULL,
  "t" TEXT DEFAULT 'x' CHECK (length("t") <= 20),
  "v" TEXT,
  "c" TEXT GENERATED ALWAYS AS (CASE WHEN "t" > 'a' THEN 'y' ELSE '\' END) STORED CHECK (length("c") <= 5),
  CONSTRAINT "kinds_c_key" UNIQUE ("c"),
  CONSTRAINT "kinds_late_check" CHECK ("late" <> '')
);

CREATE TABLE "case_12_p" (
  "a" INTEGER,
  "b" INTEGER GENERATED ALWAYS AS ("a" * 2) STORED
);

-- generated column b of case_12.parts: ((a)::numeric / 7.0)
CREATE TABLE "case_12_parts" (
  "a" INTEGER,
  "b" TEXT
);

CREATE TABLE "case_12_was_generated" (
  "a" INTEGER,
  "b" INTEGER
);

CREATE TABLE "case_13_logged" (
  "a" INTEGER NOT NULL
);

-- default of column a of case_13.owner_elsewhere: nextval('case_13.ser_n_seq'::regclass)
CREATE TABLE "case_13_owner_elsewhere" (
  "a" INTEGER
);

CREATE TABLE "case_13_renamed" (
  "id" INTEGER NOT NULL
);

-- default of column id of case_13.ser: nextval('case_13."Renamed seq"'::regclass)
CREATE TABLE "case_13_ser" (
  "id" INTEGER,
  "n" INTEGER NOT NULL
);

-- default of column b of case_13.t: nextval('case_13.t_b_seq'::regclass)
CREATE TABLE "case_13_t" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL,
  "c" INTEGER
);

-- default of column a of case_13.two_users: nextval('case_13.free'::regclass)
-- default of column b of case_13.two_users: (nextval('case_13.free'::regclass) + 100)
-- default of column c of case_13.two_users: nextval(('case_13.free'::text)::regclass)
CREATE TABLE "case_13_two_users" (
  "a" INTEGER,
  "b" INTEGER,
  "c" INTEGER
);

CREATE TABLE "case_14_keyed" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL,
  CONSTRAINT "keyed_pkey" PRIMARY KEY ("a", "b")
) WITHOUT ROWID;

CREATE TABLE "case_14_p" (
  "a" INTEGER,
  "b" TEXT,
  CONSTRAINT "k" UNIQUE ("a")
);
CREATE INDEX "exprs" ON "case_14_p" ("a" + 1, lower("b")) WHERE "b" IS NOT NULL;
CREATE INDEX "half" ON "case_14_p" ("b");
CREATE INDEX "inv" ON "case_14_p" ("a");
CREATE INDEX "pi" ON "case_14_p" ("a");
CREATE INDEX "whole" ON "case_14_p" ("b" DESC);

-- the index of primary key k_a of case_15.k: the index
-- primary key k_a of case_15.k: the constraint
CREATE TABLE "case_15_k" (
  "a" INTEGER NOT NULL,
  "b" INTEGER,
  CONSTRAINT "k_a" PRIMARY KEY ("a"),
  CONSTRAINT "k_b" UNIQUE ("b"),
  CONSTRAINT "k_nnd" UNIQUE ("b", "a")
) WITHOUT ROWID;

CREATE TABLE "case_15_shout" (
  "a" TEXT,
  "b" TEXT
);
CREATE INDEX "Shout" ON "case_15_shout" ("a" || "b", COALESCE("a", "b"), "a" IS NULL, NOT ("a" > "b")) WHERE ("a" IS NULL) IS NOT TRUE;

-- index buf of case_15.t: USING gist (p)
-- index opts of case_15.t: USING gin (j)
-- index sp of case_15.t: USING spgist (p)
CREATE TABLE "case_15_t" (
  "a" INTEGER NOT NULL,
  "b" TEXT,
  "r" TEXT,
  "j" TEXT CHECK ("j" IS NULL OR json_valid("j")),
  "p" TEXT
);
CREATE INDEX "br" ON "case_15_t" ("a", "b");
CREATE INDEX "br_bloom" ON "case_15_t" ("a");
CREATE INDEX "ded" ON "case_15_t" ("a");
CREATE INDEX "e" ON "case_15_t" ("a" + 1, "b", lower("b"));
CREATE INDEX "ha" ON "case_15_t" ("b");
CREATE UNIQUE INDEX "i" ON "case_15_t" ("a");
CREATE UNIQUE INDEX "nnd" ON "case_15_t" ("b", "a");
CREATE INDEX "x WHERE y" ON "case_15_t" ("b" DESC, "b") WHERE "b" <> ' WHERE ';

-- exclusion by_hash of case_15.x: EXCLUDE USING hash (n WITH =)
-- exclusion x_a_b_excl of case_15.x: EXCLUDE USING gist (a WITH &&, b WITH &&) WHERE ((NOT isempty(a))) DEFERRABLE
CREATE TABLE "case_15_x" (
  "a" TEXT,
  "b" TEXT,
  "n" INTEGER
);

CREATE TABLE "case_16_pk_parts" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL,
  CONSTRAINT "pk_parts_pkey" PRIMARY KEY ("a", "b"),
  CONSTRAINT "self" FOREIGN KEY ("a", "b") REFERENCES "case_16_pk_parts" ("a", "b")
) WITHOUT ROWID;

CREATE TABLE "case_16_fk_parts" (
  "a" INTEGER,
  "b" INTEGER,
  "c" INTEGER,
  CONSTRAINT "fk_parts_a_b_fkey" FOREIGN KEY ("a", "b") REFERENCES "case_16_pk_parts" ("a", "b")
);

CREATE TABLE "case_16_target" (
  "x" INTEGER,
  "y" INTEGER,
  "z" INTEGER,
  CONSTRAINT "target_y_x_key" UNIQUE ("y", "x"),
  CONSTRAINT "target_z_key" UNIQUE ("z")
);
CREATE UNIQUE INDEX "no_constraint" ON "case_16_target" ("x");

CREATE TABLE "case_16_partly_default" (
  "x" INTEGER DEFAULT 1,
  "y" INTEGER,
  CONSTRAINT "partly_default_x_y_fkey" FOREIGN KEY ("y", "x") REFERENCES "case_16_target" ("y", "x")
);

CREATE TABLE "case_16_partly_null" (
  "x" INTEGER,
  "y" INTEGER,
  CONSTRAINT "partly_null_x_y_fkey" FOREIGN KEY ("y", "x") REFERENCES "case_16_target" ("y", "x")
);

CREATE TABLE "case_16_source" (
  "x" INTEGER,
  "y" INTEGER,
  "z" INTEGER,
  CHECK (("y" IS NULL AND "x" IS NULL) OR ("y" IS NOT NULL AND "x" IS NOT NULL)),
  CONSTRAINT "source_x_fkey" FOREIGN KEY ("x") REFERENCES "case_16_target" ("x") ON DELETE SET DEFAULT ON UPDATE CASCADE,
  CONSTRAINT "source_z_fkey" FOREIGN KEY ("z") REFERENCES "case_16_target" ("z") ON DELETE RESTRICT DEFERRABLE INITIALLY IMMEDIATE,
  CONSTRAINT "swapped" FOREIGN KEY ("y", "x") REFERENCES "case_16_target" ("y", "x") ON DELETE SET NULL
);

-- foreign key to_partition_a_b_fkey of case_16.to_partition: (a, b) REFERENCES case_16.pk_parts_1
CREATE TABLE "case_16_to_partition" (
  "a" INTEGER,
  "b" INTEGER
);

CREATE TABLE "case_17_p" (
  "a" INTEGER,
  "b" INTEGER
);

CREATE TABLE "case_17_twin" (
  "a" INTEGER
);

CREATE TABLE "case_18_no_policy" (
  "a" INTEGER
);

CREATE TABLE "case_18_only_forced" (
  "a" INTEGER
);

CREATE TABLE "case_18_parts" (
  "a" INTEGER
);

CREATE TABLE "case_18_policy_not_enabled" (
  "a" INTEGER
);

CREATE TABLE "case_18_t" (
  "a" INTEGER,
  "owner" TEXT
);

CREATE TABLE "case_19_came_back" (
  "a" INTEGER
);

CREATE TABLE "case_19_handed_over" (
  "a" INTEGER
);

CREATE TABLE "case_19_nothing_left" (
  "a" INTEGER
);

CREATE TABLE "case_19_owner_granted" (
  "a" INTEGER
);

CREATE TABLE "case_19_t" (
  "a" INTEGER,
  "b" INTEGER
);

CREATE TABLE "case_19_with_defaults" (
  "a" INTEGER
);

-- index indexed_idx of case_20.indexed: USING gin (h)
CREATE TABLE "case_20_indexed" (
  "h" TEXT CHECK ("h" IS NULL OR json_valid("h"))
);

-- default of column h of case_20.uses: '"a"=>"1"'::case_20.hstore
-- check has_a of case_20.uses: (h OPERATOR(case_20.?) 'a'::text)
-- index uses_h_idx of case_20.uses: USING gist (h)
CREATE TABLE "case_20_uses" (
  "h" TEXT CHECK ("h" IS NULL OR json_valid("h"))
);

-- default of column a of case_21.calls: case_21."coalesce"(1)
-- check calls_a_check of case_21.calls: (case_21."coalesce"(a) > 0)
-- index calls_idx of case_21.calls: USING btree (case_21."coalesce"(a))
CREATE TABLE "case_21_calls" (
  "a" INTEGER,
  "b" TEXT,
  "c" TEXT
);

CREATE TABLE "case_21_table" (
  "user" INTEGER,
  "order" INTEGER,
  "desc" INTEGER,
  "between" INTEGER,
  "left" INTEGER,
  "none" INTEGER,
  "value" INTEGER,
  "offset" INTEGER
);

-- table case_21."x
-- ; SELECT 1 --": line
-- ; DROP TABLE t; --
-- break
CREATE TABLE "case_21_x
; SELECT 1 --" (
  "col
umn" INTEGER
);

CREATE TABLE "case_21.x_a""B" (
  "select" INTEGER,
  "CamelCase" INTEGER,
  "with blank" INTEGER,
  "0digit" INTEGER
);

CREATE TABLE "case_21.x_shadow" (
  "a" TEXT DEFAULT 't' CHECK ("a" IN ('t')),
  "b" TEXT DEFAULT (lower('X'))
);

CREATE TABLE "case_22_arrays" (
  "a" TEXT DEFAULT '["a,b",null,"NULL","","it''s","back\\\\slash"]' CHECK ("a" IS NULL OR json_valid("a")),
  "b" TEXT DEFAULT '' CHECK ("b" IN ('it''s', 'back\slash', '', ' ', 'a,b', '"q"', 'line
break', 'NULL')),
  "c" TEXT DEFAULT '["a,b"]' CHECK ("c" IS NULL OR json_valid("c"))
);

-- table case_22.t: It's a \ "comment"
-- of two lines -- with $$ and /* and
CREATE TABLE "case_22_t" (
  "a" TEXT DEFAULT 'a\b''c
',
  "b" TEXT DEFAULT '',
  "c" TEXT DEFAULT '$$',
  "d" TEXT DEFAULT 'é🐘',
  "e" TEXT DEFAULT '  ' CHECK (length("e") <= 3)
);

CREATE TABLE "case_23_sorted" (
  "a" INTEGER,
  "b" INTEGER
);
CREATE INDEX "sorted_idx" ON "case_23_sorted" ("a" DESC);

CREATE TABLE "case_24_of_row" (
  "r" TEXT CHECK ("r" IS NULL OR json_valid("r")),
  "rs" TEXT CHECK ("rs" IS NULL OR json_valid("rs")),
  "t" TEXT CHECK ("t" IS NULL OR json_valid("t"))
);

CREATE TABLE "case_24_ranges" (
  "a" TEXT,
  "b" TEXT DEFAULT '{}',
  "c" TEXT,
  "d" TEXT CHECK ("d" IS NULL OR json_valid("d")),
  "e" TEXT
);

CREATE TABLE "case_24_t" (
  "a" INTEGER NOT NULL,
  "b" INTEGER,
  CONSTRAINT "t_pkey" PRIMARY KEY ("a")
) WITHOUT ROWID;

CREATE TABLE "case_24_ty" (
  "x" INTEGER NOT NULL,
  "y" TEXT DEFAULT '1.00',
  "w" TEXT
);

CREATE TABLE "case_24_ty_keyed" (
  "x" INTEGER NOT NULL,
  "y" TEXT,
  "w" TEXT,
  CONSTRAINT "small" CHECK (CAST("y" AS NUMERIC) < 10),
  CONSTRAINT "ty_keyed_pkey" PRIMARY KEY ("x")
) WITHOUT ROWID;

CREATE TABLE "case_24_ty_later" (
  "x" INTEGER,
  "y" TEXT,
  "w" TEXT
);

CREATE TABLE "case_24_ty_parts" (
  "x" INTEGER,
  "y" TEXT,
  "w" TEXT
);

CREATE TABLE "case_25_late_column" (
  "a" INTEGER DEFAULT 1,
  "b" INTEGER
);

CREATE TABLE "case_25_only_toast" (
  "a" TEXT
);

CREATE TABLE "case_25_t" (
  "a" TEXT,
  "b" INTEGER
);

CREATE TABLE "case_25_wide" (
  "a" INTEGER,
  "bb" INTEGER,
  "c" INTEGER,
  "d" INTEGER
);

CREATE TABLE "case_16_a" (
  "id" INTEGER NOT NULL,
  "b" INTEGER,
  CONSTRAINT "a_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "case_16_b" ("id")
) WITHOUT ROWID;

CREATE TABLE "case_16_b" (
  "id" INTEGER NOT NULL,
  "a" INTEGER,
  CONSTRAINT "b_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "b_a_fkey" FOREIGN KEY ("a") REFERENCES "case_16_a" ("id"),
  CONSTRAINT "b_id_fkey" FOREIGN KEY ("id") REFERENCES "case_16_b" ("id") DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

CREATE TABLE "case_16_muted" (
  "a" INTEGER,
  CONSTRAINT "muted_a_fkey" FOREIGN KEY ("a") REFERENCES "case_16_a" ("id")
);

CREATE VIEW "case_02_untouched" ("a", "b") AS
SELECT "one"."a", "one"."b"
FROM "case_02_one" AS "one";

CREATE VIEW "case_03_grouped" ("id", "n") AS
SELECT "t"."id", "t"."n"
FROM "case_03_t" AS "t"
GROUP BY "t"."id";

CREATE VIEW "case_03_on_adopted_key" ("a", "b") AS
SELECT "loose"."a", "loose"."b"
FROM "case_03_loose" AS "loose"
GROUP BY "loose"."a";

CREATE VIEW "case_03_on_partitioned" ("a", "b") AS
SELECT "parts"."a", "parts"."b"
FROM "case_03_parts" AS "parts"
GROUP BY "parts"."a";

CREATE VIEW "case_03_writable" ("id", "n") AS
SELECT "t"."id", "t"."n"
FROM "case_03_t" AS "t";

CREATE VIEW "case_04_w" ("a", "b") AS
SELECT "t"."a", "t"."b"
FROM "case_04_t" AS "t"
WHERE "t"."a" > 0;

CREATE VIEW "case_17_v" ("a", "b") AS
SELECT "p"."a", "p"."b"
FROM "case_17_p" AS "p";

CREATE VIEW "case_19_vw" ("a", "b") AS
SELECT "t"."a", "t"."b"
FROM "case_19_t" AS "t";

CREATE VIEW "case_21_view" ("user", "order", "between", "left", "value", "year", "Precision", "?column?") AS
SELECT 1 AS "user", 2 AS "order", 3 AS "between", 4 AS "left", 5 AS "value", 6 AS "year", 7 AS "Precision", 8 AS "?column?";

CREATE VIEW "case_25_barrier_off" ("a") AS
SELECT "t"."a"
FROM "case_25_t" AS "t";

CREATE VIEW "case_25_invoker" ("a") AS
SELECT "t"."a"
FROM "case_25_t" AS "t";

CREATE VIEW "case_25_of_late" ("a") AS
SELECT "l"."a"
FROM "case_25_late_column" AS "l";

CREATE VIEW "case_25_renamed_columns" ("First", "two") AS
SELECT "t"."a" AS "First", "t"."b" AS "two"
FROM "case_25_t" AS "t";

CREATE VIEW "case_25_v" ("a") AS
SELECT "t"."a"
FROM "case_25_t" AS "t"
WHERE "t"."a" > '';

CREATE VIEW "case_03_above" ("n", "c") AS
SELECT "g"."n", COUNT(*) AS "c"
FROM "case_03_grouped" AS "g"
GROUP BY "g"."n";

CREATE VIEW "case_25_cascaded" ("a") AS
SELECT "v"."a"
FROM "case_25_v" AS "v"
WHERE "v"."a" < 'x';

-- view case_01.constants:
--  SELECT '2024-02-01'::date AS d,
--     '1 year 2 mons'::interval AS i,
--     '2024-02-01 00:00:00+00'::timestamp with time zone AS tz,
--     (0.0000001)::double precision AS f,
--     '\xdeadbeef'::bytea AS b,
--     '\'::text AS bs,
--     '$9.99'::money AS m

-- view case_03.of_atomic:
--  SELECT a.a
--    FROM case_03.atomic() a(a)

-- view case_04.one:
--  SELECT three.n
--    FROM case_04.three

-- view case_04.over_w:
--  SELECT w.a,
--     w.b,
--     case_04.g(w.*) AS ok
--    FROM case_04.w

-- view case_04.ping:
--  SELECT pong.n
--    FROM case_04.pong

-- view case_04.pong:
--  SELECT ping.n
--    FROM case_04.ping

-- view case_04.three:
--  SELECT case_04.two() AS n

-- view case_04.v:
--  SELECT t.a
--    FROM case_04.t
--   WHERE (t.a IN ( SELECT g.a
--            FROM case_04.f() g(a)))

-- view case_07.compares:
--  SELECT (uses.a OPERATOR(case_07.=) '2'::case_07.b) AS two
--    FROM case_07.uses

-- view case_21.prefixed:
--  SELECT (OPERATOR(case_21.!@#) 5) AS a,
--     5 AS b,
--     ('-5'::integer)::text AS c,
--     (NOT (NOT true)) AS d,
--     (ROW(1, 'x') IS NULL) AS e

-- view case_21.shadowed:
--  SELECT (1 OPERATOR("case_21.x".=) 2) AS x,
--     (1 = 2) AS y,
--     (3 OPERATOR("case_21.x".=) ANY (ARRAY[1, 2])) AS z

-- view case_22.v:
--  SELECT 'it''s'::text AS a,
--     '\'::text AS b,
--     '☃'::text AS c,
--     ('x'::text || '	'::text) AS d,
--     '101'::"bit" AS e,
--     '00011111'::"bit" AS f,
--     ('{}'::jsonb @? '$."a"[*]?(@ > "b\\c")'::jsonpath) AS g

-- view case_23.by_operator:
--  SELECT sorted.a
--    FROM case_23.sorted
--   ORDER BY (sorted.a)::text USING ~>~ NULLS FIRST, sorted.b DESC NULLS LAST

-- view case_23.uses:
--  SELECT case_23.cnt(*) AS a,
--     case_23.pd((0.5)::double precision) WITHIN GROUP (ORDER BY x.x) AS b,
--     case_23.hypo(3) WITHIN GROUP (ORDER BY x.x) AS c,
--     case_23.var(VARIADIC ARRAY[1, 2, 3]) AS d,
--     case_23.var(VARIADIC ARRAY[1, 2]) AS e,
--     case_23.cnt(DISTINCT x.x) FILTER (WHERE (x.x > 1)) AS f
--    FROM generate_series(1, 3) x(x)

-- view case_24.row_typed:
--  SELECT of_row.t,
--     (t.* IS NULL) AS b,
--     (of_row.r).y AS y,
--     of_row.rs[1].x AS x
--    FROM case_24.ty t,
--     case_24.of_row

-- view case_25.cubes:
--  SELECT t.a,
--     t.b,
--     GROUPING(t.a, t.b) AS g
--    FROM case_25.t
--   GROUP BY DISTINCT CUBE(t.a, t.b), GROUPING SETS ((), (t.a))

-- view case_25.empty_select:
--  SELECT
--    FROM case_25.t

-- view case_25.for_update:
--  SELECT t.a
--    FROM case_25.t
--  FOR NO KEY UPDATE OF t SKIP LOCKED

-- view case_25.forms:
--  SELECT EXTRACT(year FROM now()) AS a,
--     OVERLAY('x'::text PLACING 'y'::text FROM 1) AS b,
--     ('10:00:00'::time without time zone AT TIME ZONE 'UTC'::text) AS c,
--     TRIM(LEADING 'x'::text FROM t.a) AS d,
--     (t.a ~ similar_to_escape('%x'::text)) AS e,
--     (t.a COLLATE "C") AS f,
--         CASE
--             WHEN (((t.b >= 1) AND (t.b <= 2)) OR ((t.b >= 2) AND (t.b <= 1))) THEN NULLIF(t.b, 1)
--             ELSE NULL::integer
--         END AS g,
--     ARRAY( SELECT 1) AS h,
--     ((t.a, t.b) IN ( SELECT t_1.a,
--             t_1.b
--            FROM case_25.t t_1)) AS i,
--     (t.b = ANY ('{1,2}'::integer[])) AS j,
--     COALESCE(t.b, GREATEST(1, 2)) AS k,
--     POSITION(('x'::text) IN (t.a)) AS l
--    FROM case_25.t

-- view case_25.joined:
--  SELECT x.a,
--     x.bb AS b1,
--     x.c AS c1,
--     y.bb AS b2,
--     y.c AS c2
--    FROM ((case_25.wide x
--      JOIN case_25.wide y USING (a))
--      JOIN ( SELECT 1 AS a) z USING (a))

-- view case_25.lateral_and_sample:
--  SELECT s.i,
--     x.aa,
--     x.bb
--    FROM case_25.t x(aa, bb) TABLESAMPLE bernoulli (10) REPEATABLE (1),
--     LATERAL ROWS FROM(generate_series(1, x.bb), json_to_recordset('[]'::json) AS (q integer)) WITH ORDINALITY s(i, q, o)

-- view case_25.numbers:
--  WITH RECURSIVE numbers(n) AS (
--          VALUES (1)
--         UNION ALL
--          SELECT (numbers_1.n + 1)
--            FROM numbers numbers_1
--           WHERE (numbers_1.n < 100)
--         )
--  SELECT numbers.n
--    FROM numbers

-- view case_25.sets:
-- (
--          SELECT t.a
--            FROM case_25.t
--         UNION
--          SELECT only_toast.a
--            FROM case_25.only_toast
-- ) EXCEPT ALL
--  SELECT v.a
--    FROM case_25.v
--   ORDER BY 1
--  FETCH FIRST (3) ROWS WITH TIES

-- view case_25.using_alias:
--  SELECT x.a,
--     x.c
--    FROM (case_25.wide x
--      JOIN case_25.wide y USING (a) AS j)

-- view case_25.values_only:
--  VALUES (1,'a'::text), (2,'b'::text)

-- view case_25.windows:
--  SELECT sum(t.b) OVER w AS a,
--     lag(t.b, 1) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS c
--    FROM case_25.t
--   WINDOW w AS (PARTITION BY t.a ORDER BY t.b NULLS FIRST)

-- view case_25.with_data:
--  WITH n AS MATERIALIZED (
--          SELECT 1 AS x
--         ), u AS NOT MATERIALIZED (
--          SELECT 2 AS "?column?"
--         )
--  SELECT n.x,
--     u."?column?"
--    FROM n,
--     u

-- view case_25.with_search:
--  WITH RECURSIVE s(a, b) AS (
--          SELECT 1 AS "?column?",
--             2 AS "?column?"
--         UNION ALL
--          SELECT (s_1.a + 1),
--             s_1.b
--            FROM s s_1
--           WHERE (s_1.a < 5)
--         ) SEARCH BREADTH FIRST BY a SET ord CYCLE a SET is_cycle USING path
--  SELECT s.a,
--     s.b
--    FROM s
--   WHERE (NOT s.is_cycle)
--   ORDER BY s.ord

-- materialized view case_02.stats_of_matview:
--  SELECT two.a,
--     two.b
--    FROM case_02.two

-- materialized view case_03.stored:
--  SELECT t.id,
--     t.n,
--     sum(t.m) AS m
--    FROM case_03.t
--   GROUP BY t.id

-- materialized view case_15.m:
--  SELECT 1 AS a

-- materialized view case_25.a_m2:
--  SELECT m1.a
--    FROM case_25.m1

-- materialized view case_25.m1:
--  SELECT v.a
--    FROM case_25.v
