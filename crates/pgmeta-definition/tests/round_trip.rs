//! A definition becomes a model and comes back: of documents as people write them, and of the snapshots that the lint rules have.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use pgmeta_core::model::Model;
use pgmeta_definition::{Definition, Target, from_model, to_model};
use serde_json::{Value, json};

fn target(model: &Model) -> Target {
    let owner = model.objects().find_map(|object| object.object().shared().owner.cloned());
    Target { owner: owner.unwrap_or_else(|| "owner".into()), server_version_num: 150_000 }
}

fn snapshots() -> Vec<(String, Model)> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pgmeta-lint/tests/rules");
    let mut all = Vec::new();
    for rule in fs::read_dir(rules).unwrap() {
        for file in fs::read_dir(rule.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.to_string_lossy().ends_with(".snapshot.json") {
                let model = Model::from_json(&fs::read_to_string(&path).unwrap()).unwrap();
                all.push((path.display().to_string(), model));
            }
        }
    }
    all
}

#[test]
fn definitions_of_snapshots_come_back() {
    let snapshots = snapshots();
    assert!(snapshots.len() > 100, "{}", snapshots.len());
    for (path, model) in snapshots {
        let (definition, _) = from_model(&model, None);
        let written = serde_json::to_value(&definition).unwrap();
        let read = Definition::from_value(written.clone()).unwrap_or_else(|error| panic!("{path}: {error}\n{written}"));
        assert_eq!(serde_json::to_value(&read).unwrap(), written, "{path}");
        let (again, _) = from_model(&to_model(&definition, &target(&model)), definition.schema.as_deref());
        assert_eq!(serde_json::to_value(&again).unwrap(), written, "{path}");
    }
}

/// What a definition lacks is of few kinds; a new one is a fault, or belongs here.
#[test]
fn little_is_missing() {
    let mut all: Vec<String> = Vec::new();
    for (_, model) in snapshots() {
        let (_, missing) = from_model(&model, None);
        all.extend(missing.iter().map(|own| format!("{}: {}", own.key.kind.word(), own.attributes.join(" "))));
    }
    all.sort();
    all.dedup();
    let expected = include_str!("missing.txt").lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(all, expected, "{}", all.join("\n"));
}

fn definition(document: Value) -> Definition {
    Definition::from_value(document).unwrap()
}

#[test]
fn short_forms_are_canonical() {
    for (written, canonical) in [
        (
            json!({"name": "t", "columns": [{"name": "id", "type": "bigint", "nullable": false}], "primary_key": ["id"]}),
            json!({"name": "t", "columns": [{"name": "id", "type": "bigint", "primary_key": true}]}),
        ),
        (
            json!({"name": "t", "columns": [{"name": "id", "type": "serial", "primary_key": true},
                   {"name": "price", "type": "decimal(10, 2)", "default": 0}], "checks": ["(price > 0)"]}),
            json!({"name": "t", "columns": [{"name": "id", "type": "serial", "primary_key": true},
                   {"name": "price", "type": "numeric(10,2)", "default": "0"}], "checks": ["(price > 0)"]}),
        ),
        (
            json!({"name": "t", "columns": [{"name": "a", "type": "int", "unique": true}, {"name": "b", "type": "int4"}],
                   "unique": [{"columns": ["a", "b"], "name": "t_a_b_key"}],
                   "foreign_keys": [{"columns": ["b"], "references": {"table": "t", "columns": ["a"]}, "on_delete": "set_null",
                                     "name": "t_b_fkey"}],
                   "indexes": [{"columns": ["b"], "name": "t_b_idx", "method": "btree"}]}),
            json!({"name": "t", "columns": [{"name": "a", "type": "integer", "unique": true}, {"name": "b", "type": "integer"}],
                   "unique": [["a", "b"]],
                   "foreign_keys": [{"columns": ["b"], "references": {"table": "t", "columns": ["a"]}, "on_delete": "SET NULL"}],
                   "indexes": [{"columns": ["b"]}]}),
        ),
    ] {
        let model = to_model(&definition(json!({"tables": [written]})), &target(&Model::default()));
        let (read, missing) = from_model(&model, None);
        assert_eq!(serde_json::to_value(&read.tables).unwrap(), json!([canonical]), "{written}");
        assert!(missing.is_empty(), "{missing:?}");
    }
}

#[test]
fn partitions_have_what_their_parent_has() {
    let document = json!({"schema": "app", "tables": [
        {"name": "events", "columns": [{"name": "at", "type": "date"}, {"name": "note", "type": "text", "default": "'x'"}],
         "primary_key": ["at"], "partition_by": "RANGE (at)", "indexes": [{"columns": ["note"]}], "checks": ["(note <> '')"]},
        {"name": "events_2026", "partition_of": {"table": "events", "bound": "DEFAULT"}},
    ]});
    let model = to_model(&definition(document.clone()), &target(&Model::default()));
    let names: Vec<&str> = model.indexes.iter().map(|own| &*own.name).collect();
    assert_eq!(names, ["events_2026_note_idx", "events_note_idx"]);
    let keys: Vec<&str> = model.constraints.iter().map(|own| &*own.name).collect();
    assert_eq!(keys, ["events_note_check", "events_pkey", "events_2026_pkey", "events_note_check"]);
    let (read, _) = from_model(&model, None);
    let mut read = serde_json::to_value(&read).unwrap();
    read["tables"][0].as_object_mut().unwrap().retain(|key, _| key != "primary_key");
    assert_eq!(read["tables"][1], document["tables"][1], "{read:#}");
}

#[test]
fn unknown_keys_and_words_are_errors() {
    for document in [
        json!({"table": []}),
        json!({"tables": [{"name": "t", "colour": 1}]}),
        json!({"tables": [{"name": "t", "foreign_keys": [{"columns": [], "references": {"table": "a"}, "on_delete": "x"}]}]}),
        json!({"format_version": 2}),
        json!([]),
    ] {
        assert!(Definition::from_value(document.clone()).is_err(), "{document}");
    }
}
