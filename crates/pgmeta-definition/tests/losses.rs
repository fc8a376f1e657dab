//! What an import does not take is a row of its report: each keyword of JSON Schema, and each key of a builder's document with a value
//! of each kind. And documents of many objects are read in little time.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use pgmeta_definition::{Imported, from_builder, from_json_schema};
use serde_json::{Value, json};

fn seen(imported: Imported) -> (Value, Value) {
    (serde_json::to_value(imported.definition).unwrap(), serde_json::to_value(imported.report).unwrap())
}

/// The keywords of drafts 4 to 2020-12, and of OpenAPI, each with a value that is not its default.
fn keywords() -> Vec<(&'static str, Value)> {
    let text = |words: &[&'static str]| words.iter().map(|own| (*own, json!("x"))).collect::<Vec<_>>();
    let number = |words: &[&'static str]| words.iter().map(|own| (*own, json!(3))).collect::<Vec<_>>();
    let flag = |words: &[&'static str]| words.iter().map(|own| (*own, json!(true))).collect::<Vec<_>>();
    let schema = |words: &[&'static str]| words.iter().map(|own| (*own, json!({"type": "string"}))).collect::<Vec<_>>();
    let schemas =
        |words: &[&'static str]| words.iter().map(|own| (*own, json!({"x": {"type": "string"}}))).collect::<Vec<_>>();
    let lists =
        |words: &[&'static str]| words.iter().map(|own| (*own, json!([{"type": "string"}]))).collect::<Vec<_>>();
    [
        text(&[
            "$ref",
            "$dynamicRef",
            "$recursiveRef",
            "$anchor",
            "$dynamicAnchor",
            "$comment",
            "id",
            "title",
            "description",
        ]),
        text(&["pattern", "contentEncoding", "contentMediaType", "discriminator", "xml", "x-own"]),
        [
            "email",
            "ipv4",
            "uri",
            "hostname",
            "regex",
            "json-pointer",
            "float",
            "int32",
            "date",
            "uuid",
            "password",
            "own",
        ]
        .map(|own| ("format", json!(own)))
        .to_vec(),
        number(&["multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength"]),
        number(&["maxItems", "minItems", "maxContains", "minContains", "maxProperties", "minProperties"]),
        flag(&[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "uniqueItems",
            "readOnly",
            "writeOnly",
            "deprecated",
            "required",
        ]),
        flag(&["nullable", "unevaluatedItems", "unevaluatedProperties", "additionalItems", "additionalProperties"]),
        schema(&[
            "not",
            "if",
            "then",
            "else",
            "contains",
            "propertyNames",
            "additionalItems",
            "items",
            "contentSchema",
        ]),
        schemas(&["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"]),
        lists(&["allOf", "anyOf", "oneOf", "prefixItems", "items", "examples"]),
        vec![
            ("required", json!(["nobody"])),
            ("dependentRequired", json!({"x": ["y"]})),
            ("multipleOf", json!(0.5)),
            ("maxLength", json!(0)),
            ("maxLength", json!(4_000_000_000_u64)),
            ("minimum", json!("3")),
            ("enum", json!([1, "a"])),
            ("enum", json!(["a", null])),
            ("enum", json!([])),
            ("const", json!("a")),
            ("const", json!(null)),
            ("const", json!({"a": [1]})),
            ("default", json!(["a"])),
            ("default", json!("a")),
            ("default", json!(1.5)),
            ("default", json!(null)),
        ],
    ]
    .concat()
}

#[test]
fn each_keyword_of_json_schema_is_taken_or_reported() {
    let property = |own: &Value| {
        seen(from_json_schema(&json!({"title": "t", "type": "object", "properties": {"p": own}})).unwrap())
    };
    let bases = [
        json!({}),
        json!({"type": "string"}),
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "format": "uuid"}),
        json!({"type": "integer"}),
        json!({"type": "number"}),
        json!({"type": "boolean"}),
        json!({"type": "object"}),
        json!({"type": "array"}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": ["string", "null"]}),
        json!({"type": ["string", "integer"]}),
    ];
    let mut lost = Vec::new();
    for base in &bases {
        for (keyword, value) in keywords() {
            let mut with = base.clone();
            let before = with.as_object_mut().unwrap().insert(keyword.to_owned(), value.clone());
            if before.is_none() && property(&with) == property(base) {
                lost.push(format!("{base} {keyword}: {value}"));
            }
            let items = |own: &Value| property(&json!({"type": "array", "items": own}));
            if before.is_none()
                && items(&with) == items(base)
                && !matches!(base["type"].as_str(), None | Some("object" | "array"))
            {
                lost.push(format!("items {base} {keyword}: {value}"));
            }
        }
    }
    let record = json!({"title": "t", "type": "object", "properties": {"p": {"type": "string"}}});
    let bare = json!({"$defs": {"a": {"type": "object", "properties": {}}}});
    for document in [record, bare] {
        let base = seen(from_json_schema(&document).unwrap());
        for (keyword, value) in keywords() {
            let mut with = document.clone();
            let before = with.as_object_mut().unwrap().insert(keyword.to_owned(), value.clone());
            if before.is_none() && seen(from_json_schema(&with).unwrap()) == base {
                lost.push(format!("document {keyword}: {value}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn keywords_become_checks_of_the_type() {
    let one = |own: Value| {
        let document = json!({"title": "t", "type": "object", "required": ["p"], "properties": {"p": own}});
        let imported = from_json_schema(&document).unwrap();
        let table = serde_json::to_value(&imported.definition.tables[0]).unwrap();
        let column = &table["columns"][0];
        let report: Vec<String> = imported
            .report
            .iter()
            .filter(|own| own.code != "MISSING_PRIMARY_KEY")
            .map(|own| own.path.clone())
            .collect();
        (column["type"].as_str().unwrap().to_owned(), column["default"].clone(), table["checks"].clone(), report)
    };
    for (property, data_type, default, checks, report) in [
        (json!({"enum": ["a", "b"]}), "text", json!(null), json!(["p IN ('a', 'b')"]), vec![]),
        (json!({"enum": [1, 2.5]}), "double precision", json!(null), json!(["p IN (1, 2.5)"]), vec![]),
        (
            json!({"enum": [1, "a"]}),
            "jsonb",
            json!(null),
            json!(["p IN ('1'::jsonb, '\"a\"'::jsonb)"]),
            vec!["/properties/p"],
        ),
        (json!({"type": "string", "const": "it's"}), "text", json!(null), json!(["p = 'it''s'"]), vec![]),
        (
            json!({"type": "string", "format": "date-time", "pattern": "^2"}),
            "timestamp with time zone",
            json!(null),
            json!(null),
            vec!["/properties/p/pattern"],
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "default": ["a"], "minItems": 1}),
            "text[]",
            json!("ARRAY['a']::text[]"),
            json!(["cardinality(p) >= 1"]),
            vec![],
        ),
        (
            json!({"type": "number", "multipleOf": 0.01}),
            "double precision",
            json!(null),
            json!(["p::numeric % 0.01 = 0"]),
            vec![],
        ),
        (
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false}),
            "bigint",
            json!(null),
            json!(["p > 1", "p <= 9"]),
            vec![],
        ),
        (
            json!({"type": "string", "format": "email", "maxLength": 0}),
            "text",
            json!(null),
            json!(["length(p) <= 0"]),
            vec!["/properties/p/format"],
        ),
        (
            json!({"type": "string", "format": "date", "default": "2023-02-30"}),
            "date",
            json!(null),
            json!(null),
            vec!["/properties/p/default"],
        ),
        (
            json!({"type": "integer", "format": "int32", "default": 3_000_000_000_u64}),
            "integer",
            json!(null),
            json!(null),
            vec!["/properties/p/default"],
        ),
    ] {
        let report: Vec<String> = report.into_iter().map(str::to_owned).collect();
        assert_eq!(one(property.clone()), (data_type.to_owned(), default, checks, report), "{property}");
    }
}

fn builder(column: &Value, table: &Value, foreign_key: &Value, index: &Value) -> (Value, Value) {
    let with = |base: Value, more: &Value| {
        let mut all = base.as_object().unwrap().clone();
        all.extend(more.as_object().unwrap().clone());
        Value::Object(all)
    };
    let column = with(json!({"name": "c", "dataType": "INT"}), column);
    let index = with(json!({"columns": ["c"]}), index);
    let table = with(json!({"name": "t", "columns": [column], "indexes": [index]}), table);
    let key = json!({"sourceTableId": "t", "sourceColumnId": "c", "targetTableId": "t", "targetColumnId": "c"});
    seen(from_builder(&json!({"tables": [table], "foreignKeys": [with(key, foreign_key)]})).unwrap())
}

#[test]
fn each_key_of_a_builder_is_taken_or_reported() {
    let values = [json!(7), json!("x"), json!("7"), json!([]), json!([1]), json!({"a": 1}), json!(true)];
    let none = json!({});
    let mut lost = Vec::new();
    let column = [
        "id",
        "length",
        "precision",
        "scale",
        "nullable",
        "primaryKey",
        "autoIncrement",
        "defaultValue",
        "unique",
        "comment",
        "description",
        "colour",
    ];
    for data_type in [
        "INT",
        "BIGINT",
        "VARCHAR",
        "TEXT",
        "BOOLEAN",
        "TIMESTAMP",
        "DATE",
        "TIME",
        "DECIMAL",
        "FLOAT",
        "DOUBLE",
        "JSON",
        "UUID",
        "STONES",
    ] {
        let base = builder(&json!({"dataType": data_type}), &none, &none, &none);
        let counted = builder(&json!({"dataType": data_type, "autoIncrement": true}), &none, &none, &none);
        for (key, value) in column.iter().flat_map(|key| values.iter().map(move |value| (key, value))) {
            if builder(&json!({"dataType": data_type, (*key): value}), &none, &none, &none) == base {
                lost.push(format!("{data_type} {key}: {value}"));
            }
            let with = json!({"dataType": data_type, "autoIncrement": true, (*key): value});
            if *key == "defaultValue" && builder(&with, &none, &none, &none) == counted {
                lost.push(format!("{data_type} counted {key}: {value}"));
            }
        }
    }
    let base = builder(&none, &none, &none, &none);
    for value in &values {
        for key in ["id", "position", "indexes", "description", "comment", "colour"] {
            if builder(&none, &json!({(key): value}), &none, &none) == base && *value != json!([]) {
                lost.push(format!("table {key}: {value}"));
            }
        }
        for key in ["id", "name", "onDelete", "onUpdate", "colour"] {
            if builder(&none, &none, &json!({(key): value}), &none) == base {
                lost.push(format!("foreign key {key}: {value}"));
            }
        }
        for key in ["id", "name", "unique", "colour", "columns"] {
            if builder(&none, &none, &none, &json!({(key): value})) == base {
                lost.push(format!("index {key}: {value}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn defaults_of_a_builder_fit_their_types() {
    for (data_type, value, expected) in [
        ("BOOLEAN", json!("1"), Some("true")),
        ("BOOLEAN", json!(0), Some("false")),
        ("BOOLEAN", json!("perhaps"), None),
        ("INT", json!(""), None),
        ("INT", json!("3000000000"), None),
        ("BIGINT", json!("3000000000"), Some("3000000000")),
        ("DOUBLE", json!("NaN"), Some("'NaN'")),
        ("FLOAT", json!("-inf"), Some("'-Infinity'")),
        ("DECIMAL", json!("1.50"), Some("1.50")),
        ("VARCHAR", json!("'a'b'"), Some("'''a''b'''")),
        ("VARCHAR", json!("'it''s'"), Some("'it''s'")),
        ("DATE", json!("soon"), None),
        ("DATE", json!("CURRENT_DATE"), Some("CURRENT_DATE")),
        ("INT", json!("CURRENT_DATE"), None),
        ("UUID", json!("gen_random_uuid()"), Some("gen_random_uuid()")),
        ("JSON", json!({"a": 1}), Some("'{\"a\":1}'")),
        ("JSON", json!("{"), None),
    ] {
        let (definition, report) =
            builder(&json!({"dataType": data_type, "defaultValue": value}), &json!({}), &json!({}), &json!({}));
        assert_eq!(definition["tables"][0]["columns"][0]["default"].as_str(), expected, "{data_type} {value}");
        let is_reported = report.to_string().contains("/columns/0/defaultValue");
        assert_eq!(is_reported, expected.is_none(), "{data_type} {value}");
    }
    let (definition, _) = builder(&json!({"dataType": "VARCHAR", "length": "255"}), &json!({}), &json!({}), &json!({}));
    assert_eq!(definition["tables"][0]["columns"][0]["type"], "character varying(255)");
}

/// Ten times as many take ten times as long.
#[test]
fn many_objects_take_little_time() {
    const MANY: usize = 30_000;
    let started = Instant::now();
    let names: Vec<String> = (0..MANY).map(|at| format!("p{at}")).collect();
    let properties: serde_json::Map<String, Value> =
        names.iter().map(|own| (own.clone(), json!({"type": "string"}))).collect();
    from_json_schema(&json!({"title": "t", "type": "object", "properties": properties, "required": names})).unwrap();
    let table =
        |name: &String| json!({"id": name, "name": name, "columns": [{"id": "c", "name": "c", "dataType": "INT"}]});
    let tables: Vec<Value> = names.iter().map(table).collect();
    let key = |name: &String| json!({"sourceTableId": name, "sourceColumnId": "c", "targetTableId": "p0", "targetColumnId": "c"});
    let keys: Vec<Value> = names.iter().map(key).collect();
    from_builder(&json!({"tables": tables, "foreignKeys": keys})).unwrap();
    let dbml: String = names.iter().map(|own| format!("Table {own} {{\n c int [ref: > p0.c]\n}}\n")).collect();
    pgmeta_definition::from_dbml(&dbml).unwrap();
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}
