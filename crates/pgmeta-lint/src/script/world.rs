//! What a script has made of the schema: relations, columns, constraints, schemas, functions and domains. Judges nothing.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ConstraintKind;
use rustc_hash::FxHashSet;

use crate::script::tracked::Tracked;
use crate::script::{Action, Before, ColumnDefinition, ConstraintDefinition, Names};

/// The schema of temporary relations.
pub(crate) const TEMPORARY: &str = "pg_temp";

/// A schema and a name in it.
pub(crate) type Place = (String, String);

/// A relation, whatever its name is now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Relation {
    /// Whether the script has created it.
    pub is_new: bool,
    /// The schema that it had before the script, or was created in.
    pub schema: String,
    /// The name, likewise.
    pub name: String,
}

/// What the script has made of a column. Absent values are as before the script.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Column {
    /// Its name before the script. Absent: the script has added it.
    pub before: Option<String>,
    /// Whether it is NOT NULL.
    pub not_null: Option<bool>,
    /// Its type, as a statement writes it.
    pub type_name: Option<String>,
}

/// What the script has made of a schema.
#[derive(Clone, Debug)]
pub(crate) enum SchemaChange {
    Created,
    /// Renamed, from the name before the script.
    Renamed(String),
    /// Dropped, or renamed to another name.
    Gone,
}

/// What the script has made of a constraint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constraint {
    pub is_dropped: bool,
    /// Whether the server has proved it for all rows.
    pub is_valid: bool,
    /// The columns that a check of the script demands values of.
    pub not_null_columns: Vec<String>,
}

/// A place in the changes of a world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark([usize; 7]);

/// Everything that the script has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// By the present name; absent where the name means no relation any more.
    relations: Tracked<Place, Option<Relation>>,
    schemas: Tracked<String, SchemaChange>,
    /// By the present name; absent where there is no such column any more.
    columns: Tracked<(Relation, String), Option<Column>>,
    constraints: Tracked<(Relation, String), Constraint>,
    /// New relations whose rows others use: those of an old table under them.
    shared: Tracked<Relation, ()>,
    /// Whether functions of the script are volatile.
    functions: Tracked<Place, bool>,
    domains: Tracked<Place, ColumnDefinition>,
    /// All names of `relations`, without schemas, and perhaps more.
    touched: FxHashSet<String>,
}

impl World {
    /// Returns what the script has made of a place, if anything.
    pub fn at(&self, schema: &str, name: &str) -> Option<Option<&Relation>> {
        // Most names are not touched, and need no key.
        let key = self.touched.contains(name).then(|| (schema.to_owned(), name.to_owned()))?;
        self.relations.get(&key).map(Option::as_ref)
    }

    pub fn schema(&self, name: &str) -> Option<&SchemaChange> {
        self.schemas.get(name)
    }

    pub fn column(&self, relation: &Relation, name: &str) -> Option<Option<&Column>> {
        self.columns.get(&(relation.clone(), name.to_owned())).map(Option::as_ref)
    }

    pub fn constraint(&self, relation: &Relation, name: &str) -> Option<&Constraint> {
        self.constraints.get(&(relation.clone(), name.to_owned()))
    }

    /// Returns the constraints of a relation that the script has touched, by name.
    pub fn constraints_of(&self, relation: &Relation) -> impl Iterator<Item = (&str, &Constraint)> {
        let all = self.constraints.iter().inspect(|_| check());
        all.filter(move |((own, _), _)| own == relation).map(|((_, name), own)| (name.as_str(), own))
    }

    pub fn is_shared(&self, relation: &Relation) -> bool {
        self.shared.get(relation).is_some()
    }

    pub fn function(&self, schema: &str, name: &str) -> Option<bool> {
        self.functions.get(&(schema.to_owned(), name.to_owned())).copied()
    }

    pub fn domain(&self, schema: &str, name: &str) -> Option<&ColumnDefinition> {
        self.domains.get(&(schema.to_owned(), name.to_owned()))
    }

    pub fn mark(&self) -> Mark {
        Mark([
            self.relations.mark(),
            self.schemas.mark(),
            self.columns.mark(),
            self.constraints.mark(),
            self.shared.mark(),
            self.functions.mark(),
            self.domains.mark(),
        ])
    }

    pub fn roll_back(&mut self, Mark(mark): Mark) {
        self.relations.roll_back(mark[0]);
        self.schemas.roll_back(mark[1]);
        self.columns.roll_back(mark[2]);
        self.constraints.roll_back(mark[3]);
        self.shared.roll_back(mark[4]);
        self.functions.roll_back(mark[5]);
        self.domains.roll_back(mark[6]);
    }

    /// Makes all changes permanent.
    pub fn commit(&mut self) {
        self.relations.forget_changes();
        self.schemas.forget_changes();
        self.columns.forget_changes();
        self.constraints.forget_changes();
        self.shared.forget_changes();
        self.functions.forget_changes();
        self.domains.forget_changes();
    }

    /// Drops the temporary relations: those with these names, or all.
    pub fn drop_temporary(&mut self, names: Option<&[String]>) {
        let is_meant = |name: &String| names.is_none_or(|names| names.contains(name));
        let all = self.relations.iter().map(|(place, _)| place);
        let dropped: Vec<Place> = all.filter(|(schema, name)| schema == TEMPORARY && is_meant(name)).cloned().collect();
        dropped.into_iter().for_each(|place| self.relations.remove(&place));
    }

    /// Changes the world as an action does.
    pub fn apply(&mut self, action: &Action, before: &Before<'_>, search_path: &[String]) {
        let names = Names { world: self, before, search_path };
        match action {
            Action::Create { kind: "schema", name, repeatable, .. } if !repeatable || !names.has_schema(&name.name) => {
                self.schemas.insert(name.name.clone(), SchemaChange::Created);
            }
            Action::Create { kind, name, repeatable, temporary } if is_relation(kind) => {
                let place = match temporary {
                    true => (TEMPORARY.to_owned(), name.name.clone()),
                    false => names.place_of_new(name),
                };
                let exists = names.at(&place.0, &place.1).is_some();
                self.create(place, *repeatable && exists);
            }
            Action::CreateIndex { index: Some(index), table, repeatable, .. } => {
                let schema = names.find_place(table).map(|((schema, _), _)| schema);
                let schema = schema.unwrap_or_else(|| names.place_of_new(table).0);
                let exists = names.at(&schema, index).is_some();
                self.create((schema, index.clone()), *repeatable && exists);
            }
            Action::DefineFunction { name, volatile } => {
                let (schema, name) = names.place_of_new(name);
                // Another function of the name may be meant.
                let volatile = *volatile || self.function(&schema, &name).unwrap_or(false);
                self.functions.insert((schema, name), volatile);
            }
            Action::DefineDomain { name, definition } => {
                let place = names.place_of_new(name);
                self.domains.insert(place, definition.clone());
            }
            Action::ConstrainDomain { name, not_null, checks, .. } => {
                if let Some((place, mut definition)) = names.find_domain(name) {
                    definition.not_null = not_null.unwrap_or(definition.not_null);
                    definition.constraints.extend(checks.then(|| ConstraintDefinition::of(ConstraintKind::Check)));
                    self.domains.insert(place, definition);
                }
            }
            Action::Drop { kind: "schema", names: dropped, .. } => {
                for name in dropped {
                    self.schemas.insert(name.name.clone(), SchemaChange::Gone);
                    let places = self.relations.iter().map(|(place, _)| place);
                    let inside: Vec<Place> = places.filter(|(schema, _)| *schema == name.name).cloned().collect();
                    inside.into_iter().for_each(|place| self.relations.remove(&place));
                }
            }
            Action::Drop { kind, names: dropped, .. } if is_relation(kind) || *kind == "index" => {
                let found: Vec<_> = dropped.iter().filter_map(|name| names.find_place(name)).collect();
                for (place, relation) in found {
                    self.drop_relation(place, &relation, before);
                }
            }
            Action::Rename { kind: "schema", object, to, .. } => self.rename_schema(&object.name, to),
            Action::Rename { kind: "domain" | "type", object, part: None, to, .. } => {
                if let Some(((schema, _), definition)) = names.find_domain(object) {
                    self.domains.insert((schema, to.clone()), definition);
                }
            }
            Action::Rename { kind: "function", object, part: None, to, .. } => {
                if let Some((schema, volatile)) = names.find_function(object) {
                    self.functions.insert((schema, to.clone()), volatile);
                }
            }
            Action::Rename { kind, object, part: None, to, .. } if is_relation(kind) || *kind == "index" => {
                if let Some(found) = names.find_place(object) {
                    let to = (found.0.0.clone(), to.clone());
                    self.move_relation(found, to);
                }
            }
            Action::Rename { object, part: Some(part), is_column: true, to, .. } => {
                if let Some(relation) = names.find(object) {
                    let column = names.column(&relation, part);
                    self.rename_column(&relation, part, column, to);
                }
            }
            Action::Rename { kind, object, part: Some(part), to, .. } if is_relation(kind) => {
                if let Some(relation) = names.find(object) {
                    let own = self.constraint(&relation, part).cloned().unwrap_or_default();
                    self.constraints.insert((relation.clone(), to.clone()), own);
                    self.drop_constraint(relation, part);
                }
            }
            Action::SetSchema { kind, object, schema } if is_relation(kind) => {
                if let Some(found) = names.find_place(object) {
                    let to = (schema.clone(), found.0.1.clone());
                    self.move_relation(found, to);
                }
            }
            Action::AttachPartition { table, partition } => {
                let parent = names.find(table).filter(|own| own.is_new);
                if let (Some(parent), true) = (parent, names.is_in_use(partition)) {
                    self.shared.insert(parent, ());
                }
            }
            _ => {
                if let Some(relation) = action.altered().and_then(|name| names.find(name)) {
                    let column = action.column().map(|name| names.column(&relation, name));
                    self.alter(action, relation, column.flatten());
                }
            }
        }
    }

    /// Changes a column or a constraint as an action does. `column` is the column of the action before it.
    fn alter(&mut self, action: &Action, relation: Relation, column: Option<Column>) {
        match action {
            Action::AddColumn { column: own, .. } => {
                let (not_null, type_name) = (Some(own.not_null), Some(own.type_name.clone()));
                let added = Column { before: None, not_null, type_name };
                self.columns.insert((relation, own.name.clone()), Some(added));
            }
            Action::DropColumn { column: name, .. } => {
                self.forget_checks_of(&relation, name);
                self.columns.insert((relation, name.clone()), None);
            }
            Action::AlterType { column: name, type_name, .. } => {
                let changed = Column { type_name: Some(type_name.clone()), ..column.unwrap_or_default() };
                self.columns.insert((relation, name.clone()), Some(changed));
            }
            Action::SetNotNull { column: name, .. } | Action::DropNotNull { column: name, .. } => {
                let not_null = Some(matches!(action, Action::SetNotNull { .. }));
                let changed = Column { not_null, ..column.unwrap_or_default() };
                self.columns.insert((relation, name.clone()), Some(changed));
            }
            Action::AddConstraint { constraint, .. } => {
                // The server chooses the name of a check of one column so.
                let chosen = match &*constraint.not_null_columns {
                    [only] => Some(format!("{}_{only}_check", relation.name)),
                    _ => None,
                };
                if let Some(name) = constraint.name.clone().or(chosen) {
                    let not_null_columns = constraint.not_null_columns.clone();
                    let own = Constraint { is_dropped: false, is_valid: !constraint.not_valid, not_null_columns };
                    self.constraints.insert((relation, name), own);
                }
            }
            Action::ValidateConstraint { name, .. } => {
                let own = self.constraint(&relation, name).cloned().unwrap_or_default();
                self.constraints.insert((relation, name.clone()), Constraint { is_valid: true, ..own });
            }
            Action::DropConstraint { name, .. } => self.drop_constraint(relation, name),
            _ => {}
        }
    }

    fn create(&mut self, place: Place, exists: bool) {
        // What exists already is not created.
        if !exists {
            let relation = Relation { is_new: true, schema: place.0.clone(), name: place.1.clone() };
            self.put(place, Some(relation));
        }
    }

    fn put(&mut self, place: Place, relation: Option<Relation>) {
        self.touched.insert(place.1.clone());
        self.relations.insert(place, relation);
    }

    /// Drops a relation, and the indexes and partitions that it had before the script.
    fn drop_relation(&mut self, place: Place, relation: &Relation, before: &Before<'_>) {
        if !relation.is_new {
            let schema = place.0.clone();
            for (own_schema, name) in before.parts_of(&relation.schema, &relation.name) {
                // What moved with the relation is where it is now.
                let schema = if own_schema == relation.schema { schema.clone() } else { own_schema };
                self.put((schema, name), None);
            }
        }
        match place.0 == TEMPORARY {
            true => self.relations.remove(&place),
            false => self.put(place, None),
        }
    }

    fn move_relation(&mut self, (from, relation): (Place, Relation), to: Place) {
        self.put(from, None);
        self.put(to, Some(relation));
    }

    fn rename_schema(&mut self, from: &str, to: &str) {
        let change = match self.schemas.get(from) {
            Some(change @ (SchemaChange::Created | SchemaChange::Renamed(_))) => change.clone(),
            Some(SchemaChange::Gone) | None => SchemaChange::Renamed(from.to_owned()),
        };
        self.schemas.insert(from.to_owned(), SchemaChange::Gone);
        self.schemas.insert(to.to_owned(), change);
        let inside = self.relations.iter().filter(|((schema, _), _)| schema == from);
        let inside: Vec<(Place, Option<Relation>)> = inside.map(|(place, own)| (place.clone(), own.clone())).collect();
        for (place, relation) in inside {
            self.relations.remove(&place);
            self.put((to.to_owned(), place.1), relation);
        }
    }

    fn rename_column(&mut self, relation: &Relation, from: &str, column: Option<Column>, to: &str) {
        self.columns.insert((relation.clone(), from.to_owned()), None);
        self.columns.insert((relation.clone(), to.to_owned()), column);
        for (key, mut own) in self.checks_of(relation, from) {
            own.not_null_columns.iter_mut().filter(|name| *name == from).for_each(|name| to.clone_into(name));
            self.constraints.insert(key, own);
        }
    }

    fn drop_constraint(&mut self, relation: Relation, name: &str) {
        let dropped = Constraint { is_dropped: true, ..Constraint::default() };
        self.constraints.insert((relation, name.to_owned()), dropped);
    }

    /// Drops the checks of a column that is dropped.
    fn forget_checks_of(&mut self, relation: &Relation, column: &str) {
        for ((relation, name), _) in self.checks_of(relation, column) {
            self.drop_constraint(relation, &name);
        }
    }

    fn checks_of(&self, relation: &Relation, column: &str) -> Vec<((Relation, String), Constraint)> {
        let names = |own: &Constraint| own.not_null_columns.iter().any(|name| name == column);
        let all = self.constraints.iter().inspect(|_| check());
        let all = all.filter(|((own, _), constraint)| own == relation && names(constraint));
        all.map(|(key, own)| (key.clone(), own.clone())).collect()
    }
}

fn is_relation(kind: &str) -> bool {
    matches!(kind, "table" | "foreign table" | "view" | "materialized view" | "sequence")
}
