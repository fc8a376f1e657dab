//! Reports differences that no statement of a plan covers: a plan never omits one silently. Knows no attributes of kinds.

use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::diff::{Change, ChangeKind};
use crate::interrupt::check;
use crate::model::{ObjectKey, ObjectKind, each_need};
use crate::plan::dependents::Objects;
use crate::plan::options::Options;
use crate::plan::step::Statement;

/// Describes the rest of a difference after a plan, or one without a statement. Returns `None` if the options exclude it.
pub fn describe_unplanned(change: &Change<'_>, options: &Options) -> Option<String> {
    if change.key.kind == ObjectKind::DefaultPrivileges && !options.privileges {
        return None;
    }
    match change.kind {
        ChangeKind::Create => Some(format!("{} is missing", change.key)),
        ChangeKind::Drop => options.drops.then(|| format!("{} is left", change.key)),
        ChangeKind::Alter => {
            let Value::Object(attributes) = change.sides() else { return None };
            let differs = |(name, sides): &(&String, &Value)| differs(name, sides, options);
            let names: Vec<&str> = attributes.iter().filter(differs).map(|(name, _)| name.as_str()).collect();
            (!names.is_empty()).then(|| format!("{} differs in {}", change.key, names.join(" and ")))
        }
    }
}

/// Returns whether an attribute differs in a part that the options do not exclude.
fn differs(name: &str, sides: &Value, options: &Options) -> bool {
    if ignores(name, options) {
        return false;
    }
    let [mut old, mut new] = ["old", "new"].map(|side| sides.get(side).cloned().unwrap_or_default());
    strip(&mut old, options);
    strip(&mut new, options);
    if let (false, Value::Array(olds), Value::Array(news)) = (options.drops, &mut old, &new) {
        // Columns and other named elements, which the option `drops` keeps.
        let names: Vec<Option<&Value>> = news.iter().map(|element| element.get("name")).collect();
        olds.retain(|element| element.get("name").is_none() || names.contains(&element.get("name")));
    }
    old != new
}

fn strip(value: &mut Value, options: &Options) {
    check();
    match value {
        Value::Object(attributes) => {
            attributes.retain(|name, _| !ignores(name, options));
            attributes.values_mut().for_each(|value| strip(value, options));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| strip(element, options)),
        _ => {}
    }
}

fn ignores(attribute: &str, options: &Options) -> bool {
    match attribute {
        "owner" | "object_owner" | "initial_owner" => !options.owner,
        "privileges" | "privilege_change" => !options.privileges,
        "comment" => !options.comments,
        "security_labels" => !options.security_labels,
        "tablespace" => !options.tablespaces,
        _ => false,
    }
}

/// Appends a note for each change without a statement about the object or about an object that it needs, whose change may reach it
/// (a partition gets what its parent gets).
pub fn note(changes: &[Change<'_>], objects: &Objects<'_>, options: &Options, out: &mut Vec<Statement>) {
    let mut about: FxHashSet<ObjectKey> = FxHashSet::default();
    for statement in out.iter() {
        check();
        about.extend(objects.states(&statement.key).filter_map(|object| object.parent()));
        about.extend(statement.attaches_to.clone());
        about.insert(statement.key.clone());
    }
    let left = changes.iter().inspect(|_| check()).filter(|change| !is_reached(&change.key, objects, &about));
    let notes: Vec<Statement> = left
        .filter_map(|change| {
            let why = "not planned: PostgreSQL has no statement that makes this change of an existing object";
            Some(Statement::unplanned(&change.key, &describe_unplanned(change, options)?, why))
        })
        .collect();
    out.extend(notes);
}

/// Returns whether a statement changes the object or one that it needs, directly or not.
fn is_reached(key: &ObjectKey, objects: &Objects<'_>, about: &FxHashSet<ObjectKey>) -> bool {
    let mut seen = FxHashSet::from_iter([key.clone()]);
    let mut waiting = vec![key.clone()];
    while let Some(key) = waiting.pop() {
        check();
        if about.contains(&key) {
            return true;
        }
        let mut add = |key: ObjectKey| {
            if !is_ground(key.kind) && seen.insert(key.clone()) {
                waiting.push(key);
            }
        };
        for object in objects.states(&key) {
            each_need(object, &mut add);
            object.parent().into_iter().for_each(&mut add);
        }
    }
    false
}

/// Returns whether any object may need an object of this kind: its change has no effect on these.
fn is_ground(kind: ObjectKind) -> bool {
    use ObjectKind::*;
    matches!(kind, Role | Tablespace | Schema | Extension | Language | AccessMethod | Database)
}
