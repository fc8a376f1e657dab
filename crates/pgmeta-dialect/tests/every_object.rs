//! Nothing is dropped silently: each object of the fixtures, which have all kinds, is in a statement or in the losses.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pgmeta_core::model::{Model, ObjectKind, ObjectRef};
use pgmeta_dialect::{Dialect, Options, Output, convert};
use serde_json::{Value, json};

const FIXTURES: [&str; 3] = ["kinds", "hard_cases", "sample_app"];

fn model(fixture: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/snapshots");
    Model::from_json(&fs::read_to_string(folder.join(format!("{fixture}.json"))).unwrap()).unwrap()
}

/// Returns each object with its pointer.
fn objects(model: &Model) -> Vec<(String, ObjectRef<'_>)> {
    let document = serde_json::to_value(model).unwrap();
    let mut pointers: Vec<(String, Value)> = Vec::new();
    for (list, objects) in document.as_object().unwrap() {
        for (at, object) in objects.as_array().into_iter().flatten().enumerate() {
            pointers.push((format!("/{list}/{at}"), object.clone()));
        }
    }
    let pointer = |object: ObjectRef<'_>| {
        let value = object.to_value();
        pointers.iter().find(|(_, own)| *own == value).unwrap().0.clone()
    };
    model.objects().map(|object| (pointer(object), object)).collect()
}

/// Returns whether a statement has the object as it is.
fn is_printed(object: ObjectRef<'_>, output: &Output) -> bool {
    let key = object.object().key();
    let printed = [
        ObjectKind::Table,
        ObjectKind::TableConstraint,
        ObjectKind::Index,
        ObjectKind::View,
        ObjectKind::Schema,
        ObjectKind::Sequence,
    ];
    // SQLite's own primary key of a numbered column has no name.
    let in_column = matches!(object, ObjectRef::Constraint(own) if own.kind.word() == "primary key");
    printed.contains(&key.kind)
        && (in_column || output.statements.iter().any(|statement| statement.contains(key.name())))
}

#[test]
fn every_object_is_printed_or_lost() {
    let mut kinds = BTreeSet::new();
    for fixture in FIXTURES {
        let model = model(fixture);
        let document = serde_json::to_value(&model).unwrap();
        for dialect in Dialect::ALL {
            let output = convert(&model, dialect, &Options::default());
            for loss in &output.losses {
                assert!(document.pointer(&loss.path).is_some(), "{}: no {}", dialect.word(), loss.path);
                assert!(!loss.detail.is_empty() && !loss.feature.is_empty());
            }
            let mut silent = Vec::new();
            for (pointer, object) in objects(&model) {
                kinds.insert(object.object().key().kind);
                let under = format!("{pointer}/");
                let is_lost = output.losses.iter().any(|own| own.path == pointer || own.path.starts_with(&under));
                if !is_lost && !is_printed(object, &output) {
                    silent.push(format!("{pointer} {}", object.object().key()));
                }
            }
            assert!(silent.is_empty(), "{fixture} {}: {silent:#?}", dialect.word());
        }
    }
    // The kinds of objects that are in lists of their own.
    let parts = [ObjectKind::DefaultValue, ObjectKind::DomainConstraint];
    let missing: Vec<_> =
        ObjectKind::ALL.iter().filter(|kind| !kinds.contains(kind) && !parts.contains(kind)).collect();
    assert!(missing.is_empty(), "the fixtures have none of {missing:?}");
}

/// A model of nothing but one object of each kind is not silent either.
#[test]
fn an_object_alone_is_not_silent() {
    let model = model("kinds");
    for object in model.objects() {
        let mut alone = Model { format_version: 1, server_version_num: 150_000, ..Model::default() };
        alone.push(object);
        for dialect in Dialect::ALL {
            let output = convert(&alone, dialect, &Options::default());
            let key = object.object().key();
            assert!(!output.losses.is_empty() || !output.statements.is_empty(), "{}: {key}", dialect.word());
        }
    }
}

#[test]
fn output_does_not_depend_on_anything_else() {
    let model = model("sample_app");
    let options = Options::from_value(&json!({"drop": true, "prefix": true})).unwrap();
    for dialect in Dialect::ALL {
        let output = convert(&model, dialect, &options);
        assert_eq!(output, convert(&model, dialect, &options));
        for statement in &output.statements {
            assert!(output.sql.contains(&format!("{statement};\n")), "{statement}");
        }
    }
}

/// A snapshot can be written by hand: what does not fit together is refused, not printed.
#[test]
fn keys_of_missing_columns_are_refused() {
    let model = json!({
        "format_version": 1, "server_version_num": 150_000,
        "tables": [{"schema": "s", "name": "t", "columns": [{"name": "a", "data_type": "s.gone"}, {"name": "a", "data_type": ""}]}],
        "constraints": [
            {"schema": "s", "table": "t", "name": "p", "kind": "primary key", "columns": ["a", "gone"]},
            {"schema": "s", "table": "t", "name": "u", "kind": "unique"},
            {"schema": "s", "table": "t", "name": "c"},
            {"schema": "s", "table": "t", "name": "f", "kind": "foreign key", "columns": ["a"]},
            {"schema": "s", "table": "t", "name": "x", "kind": "foreign key", "columns": ["a", "a"],
                "foreign_key": {"table": {"schema": "s", "name": "t"}, "columns": ["a"]}},
            {"schema": "s", "table": "away", "name": "f", "kind": "foreign key", "columns": ["a"]},
        ],
        "indexes": [{"schema": "s", "table": "t", "name": "i", "method": "btree", "columns": []}],
        "views": [{"schema": "s", "name": "v", "definition": "SELECT t.a, t.b FROM s.t"}],
    });
    let model = Model::from_value(model).unwrap();
    for dialect in Dialect::ALL {
        let output = convert(&model, dialect, &Options::default());
        let tables = output.statements.iter().filter(|own| own.contains("TABLE")).count();
        assert_eq!(tables, 1, "{:#?}", output.statements);
        assert!(output.statements.iter().all(|own| !own.contains("KEY") && !own.contains("INDEX")), "{}", output.sql);
        for (path, action) in
            [("/constraints/4", "commented"), ("/constraints/5", "commented"), ("/indexes/0", "commented")]
        {
            assert!(output.losses.iter().any(|own| own.path == path && own.action.word() == action), "{path}");
        }
    }
}
