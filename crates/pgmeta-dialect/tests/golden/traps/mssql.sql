IF SCHEMA_ID(N'app') IS NULL EXEC(N'CREATE SCHEMA [app]');
IF SCHEMA_ID(N'other') IS NULL EXEC(N'CREATE SCHEMA [other]');

CREATE SEQUENCE [app].[tickets] AS BIGINT START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 NO CYCLE NO CACHE;

CREATE TABLE [app].[Case] (
  [A] INT,
  [a_2] INT,
  [select] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [order] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  CONSTRAINT [x] CHECK ([A] > [a_2])
);

CREATE TABLE [app].[a_name_that_is_longer_than_the_64_characters_of_mysql_üa_name_that_is_longer_than_the_64_characters_of_mysql_ü] (
  [a_name_that_is_longer_than_the_64_characters_of_mysql_üa_name_that_is_longer_than_the_64_characters_of_mysql_ü] INT,
  [a_name_that_is_longer_than_the_64_characters_of_mysql_üa_name_that_is_longer_than_the_64_characters_of_mysql_üx] INT
);

CREATE TABLE [app].[case_2] (
  [x] INT,
  CONSTRAINT [x_2] CHECK ([x] > 0)
);

CREATE TABLE [app].[emoji 😀 ] (
  [x😀] INT,
  [y ] INT,
  [back`tick"]]] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2
);

-- unique keys_j of app.keys: (j)
CREATE TABLE [app].[keys] (
  [a] NVARCHAR(180) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [b] NVARCHAR(180) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [c] VARBINARY(180) NOT NULL,
  [d] NVARCHAR(225) COLLATE Latin1_General_100_BIN2,
  [j] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [j], N']')) = 1),
  [n] NVARCHAR(225) COLLATE Latin1_General_100_BIN2,
  [neg] DECIMAL(7,0),
  [small] DECIMAL(5,5),
  CONSTRAINT [keys_n] UNIQUE ([n], [d]),
  CONSTRAINT [keys_pkey] PRIMARY KEY ([a], [b], [c])
);
CREATE UNIQUE INDEX [keys_d] ON [app].[keys] ([d]) WHERE [d] IS NOT NULL;

-- table app.orders: Orders; DROP TABLE x;
-- -- second line
-- check strict of column mail of app.orders: (VALUE ~ '^[^@]+@[^@]+$'::text)
-- column note of app.orders: A note:
-- with 'quotes' and \
-- default of column actor of app.orders: current_setting('app.user'::text, true)
-- generated column double_price of app.orders: (price * (2)::numeric)
-- generated column doc of app.orders: to_tsvector('simple'::regconfig, note)
-- exclusion excl of app.orders: EXCLUDE USING gist (span WITH &&)
-- check func of app.orders: app.check_it(code)
-- unique orders_code_key of app.orders: one code
-- check regex of app.orders: ((code)::text ~ '^[A-Z]+$'::text)
-- index by_json of app.orders: USING btree (((data ->> 'kind'::text)))
-- index either of app.orders: UNIQUE USING btree (code) WHERE ((is_paid = false) OR (total IS NULL))
-- index gin_tags of app.orders: USING gin (tags)
-- index lower_code of app.orders: UNIQUE USING btree (lower((code)::text))
-- index lower_note of app.orders: USING btree (lower(note))
-- index next_idx of app.orders: USING btree (((id + 1)))
-- index notes of app.orders: USING btree (note, day)
CREATE TABLE [app].[orders] (
  [id] INT NOT NULL IDENTITY(1,1),
  [code] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [ref] UNIQUEIDENTIFIER NOT NULL DEFAULT (NEWID()),
  [mood] NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT N'ok' CHECK ([mood] IN (N'ok', N'Ok', N'it''s', N'back\slash')),
  [mail] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL CHECK ([mail] LIKE N'%@%'),
  [price] DECIMAL(12,2) DEFAULT 0 CHECK ([price] >= 0),
  [total] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 DEFAULT N'1.50',
  [is_paid] BIT NOT NULL DEFAULT 0,
  [tags] NVARCHAR(MAX) NOT NULL DEFAULT N'[]' CHECK (ISJSON(CONCAT(N'[', [tags], N']')) = 1),
  [data] NVARCHAR(MAX) NOT NULL DEFAULT N'{}' CHECK (ISJSON(CONCAT(N'[', [data], N']')) = 1),
  [note] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'it''s \ new',
  [created_at] DATETIMEOFFSET(6) NOT NULL DEFAULT (SYSDATETIMEOFFSET()),
  [day] DATE DEFAULT (CAST(SYSDATETIME() AS DATE)),
  [at_utc] DATETIME2(6) DEFAULT (SYSUTCDATETIME()),
  [ticket] BIGINT DEFAULT (NEXT VALUE FOR [app].[tickets]),
  [actor] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2,
  [long_code] AS (CAST([code] + N'!' AS NVARCHAR(MAX)) COLLATE Latin1_General_100_BIN2) PERSISTED,
  [double_price] NVARCHAR(255) COLLATE Latin1_General_100_BIN2,
  [doc] NVARCHAR(MAX),
  [bits] NVARCHAR(3) COLLATE Latin1_General_100_BIN2 DEFAULT N'101',
  [raw] VARBINARY(MAX) DEFAULT 0x00FF,
  [wait] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 DEFAULT N'1 day',
  [span] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 DEFAULT N'[1,4)',
  [part] NVARCHAR(MAX) CHECK (ISJSON(CONCAT(N'[', [part], N']')) = 1),
  [name] NVARCHAR(63) COLLATE Latin1_General_100_BIN2,
  [one] NVARCHAR(1) COLLATE Latin1_General_100_BIN2,
  [c3] NCHAR(3) COLLATE Latin1_General_100_BIN2 DEFAULT N'abc',
  [next_id] AS (CAST([id] + 1 AS INT)) PERSISTED,
  CONSTRAINT [gen] CHECK ((DATALENGTH([long_code]) / 2) < 50),
  CONSTRAINT [likes] CHECK (([note] IS NULL) OR (([note] LIKE N'a[%][[]b_%') AND (LOWER([note]) = [note]))),
  CONSTRAINT [moods] CHECK ([mood] IN (N'ok', N'Ok')),
  CONSTRAINT [orders_code_key] UNIQUE ([code]),
  CONSTRAINT [orders_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [paid_2] CHECK (([is_paid] = 0) OR (CAST([total] AS FLOAT(53)) > 0)),
  CONSTRAINT [self] CHECK ([id] > 0)
);
CREATE UNIQUE INDEX [cast_idx] ON [app].[orders] ([code]);
CREATE UNIQUE INDEX [day_mail] ON [app].[orders] ([day], [mail]) WHERE [day] IS NOT NULL;
CREATE INDEX [hashed] ON [app].[orders] ([ref]);
CREATE UNIQUE INDEX [one_day] ON [app].[orders] ([day], [code]) WHERE ([is_paid] = 1) AND ([total] IS NOT NULL) AND [day] IS NOT NULL;
CREATE UNIQUE INDEX [one_open] ON [app].[orders] ([code]) WHERE [is_paid] = 0;
CREATE INDEX [open] ON [app].[orders] ([created_at] DESC) WHERE [is_paid] = 0;
CREATE INDEX [ordered] ON [app].[orders] ([day], [code]);
CREATE INDEX [twice_idx] ON [app].[orders] ([day]);

CREATE TABLE [app].[items] (
  [order_id] INT NOT NULL,
  [no] INT NOT NULL IDENTITY(100,5),
  [sku] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [kind] NVARCHAR(2) COLLATE Latin1_General_100_BIN2 CHECK ([kind] IN (N'', N' ', N'a ')),
  [nothing] NVARCHAR(1) COLLATE Latin1_General_100_BIN2 CHECK ([nothing] IS NULL),
  [parent_order] INT,
  [parent_no] INT,
  CONSTRAINT [items_pkey] PRIMARY KEY ([order_id], [no]),
  CONSTRAINT [sku_check] CHECK ([sku] <> N''),
  CHECK (([parent_order] IS NULL AND [parent_no] IS NULL) OR ([parent_order] IS NOT NULL AND [parent_no] IS NOT NULL)),
  CONSTRAINT [items_order] FOREIGN KEY ([order_id]) REFERENCES [app].[orders] ([id]) ON DELETE CASCADE,
  CONSTRAINT [items_parent] FOREIGN KEY ([parent_order], [parent_no]) REFERENCES [app].[items] ([order_id], [no]),
  CONSTRAINT [items_sku] FOREIGN KEY ([sku]) REFERENCES [app].[orders] ([code]) ON UPDATE CASCADE
);

CREATE TABLE [app].[parted] (
  [id] INT NOT NULL,
  [at] DATE NOT NULL,
  CONSTRAINT [parted_pkey] PRIMARY KEY ([id], [at])
);

-- default of column real of app.sqlite_like: 'NaN'::real
-- default of column until of app.sqlite_like: 'infinity'::timestamp without time zone
-- check off of app.sqlite_like: (id < 10)
CREATE TABLE [app].[sqlite_like] (
  [id] SMALLINT NOT NULL,
  [real] REAL,
  [until] DATETIME2(6),
  [money] MONEY DEFAULT 1234.50,
  CONSTRAINT [noisy] CHECK ([id] > 0),
  CONSTRAINT [sqlite_like_pkey] PRIMARY KEY ([id])
);

CREATE TABLE [app].[tree] (
  [id] INT NOT NULL,
  [up] INT,
  [path] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [doubled] AS (CAST([up] * 2 AS INT)) PERSISTED NOT NULL
);
CREATE UNIQUE INDEX [tree_id] ON [app].[tree] ([id]);
CREATE UNIQUE INDEX [tree_path] ON [app].[tree] ([path]);

-- foreign key leaf_gone of app.leaf: (cast_id) REFERENCES gone.away
-- unique leaf_during of app.leaf: (tree_id, during)
CREATE TABLE [app].[leaf] (
  [tree_id] INT,
  [path] NVARCHAR(255) COLLATE Latin1_General_100_BIN2,
  [during] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [cast_id] SMALLINT,
  CONSTRAINT [leaf_path] FOREIGN KEY ([path]) REFERENCES [app].[tree] ([path]),
  CONSTRAINT [leaf_tree] FOREIGN KEY ([tree_id]) REFERENCES [app].[tree] ([id]) ON DELETE SET NULL
);

CREATE TABLE [app].[wide] (
  [id] INT NOT NULL,
  [v0] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v1] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v2] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v3] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v4] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v5] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v6] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v7] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [v8] NVARCHAR(4000) COLLATE Latin1_General_100_BIN2,
  [big] NVARCHAR(MAX) COLLATE Latin1_General_100_BIN2 CHECK ((DATALENGTH([big]) / 2) <= 20000),
  CONSTRAINT [wide_pkey] PRIMARY KEY ([id])
);

CREATE TABLE [other].[orders] (
  [id] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  CONSTRAINT [orders_pkey] PRIMARY KEY ([id])
);
CREATE INDEX [open] ON [other].[orders] ([id]);

CREATE TABLE [app].[a] (
  [id] BIGINT NOT NULL,
  [b_id] BIGINT,
  CONSTRAINT [a_pkey] PRIMARY KEY ([id])
);

CREATE TABLE [app].[b] (
  [id] BIGINT NOT NULL,
  [a_id] BIGINT,
  CONSTRAINT [b_pkey] PRIMARY KEY ([id]),
  CONSTRAINT [b_a] FOREIGN KEY ([a_id]) REFERENCES [app].[a] ([id])
);

ALTER TABLE [app].[tree] ADD CONSTRAINT [tree_up] FOREIGN KEY ([up]) REFERENCES [app].[tree] ([id]);
ALTER TABLE [app].[a] ADD CONSTRAINT [a_b] FOREIGN KEY ([b_id]) REFERENCES [app].[b] ([id]) ON DELETE CASCADE;

-- view app.paid: paid ones
-- column c of view app.paid: the code
GO
CREATE VIEW [app].[paid] ([id], [c], [low], [no]) AS
SELECT [o].[id], [o].[code] AS [c], LOWER([o].[code]) AS [low], [i].[no]
FROM [app].[orders] AS [o]
  LEFT JOIN [app].[items] AS [i] ON [i].[order_id] = [o].[id]
WHERE [o].[is_paid] = 1;
GO

GO
CREATE VIEW [app].[zz] ([id], [c]) AS
SELECT [paid].[id], [paid].[c]
FROM [app].[paid] AS [paid];
GO

GO
CREATE VIEW [app].[above] ([c], [n]) AS
SELECT [zz].[c], COUNT_BIG(*) AS [n]
FROM [app].[zz] AS [zz]
GROUP BY [zz].[c]
HAVING COUNT_BIG(*) > 1;
GO

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
