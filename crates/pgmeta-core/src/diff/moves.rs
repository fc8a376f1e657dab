//! Extensions that move to another schema. Their members are in no model, but columns, indexes and views name them: the old model
//! gets the names after the move. Prints nothing.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::diff::relocate::Renaming;
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Extension, JsonError, Model, ObjectKind, ObjectRef};

/// Returns whether ALTER EXTENSION SET SCHEMA moves an extension, together with its members.
pub fn moves(old: &Extension, new: &Extension) -> bool {
    old.schema != new.schema && !old.not_relocatable
}

/// Moves the names of extension members in the old model.
pub fn move_members(old: &mut Model, new: &Model) -> Result<(), JsonError> {
    let targets = targets(old, new);
    if targets.is_empty() {
        return Ok(());
    }
    let own = own_names(old, &targets);
    let is_single = |to: &FxHashSet<Option<Name>>| to.len() == 1;
    // If extensions of one schema move to different schemas, the names in the target decide which member moved where.
    let named = if targets.values().all(is_single) { Names::default() } else { named(new, &targets)? };
    let is_one = |names: &Names, schema: &str, name: &str| names.get(schema).is_some_and(|names| names.contains(name));
    let goes = |schema: &str, name: &str| {
        let all = targets.get(schema).filter(|_| !is_one(&own, schema, name))?;
        let mut to = all.iter().flatten().map(|to| &**to);
        if is_single(all) { to.next() } else { to.find(|to| is_one(&named, to, name) && !is_one(&named, schema, name)) }
    };
    let mut document = document(old)?;
    visit(&Renaming::of_some(&goes), &mut document);
    *old = Model::from_value(document)?;
    old.sort();
    Ok(())
}

/// Names by their schemas.
type Names = FxHashMap<Name, FxHashSet<Name>>;

/// Returns the schemas that extensions leave, with the schemas of their extensions in the target.
fn targets(old: &Model, new: &Model) -> FxHashMap<Name, FxHashSet<Option<Name>>> {
    let news: FxHashMap<_, _> = new.extensions.iter().map(|own| (&own.name, own)).collect();
    let mut targets: FxHashMap<Name, FxHashSet<Option<Name>>> = FxHashMap::default();
    for own in &old.extensions {
        check();
        let to = news.get(&own.name).filter(|new| moves(own, new)).map(|new| new.schema.clone());
        targets.entry(own.schema.clone()).or_default().insert(to);
    }
    targets.retain(|_, to| to.iter().any(Option::is_some));
    targets
}

/// Returns the names of the model's objects in the schemas that extensions leave.
fn own_names(model: &Model, targets: &FxHashMap<Name, FxHashSet<Option<Name>>>) -> Names {
    let mut own = Names::default();
    let mut add = |schema: &Name, name: &Name| {
        if targets.contains_key(schema) {
            own.entry(schema.clone()).or_default().insert(name.clone());
        }
    };
    for object in model.objects() {
        check();
        let key = object.object().key();
        // The key of an object on a relation contains the relation, which may be a member.
        match (key.kind, &*key.names) {
            (ObjectKind::OperatorClass | ObjectKind::OperatorFamily, [_, schema, name]) => add(schema, name),
            (_, [schema, name]) if key.schema().is_some() => add(schema, name),
            _ => {}
        }
        if let ObjectRef::Type(own) = object
            && let Some(range) = &own.range
        {
            add(&range.multirange.schema, &range.multirange.name);
        }
    }
    own
}

/// Returns the names that a model uses in the schemas of extensions before and after the move.
fn named(model: &Model, targets: &FxHashMap<Name, FxHashSet<Option<Name>>>) -> Result<Names, JsonError> {
    let schemas = targets.iter().flat_map(|(from, to)| to.iter().flatten().chain([from]));
    let schemas: FxHashSet<Name> = schemas.cloned().collect();
    let found = RefCell::new(Names::default());
    let goes = |schema: &str, name: &str| {
        if let Some(schema) = schemas.get(schema) {
            found.borrow_mut().entry(schema.clone()).or_default().insert(Name::from(name));
        }
        None
    };
    visit(&Renaming::of_some(&goes), &mut document(model)?);
    Ok(found.into_inner())
}

fn document(model: &Model) -> Result<Value, JsonError> {
    let invalid = |error: serde_json::Error| JsonError::Invalid { path: "$".into(), message: error.to_string() };
    serde_json::to_value(model).map_err(invalid)
}

/// Visits all objects of a document, except extensions, whose schemas are planned, and quoted bodies of functions, which the server
/// does not change.
fn visit(renaming: &Renaming<'_>, document: &mut Value) {
    let lists = document.as_object_mut().into_iter().flatten().filter(|(list, _)| *list != "extensions");
    for (list, objects) in lists {
        for object in objects.as_array_mut().into_iter().flatten() {
            let body = (list == "functions").then(|| object.as_object_mut()?.remove("definition")).flatten();
            renaming.visit("", object);
            if let (Some(body), Some(attributes)) = (body, object.as_object_mut()) {
                attributes.insert("definition".into(), body);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diff::diff;

    /// Extensions by name and schema, and the schemas of the types and functions in a table.
    fn side(extensions: &[(&str, &str)], h: &str, c: &str, more: &str) -> Model {
        let extension =
            |(name, schema): &(&str, &str)| format!(r#"{{"name": "{name}", "schema": "{schema}", "version": "1"}}"#);
        let extensions: Vec<String> = extensions.iter().map(extension).collect();
        Model::from_json(&format!(
            r#"{{"format_version": 1, "server_version_num": 150000, "extensions": [{}], {more}
            "extension_members": [{{"object": {{"type": "function", "names": ["{h}", "f"], "args": ["{h}.hstore"]}}, "extension": "hstore", "comment": "x"}}],
            "tables": [{{"schema": "public", "name": "t", "columns": [
                {{"name": "h", "data_type": "{h}.hstore[]", "default": "(a.own('a.x') OPERATOR({h}.->) ''::{h}.hstore)"}},
                {{"name": "c", "data_type": "{c}.citext", "collation": "{c}.ci"}}]}}],
            "functions": [
                {{"schema": "a", "name": "own", "language": "sql", "definition": "SELECT a.hstore", "returns": "text",
                  "arguments": [{{"data_type": "text"}}]}},
                {{"schema": "public", "name": "g", "language": "sql", "definition": "SELECT a.hstore", "returns": "text",
                  "arguments": [{{"name": "h", "data_type": "{h}.hstore"}}]}}]}}"#,
            extensions.join(", ")
        ))
        .unwrap()
    }

    fn left(mut old: Model, new: &Model) -> Vec<String> {
        move_members(&mut old, new).unwrap();
        diff(&old, new).iter().map(|change| change.key.to_string()).collect()
    }

    #[test]
    fn members_move_with_their_extension() {
        let old = side(&[("citext", "a"), ("hstore", "a")], "a", "a", "");
        let new = side(&[("citext", "b"), ("hstore", "b")], "b", "b", "");
        assert_eq!(left(old, &new), ["extension citext", "extension hstore"]);
    }

    #[test]
    fn the_target_determines_which_members_stay() {
        let old = side(&[("citext", "a"), ("hstore", "a")], "a", "a", "");
        let new = side(&[("citext", "a"), ("hstore", "b")], "b", "a", "");
        assert_eq!(left(old.clone(), &new), ["extension hstore"]);
        let new = side(&[("citext", "c"), ("hstore", "b")], "b", "c", "");
        assert_eq!(left(old, &new), ["extension citext", "extension hstore"]);
    }

    #[test]
    fn an_object_outside_of_the_extension_stays() {
        let own = r#""types": [{"schema": "a", "name": "hstore", "enum_labels": []}],"#;
        let old = side(&[("x", "a")], "a", "a", own);
        let new = side(&[("x", "b")], "b", "b", own);
        let left = left(old, &new);
        assert!(left.contains(&"table public.t".to_owned()), "{left:?}");
    }
}
