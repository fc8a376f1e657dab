//! Findings beyond errors: circles of foreign keys, and wide keys.

#![allow(clippy::unwrap_used)]

use pgmeta_definition::{Level, validate};
use serde_json::{Value, json};

/// Returns path, code, level and message of the findings of some codes.
fn found(document: &Value, codes: &[&str]) -> Vec<String> {
    let own = validate(document, |_| Vec::new());
    let own = own.iter().filter(|own| codes.contains(&own.code));
    own.map(|own| format!("{} {} {}: {} {}", own.path, own.code, own.level.word(), own.message, own.hint)).collect()
}

fn circle(nullable: bool, deferrable: bool) -> Value {
    let table = |name: &str, other: &str, nullable: bool| {
        json!({"name": name, "columns": [
            {"name": "id", "type": "int", "primary_key": true}, {"name": other, "type": "int", "nullable": nullable}],
            "foreign_keys": [{"columns": [other], "references": {"table": other}, "deferrable": deferrable}]})
    };
    json!({"tables": [table("a", "b", false), table("b", "a", nullable)]})
}

#[test]
fn a_circle_has_a_way_in() {
    let of = |document: Value| found(&document, &["CIRCULAR_FOREIGN_KEY"]);
    assert_eq!(
        of(circle(false, false)),
        [
            "/tables/0/foreign_keys/0 CIRCULAR_FOREIGN_KEY warning: The foreign keys of tables a, b form a circle, into which no row \
          can be inserted first. Break it at a (b): make the column nullable, or the key DEFERRABLE INITIALLY DEFERRED."
        ]
    );
    assert_eq!(
        of(circle(true, false)),
        [
            "/tables/1/foreign_keys/0 CIRCULAR_FOREIGN_KEY info: The foreign keys of tables a, b form a circle, which is open at b (a). \
          Insert rows with null there first, and set it later."
        ]
    );
    assert_eq!(
        of(circle(false, true)),
        [
            "/tables/0/foreign_keys/0 CIRCULAR_FOREIGN_KEY info: The foreign keys of tables a, b form a circle, which is open at a (b). \
          Insert all rows in one transaction: the key is deferrable."
        ]
    );
}

#[test]
fn wide_keys_are_found_where_they_are() {
    let columns: Vec<Value> = [
        ("a", "int"),
        ("b", "int"),
        ("c", "int"),
        ("d", "int"),
        ("e", "int"),
        ("long", "varchar(700)"),
        ("mail", "text"),
        ("data", "jsonb"),
        ("tags", "text[]"),
        ("raw", "json"),
    ]
    .iter()
    .map(|(name, of)| json!({"name": name, "type": of, "unique": *name == "data" || *name == "mail"}))
    .collect();
    let document = json!({"tables": [{"name": "t", "columns": columns,
        "primary_key": ["a", "b", "c", "d", "e"],
        "unique": [["a", "b"], ["tags"], ["data"]],
        "indexes": [
            {"columns": ["long"]}, {"columns": ["raw"]}, {"columns": ["data"], "method": "gin"}, {"columns": ["a", "b", "c", "d"]}]}]});
    let places = |codes: &[&str]| -> Vec<String> {
        found(&document, codes).iter().map(|own| own.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(
        places(&["WIDE_KEY"]),
        [
            "/tables/0/primary_key",
            "/tables/0/columns/7",
            "/tables/0/unique/1",
            "/tables/0/unique/2",
            "/tables/0/indexes/0"
        ]
    );
    assert_eq!(places(&["UNSUPPORTED_DATA_TYPE"]), ["/tables/0/indexes/1"]);
    let errors = validate(&document, |_| Vec::new());
    assert_eq!(errors.iter().filter(|own| own.level == Level::Error).count(), 1);
}

/// Returns path and code of the errors in a document.
fn errors(document: &Value) -> Vec<String> {
    let own = validate(document, |_| Vec::new());
    own.iter().filter(|own| own.level == Level::Error).map(|own| format!("{} {}", own.path, own.code)).collect()
}

/// Two tables, of which `b` refers to `a` by columns of these types.
fn reference(from: &str, to: &str) -> Value {
    json!({"domains": [{"name": "positive", "type": "small"}, {"name": "small", "type": "int"}],
        "tables": [{"name": "a", "columns": [{"name": "id", "type": to, "primary_key": true}]},
            {"name": "b", "columns": [{"name": "a", "type": from}],
                "foreign_keys": [{"columns": ["a"], "references": {"table": "a", "columns": ["id"]}}]}]})
}

/// What PostgreSQL 15 says of each pair: `foreign key constraint cannot be implemented` or not.
#[test]
fn types_of_foreign_keys_are_those_that_the_server_compares() {
    let pairs = [
        ("int", "bigint", true),
        ("bigint", "smallint", true),
        ("int", "numeric", true),
        ("numeric", "int", false),
        ("int", "real", true),
        ("real", "int", false),
        ("real", "double precision", true),
        ("double precision", "real", true),
        ("numeric(10,2)", "double precision", true),
        ("varchar(5)", "text", true),
        ("text", "char(3)", true),
        ("text", "int", false),
        ("date", "timestamptz", true),
        ("positive", "int", true),
        ("int", "positive", true),
        ("positive", "text", false),
    ];
    for (from, to, is_allowed) in pairs {
        assert_eq!(errors(&reference(from, to)).is_empty(), is_allowed, "{from} to {to}");
    }
}

#[test]
fn what_the_server_would_refuse_is_an_error() {
    let table = |more: Value| {
        let mut own = json!({"name": "t", "columns": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}]});
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"tables": [own]})
    };
    let cases = [
        (table(json!({"indexes": [{"columns": []}]})), "/tables/0/indexes/0 MISSING_REQUIRED_FIELD"),
        (
            table(json!({"indexes": [{"columns": ["a"], "include": ["x"]}]})),
            "/tables/0/indexes/0/include UNKNOWN_COLUMN",
        ),
        (table(json!({"columns": [{"name": "ctid", "type": "int"}]})), "/tables/0/columns/0/name INVALID_NAME"),
        (
            table(json!({"columns": [{"name": "a", "type": "anyelement"}]})),
            "/tables/0/columns/0/type UNSUPPORTED_DATA_TYPE",
        ),
        (table(json!({"partition_by": "RANGE (b)", "primary_key": ["a"]})), "/tables/0 PARTITION_KEY_NOT_IN_KEY"),
        (table(json!({"partition_of": {"table": "x", "bound": "DEFAULT"}})), "/tables/0/partition_of UNKNOWN_TABLE"),
        (table(json!({"inherits": [{"table": "t"}]})), "/tables/0 CIRCULAR_INHERITANCE"),
        (
            json!({"enums": [{"name": "t", "values": ["a"]}], "tables": [{"name": "t", "columns": []}]}),
            "/enums/0/name DUPLICATE_NAME",
        ),
        (
            json!({"functions": [{"name": "f", "language": "sql", "body": "", "arguments": [{"type": "int"}]},
                {"name": "f", "language": "sql", "body": "", "arguments": [{"type": "integer"}]}]}),
            "/functions/1 DUPLICATE_NAME",
        ),
    ];
    for (document, expected) in cases {
        assert_eq!(errors(&document), [expected], "{document}");
    }
    // The same without the fault, and what may exist where the definition is deployed.
    for document in [
        table(json!({"partition_by": "RANGE (b)", "primary_key": ["a", "b"]})),
        table(json!({"columns": [{"name": "a", "type": "int ", "identity": "always"}]})),
        table(
            json!({"foreign_keys": [{"columns": ["a"], "references": {"schema": "elsewhere", "table": "x", "columns": ["a"]}}]}),
        ),
        table(json!({"partition_of": {"schema": "elsewhere", "table": "x", "bound": "DEFAULT"}})),
    ] {
        assert!(errors(&document).is_empty(), "{document}: {:?}", errors(&document));
    }
}

/// A text that would end its statement and begin another is refused wherever SQL may be.
#[test]
fn a_text_stays_in_its_statement() {
    let table = |more: Value| {
        let mut own = json!({"name": "t", "columns": [{"name": "a", "type": "int"}]});
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"tables": [own]})
    };
    for text in ["1); DROP TABLE t", "1; DROP TABLE t", "1) OR (1 = 1", "(1", "'a", "1 --", "1 /*", "\"a", "$$a"] {
        for document in [
            table(json!({"checks": [text]})),
            table(json!({"checks": [{"expression": text}]})),
            table(json!({"columns": [{"name": "a", "type": "int", "default": text}]})),
            table(json!({"columns": [{"name": "a", "type": "int", "generated": text}]})),
            table(json!({"indexes": [{"columns": ["a"], "where": text}]})),
            table(json!({"indexes": [{"columns": [{"expression": text}]}]})),
            table(json!({"policies": [{"name": "p", "using": text}]})),
            table(json!({"policies": [{"name": "p", "with_check": text}]})),
            table(json!({"partition_by": text})),
            json!({"views": [{"name": "v", "query": text}]}),
        ] {
            assert!(errors(&document).iter().any(|own| own.ends_with(" INVALID_EXPRESSION")), "{document}");
        }
    }
    for text in ["a > 1 /* ; */", "a <> ';)'", "(a) IN (1, 2)", "ARRAY[a] = $$;$$::int[]", "a > 1 -- ;\n"] {
        assert!(errors(&table(json!({"checks": [text]}))).is_empty(), "{text}");
    }
    assert!(errors(&table(json!({"labels": {"query": "; )"}}))).is_empty());
}
