//! Law: every field counts. Each key, leaf and list element of a snapshot that is changed is an error where the document is read,
//! or a row of the diff, unless it is one of the few that `derived` names; and a plan makes the change or says that it does not.
//! The snapshots are tests/fixtures/snapshots, which tests/e2e/tests/snapshots.rs keeps up to date.

// Only tests call these functions.
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "every_field/derived.rs"]
mod derived;
#[path = "every_field/mutations.rs"]
mod mutations;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use mutations::{Donors, Mutation, mutations};
use pgmeta_core::diff::diff;
use pgmeta_core::model::{JsonError, Model, Object, ObjectRef};
use pgmeta_core::plan::{Options, Step, plan};
use serde_json::{Map, Value};

/// A change of one place is looked for in so many objects, and planned for so many: what stands in one place is treated alike.
const COMPARED: usize = 12;
const PLANNED: usize = 1;

fn snapshots() -> Vec<(String, Map<String, Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/snapshots");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let Value::Object(document) = serde_json::from_str(&text).unwrap() else { panic!("{}", path.display()) };
        found.push((path.file_stem().unwrap().to_string_lossy().into_owned(), document));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(found.len() >= 3, "only {} snapshots", found.len());
    found
}

/// A document of some objects of another.
fn document(of: &Map<String, Value>, objects: &[(&str, &Value)]) -> Value {
    let mut out = Map::new();
    for name in ["format_version", "server_version_num"] {
        out.insert(name.to_owned(), of[name].clone());
    }
    for (list, object) in objects {
        let list = out.entry((*list).to_owned()).or_insert_with(|| Value::Array(Vec::new()));
        list.as_array_mut().unwrap().push((*object).clone());
    }
    Value::Object(out)
}

fn lists(document: &Map<String, Value>) -> impl Iterator<Item = (&str, &Vec<Value>)> {
    document.iter().filter_map(|(list, objects)| Some((list.as_str(), objects.as_array()?)))
}

/// Every change of every place of every object, with the object.
fn each(mut visit: impl FnMut(&str, &Map<String, Value>, &str, &Value, &Mutation)) {
    let snapshots = snapshots();
    let mut donors = Donors::default();
    for (_, document) in &snapshots {
        lists(document).for_each(|(list, objects)| objects.iter().for_each(|object| donors.learn(list, object)));
    }
    for (name, document) in &snapshots {
        for (list, objects) in lists(document) {
            for object in objects {
                for mutation in mutations(list, object, &donors) {
                    visit(name, document, list, object, &mutation);
                }
            }
        }
    }
}

#[test]
fn the_diff_contains_every_change_of_an_object() {
    let (mut seen, mut unseen, mut derived_seen) = (0, BTreeMap::<String, String>::new(), BTreeSet::new());
    let mut read: Option<(Value, Model)> = None;
    let mut times = BTreeMap::<(String, &str), usize>::new();
    each(|name, of, list, object, mutation| {
        let compared = times.entry((mutation.place.clone(), mutation.change)).or_default();
        *compared += 1;
        if *compared > COMPARED {
            return;
        }
        let changed = match Model::from_value(document(of, &[(list, &mutation.object)])) {
            Ok(changed) => changed,
            Err(error) => return assert!(!error.to_string().is_empty()),
        };
        if read.as_ref().is_none_or(|(known, _)| known != object) {
            read = Some((object.clone(), Model::from_value(document(of, &[(list, object)])).unwrap()));
        }
        let Some((_, old)) = &read else { return };
        // What is written in another way and is the same.
        if *old == changed {
            return;
        }
        seen += 1;
        let rows = [diff(old, &changed).len(), diff(&changed, old).len()];
        match derived::reason(&mutation.place, mutation.change) {
            _ if rows[0] != rows[1] && rows.contains(&0) => panic!("{name} {} one way only: {rows:?}", mutation.place),
            Some(_) if rows[0] == 0 => {
                derived_seen.insert(mutation.place.clone());
            }
            // The same name may be elsewhere what counts.
            Some(_) => {}
            None if rows[0] == 0 => {
                let example = || format!("{name}: {} -> {}", object, mutation.object);
                unseen.entry(format!("{} {}", mutation.place, mutation.change)).or_insert_with(example);
            }
            None => {}
        }
    });
    assert!(unseen.is_empty(), "{} are no rows:\n{}", unseen.len(), listed(&unseen));
    assert!(seen > 5_000, "only {seen} changes");
    println!("{seen} changes, {} places derived", derived_seen.len());
}

#[test]
fn every_change_of_an_object_is_planned_or_reported() {
    let mut times = BTreeMap::<(String, &str), usize>::new();
    let (mut silent, mut twice, mut told) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut last: Option<(Value, Model, Value)> = None;
    each(|name, of, list, object, mutation| {
        let planned = times.entry((mutation.place.clone(), mutation.change)).or_default();
        if *planned >= PLANNED {
            return;
        }
        // The mutations of one object follow each other.
        if last.as_ref().is_none_or(|(known, _, _)| known != object) {
            let around = document(of, &around(of, list, object));
            last = Some((object.clone(), with(&around, list, object).unwrap(), around));
        }
        let Some((_, old, around)) = &last else { return };
        let Ok(new) = with(around, list, &mutation.object) else { return };
        if diff(old, &new).is_empty() {
            return;
        }
        *planned += 1;
        let place = format!("{} {}", mutation.place, mutation.change);
        for (way, from, to) in [("there", old, &new), ("back", &new, old)] {
            // A change that is refused is told, too.
            let Ok(steps) = plan(from, to, &[], &Options::default()) else { continue };
            let example = || format!("{name} {way}: {} -> {}\n{}", object, mutation.object, text(&steps));
            if steps.is_empty() {
                silent.entry(place.clone()).or_insert_with(example);
            } else if steps.iter().all(|step| step.statement.is_note()) {
                told.entry(place.clone()).or_insert_with(example);
            }
            if has_one_twice(&steps) {
                twice.entry(place.clone()).or_insert_with(example);
            }
        }
    });
    assert!(silent.is_empty(), "{} have an empty plan:\n{}", silent.len(), listed(&silent));
    twice.retain(|place, _| !derived::leaves_gap(place));
    assert!(twice.is_empty(), "{} have a statement twice:\n{}", twice.len(), listed(&twice));
    told.retain(|place, _| !derived::is_told(place));
    assert!(told.is_empty(), "{} are told to be left, which `derived` does not say:\n{}", told.len(), listed(&told));
}

/// Reads a document with one more object.
fn with(around: &Value, list: &str, object: &Value) -> Result<Model, JsonError> {
    let mut document = around.clone();
    let lists = document.as_object_mut().unwrap();
    let list = lists.entry(list.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    list.as_array_mut().unwrap().push(object.clone());
    Model::from_value(document)
}

/// Returns the objects that an object names or that name it, with their parts.
fn around<'d>(of: &'d Map<String, Value>, own: &str, object: &Value) -> Vec<(&'d str, &'d Value)> {
    // As an address and as a relation are written; a part is found by its table.
    let written = |object: &Value| {
        let name = object.get("table").or_else(|| object.get("name")).unwrap_or(&Value::Null);
        let schema = object.get("schema").unwrap_or(&Value::Null);
        [
            format!("[{schema},{name}"),
            format!("\"name\":{name},\"schema\":{schema}"),
            format!("{schema},\"table\":{name}"),
        ]
    };
    let names = |text: &str, written: &[String; 3]| written.iter().any(|form| text.contains(form.as_str()));
    let (own_text, own_forms) = (object.to_string(), written(object));
    let others = lists(of).flat_map(|(list, objects)| objects.iter().map(move |other| (list, other)));
    let near = others.filter(|(list, other)| {
        let schema = *list == "schemas" && Some(&other["name"]) == object.get("schema");
        let near = schema || names(&own_text, &written(other)) || names(&other.to_string(), &own_forms);
        (*list != own || *other != object) && near
    });
    near.collect()
}

/// Returns whether a statement stands there twice that says the same both times.
fn has_one_twice(steps: &[Step]) -> bool {
    const AGAIN: &[&str] = &["SET ", "RESET "];
    let mut seen = BTreeSet::new();
    let counted = steps.iter().map(|step| step.statement.sql.as_str());
    counted.filter(|sql| !AGAIN.iter().any(|word| sql.starts_with(word))).any(|sql| !seen.insert(sql))
}

fn text(steps: &[Step]) -> String {
    steps.iter().map(|step| format!("    {}\n", step.statement.sql)).collect()
}

fn listed(found: &BTreeMap<String, String>) -> String {
    found.iter().map(|(place, example)| format!("{place}\n  {example}\n")).collect()
}

/// Of two states of one object neither counts.
#[test]
fn a_duplicate_object_is_an_error() {
    for (name, of) in snapshots() {
        for (list, objects) in lists(&of) {
            for object in objects {
                let twice = Model::from_value(document(&of, &[(list, object), (list, object)]));
                assert!(twice.is_err(), "{name}: {list} take an object twice: {object}");
                let model = Model::from_value(document(&of, &[(list, object)])).unwrap();
                let keys: Vec<_> = model.objects().map(|object: ObjectRef<'_>| Object::key(object.object())).collect();
                assert_eq!(keys.len(), 1, "{name}: {list}");
            }
        }
    }
}
