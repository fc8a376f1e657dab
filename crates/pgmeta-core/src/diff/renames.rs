//! Applies user-specified renames to the old model, including all that
//! refers to the objects, before the models are compared. Prints nothing.
//!
//! Some texts are printed by the server in a way that cannot be predicted (a view over a renamed table). They remain different, and
//! the plan replaces them.

mod find;
mod known;
mod not_null;
mod rewrite;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::diff::moves;
use crate::diff::relocate::{named, rename_schemas};
use crate::ident::{Name, qualified};
use crate::interrupt::check;
use crate::model::{JsonError, Model, ObjectKey, ObjectKind};

/// The caller's renames, from old identity to new name.
pub type Wanted = BTreeMap<String, String>;

#[derive(Debug, thiserror::Error)]
pub enum RenameError {
    #[error("object \"{0}\" to be renamed does not exist")]
    Missing(String),
    #[error("object \"{what}\" to be renamed is not unique: {candidates}")]
    Ambiguous { what: String, candidates: String },
    #[error("cannot rename \"{what}\" to \"{to}\"")]
    BadName { what: String, to: String },
    #[error("cannot rename {0} in a plan")]
    Unsupported(String),
    #[error("cannot rename {what} to \"{to}\": the name is already in use")]
    Taken { what: String, to: String },
    #[error("cannot rename {what} to \"{to}\": the target has no such object")]
    NotInTarget { what: String, to: String },
    #[error(transparent)]
    Json(#[from] JsonError),
}

/// The kind of a renamed object or part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Renamed {
    Column,
    Attribute,
    Label,
    /// Constraints, triggers, rules and policies, whose identity contains their table.
    Child,
    Object,
    Domain,
    Schema,
}

/// One rename. Renames are in execution order: parts before the objects in their identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    pub what: Renamed,
    /// The object, or the object of the part, with its name before all renames.
    pub key: ObjectKey,
    pub from: Name,
    pub to: Name,
}

impl Rename {
    /// Returns the type, as in `pg_identify_object`.
    pub fn word(&self) -> String {
        match self.what {
            Renamed::Column => format!("{} column", self.key.kind.word()),
            Renamed::Attribute => "composite type column".into(),
            Renamed::Label => "enum label".into(),
            _ => self.key.kind.word().into(),
        }
    }

    /// Returns the identity before all renames.
    pub fn identity(&self) -> String {
        find::identity(self.what, &self.key, &self.from)
    }
}

/// Applies the renames to the old model, and moves members with their extensions. Leaves out renames that were made before, where
/// only the new name exists.
pub fn rename(old: &mut Model, new: &Model, wanted: &Wanted) -> Result<Vec<Rename>, RenameError> {
    let renames = if wanted.is_empty() { Vec::new() } else { apply_renames(old, new, wanted)? };
    moves::move_members(old, new)?;
    Ok(renames)
}

fn apply_renames(old: &mut Model, new: &Model, wanted: &Wanted) -> Result<Vec<Rename>, RenameError> {
    let renames = find::all(old, new, wanted)?;
    // A rename that frees a name precedes one that uses it, so that all renames of a kind can be applied together.
    for alike in renames.chunk_by(|one, other| one.what == other.what) {
        *old = match alike {
            [Rename { what: Renamed::Schema, .. }, ..] => {
                rename_schemas(old, &alike.iter().map(|rename| (&*rename.from, &*rename.to)).collect())?
            }
            _ => {
                let mut model = rewrite::model(old, alike)?;
                not_null::keep_names(old, &mut model);
                model
            }
        };
    }
    old.sort();
    Ok(renames)
}

/// Returns the renames of the reverse plan.
pub fn inverse(renames: &[Rename]) -> Wanted {
    let names = NewNames::of(renames);
    renames.iter().map(|rename| (names.typed(rename), rename.from.to_string())).collect()
}

/// The names after all renames.
struct NewNames<'r> {
    objects: FxHashMap<&'r ObjectKey, &'r Name>,
    /// New names of types and of objects with parts, by their names.
    wholes: FxHashMap<&'r [Name], &'r Name>,
    /// New names of schemas, with the position of the rename: the first of two schemas may get the second's name.
    schemas: FxHashMap<&'r Name, (usize, &'r Name)>,
}

impl<'r> NewNames<'r> {
    fn of(renames: &'r [Rename]) -> Self {
        let mut names =
            Self { objects: FxHashMap::default(), wholes: FxHashMap::default(), schemas: FxHashMap::default() };
        for (at, rename) in renames.iter().enumerate() {
            check();
            match rename.what {
                Renamed::Object | Renamed::Domain => {
                    names.objects.insert(&rename.key, &rename.to);
                    if is_type(rename.key.kind) {
                        names.wholes.entry(&rename.key.names).or_insert(&rename.to);
                    }
                }
                Renamed::Schema => {
                    names.schemas.insert(&rename.from, (at, &rename.to));
                }
                Renamed::Column | Renamed::Attribute | Renamed::Label | Renamed::Child => {}
            }
        }
        names
    }

    /// Returns the type and the identity of a renamed object after all renames.
    fn typed(&self, rename: &Rename) -> String {
        check();
        let mut key = rename.key.clone();
        let to = if rename.what < Renamed::Object {
            key.names.get(..2).and_then(|whole| self.wholes.get(whole))
        } else {
            self.objects.get(&key)
        };
        if let (Some(name), Some(to)) = (key.names_mut().get_mut(1), to) {
            *name = (*to).clone();
        }
        if let Some(schema) = key.names_mut().first_mut() {
            *schema = self.schema(schema);
        }
        key.args = key.args.iter().map(|argument| self.argument(argument)).collect();
        if rename.what == Renamed::Child
            && let Some(name) = key.names_mut().last_mut()
        {
            *name = rename.to.clone();
        }
        format!("{} {}", rename.word(), find::identity(rename.what, &key, &rename.to))
    }

    fn schema(&self, name: &Name) -> Name {
        let (mut name, mut done) = (name, None);
        while let Some((at, to)) = self.schemas.get(name).filter(|(at, _)| done < Some(*at)) {
            (name, done) = (to, Some(*at));
        }
        name.clone()
    }

    /// Returns the spelling of an argument's type.
    fn argument(&self, text: &Name) -> Name {
        let Some((schema, name, length)) = named(text) else { return text.clone() };
        let names = [Name::from(schema), Name::from(name)];
        let to = self.wholes.get(&names[..]).copied().unwrap_or(&names[1]);
        Name::from(qualified(&self.schema(&names[0]), to) + &text[length..])
    }
}

/// Returns whether the object's name is also a type's.
fn is_type(kind: ObjectKind) -> bool {
    use ObjectKind::*;
    matches!(kind, Type | Table | ForeignTable | View | MaterializedView)
}

/// Returns whether the object is called as `f(…)`, and arguments distinguish it from others of its name.
fn is_callable(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diff::diff;

    fn model(text: &str) -> Model {
        Model::from_json(&format!(r#"{{"format_version": 1, "server_version_num": 150000, {text}}}"#)).unwrap()
    }

    fn side(table: &str, column: &str, view: &str) -> Model {
        model(&format!(
            r#""tables": [{{"schema": "s", "name": "{table}", "columns": [{{"name": "{column}", "data_type": "integer"}}]}}],
            "views": [{{"schema": "s", "name": "v", "definition": "{view}", "depends_on": [{{"type": "table", "names": ["s", "{table}"]}}]}}],
            "constraints": [
              {{"schema": "s", "table": "{table}", "name": "{table}_pkey", "kind": "primary key", "columns": ["{column}"], "index": {{}}}},
              {{"schema": "s", "table": "{table}", "name": "c", "kind": "check", "expression": "(({column} > 0) AND (x.{column} = '{column}'))"}}],
            "indexes": [{{"schema": "s", "name": "i", "table": "{table}", "method": "btree", "columns": [{{"column": "{column}"}}]}}]"#
        ))
    }

    #[test]
    fn a_table_rename_updates_references() {
        let mut old = side("orders", "a", "SELECT 1 FROM s.orders o");
        let new = side("purchases", "a", "SELECT 1 FROM s.purchases o");
        let wanted = Wanted::from([("s.orders".into(), "purchases".into())]);
        let renames = rename(&mut old, &new, &wanted).unwrap();
        // The primary key has the table's name in its own.
        let names: Vec<_> = renames.iter().map(|rename| (rename.identity(), &*rename.to)).collect();
        assert_eq!(names, [("orders_pkey on s.orders".into(), "purchases_pkey"), ("s.orders".into(), "purchases")]);
        assert!(diff(&old, &new).is_empty());
        let back = inverse(&renames);
        let pairs: Vec<_> = back.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            pairs,
            [("table constraint purchases_pkey on s.purchases", "orders_pkey"), ("table s.purchases", "orders")]
        );
        // An object that has been renamed before is not an error.
        let repeated = rename(&mut old, &new, &wanted).unwrap();
        assert!(repeated.is_empty());
    }

    #[test]
    fn a_column_rename_updates_references_to_that_column() {
        let mut old = side("t", "a", "");
        let new = side("t", "b", "");
        let renames = rename(&mut old, &new, &Wanted::from([("s.t.a".into(), "b".into())])).unwrap();
        assert_eq!(renames.len(), 1);
        let check = old.constraints.iter().find(|constraint| &*constraint.name == "c").unwrap();
        assert_eq!(check.expression.as_deref(), Some("((b > 0) AND (x.a = 'a'))"));
        assert_eq!(diff(&old, &new).len(), 1, "the second half of the check differs");
        assert_eq!(inverse(&renames), Wanted::from([("table column s.t.b".into(), "a".into())]));
    }

    #[test]
    fn enum_labels_and_types_are_renamed() {
        let side = |name: &str, label: &str| {
            model(&format!(
                r#""types": [{{"schema": "s", "name": "{name}", "enum_labels": ["{label}", "x"]}}],
                "tables": [{{"schema": "s", "name": "t", "columns": [{{"name": "a", "data_type": "s.{name}", "default": "'{label}'::s.{name}"}}]}}]"#
            ))
        };
        let mut old = side("mood", "sad");
        let new = side("feeling", "unhappy");
        let wanted =
            Wanted::from([("s.mood.sad".into(), "unhappy".into()), ("type s.mood".into(), "s.feeling".into())]);
        assert_eq!(rename(&mut old, &new, &wanted).unwrap().len(), 2);
        assert!(diff(&old, &new).is_empty());
    }

    #[test]
    fn a_function_is_found_by_its_renamed_argument_types() {
        let side = |table: &str, f: &str| {
            let function = |name: &str| {
                format!(
                    r#"{{"schema": "s", "name": "{name}", "kind": "function", "language": "sql", "definition": "SELECT s.orders",
                    "returns": "s.{table}", "returns_set": true, "arguments": [{{"name": "o", "data_type": "s.{table}[]"}}]}}"#
                )
            };
            model(&format!(
                r#""functions": [{}, {}], "casts": [{{"source": "s.{table}", "target_type": "text", "method": "in/out", "context": "explicit"}}],
                "tables": [{{"schema": "s", "name": "{table}", "columns": [{{"name": "a", "data_type": "integer"}}]}}]"#,
                function(f),
                function("other")
            ))
        };
        let (mut old, new) = (side("orders", "f"), side("purchases", "g"));
        let wanted = Wanted::from([("s.orders".into(), "purchases".into()), ("s.f(s.orders[])".into(), "g".into())]);
        let renames = rename(&mut old, &new, &wanted).unwrap();
        let identities: Vec<_> = renames.iter().map(Rename::identity).collect();
        assert_eq!(identities, ["s.f(s.orders[])", "s.orders"]);
        assert!(diff(&old, &new).is_empty());
        assert!(rename(&mut old, &new, &wanted).unwrap().is_empty(), "the rename has been made");
        let back = inverse(&renames);
        assert_eq!(back.get("function s.g(s.purchases[])").map(String::as_str), Some("f"));
        assert_eq!(rename(&mut side("purchases", "g"), &side("orders", "f"), &back).unwrap().len(), 2);
    }

    #[test]
    fn whole_row_references_follow_the_table_unless_aliased() {
        let mut old = side("orders", "a", "SELECT orders.a FROM s.orders");
        let new = side("purchases", "a", "SELECT purchases.a FROM s.purchases");
        let wanted = Wanted::from([("s.orders".into(), "purchases".into())]);
        rename(&mut old, &new, &wanted).unwrap();
        assert!(diff(&old, &new).is_empty());
        let mut old = side("orders", "a", "SELECT orders.a FROM (s.x orders JOIN s.orders orders_1 ON (true))");
        rename(&mut old, &new, &wanted).unwrap();
        assert_eq!(old.views[0].definition, "SELECT orders.a FROM (s.x orders JOIN s.purchases orders_1 ON (true))");
    }

    #[test]
    fn impossible_renames_are_errors() {
        let new = side("t", "b", "");
        let error = |key: &str, to: &str| {
            rename(&mut side("t", "a", ""), &new, &Wanted::from([(key.into(), to.into())])).unwrap_err().to_string()
        };
        assert_eq!(error("s.nothing", "x"), "object \"s.nothing\" to be renamed does not exist");
        assert_eq!(error("s.t.a", "x"), "cannot rename table column s.t.a to \"x\": the target has no such object");
        assert_eq!(error("s.t", "other.t"), "cannot rename \"s.t\" to \"other.t\"");
        assert_eq!(error("s.i", "t"), "cannot rename index s.i to \"t\": the target has no such object");
    }
}
