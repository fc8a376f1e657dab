//! The changes of the matrix: each as SQL before and after, and the words by which uses refer to it. Runs nothing.

use crate::matrix::words::{Need, Words};

pub struct Change {
    pub name: &'static str,
    /// Objects that exist before the use, on the old and the new side.
    pub base: [&'static str; 2],
    pub words: Words,
    pub gives: &'static [Need],
    /// Uses that the server does not support, each with the reason.
    pub not_with: &'static [(&'static str, &'static str)],
}

const TYPE: &[Need] = &[Need::Column, Need::Type, Need::Attribute, Need::Expression, Need::Query];
const COMPOSITE: &[Need] = &[Need::Column, Need::Type, Need::Attribute, Need::Expression, Need::Query, Need::Composite];
const COLUMN: &[Need] = &[Need::Column, Need::Expression, Need::Query, Need::Filter];
const EXPRESSION: &[Need] = &[Need::Expression, Need::Query];

/// The default of most changes: a table with a column of the type, whose values are compared.
const PLAIN: Words = Words {
    table: ["CREATE TABLE m.t (id int NOT NULL, v {type}{more}); INSERT INTO m.t (id, v) VALUES (1, {value})"; 2],
    data_type: ["int"; 2],
    value: ["1"; 2],
    result: ["int"; 2],
    expression: "{x}",
    condition: "{x} IS NOT NULL",
    bound: [["1", "9"]; 2],
};

const fn of_base(value: &'static str, condition: &'static str, bound: [&'static str; 2]) -> Words {
    Words { data_type: ["m.base"; 2], value: [value; 2], result: ["m.base"; 2], condition, bound: [bound; 2], ..PLAIN }
}

const fn calling(expression: &'static str, result: [&'static str; 2], condition: &'static str) -> Words {
    Words { expression, result, condition, ..PLAIN }
}

const OF_DOMAIN: &[(&str, &str)] =
    &[("cast in a view", "casts of domains are those of their base types"), ("transform", "a domain has none")];

pub const CHANGES: &[Change] = &[
    Change {
        name: "column's type",
        base: [""; 2],
        words: Words { data_type: ["int", "bigint"], result: ["int", "bigint"], expression: "({x} + 1)", condition: "{x} > 0", ..PLAIN },
        gives: COLUMN,
        not_with: &[],
    },
    Change {
        name: "column's type, by no cast",
        base: [""; 2],
        words: Words { data_type: ["text", "int"], value: ["'1'", "1"], result: ["text", "int"], bound: [["'1'", "'9'"], ["1", "9"]], ..PLAIN },
        gives: COLUMN,
        not_with: &[],
    },
    Change {
        name: "column's collation",
        base: [""; 2],
        words: Words {
            data_type: ["text", "text COLLATE \"POSIX\""],
            value: ["'a'"; 2],
            result: ["text", "text COLLATE \"POSIX\""],
            condition: "{x} > 'A'",
            bound: [["'a'", "'c'"]; 2],
            ..PLAIN
        },
        gives: &[Need::Column, Need::Attribute, Need::Expression, Need::Query, Need::Filter],
        not_with: &[("function's argument default", "an argument says no collation")],
    },
    Change {
        name: "generation expression",
        base: [""; 2],
        words: Words {
            data_type: ["int GENERATED ALWAYS AS (id + 1) STORED", "int GENERATED ALWAYS AS (id + 2) STORED"],
            value: ["DEFAULT"; 2],
            expression: "({x} + 1)",
            condition: "{x} > 0",
            ..PLAIN
        },
        gives: COLUMN,
        not_with: &[
            ("column default", "a generated column has no default"),
            ("default of another column", "it is no value"),
            ("generated column", "a generated column is none of others"),
            ("generated column with an index", "a generated column is none of others"),
            ("child that declares the column", "the parent says the expression"),
            ("default of a child's column", "a generated column has no default"),
            ("default of a partition's column", "a generated column has no default"),
            ("partition without its parent's default", "a generated column has no default"),
            ("child with another default", "a generated column has no default"),
            ("generated column of a partitioned table", "a generated column is none of others"),
            ("foreign key of it", "the other column is not generated"),
            ("foreign key to it", "the other column is not generated"),
            ("partition key", "a generated column is in none"),
            ("partition key by list", "a generated column is in none"),
            ("partition key expression", "a generated column is in none"),
            ("partition bound", "it is no value"),
            ("view's column default", "it is no value"),
            ("publication's columns", "a generated column is not published"),
            ("function's argument default", "it is no value"),
            ("domain's default", "it is no value"),
            ("domain's check", "no domain has it"),
            ("domain's check, in an array column", "no domain has it"),
            ("domain's check, in an attribute", "no domain has it"),
        ],
    },
    Change {
        name: "domain's base type",
        base: ["CREATE DOMAIN m.base AS int", "CREATE DOMAIN m.base AS bigint"],
        words: of_base("1", "{x} >= 1::m.base", ["1", "9"]),
        gives: TYPE,
        not_with: OF_DOMAIN,
    },
    Change {
        name: "domain's check",
        base: ["CREATE DOMAIN m.base AS int CHECK (VALUE > 0)", "CREATE DOMAIN m.base AS int CHECK (VALUE > -1)"],
        words: of_base("1", "{x} >= 1::m.base", ["1", "9"]),
        gives: TYPE,
        not_with: OF_DOMAIN,
    },
    Change {
        name: "enum's label goes",
        base: ["CREATE TYPE m.base AS ENUM ('a', 'b', 'c')", "CREATE TYPE m.base AS ENUM ('a', 'c')"],
        words: of_base("'a'", "{x} < 'c'::m.base", ["'a'", "'c'"]),
        gives: TYPE,
        not_with: &[],
    },
    Change {
        name: "enum's label comes",
        base: ["CREATE TYPE m.base AS ENUM ('a', 'c')", "CREATE TYPE m.base AS ENUM ('a', 'b', 'c')"],
        words: of_base("'a'", "{x} < 'c'::m.base", ["'a'", "'c'"]),
        gives: TYPE,
        not_with: &[],
    },
    Change {
        name: "attribute's type",
        base: ["CREATE TYPE m.base AS (a int, b text)", "CREATE TYPE m.base AS (a bigint, b text)"],
        words: of_base("'(1,x)'", "({x}).a > 0", ["'(1,a)'", "'(9,a)'"]),
        gives: COMPOSITE,
        not_with: &[],
    },
    Change {
        name: "attribute comes",
        base: ["CREATE TYPE m.base AS (a int)", "CREATE TYPE m.base AS (a int, b text)"],
        words: Words { value: ["'(1)'", "'(1,)'"], bound: [["'(1)'", "'(9)'"], ["'(1,)'", "'(9,)'"]], ..of_base("", "({x}).a > 0", ["", ""]) },
        gives: COMPOSITE,
        not_with: &[],
    },
    Change {
        name: "range's subtype",
        base: ["CREATE TYPE m.base AS RANGE (subtype = int)", "CREATE TYPE m.base AS RANGE (subtype = bigint)"],
        words: of_base("'[1,5)'", "{x} <> 'empty'::m.base", ["'[1,2)'", "'[9,10)'"]),
        gives: TYPE,
        not_with: &[],
    },
    Change {
        name: "multirange's subtype",
        base: [
            "CREATE TYPE m.range AS RANGE (subtype = int, multirange_type_name = m.base)",
            "CREATE TYPE m.range AS RANGE (subtype = bigint, multirange_type_name = m.base)",
        ],
        words: of_base("'{[1,5)}'", "{x} <> '{}'::m.base", ["'{[1,2)}'", "'{[9,10)}'"]),
        gives: TYPE,
        not_with: &[],
    },
    Change {
        name: "collation's locale",
        base: ["CREATE COLLATION m.base (locale = 'C')", "CREATE COLLATION m.base (locale = 'POSIX')"],
        words: Words {
            data_type: ["text COLLATE m.base"; 2],
            value: ["'a'"; 2],
            result: ["text COLLATE m.base"; 2],
            expression: "({x} || 'x')",
            condition: "{x} > 'A'",
            bound: [["'a'", "'c'"]; 2],
            ..PLAIN
        },
        gives: &[Need::Column, Need::Attribute, Need::Expression, Need::Query],
        not_with: &[("function's argument default", "an argument says no collation")],
    },
    Change {
        name: "function's result",
        base: [
            "CREATE FUNCTION m.f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'",
            "CREATE FUNCTION m.f(a int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint'",
        ],
        words: calling("m.f({x})", ["int", "bigint"], "m.f({x}) > 0"),
        gives: EXPRESSION,
        not_with: &[],
    },
    Change {
        name: "function's argument names",
        base: [
            "CREATE FUNCTION m.f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
            "CREATE FUNCTION m.f(b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
        ],
        words: calling("m.f({x})", ["int"; 2], "m.f({x}) > 0"),
        gives: &[Need::Expression, Need::Query, Need::Call],
        not_with: &[],
    },
    Change {
        name: "function's argument type",
        base: [
            "CREATE FUNCTION m.f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'",
            "CREATE FUNCTION m.f(a bigint) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a::int'",
        ],
        words: calling("m.f({x})", ["int"; 2], "m.f({x}) > 0"),
        gives: EXPRESSION,
        not_with: &[],
    },
    Change {
        name: "operator's function",
        base: [
            "CREATE FUNCTION m.f(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
             CREATE OPERATOR m.@+ (LEFTARG = int, RIGHTARG = int, FUNCTION = m.f)",
            "CREATE FUNCTION m.g(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
             CREATE OPERATOR m.@+ (LEFTARG = int, RIGHTARG = int, FUNCTION = m.g)",
        ],
        words: calling("({x} OPERATOR(m.@+) 1)", ["int"; 2], "{x} OPERATOR(m.@+) 1 > 0"),
        gives: EXPRESSION,
        not_with: &[],
    },
    Change {
        name: "cast's function",
        base: [
            "CREATE TYPE m.c AS ENUM ('a'); CREATE FUNCTION m.f(m.c) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
             CREATE CAST (m.c AS int) WITH FUNCTION m.f(m.c)",
            "CREATE TYPE m.c AS ENUM ('a'); CREATE FUNCTION m.g(m.c) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
             CREATE CAST (m.c AS int) WITH FUNCTION m.g(m.c)",
        ],
        words: Words {
            data_type: ["m.c"; 2],
            value: ["'a'"; 2],
            result: ["int"; 2],
            expression: "({x}::m.c::int)",
            condition: "{x}::m.c::int > 0",
            bound: [["1", "9"]; 2],
            ..PLAIN
        },
        gives: EXPRESSION,
        not_with: &[],
    },
    Change {
        name: "aggregate",
        base: [
            "CREATE AGGREGATE m.a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')",
            "CREATE AGGREGATE m.a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')",
        ],
        words: calling(
            "(SELECT m.a(u) FROM unnest(ARRAY[{x}]) u)",
            ["int"; 2],
            "(SELECT m.a(u) FROM unnest(ARRAY[{x}]) u) > 0",
        ),
        gives: &[Need::Query],
        not_with: &[],
    },
    Change {
        name: "partition key",
        base: [""; 2],
        words: Words {
            table: [
                "CREATE TABLE m.t (id int NOT NULL, v int NOT NULL{more}) PARTITION BY RANGE (v);
                 CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES FROM (0) TO (9); INSERT INTO m.t (id, v) VALUES (1, 1)",
                "CREATE TABLE m.t (id int NOT NULL, v int NOT NULL{more}) PARTITION BY RANGE (id);
                 CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES FROM (0) TO (9); INSERT INTO m.t (id, v) VALUES (1, 1)",
            ],
            expression: "({x} + 1)",
            condition: "{x} > 0",
            ..PLAIN
        },
        gives: COLUMN,
        not_with: &[
            ("unique constraint", "it must have the partition key"),
            ("inherited column", "a partitioned table has partitions"),
            ("child that declares the column", "a partitioned table has partitions"),
            ("default of a child's column", "a partitioned table has partitions"),
            ("child with another default", "a partitioned table has partitions"),
            ("exclusion constraint", "a partitioned table has none"),
            ("foreign key to it", "it needs a unique constraint"),
        ],
    },
    Change {
        name: "table becomes partitioned",
        base: [""; 2],
        words: Words {
            table: [
                "CREATE TABLE m.t (id int NOT NULL, v int NOT NULL{more}); INSERT INTO m.t (id, v) VALUES (1, 1)",
                "CREATE TABLE m.t (id int NOT NULL, v int NOT NULL{more}) PARTITION BY RANGE (v);
                 CREATE TABLE m.t1 PARTITION OF m.t FOR VALUES FROM (0) TO (9); INSERT INTO m.t (id, v) VALUES (1, 1)",
            ],
            expression: "({x} + 1)",
            condition: "{x} > 0",
            ..PLAIN
        },
        gives: COLUMN,
        not_with: &[
            ("inherited column", "a partitioned table has partitions"),
            ("child that declares the column", "a partitioned table has partitions"),
            ("default of a child's column", "a partitioned table has partitions"),
            ("child with another default", "a partitioned table has partitions"),
            ("exclusion constraint", "a partitioned table has none"),
        ],
    },
    Change {
        name: "table becomes partitioned, and its column another type",
        base: [""; 2],
        words: Words {
            table: [
                "CREATE TABLE m.t (id int NOT NULL, v text NOT NULL{more}); INSERT INTO m.t (id, v) VALUES (1, '1')",
                "CREATE TABLE m.t (id int NOT NULL, v int NOT NULL{more}) PARTITION BY RANGE (id);
                 CREATE TABLE m.t1 PARTITION OF m.t DEFAULT; INSERT INTO m.t (id, v) VALUES (1, 1)",
            ],
            data_type: ["text", "int"],
            value: ["'1'", "1"],
            result: ["text", "int"],
            bound: [["'1'", "'9'"], ["1", "9"]],
            ..PLAIN
        },
        gives: COLUMN,
        not_with: &[
            ("inherited column", "a partitioned table has partitions"),
            ("child that declares the column", "a partitioned table has partitions"),
            ("default of a child's column", "a partitioned table has partitions"),
            ("child with another default", "a partitioned table has partitions"),
            ("exclusion constraint", "a partitioned table has none"),
            ("unique constraint", "it must have the partition key"),
            ("foreign key to it", "it needs a unique constraint"),
        ],
    },
    Change {
        name: "base type's alignment",
        base: [
            "CREATE TYPE m.base; CREATE FUNCTION m.base_in(cstring) RETURNS m.base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
             CREATE FUNCTION m.base_out(m.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
             CREATE TYPE m.base (INPUT = m.base_in, OUTPUT = m.base_out, ALIGNMENT = int4)",
            "CREATE TYPE m.base; CREATE FUNCTION m.base_in(cstring) RETURNS m.base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
             CREATE FUNCTION m.base_out(m.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
             CREATE TYPE m.base (INPUT = m.base_in, OUTPUT = m.base_out, ALIGNMENT = double)",
        ],
        words: of_base("'a'", "{x} IS NOT NULL", ["'a'", "'c'"]),
        gives: &[Need::Column, Need::Attribute, Need::Expression, Need::Query],
        not_with: &[
            ("unique constraint", "it has no order"),
            ("foreign key of it", "it has no order"),
            ("foreign key to it", "it has no order"),
            ("exclusion constraint", "it has no order"),
            ("index", "it has no order"),
            ("index expression", "it has no order"),
            ("generated column with an index", "it has no order"),
            ("index expression of a partitioned table", "it has no order"),
            ("statistics", "it has no order"),
            ("statistics expression", "it has no order"),
            ("partition key", "it has no order"),
            ("partition key by list", "it has no order"),
            ("partition key expression", "it has no order"),
            ("partition bound", "it has no order"),
            ("materialized view", "it has no order"),
        ],
    },
    Change {
        name: "text search configuration's parser",
        base: [
            "CREATE TEXT SEARCH CONFIGURATION m.c (PARSER = default); ALTER TEXT SEARCH CONFIGURATION m.c ADD MAPPING FOR word, asciiword WITH simple",
            "CREATE TEXT SEARCH PARSER m.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
             CREATE TEXT SEARCH CONFIGURATION m.c (PARSER = m.p); ALTER TEXT SEARCH CONFIGURATION m.c ADD MAPPING FOR word, asciiword WITH simple",
        ],
        words: Words {
            data_type: ["text"; 2],
            value: ["'a'"; 2],
            result: ["tsvector"; 2],
            expression: "to_tsvector('m.c'::regconfig, {x})",
            condition: "to_tsvector('m.c'::regconfig, {x}) @@ 'a'::tsquery",
            bound: [["'a'", "'c'"]; 2],
            ..PLAIN
        },
        gives: EXPRESSION,
        not_with: &[],
    },
    Change {
        name: "view's column",
        base: [
            "CREATE TABLE m.s (id int, v int); CREATE VIEW m.t AS SELECT id, v FROM m.s; INSERT INTO m.s VALUES (1, 1)",
            "CREATE TABLE m.s (id int, v int); CREATE VIEW m.t AS SELECT id, v::bigint AS v FROM m.s; INSERT INTO m.s VALUES (1, 1)",
        ],
        words: Words {
            table: [""; 2],
            expression: "({x} + 1)",
            condition: "{x} > 0",
            data_type: ["int", "bigint"],
            result: ["int", "bigint"],
            ..PLAIN
        },
        gives: &[Need::Query],
        not_with: &[],
    },
    Change {
        name: "server's type",
        base: [
            "CREATE FOREIGN DATA WRAPPER m_fdw; CREATE SERVER m_server TYPE 'a' FOREIGN DATA WRAPPER m_fdw",
            "CREATE FOREIGN DATA WRAPPER m_fdw; CREATE SERVER m_server TYPE 'b' FOREIGN DATA WRAPPER m_fdw",
        ],
        words: PLAIN,
        gives: &[Need::Server],
        not_with: &[],
    },
];
