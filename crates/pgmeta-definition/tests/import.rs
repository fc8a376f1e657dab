//! Documents of other tools as definitions: what they say is taken, and what they do not say is reported.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use pgmeta_definition::{from_builder, from_dbml, from_json_schema};
use serde_json::json;

#[test]
fn a_builders_document_is_read_with_its_gaps() {
    let document = json!({
        "id": "s1", "name": "shop", "version": "1.1",
        "tables": [
            {"id": "t1", "name": "customers", "position": {"x": 1, "y": 2}, "columns": [
                {"id": "c1", "name": "id", "dataType": "BIGINT", "primaryKey": true, "autoIncrement": true},
                {"id": "c2", "name": "mail", "dataType": "VARCHAR", "length": 80, "nullable": false, "unique": true},
                {"id": "c3", "name": "since", "dataType": "TIMESTAMP", "nullable": true, "defaultValue": "CURRENT_TIMESTAMP"},
                {"id": "c4", "name": "note", "dataType": "varchar", "nullable": true, "defaultValue": "7"}],
             "indexes": [{"name": "by_note", "columns": ["c4"], "unique": false}]},
            {"id": "t2", "name": "orders", "columns": [
                {"id": "c1", "name": "customer", "dataType": "BIGINT"},
                {"id": "c2", "name": "weight", "dataType": "STONES", "nullable": true}]}],
        "foreignKeys": [
            {"id": "f1", "sourceTableId": "t2", "sourceColumnId": "c1", "targetTableId": "t1", "targetColumnId": "c1", "onDelete": "SET NULL"},
            {"id": "f2", "sourceTableId": "t2", "sourceColumnId": "c9", "targetTableId": "t1", "targetColumnId": "c1"}],
        "colour": "red",
    });
    let imported = from_builder(&document).unwrap();
    let tables = serde_json::to_value(&imported.definition.tables).unwrap();
    assert_eq!(tables[0]["columns"][0]["identity"], "by_default");
    assert_eq!(
        tables[0]["columns"][1],
        json!({"name": "mail", "type": "character varying(80)", "nullable": false, "unique": true, "labels": {"id": "c2"}})
    );
    assert_eq!(tables[0]["columns"][2]["default"], "CURRENT_TIMESTAMP");
    assert_eq!(tables[0]["columns"][3]["default"], "'7'");
    assert_eq!(tables[0]["indexes"], json!([{"columns": ["note"], "name": "by_note"}]));
    assert_eq!(tables[0]["position"], json!({"x": 1, "y": 2}));
    assert_eq!(
        tables[1]["foreign_keys"],
        json!([{"columns": ["customer"], "references": {"table": "customers", "columns": ["id"]}, "on_delete": "SET NULL"}])
    );
    let report: Vec<(&str, &str)> = imported.report.iter().map(|own| (&*own.path, own.code)).collect();
    assert_eq!(
        report,
        [
            ("/colour", "NOT_TAKEN"),
            ("/tables/0/columns/2/dataType", "TIME_ZONE_NOT_SAID"),
            ("/tables/0/columns/3/dataType", "LENGTH_NOT_SAID"),
            ("/tables/1/columns/0", "NULLABILITY_NOT_SAID"),
            ("/tables/1/columns/1/dataType", "UNSUPPORTED_DATA_TYPE"),
            ("/tables/1", "MISSING_PRIMARY_KEY"),
            ("/foreignKeys/0/id", "NOT_TAKEN"),
            ("/foreignKeys/1", "FOREIGN_KEY_ERROR"),
        ]
    );
}

#[test]
fn a_json_schema_is_a_table() {
    let document = json!({
        "title": "BlogPost", "type": "object", "required": ["id", "state"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "state": {"type": "string", "enum": ["new", "it's"], "default": "new"},
            "stars": {"type": ["integer", "null"], "minimum": 0},
            "tags": {"type": "array", "items": {"type": "string"}},
            "title": {"type": "string", "maxLength": 20, "description": "Shown first"},
            "other": {"$ref": "#/$defs/x"}},
    });
    let imported = from_json_schema(&document).unwrap();
    let table = serde_json::to_value(&imported.definition.tables[0]).unwrap();
    assert_eq!(table["name"], "blog_post");
    let types: Vec<&str> =
        table["columns"].as_array().unwrap().iter().map(|own| own["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["uuid", "jsonb", "bigint", "text", "text[]", "character varying(20)"]);
    assert_eq!(table["checks"], json!(["stars >= 0", "state IN ('new', 'it''s')"]));
    assert_eq!(imported.report.len(), 3, "{:?}", imported.report);
}

/// A text of DBML with all that the language has, and with faults: the definition and the report are files.
#[test]
fn dbml_is_read_with_its_faults() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let imported = from_dbml(&fs::read_to_string(folder.join("shop.dbml")).unwrap()).unwrap();
    let found = json!({"definition": imported.definition, "report": imported.report});
    let (path, found) = (folder.join("shop.json"), serde_json::to_string_pretty(&found).unwrap() + "\n");
    if std::env::var_os("PGMETA_ACCEPT").is_some() {
        fs::write(&path, &found).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), found);
}

#[test]
fn dbml_that_is_none_is_refused_with_its_line() {
    for (source, message) in [
        ("Table a {\n", "line 1: the braces that open here are not closed"),
        ("\n'x'", "line 2: \"x\" begins no element"),
        ("Table a {\n  id int [pk\n}", "line 2: the bracket that opens here is not closed"),
    ] {
        assert_eq!(from_dbml(source).unwrap_err().message, message);
    }
    assert!(from_dbml("").unwrap().definition.tables.is_empty());
}
