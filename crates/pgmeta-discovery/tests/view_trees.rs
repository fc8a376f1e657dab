//! Views as real servers parsed them (`view_trees/MAJOR.json`), and what `view_trees/views.sql` expects of their columns. The e2e tests
//! `discovery` create the same views on each supported server.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pgmeta_discovery::view_tree::{Relation, RelationColumn, Relations, ViewColumn, trace};
use serde_json::Value;

const VIEWS: &str = include_str!("view_trees/views.sql");

/// Reads what the query `view_relations` returned.
fn relations(json: &str) -> Relations {
    let rows: Vec<Value> = serde_json::from_str(json).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let relation = |row: &Value| {
        let columns = row["numbers"].as_array().unwrap().iter().enumerate().map(|(at, number)| RelationColumn {
            number: i16::try_from(number.as_i64().unwrap()).unwrap(),
            name: text(&row["names"][at]).into(),
            never_null: row["never_null"][at].as_bool().unwrap(),
            never_null_in_children: row["never_null_in_children"][at].as_bool().unwrap(),
        });
        Relation {
            schema: text(&row["schema"]).into(),
            name: text(&row["name"]).into(),
            is_stored: row["is_stored"].as_bool().unwrap(),
            tree: row["tree"].as_str().map(str::to_owned),
            columns: columns.collect(),
        }
    };
    rows.iter().map(|row| (text(&row["oid"]).parse().unwrap(), relation(row))).collect()
}

/// The lines `--> column | null or never | base` behind each view.
fn expected() -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut view = String::new();
    for line in VIEWS.lines() {
        if let Some((_, rest)) = line.split_once("VIEW ")
            && line.starts_with("CREATE")
        {
            view = rest.split(' ').next().unwrap().to_owned();
            all.insert(view.clone(), Vec::new());
        } else if let Some(column) = line.strip_prefix("--> ") {
            all.get_mut(&view).unwrap().push(column.trim_end().to_owned());
        }
    }
    all
}

fn line(column: &ViewColumn) -> String {
    let base = column.base.as_ref().map(|base| format!(" {}.{}.{}", base.schema, base.table, base.column));
    let null = if column.nullable { "null" } else { "never" };
    format!("{} | {null} |{}", column.name, base.unwrap_or_default())
}

fn compare(json: &str) {
    let relations = relations(json);
    let mut expected = expected();
    assert!(expected.len() > 45, "only {} views", expected.len());
    for ((_, view), columns) in trace(&relations) {
        let found: Vec<String> = columns.iter().map(line).collect();
        assert_eq!(expected.remove(&*view).unwrap_or_default(), found, "{view}");
    }
    assert!(expected.is_empty(), "not traced: {expected:?}");
}

#[test]
fn columns_are_traced_in_the_trees_of_each_major() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/view_trees");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    assert!(files.len() >= 2, "{files:?}");
    for path in files {
        println!("{}", path.display());
        compare(&fs::read_to_string(path).unwrap());
    }
}

/// The stack of a thread is limited, the depth of an expression is not.
#[test]
fn very_deep_trees_are_not_traced() {
    let (depth, oid) = (20_000, 1);
    let constant = "{CONST :constisnull false}";
    let nested = |depth: usize| format!("{}{constant}{}", "{RELABELTYPE :arg ".repeat(depth), "}".repeat(depth));
    for (depth, nullable) in [(3, false), (depth, true)] {
        let target = format!("{{TARGETENTRY :expr {} :resjunk false}}", nested(depth));
        let tree = format!("({{QUERY :commandType 1 :rtable <> :targetList ({target})}})");
        let column = RelationColumn { number: 1, name: "c".into(), never_null: false, never_null_in_children: false };
        let view = Relation { tree: Some(tree), columns: vec![column], ..Relation::default() };
        let relations = Relations::from([(oid, view)]);
        assert_eq!(trace(&relations).into_values().next().unwrap()[0].nullable, nullable, "{depth}");
    }
}

/// Whatever a damaged tree says, nothing is promised of it, and nothing fails.
#[test]
fn a_damaged_tree_guarantees_nothing() {
    let whole = relations(include_str!("view_trees/18.json"));
    let named = |name: &str| whole.iter().find(|(_, own)| &*own.name == name).unwrap();
    let (&oid, view) = named("left_join");
    let tree = view.tree.clone().unwrap();
    for at in (0..tree.len()).step_by(37) {
        let mut relations = whole.clone();
        relations.get_mut(&oid).unwrap().tree = Some(tree[..at].to_owned());
        let traced = trace(&relations);
        let columns = &traced[&("t".into(), "left_join".into())];
        assert!(columns.iter().all(|column| column.nullable && column.base.is_none()), "{at}");
    }
}

#[test]
fn a_recursive_view_terminates() {
    let mut relations = relations(include_str!("view_trees/18.json"));
    let (&oid, view) = relations.iter().find(|(_, own)| &*own.name == "plain").unwrap();
    let table = relations.iter().find(|(_, own)| &*own.name == "a").map(|(oid, _)| *oid).unwrap();
    let tree = view.tree.as_ref().unwrap().replace(&format!(":relid {table} "), &format!(":relid {oid} "));
    relations.get_mut(&oid).unwrap().tree = Some(tree);
    let traced = trace(&relations);
    let columns = &traced[&("t".into(), "plain".into())];
    assert!(columns.iter().all(|column| column.nullable));
}
