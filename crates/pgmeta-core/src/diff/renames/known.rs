//! The renames of one kind, found by the names in a document and by the relation of a part.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::renames::{Rename, Renamed, is_callable};
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind};

/// A schema and a name.
pub type Relation<'a> = (&'a str, &'a str);

#[derive(Default)]
pub struct Known<'a> {
    objects: FxHashMap<Relation<'a>, &'a Name>,
    indexes: FxHashMap<Relation<'a>, &'a Name>,
    /// Relations with columns, and other objects except indexes.
    tables: FxHashMap<Relation<'a>, &'a Name>,
    functions: FxHashMap<(Relation<'a>, &'a [Name]), &'a Name>,
    /// One object for each name: a call does not determine which of several it means.
    called: FxHashMap<Relation<'a>, &'a Name>,
    children: FxHashMap<&'a ObjectKey, &'a Name>,
    constraints: FxHashMap<Relation<'a>, &'a Name>,
    /// Columns, attributes and labels, and constraints and the like by their list.
    parts: FxHashMap<(Relation<'a>, &'static str, &'a str), &'a Name>,
    /// Relations with renamed parts and their descendants, whose columns and constraints are renamed, too: each with the relations
    /// that it inherits the parts from. Also the renamed relations.
    origins: FxHashMap<Relation<'a>, (Relation<'a>, Vec<Relation<'a>>)>,
}

impl<'a> Known<'a> {
    pub fn of(model: &'a Model, renames: &'a [Rename]) -> Self {
        let mut known = Self::default();
        let mut relations = FxHashSet::default();
        for rename in renames {
            check();
            let Rename { what, key, from, to } = rename;
            let [schema, name, ..] = &*key.names else { continue };
            let relation = (&**schema, &**name);
            match what {
                Renamed::Object | Renamed::Domain if is_callable(key.kind) => {
                    known.functions.insert((relation, &key.args), to);
                    known.called.entry(relation).or_insert(to);
                }
                Renamed::Object | Renamed::Domain => {
                    known.objects.entry(relation).or_insert(to);
                    let own = if key.kind == ObjectKind::Index { &mut known.indexes } else { &mut known.tables };
                    own.entry(relation).or_insert(to);
                    known.origins.entry(relation).or_insert((relation, Vec::new()));
                }
                Renamed::Child => {
                    known.children.insert(key, to);
                    if key.kind == ObjectKind::TableConstraint {
                        known.constraints.insert((schema, from), to);
                    }
                    known.parts.insert((relation, list_of(key.kind), from), to);
                    relations.insert(relation);
                }
                Renamed::Column | Renamed::Attribute | Renamed::Label => {
                    known.parts.insert((relation, "", from), to);
                    relations.insert(relation);
                }
                Renamed::Schema => {}
            }
        }
        if !relations.is_empty() {
            known.add_origins(model, relations);
        }
        known
    }

    fn add_origins(&mut self, model: &'a Model, relations: FxHashSet<Relation<'a>>) {
        let mut heirs: FxHashMap<Relation<'a>, Vec<Relation<'a>>> = FxHashMap::default();
        for table in &model.tables {
            for parent in table.parents() {
                check();
                heirs.entry((&parent.schema, &parent.name)).or_default().push((&table.schema, &table.name));
            }
        }
        for relation in relations {
            let mut seen = FxHashSet::from_iter([relation]);
            let mut waiting = vec![relation];
            while let Some(heir) = waiting.pop() {
                check();
                self.origins.entry(heir).or_insert((heir, Vec::new())).1.push(relation);
                waiting.extend(heirs.get(&heir).into_iter().flatten().copied().filter(|heir| seen.insert(*heir)));
            }
        }
    }

    /// Returns the relation, if one of its parts is renamed.
    pub fn relation(&self, schema: &str, name: &str) -> Option<Relation<'a>> {
        self.origins.get(&(schema, name)).map(|(relation, _)| *relation)
    }

    /// Returns the new name of a part of a relation, in a list of the model or of the relation.
    pub fn part(&self, relation: Relation<'_>, list: &str, name: &str) -> Option<&'a Name> {
        let (_, origins) = self.origins.get(&relation)?;
        origins.iter().find_map(|origin| self.parts.get(&(*origin, list_named(list)?, name)).copied())
    }

    pub fn object(&self, schema: &str, name: &str) -> Option<&'a Name> {
        self.objects.get(&(schema, name)).copied()
    }

    pub fn index(&self, schema: &str, name: &str) -> Option<&'a Name> {
        self.indexes.get(&(schema, name)).copied()
    }

    pub fn table(&self, schema: &str, name: &str) -> Option<&'a Name> {
        self.tables.get(&(schema, name)).copied()
    }

    pub fn function(&self, schema: &str, name: &str, args: &[Name]) -> Option<&'a Name> {
        self.functions.get(&((schema, name), args)).copied()
    }

    /// Returns the new name of an object with this name, for any arguments.
    pub fn called(&self, schema: &str, name: &str) -> Option<&'a Name> {
        self.called.get(&(schema, name)).copied()
    }

    pub fn constraint(&self, schema: &str, name: &str) -> Option<&'a Name> {
        self.constraints.get(&(schema, name)).copied()
    }

    /// Returns the new name of a child of a relation, or of the index of a constraint.
    pub fn child(&self, key: &ObjectKey) -> Option<&'a Name> {
        match (key.kind, &*key.names) {
            (ObjectKind::Index, [schema, name]) => self.constraint(schema, name),
            _ => self.children.get(key).copied(),
        }
    }
}

/// Returns the list of the model that contains children of a kind.
fn list_of(kind: ObjectKind) -> &'static str {
    const LISTS: [(ObjectKind, &str); 3] =
        [(ObjectKind::TableConstraint, "constraints"), (ObjectKind::Trigger, "triggers"), (ObjectKind::Rule, "rules")];
    LISTS.iter().find(|(own, _)| *own == kind).map_or("policies", |(_, list)| list)
}

fn list_named(list: &str) -> Option<&'static str> {
    ["", "constraints", "triggers", "rules", "policies"].into_iter().find(|own| *own == list)
}
