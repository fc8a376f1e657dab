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
