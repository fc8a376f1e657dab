DROP VIEW IF EXISTS [case_25_cascaded];
DROP VIEW IF EXISTS [case_25_v];
DROP VIEW IF EXISTS [case_25_renamed_columns];
DROP VIEW IF EXISTS [case_25_of_late];
DROP VIEW IF EXISTS [case_25_invoker];
DROP VIEW IF EXISTS [case_25_barrier_off];
DROP VIEW IF EXISTS [case_21_view];
DROP VIEW IF EXISTS [case_19_vw];
DROP VIEW IF EXISTS [case_17_v];
DROP VIEW IF EXISTS [case_04_w];
DROP VIEW IF EXISTS [case_03_writable];
DROP VIEW IF EXISTS [case_02_untouched];
IF OBJECT_ID(N'[case_16_a]') IS NOT NULL ALTER TABLE [case_16_a] DROP CONSTRAINT IF EXISTS [a_b_fkey];
DROP TABLE IF EXISTS [case_16_muted];
DROP TABLE IF EXISTS [case_16_b];
DROP TABLE IF EXISTS [case_16_a];
DROP TABLE IF EXISTS [case_25_wide];
DROP TABLE IF EXISTS [case_25_t];
DROP TABLE IF EXISTS [case_25_only_toast];
DROP TABLE IF EXISTS [case_25_late_column];
DROP TABLE IF EXISTS [case_24_ty_parts];
DROP TABLE IF EXISTS [case_24_ty_later];
DROP TABLE IF EXISTS [case_24_ty_keyed];
DROP TABLE IF EXISTS [case_24_ty];
DROP TABLE IF EXISTS [case_24_t];
DROP TABLE IF EXISTS [case_24_ranges];
DROP TABLE IF EXISTS [case_24_of_row];
DROP TABLE IF EXISTS [case_23_sorted];
DROP TABLE IF EXISTS [case_22_t];
DROP TABLE IF EXISTS [case_22_arrays];
DROP TABLE IF EXISTS [case_21.x_shadow];
DROP TABLE IF EXISTS [case_21.x_a"B];
DROP TABLE IF EXISTS [case_21_x
; SELECT 1 --];
DROP TABLE IF EXISTS [case_21_table];
DROP TABLE IF EXISTS [case_21_calls];
DROP TABLE IF EXISTS [case_20_uses];
DROP TABLE IF EXISTS [case_20_indexed];
DROP TABLE IF EXISTS [case_19_with_defaults];
DROP TABLE IF EXISTS [case_19_t];
DROP TABLE IF EXISTS [case_19_owner_granted];
DROP TABLE IF EXISTS [case_19_nothing_left];
DROP TABLE IF EXISTS [case_19_handed_over];
DROP TABLE IF EXISTS [case_19_came_back];
DROP TABLE IF EXISTS [case_18_t];
DROP TABLE IF EXISTS [case_18_policy_not_enabled];
DROP TABLE IF EXISTS [case_18_parts];
DROP TABLE IF EXISTS [case_18_only_forced];
DROP TABLE IF EXISTS [case_18_no_policy];
DROP TABLE IF EXISTS [case_17_twin];
DROP TABLE IF EXISTS [case_17_p];
DROP TABLE IF EXISTS [case_16_to_partition];
DROP TABLE IF EXISTS [case_16_source];
DROP TABLE IF EXISTS [case_16_partly_null];
DROP TABLE IF EXISTS [case_16_partly_default];
DROP TABLE IF EXISTS [case_16_target];
DROP TABLE IF EXISTS [case_16_fk_parts];
DROP TABLE IF EXISTS [case_16_pk_parts];
DROP TABLE IF EXISTS [case_15_x];
DROP TABLE IF EXISTS [case_15_t];
DROP TABLE IF EXISTS [case_15_shout];
DROP TABLE IF EXISTS [case_15_k];
DROP TABLE IF EXISTS [case_14_p];
DROP TABLE IF EXISTS [case_14_keyed];
DROP TABLE IF EXISTS [case_13_two_users];
DROP TABLE IF EXISTS [case_13_t];
DROP TABLE IF EXISTS [case_13_ser];
DROP TABLE IF EXISTS [case_13_renamed];
DROP TABLE IF EXISTS [case_13_owner_elsewhere];
DROP TABLE IF EXISTS [case_13_logged];
DROP TABLE IF EXISTS [case_12_was_generated];
DROP TABLE IF EXISTS [case_12_parts];
DROP TABLE IF EXISTS [case_12_p];
DROP TABLE IF EXISTS [case_12_kinds];
DROP TABLE IF EXISTS [case_12_born];
DROP TABLE IF EXISTS [case_12_attached];
DROP TABLE IF EXISTS [case_11_z_first];
DROP TABLE IF EXISTS [case_11_top];
DROP TABLE IF EXISTS [case_11_q];
DROP TABLE IF EXISTS [case_11_p];
DROP TABLE IF EXISTS [case_11_orphan];
DROP TABLE IF EXISTS [case_11_of_both];
DROP TABLE IF EXISTS [case_11_mid_2];
DROP TABLE IF EXISTS [case_11_mid_1];
DROP TABLE IF EXISTS [case_11_merged];
DROP TABLE IF EXISTS [case_11_late];
DROP TABLE IF EXISTS [case_11_gone_parent];
DROP TABLE IF EXISTS [case_11_compressed_child];
DROP TABLE IF EXISTS [case_11_compressed];
DROP TABLE IF EXISTS [case_11_c];
DROP TABLE IF EXISTS [case_11_bottom];
DROP TABLE IF EXISTS [case_11_a_second];
DROP TABLE IF EXISTS [case_10_was_key];
DROP TABLE IF EXISTS [case_10_parent];
DROP TABLE IF EXISTS [case_10_p];
DROP TABLE IF EXISTS [case_10_nulls];
DROP TABLE IF EXISTS [case_10_key_child];
DROP TABLE IF EXISTS [case_10_child];
DROP TABLE IF EXISTS [case_10_by_domain];
DROP TABLE IF EXISTS [case_09_s];
DROP TABLE IF EXISTS [case_09_p];
DROP TABLE IF EXISTS [case_09_i_grandchild];
DROP TABLE IF EXISTS [case_09_i_dropped];
DROP TABLE IF EXISTS [case_09_i];
DROP TABLE IF EXISTS [case_08_other_q_like];
DROP TABLE IF EXISTS [case_08_other_detached];
DROP TABLE IF EXISTS [case_08_r_2];
DROP TABLE IF EXISTS [case_08_r];
DROP TABLE IF EXISTS [case_08_q];
DROP TABLE IF EXISTS [case_08_p];
DROP TABLE IF EXISTS [case_07_uses_taken];
DROP TABLE IF EXISTS [case_07_uses];
DROP TABLE IF EXISTS [case_07_spans];
DROP TABLE IF EXISTS [case_07__taken];
DROP TABLE IF EXISTS [case_06_uses];
DROP TABLE IF EXISTS [case_05_triggered];
DROP TABLE IF EXISTS [case_05_right_one];
DROP TABLE IF EXISTS [case_05_partitioned];
DROP TABLE IF EXISTS [case_05_left_one];
DROP TABLE IF EXISTS [case_05_defaulted];
DROP TABLE IF EXISTS [case_05_checked];
DROP TABLE IF EXISTS [case_04_t];
DROP TABLE IF EXISTS [case_03_t];
DROP TABLE IF EXISTS [case_03_parts];
DROP TABLE IF EXISTS [case_03_loose];
DROP TABLE IF EXISTS [case_03_guarded];
DROP TABLE IF EXISTS [case_03_defaulted];
DROP TABLE IF EXISTS [case_02_two];
DROP TABLE IF EXISTS [case_02_reset];
DROP TABLE IF EXISTS [case_02_parent];
DROP TABLE IF EXISTS [case_02_one];
DROP TABLE IF EXISTS [case_02_child];
DROP TABLE IF EXISTS [case_01_settings];
DROP TABLE IF EXISTS [case_01_by_span];
DROP TABLE IF EXISTS [case_01_by_instant];
DROP TABLE IF EXISTS [case_01_by_float];
DROP TABLE IF EXISTS [case_01_by_day];
DROP TABLE IF EXISTS [case_01_by_bytes];
DROP SEQUENCE IF EXISTS [nulls_c_seq];
DROP SEQUENCE IF EXISTS [down];
DROP SEQUENCE IF EXISTS [full_range];
DROP SEQUENCE IF EXISTS [owned_not_default];
DROP SEQUENCE IF EXISTS [s];
DROP SEQUENCE IF EXISTS [small];
DROP SEQUENCE IF EXISTS [t_b_seq];
DROP SEQUENCE IF EXISTS [volatile];
DROP SEQUENCE IF EXISTS [sq];

CREATE SEQUENCE [nulls_c_seq] AS INT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 NO CYCLE NO CACHE;
CREATE SEQUENCE [down] AS INT START WITH -1 INCREMENT BY -3 MINVALUE -100 MAXVALUE -1 CYCLE NO CACHE;
CREATE SEQUENCE [full_range] AS BIGINT START WITH 0 INCREMENT BY 1 MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807 NO CYCLE NO CACHE;
CREATE SEQUENCE [owned_not_default] AS BIGINT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 NO CYCLE NO CACHE;
CREATE SEQUENCE [s] AS SMALLINT START WITH -1 INCREMENT BY -1 MINVALUE -32768 MAXVALUE -1 NO CYCLE NO CACHE;
CREATE SEQUENCE [small] AS BIGINT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 NO CYCLE CACHE 5;
CREATE SEQUENCE [t_b_seq] AS SMALLINT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 NO CYCLE NO CACHE;
CREATE SEQUENCE [volatile] AS BIGINT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 NO CYCLE NO CACHE;
CREATE SEQUENCE [sq] AS BIGINT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 NO CYCLE NO CACHE;

CREATE TABLE [case_01_by_bytes] (
  [b] VARBINARY(MAX)
);

CREATE TABLE [case_01_by_day] (
  [d] DATE,
  [n] INT
);

CREATE TABLE [case_01_by_float] (
  [f] FLOAT(53)
);

CREATE TABLE [case_01_by_instant] (
  [t] DATETIMEOFFSET(6)
);

CREATE TABLE [case_01_by_span] (
  [i] NVARCHAR(64) COLLATE Latin1_General_100_BIN2
);

-- default of column f4 of case_01.settings: ('340282350000000000000000000000000000000'::numeric)::real
-- default of column nan of case_01.settings: 'NaN'::double precision
-- check recent of case_01.settings: ((d > '2023-12-01'::date) AND (i < '1 day 02:03:04'::interval))
CREATE TABLE [case_01_settings] (
  [d] DATE DEFAULT '2024-04-03',
  [ts] DATETIME2(6) DEFAULT '2024-04-03 05:06:07.891',
  [tz] DATETIMEOFFSET(6) DEFAULT '2024-04-03 03:06:07 +00:00',
  [tt] NVARCHAR(21) COLLATE Latin1_General_100_BIN2 DEFAULT N'05:06:07+02',
  [i] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 DEFAULT N'-1 years -2 mons +3 days -04:05:06.789',
  [f4] REAL,
  [f8] FLOAT(53) DEFAULT 0.30000000000000004,
  [nan] FLOAT(53),
  [m] MONEY DEFAULT 1234.56,
  [b] VARBINARY(MAX) DEFAULT 0x00275C41FF,
  [t] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'back\slash ''quote''',
  [r] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'["2024-02-01 00:00:00+00","2024-02-02 00:00:00+00")',
  [a] NVARCHAR(MAX) DEFAULT N'["2024-02-01","2024-12-31"]' CHECK (ISJSON(CONCAT(N'[', [a], N']')) = 1),
  [user] INT DEFAULT 1
);
CREATE INDEX [partly] ON [case_01_settings] ([f8]) WHERE [ts] >= '2024-01-02 00:00:00';

CREATE TABLE [case_02_child] (
  [a] INT
);

CREATE TABLE [case_02_one] (
  [a] INT,
  [b] INT
);

CREATE TABLE [case_02_parent] (
  [a] INT
);

CREATE TABLE [case_02_reset] (
  [a] INT,
  [b] INT
);

CREATE TABLE [case_02_two] (
  [a] INT,
  [b] NVARCHAR(10) COLLATE Latin1_General_100_BIN2
);

-- default of column a of case_03.defaulted: case_03.total()
CREATE TABLE [case_03_defaulted] (
  [a] INT
);

CREATE TABLE [case_03_guarded] (
  [a] INT
);

CREATE TABLE [case_03_loose] (
  [a] INT NOT NULL,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  CONSTRAINT [loose_key] PRIMARY KEY ([a])
);

CREATE TABLE [case_03_parts] (
  [a] INT NOT NULL,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  CONSTRAINT [parts_pkey] PRIMARY KEY ([a])
);

CREATE TABLE [case_03_t] (
  [id] INT NOT NULL,
  [n] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [m] INT,
  CONSTRAINT [t_pkey] PRIMARY KEY ([id])
);

CREATE TABLE [case_04_t] (
  [a] INT,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

-- check is_positive of case_05.checked: case_05.positive(checked.*)
-- check is_positive_too of case_05.checked: case_05.positive(checked.*)
-- index on_row of case_05.checked: USING btree (case_05.positive(checked.*))
CREATE TABLE [case_05_checked] (
  [a] INT
);

-- default of column b of case_05.defaulted: case_05.next_b()
CREATE TABLE [case_05_defaulted] (
  [a] INT,
  [b] INT
);

-- check left_one_check of case_05.left_one: case_05.of_both(ROW(1)::case_05.left_one, NULL::case_05.right_one)
CREATE TABLE [case_05_left_one] (
  [a] INT
);

-- check fits of case_05.partitioned: case_05.fits(partitioned.*)
CREATE TABLE [case_05_partitioned] (
  [a] INT,
  [b] INT
);

-- check right_one_check of case_05.right_one: case_05.of_both(l, right_one.*)
CREATE TABLE [case_05_right_one] (
  [a] INT,
  [l] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [l], N']')) = 1)
);

CREATE TABLE [case_05_triggered] (
  [a] INT
);

-- check is_ok of column a of case_06.uses: case_06.ok((VALUE)::case_06.d)
-- check is_ok of column b of case_06.uses: case_06.ok((VALUE)::case_06.d)
-- check numbers_check of column c of case_06.uses: (array_length(VALUE, 1) < 4)
-- check is_ok of column e of case_06.uses: case_06.ok((VALUE)::case_06.d)
CREATE TABLE [case_06_uses] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 CHECK (((DATALENGTH([a]) / 2) < 10) AND ([a] <> N'')),
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'x' CHECK (([b] <> N'y') AND ((DATALENGTH([b]) / 2) < 10) AND ([b] <> N'')),
  [c] NVARCHAR(MAX) DEFAULT N'[]' CHECK (ISJSON(CONCAT(N'[', [c], N']')) = 1),
  [dd] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [dd], N']')) = 1),
  [e] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK (([e] <> N'y') AND ((DATALENGTH([e]) / 2) < 10) AND ([e] <> N''))
);

CREATE TABLE [case_07__taken] (
  [a] INT
);

-- exclusion spans_s_excl of case_07.spans: EXCLUDE USING gist (s WITH &&)
CREATE TABLE [case_07_spans] (
  [s] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'[1,4)'
);

CREATE TABLE [case_07_uses] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'1',
  [v] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [v], N']')) = 1),
  [w] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_07_uses_taken] (
  [a] NVARCHAR(MAX) DEFAULT N'["x"]' CHECK (ISJSON(CONCAT(N'[', [a], N']')) = 1)
);

CREATE TABLE [case_08_p] (
  [a] INT,
  [b] INT,
  [c] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_08_q] (
  [a] INT,
  [b] INT,
  [d] INT
);

CREATE TABLE [case_08_r] (
  [a] INT
);

CREATE TABLE [case_08_r_2] (
  [a] INT
);

CREATE TABLE [case_08_other_detached] (
  [a] INT,
  [b] INT,
  [d] INT
);

CREATE TABLE [case_08_other_q_like] (
  [a] INT,
  [b] INT,
  [d] INT
);

CREATE TABLE [case_09_i] (
  [a] INT DEFAULT 10,
  [b] INT NOT NULL DEFAULT 2
);

CREATE TABLE [case_09_i_dropped] (
  [a] INT NOT NULL,
  [b] INT NOT NULL DEFAULT 3
);

CREATE TABLE [case_09_i_grandchild] (
  [a] INT NOT NULL DEFAULT 9,
  [b] INT NOT NULL DEFAULT 3
);

CREATE TABLE [case_09_p] (
  [a] INT DEFAULT 1,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'x',
  [c] INT
);

CREATE TABLE [case_09_s] (
  [id] INT NOT NULL IDENTITY(1,1)
);

CREATE TABLE [case_10_by_domain] (
  [a] INT NOT NULL,
  [b] INT NOT NULL
);

CREATE TABLE [case_10_child] (
  [a] INT NOT NULL,
  [b] INT NOT NULL
);

CREATE TABLE [case_10_key_child] (
  [a] INT NOT NULL,
  [b] INT NOT NULL,
  CONSTRAINT [key_child_pkey] PRIMARY KEY ([a])
);

CREATE TABLE [case_10_nulls] (
  [a] INT,
  [b] INT NOT NULL IDENTITY(1,1),
  [c] INT NOT NULL DEFAULT (NEXT VALUE FOR [nulls_c_seq])
);

CREATE TABLE [case_10_p] (
  [a] INT NOT NULL,
  [b] INT
);

CREATE TABLE [case_10_parent] (
  [a] INT,
  [b] INT NOT NULL
);

CREATE TABLE [case_10_was_key] (
  [a] INT NOT NULL,
  [b] INT
);

CREATE TABLE [case_11_a_second] (
  [n] INT
);

CREATE TABLE [case_11_bottom] (
  [b] INT DEFAULT 6,
  CONSTRAINT [top_b_check] CHECK ([b] < 9)
);

CREATE TABLE [case_11_c] (
  [a] INT DEFAULT 2,
  [b] INT,
  [x] INT,
  CONSTRAINT [k] CHECK ([a] > 0),
  CONSTRAINT [shared] CHECK ([b] > 0)
);

CREATE TABLE [case_11_compressed] (
  [t] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_11_compressed_child] (
  [t] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_11_gone_parent] (
  [g] INT,
  [n] INT
);

CREATE TABLE [case_11_late] (
  [n] INT,
  CONSTRAINT [shared_2] CHECK ([n] > 0)
);

CREATE TABLE [case_11_merged] (
  [a] INT,
  [b] INT DEFAULT 5,
  [own] INT,
  CONSTRAINT [top_b_check_2] CHECK ([b] < 9)
);

CREATE TABLE [case_11_mid_1] (
  [b] INT DEFAULT 5,
  CONSTRAINT [top_b_check_3] CHECK ([b] < 9)
);

CREATE TABLE [case_11_mid_2] (
  [b] INT DEFAULT 5,
  CONSTRAINT [top_b_check_4] CHECK ([b] < 9)
);

CREATE TABLE [case_11_of_both] (
  [n] INT,
  CONSTRAINT [shared_3] CHECK ([n] > 0)
);

CREATE TABLE [case_11_orphan] (
  [g] INT,
  [n] INT,
  [own] INT
);

CREATE TABLE [case_11_p] (
  [a] INT DEFAULT 1,
  [b] INT,
  CONSTRAINT [k_2] CHECK ([a] > 0),
  CONSTRAINT [only_here] CHECK ([a] < 100)
);

CREATE TABLE [case_11_q] (
  [b] INT,
  CONSTRAINT [shared_4] CHECK ([b] > 0)
);

CREATE TABLE [case_11_top] (
  [b] INT DEFAULT 5,
  CONSTRAINT [top_b_check_5] CHECK ([b] < 9)
);

CREATE TABLE [case_11_z_first] (
  [n] INT,
  CONSTRAINT [shared_5] CHECK ([n] > 0)
);

CREATE TABLE [case_12_attached] (
  [a] INT,
  [b] AS (CAST([a] * 2 AS INT)) PERSISTED
);

CREATE TABLE [case_12_born] (
  [a] INT,
  [b] AS (CAST([a] * 2 AS INT)) PERSISTED
);

-- generated column v of case_12.kinds: to_tsvector('simple'::regconfig, (COALESCE(t, ''::character varying))::text)
-- index kinds_v_idx of case_12.kinds: USING gin (v)
CREATE TABLE [case_12_kinds] (
  [late] AS (CAST(UPPER([t]) AS NVARCHAR(MAX)) COLLATE Latin1_General_100_BIN2) PERSISTED NOT NULL,
  [t] NVARCHAR(20) COLLATE Latin1_General_100_BIN2 DEFAULT N'x',
  [v] NVARCHAR(MAX),
  [c] AS (CAST(CASE WHEN [t] > N'a' THEN N'y' ELSE N'\' END AS NVARCHAR(5)) COLLATE Latin1_General_100_BIN2) PERSISTED,
  CONSTRAINT [kinds_late_check] CHECK ([late] <> N'')
);
CREATE UNIQUE INDEX [kinds_c_key] ON [case_12_kinds] ([c]) WHERE [c] IS NOT NULL;

CREATE TABLE [case_12_p] (
  [a] INT,
  [b] AS (CAST([a] * 2 AS INT)) PERSISTED
);

-- generated column b of case_12.parts: ((a)::numeric / 7.0)
CREATE TABLE [case_12_parts] (
  [a] INT,
  [b] DECIMAL(8,3)
);

CREATE TABLE [case_12_was_generated] (
  [a] INT,
  [b] INT
);

CREATE TABLE [case_13_logged] (
  [a] INT NOT NULL IDENTITY(1,1)
);

CREATE TABLE [case_13_owner_elsewhere] (
  [a] INT NOT NULL IDENTITY(1,1)
);

CREATE TABLE [case_13_renamed] (
  [id] BIGINT NOT NULL IDENTITY(-5,1)
);

CREATE TABLE [case_13_ser] (
  [id] INT NOT NULL IDENTITY(1,1),
  [n] BIGINT NOT NULL
);

CREATE TABLE [case_13_t] (
  [a] INT NOT NULL IDENTITY(7,5),
  [b] SMALLINT NOT NULL DEFAULT (NEXT VALUE FOR [t_b_seq]),
  [c] INT
);

-- default of column b of case_13.two_users: (nextval('case_13.free'::regclass) + 100)
-- default of column c of case_13.two_users: nextval(('case_13.free'::text)::regclass)
CREATE TABLE [case_13_two_users] (
  [a] INT NOT NULL IDENTITY(1,1),
  [b] INT,
  [c] INT
);

CREATE TABLE [case_14_keyed] (
  [a] INT NOT NULL,
  [b] INT NOT NULL,
  CONSTRAINT [keyed_pkey] PRIMARY KEY ([a], [b])
);

-- index exprs of case_14.p: USING btree (((a + 1)), lower(b)) WHERE (b IS NOT NULL)
-- index half of case_14.p: USING btree (b)
-- index whole of case_14.p: USING btree (b)
CREATE TABLE [case_14_p] (
  [a] INT,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);
CREATE UNIQUE INDEX [k_3] ON [case_14_p] ([a]) WHERE [a] IS NOT NULL;
CREATE INDEX [inv] ON [case_14_p] ([a]);
CREATE INDEX [pi] ON [case_14_p] ([a]);

-- the index of primary key k_a of case_15.k: the index
-- primary key k_a of case_15.k: the constraint
CREATE TABLE [case_15_k] (
  [a] INT NOT NULL,
  [b] INT,
  CONSTRAINT [k_a] PRIMARY KEY ([a]),
  CONSTRAINT [k_nnd] UNIQUE ([b], [a])
);
CREATE UNIQUE INDEX [k_b] ON [case_15_k] ([b]) WHERE [b] IS NOT NULL;

-- index Shout of case_15.shout: USING btree (((a || b)), COALESCE(a, b), ((a IS NULL)), ((NOT (a > b)))) WHERE ((a IS NULL) IS NOT TRUE)
CREATE TABLE [case_15_shout] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

-- index buf of case_15.t: USING gist (p)
-- index e of case_15.t: USING btree (((a + 1)), b, lower(b))
-- index opts of case_15.t: USING gin (j)
-- index sp of case_15.t: USING spgist (p)
CREATE TABLE [case_15_t] (
  [a] INT NOT NULL,
  [b] NVARCHAR(255) COLLATE Latin1_General_100_BIN2,
  [r] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [j] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [j], N']')) = 1),
  [p] GEOMETRY
);
CREATE INDEX [br] ON [case_15_t] ([a], [b]);
CREATE INDEX [br_bloom] ON [case_15_t] ([a]);
CREATE INDEX [ded] ON [case_15_t] ([a]);
CREATE INDEX [ha] ON [case_15_t] ([b]);
CREATE UNIQUE INDEX [i] ON [case_15_t] ([a]) INCLUDE ([b]);
CREATE UNIQUE INDEX [nnd] ON [case_15_t] ([b], [a]);
CREATE INDEX [x WHERE y] ON [case_15_t] ([b] DESC);

-- exclusion by_hash of case_15.x: EXCLUDE USING hash (n WITH =)
-- exclusion x_a_b_excl of case_15.x: EXCLUDE USING gist (a WITH &&, b WITH &&) WHERE ((NOT isempty(a))) DEFERRABLE
CREATE TABLE [case_15_x] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [n] INT
);

CREATE TABLE [case_16_pk_parts] (
  [a] INT NOT NULL,
  [b] INT NOT NULL,
  CONSTRAINT [pk_parts_pkey] PRIMARY KEY ([a], [b]),
  CONSTRAINT [self] FOREIGN KEY ([a], [b]) REFERENCES [case_16_pk_parts] ([a], [b])
);

CREATE TABLE [case_16_fk_parts] (
  [a] INT,
  [b] INT,
  [c] INT,
  CONSTRAINT [fk_parts_a_b_fkey] FOREIGN KEY ([a], [b]) REFERENCES [case_16_pk_parts] ([a], [b])
);

CREATE TABLE [case_16_target] (
  [x] INT,
  [y] INT,
  [z] INT,
  CONSTRAINT [target_y_x_key] UNIQUE ([y], [x]),
  CONSTRAINT [target_z_key] UNIQUE ([z])
);
CREATE UNIQUE INDEX [no_constraint] ON [case_16_target] ([x]);

CREATE TABLE [case_16_partly_default] (
  [x] INT DEFAULT 1,
  [y] INT,
  CONSTRAINT [partly_default_x_y_fkey] FOREIGN KEY ([y], [x]) REFERENCES [case_16_target] ([y], [x])
);

CREATE TABLE [case_16_partly_null] (
  [x] INT,
  [y] INT,
  CONSTRAINT [partly_null_x_y_fkey] FOREIGN KEY ([y], [x]) REFERENCES [case_16_target] ([y], [x])
);

CREATE TABLE [case_16_source] (
  [x] INT,
  [y] INT,
  [z] INT,
  CHECK (([y] IS NULL AND [x] IS NULL) OR ([y] IS NOT NULL AND [x] IS NOT NULL)),
  CONSTRAINT [source_x_fkey] FOREIGN KEY ([x]) REFERENCES [case_16_target] ([x]) ON DELETE SET DEFAULT ON UPDATE CASCADE,
  CONSTRAINT [source_z_fkey] FOREIGN KEY ([z]) REFERENCES [case_16_target] ([z]),
  CONSTRAINT [swapped] FOREIGN KEY ([y], [x]) REFERENCES [case_16_target] ([y], [x])
);

-- foreign key to_partition_a_b_fkey of case_16.to_partition: (a, b) REFERENCES case_16.pk_parts_1
CREATE TABLE [case_16_to_partition] (
  [a] INT,
  [b] INT
);

CREATE TABLE [case_17_p] (
  [a] INT,
  [b] INT
);

CREATE TABLE [case_17_twin] (
  [a] INT
);

CREATE TABLE [case_18_no_policy] (
  [a] INT
);

CREATE TABLE [case_18_only_forced] (
  [a] INT
);

CREATE TABLE [case_18_parts] (
  [a] INT
);

CREATE TABLE [case_18_policy_not_enabled] (
  [a] INT
);

CREATE TABLE [case_18_t] (
  [a] INT,
  [owner] NVARCHAR(63) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_19_came_back] (
  [a] INT
);

CREATE TABLE [case_19_handed_over] (
  [a] INT
);

CREATE TABLE [case_19_nothing_left] (
  [a] INT
);

CREATE TABLE [case_19_owner_granted] (
  [a] INT
);

CREATE TABLE [case_19_t] (
  [a] INT,
  [b] INT
);

CREATE TABLE [case_19_with_defaults] (
  [a] INT
);

-- index indexed_idx of case_20.indexed: USING gin (h)
CREATE TABLE [case_20_indexed] (
  [h] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [h], N']')) = 1)
);

-- default of column h of case_20.uses: '"a"=>"1"'::case_20.hstore
-- check has_a of case_20.uses: (h OPERATOR(case_20.?) 'a'::text)
-- index uses_h_idx of case_20.uses: USING gist (h)
CREATE TABLE [case_20_uses] (
  [h] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [h], N']')) = 1)
);

-- default of column a of case_21.calls: case_21."coalesce"(1)
-- check calls_a_check of case_21.calls: (case_21."coalesce"(a) > 0)
-- index calls_idx of case_21.calls: USING btree (case_21."coalesce"(a))
CREATE TABLE [case_21_calls] (
  [a] INT,
  [b] NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
  [c] NVARCHAR(64) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_21_table] (
  [user] INT,
  [order] INT,
  [desc] INT,
  [between] INT,
  [left] INT,
  [none] INT,
  [value] INT,
  [offset] INT
);

-- table case_21."x
-- ; SELECT 1 --": line
-- ; DROP TABLE t; --
-- break
CREATE TABLE [case_21_x
; SELECT 1 --] (
  [col
umn] INT
);

CREATE TABLE [case_21.x_a"B] (
  [select] INT,
  [CamelCase] INT,
  [with blank] INT,
  [0digit] INT
);

CREATE TABLE [case_21.x_shadow] (
  [a] NVARCHAR(1) COLLATE Latin1_General_100_BIN2 DEFAULT N't' CHECK ([a] IN (N't')),
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT (LOWER(N'X'))
);

CREATE TABLE [case_22_arrays] (
  [a] NVARCHAR(MAX) DEFAULT N'["a,b",null,"NULL","","it''s","back\\\\slash"]' CHECK (ISJSON(CONCAT(N'[', [a], N']')) = 1),
  [b] NVARCHAR(10) COLLATE Latin1_General_100_BIN2 DEFAULT N'' CHECK ([b] IN (N'it''s', N'back\slash', N'', N' ', N'a,b', N'"q"', N'line
break', N'NULL')),
  [c] NVARCHAR(MAX) DEFAULT N'["a,b"]' CHECK (ISJSON(CONCAT(N'[', [c], N']')) = 1)
);

-- table case_22.t: It's a \ "comment"
-- of two lines -- with $$ and /* and
CREATE TABLE [case_22_t] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'a\b''c
',
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'',
  [c] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'$$',
  [d] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'é🐘',
  [e] NCHAR(3) COLLATE Latin1_General_100_BIN2 DEFAULT N'  '
);

CREATE TABLE [case_23_sorted] (
  [a] INT,
  [b] INT
);
CREATE INDEX [sorted_idx] ON [case_23_sorted] ([a] DESC);

CREATE TABLE [case_24_of_row] (
  [r] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [r], N']')) = 1),
  [rs] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [rs], N']')) = 1),
  [t] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [t], N']')) = 1)
);

CREATE TABLE [case_24_ranges] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [b] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'{}',
  [c] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [d] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [d], N']')) = 1),
  [e] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_24_t] (
  [a] INT NOT NULL,
  [b] INT,
  CONSTRAINT [t_pkey_2] PRIMARY KEY ([a])
);

CREATE TABLE [case_24_ty] (
  [x] INT NOT NULL,
  [y] DECIMAL(8,2) DEFAULT 1,
  [w] DATE
);

CREATE TABLE [case_24_ty_keyed] (
  [x] INT NOT NULL,
  [y] DECIMAL(8,2),
  [w] DATE,
  CONSTRAINT [small_2] CHECK ([y] < 10),
  CONSTRAINT [ty_keyed_pkey] PRIMARY KEY ([x])
);

CREATE TABLE [case_24_ty_later] (
  [x] INT,
  [y] DECIMAL(8,2),
  [w] DATE
);

CREATE TABLE [case_24_ty_parts] (
  [x] INT,
  [y] DECIMAL(8,2),
  [w] DATE
);

CREATE TABLE [case_25_late_column] (
  [a] INT DEFAULT 1,
  [b] INT
);

CREATE TABLE [case_25_only_toast] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE [case_25_t] (
  [a] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [b] INT
);

CREATE TABLE [case_25_wide] (
  [a] INT,
  [bb] INT,
  [c] INT,
  [d] INT
);

CREATE TABLE [case_16_a] (
  [id] INT NOT NULL,
  [b] INT,
  CONSTRAINT [a_pkey] PRIMARY KEY ([id])
);

CREATE TABLE [case_16_b] (
  [id] INT NOT NULL,
  [a] INT,
  CONSTRAINT [b_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [b_a_fkey] FOREIGN KEY ([a]) REFERENCES [case_16_a] ([id]),
  CONSTRAINT [b_id_fkey] FOREIGN KEY ([id]) REFERENCES [case_16_b] ([id])
);

CREATE TABLE [case_16_muted] (
  [a] INT,
  CONSTRAINT [muted_a_fkey] FOREIGN KEY ([a]) REFERENCES [case_16_a] ([id])
);

ALTER TABLE [case_16_a] ADD CONSTRAINT [a_b_fkey] FOREIGN KEY ([b]) REFERENCES [case_16_b] ([id]);

GO
CREATE VIEW [case_02_untouched] ([a], [b]) AS
SELECT [one].[a], [one].[b]
FROM [case_02_one] AS [one];
GO

GO
CREATE VIEW [case_03_writable] ([id], [n]) AS
SELECT [t].[id], [t].[n]
FROM [case_03_t] AS [t];
GO

GO
CREATE VIEW [case_04_w] ([a], [b]) AS
SELECT [t].[a], [t].[b]
FROM [case_04_t] AS [t]
WHERE [t].[a] > 0;
GO

GO
CREATE VIEW [case_17_v] ([a], [b]) AS
SELECT [p].[a], [p].[b]
FROM [case_17_p] AS [p];
GO

GO
CREATE VIEW [case_19_vw] ([a], [b]) AS
SELECT [t].[a], [t].[b]
FROM [case_19_t] AS [t];
GO

GO
CREATE VIEW [case_21_view] ([user], [order], [between], [left], [value], [year], [Precision], [?column?]) AS
SELECT 1 AS [user], 2 AS [order], 3 AS [between], 4 AS [left], 5 AS [value], 6 AS [year], 7 AS [Precision], 8 AS [?column?];
GO

GO
CREATE VIEW [case_25_barrier_off] ([a]) AS
SELECT [t].[a]
FROM [case_25_t] AS [t];
GO

GO
CREATE VIEW [case_25_invoker] ([a]) AS
SELECT [t].[a]
FROM [case_25_t] AS [t];
GO

GO
CREATE VIEW [case_25_of_late] ([a]) AS
SELECT [l].[a]
FROM [case_25_late_column] AS [l];
GO

GO
CREATE VIEW [case_25_renamed_columns] ([First], [two]) AS
SELECT [t].[a] AS [First], [t].[b] AS [two]
FROM [case_25_t] AS [t];
GO

GO
CREATE VIEW [case_25_v] ([a]) AS
SELECT [t].[a]
FROM [case_25_t] AS [t]
WHERE [t].[a] > N'';
GO

GO
CREATE VIEW [case_25_cascaded] ([a]) AS
SELECT [v].[a]
FROM [case_25_v] AS [v]
WHERE [v].[a] < N'x';
GO

-- view case_01.constants:
--  SELECT '2024-02-01'::date AS d,
--     '1 year 2 mons'::interval AS i,
--     '2024-02-01 00:00:00+00'::timestamp with time zone AS tz,
--     (0.0000001)::double precision AS f,
--     '\xdeadbeef'::bytea AS b,
--     '\'::text AS bs,
--     '$9.99'::money AS m

-- view case_03.above:
--  SELECT g.n,
--     count(*) AS c
--    FROM case_03.grouped g
--   GROUP BY g.n

-- view case_03.grouped:
--  SELECT t.id,
--     t.n
--    FROM case_03.t
--   GROUP BY t.id

-- view case_03.of_atomic:
--  SELECT a.a
--    FROM case_03.atomic() a(a)

-- view case_03.on_adopted_key:
--  SELECT loose.a,
--     loose.b
--    FROM case_03.loose
--   GROUP BY loose.a

-- view case_03.on_partitioned:
--  SELECT parts.a,
--     parts.b
--    FROM case_03.parts
--   GROUP BY parts.a

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
