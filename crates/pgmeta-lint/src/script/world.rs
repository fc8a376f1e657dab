//! What a script has made of the schema: relations, columns, constraints, indexes, schemas, functions and domains. Judges nothing.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ConstraintKind;
use rustc_hash::FxHashSet;

use crate::script::added::{Added, index_name};
use crate::script::tracked::Tracked;
use crate::script::{Action, Before, ColumnDefinition, ConstraintDefinition, IndexDefinition, Names, ObjectName};

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
    /// Its collation, as a statement writes it; absent in it: that of the type.
    pub collation: Option<Option<String>>,
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

/// A domain as the script has left it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Domain {
    /// Its place before the script. Absent: the script has created it.
    pub before: Option<Place>,
    pub definition: ColumnDefinition,
}

/// What the script has made of a constraint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constraint {
    /// Its name before the script. Absent: the script has added it.
    pub before: Option<String>,
    /// Whether the server has proved it for all rows. Absent: as before the script, or as its definition says.
    pub is_valid: Option<bool>,
    /// What the script has added.
    pub added: Option<ConstraintDefinition>,
}

/// A place in the changes of a world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark([usize; 9]);

/// Everything that the script has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// By the present name; absent where the name means no relation any more.
    relations: Tracked<Place, Option<Relation>>,
    schemas: Tracked<String, SchemaChange>,
    /// By the present name; absent where there is no such column any more.
    columns: Tracked<(Relation, String), Option<Column>>,
    /// By the present name; absent where there is no such constraint any more.
    constraints: Tracked<(Relation, String), Option<Constraint>>,
    /// The indexes of the script, with their tables.
    indexes: Tracked<Relation, (Relation, IndexDefinition)>,
    /// Whether the script has created objects, by types and places, or else dropped them.
    objects: Tracked<(&'static str, Place), bool>,
    /// New relations whose rows others use: those of an old table under them.
    shared: Tracked<Relation, ()>,
    /// Whether functions of the script are volatile.
    functions: Tracked<Place, bool>,
    /// By the present name; absent where there is no such domain any more.
    domains: Tracked<Place, Option<Domain>>,
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

    /// Returns the columns of a relation that the script has touched, by name.
    pub fn columns_of(&self, relation: &Relation) -> impl Iterator<Item = (&str, Option<&Column>)> {
        let all = self.columns.iter().inspect(|_| check());
        all.filter(move |((own, _), _)| own == relation).map(|((_, name), own)| (name.as_str(), own.as_ref()))
    }

    pub fn constraint(&self, relation: &Relation, name: &str) -> Option<Option<&Constraint>> {
        self.constraints.get(&(relation.clone(), name.to_owned())).map(Option::as_ref)
    }

    /// Returns the constraints of a relation that the script has touched, by name.
    pub fn constraints_of(&self, relation: &Relation) -> impl Iterator<Item = (&str, Option<&Constraint>)> {
        let all = self.constraints.iter().inspect(|_| check());
        all.filter(move |((own, _), _)| own == relation).map(|((_, name), own)| (name.as_str(), own.as_ref()))
    }

    /// Returns an index of the script, with its table.
    pub fn index(&self, index: &Relation) -> Option<&(Relation, IndexDefinition)> {
        self.indexes.get(index)
    }

    /// Returns the indexes of the script on a relation.
    pub fn indexes_of(&self, relation: &Relation) -> impl Iterator<Item = &Relation> {
        self.indexes.iter().inspect(|_| check()).filter(move |(_, (own, _))| own == relation).map(|(index, _)| index)
    }

    /// Returns the place to which the script has put a relation.
    pub fn place_of(&self, relation: &Relation) -> Option<&Place> {
        let mut all = self.relations.iter().inspect(|_| check());
        all.find(|(_, own)| own.as_ref() == Some(relation)).map(|(place, _)| place)
    }

    /// Returns the name that a schema has now, by that before the script.
    pub fn present_schema<'n>(&'n self, before: &'n str) -> Option<&'n str> {
        let is_meant = |own: &SchemaChange| matches!(own, SchemaChange::Renamed(from) if from == before);
        let renamed = self.schemas.iter().find(|(_, own)| is_meant(own)).map(|(name, _)| name.as_str());
        renamed.or_else(|| self.schemas.get(before).is_none().then_some(before))
    }

    /// Returns whether the script has created an object with a type and a name, in any schema.
    pub fn has_created(&self, kind: &'static str, name: &str) -> bool {
        let mut all = self.objects.iter().inspect(|_| check());
        all.any(|((own_kind, (_, own)), created)| *created && *own_kind == kind && own == name)
    }

    pub fn has_dropped(&self, kind: &'static str, place: &Place) -> bool {
        self.objects.get(&(kind, place.clone())) == Some(&false)
    }

    pub fn is_shared(&self, relation: &Relation) -> bool {
        self.shared.get(relation).is_some()
    }

    pub fn function(&self, schema: &str, name: &str) -> Option<bool> {
        self.functions.get(&(schema.to_owned(), name.to_owned())).copied()
    }

    pub fn domain(&self, schema: &str, name: &str) -> Option<Option<&Domain>> {
        self.domains.get(&(schema.to_owned(), name.to_owned())).map(Option::as_ref)
    }

    /// Returns the domains that the script has touched, by their places.
    pub fn domains(&self) -> impl Iterator<Item = (&Place, Option<&Domain>)> {
        self.domains.iter().inspect(|_| check()).map(|(place, own)| (place, own.as_ref()))
    }

    pub fn mark(&self) -> Mark {
        Mark([
            self.relations.mark(),
            self.schemas.mark(),
            self.columns.mark(),
            self.constraints.mark(),
            self.indexes.mark(),
            self.shared.mark(),
            self.functions.mark(),
            self.domains.mark(),
            self.objects.mark(),
        ])
    }

    pub fn roll_back(&mut self, Mark(mark): Mark) {
        self.relations.roll_back(mark[0]);
        self.schemas.roll_back(mark[1]);
        self.columns.roll_back(mark[2]);
        self.constraints.roll_back(mark[3]);
        self.indexes.roll_back(mark[4]);
        self.shared.roll_back(mark[5]);
        self.functions.roll_back(mark[6]);
        self.domains.roll_back(mark[7]);
        self.objects.roll_back(mark[8]);
    }

    /// Makes all changes permanent.
    pub fn commit(&mut self) {
        self.relations.forget_changes();
        self.schemas.forget_changes();
        self.columns.forget_changes();
        self.constraints.forget_changes();
        self.indexes.forget_changes();
        self.shared.forget_changes();
        self.functions.forget_changes();
        self.domains.forget_changes();
        self.objects.forget_changes();
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
            Action::CreateIndex { index, table, definition, repeatable, .. } => {
                let found = names.find_place(table);
                let (schema, on) = found.clone().map_or_else(|| names.place_of_new(table), |(place, _)| place);
                let name = index.clone().unwrap_or_else(|| names.free_name(&schema, &index_name(&on, definition)));
                let exists = names.at(&schema, &name).is_some();
                if !(*repeatable && exists) {
                    self.create_index((schema, name), found.map(|(_, table)| table), definition.clone());
                }
            }
            Action::DefineFunction { name, volatile } => {
                let (schema, name) = names.place_of_new(name);
                // Another function of the name may be meant.
                let volatile = *volatile || self.function(&schema, &name).unwrap_or(false);
                self.functions.insert((schema, name), volatile);
            }
            Action::DefineDomain { name, definition } => {
                let place = names.place_of_new(name);
                self.domains.insert(place, Some(Domain { before: None, definition: definition.clone() }));
            }
            Action::ConstrainDomain { name, not_null, checks, .. } => {
                if let Some((place, mut domain)) = names.find_domain(name) {
                    let own = &mut domain.definition;
                    own.not_null = not_null.unwrap_or(own.not_null);
                    own.constraints.extend(checks.then(|| ConstraintDefinition::of(ConstraintKind::Check)));
                    self.domains.insert(place, Some(domain));
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
                if let Some((place, domain)) = names.find_domain(object) {
                    let to = (place.0.clone(), to.clone());
                    self.move_domain(place, to, domain);
                }
            }
            Action::SetSchema { kind: "domain" | "type", object, schema, .. } => {
                if let Some((place, domain)) = names.find_domain(object) {
                    let to = (schema.clone(), place.1.clone());
                    self.move_domain(place, to, domain);
                }
            }
            Action::Drop { kind: kind @ ("domain" | "type" | "extension"), names: dropped, .. } => {
                let columns: Vec<_> = dropped.iter().flat_map(|name| names.columns_with(kind, name)).collect();
                let columns: Vec<_> =
                    columns.into_iter().filter_map(|(table, column)| Some((names.find(&table)?, column))).collect();
                let types = dropped.iter().filter(|_| *kind != "extension");
                let domains: Vec<Place> = types.flat_map(|name| names.domains_over(name)).collect();
                columns.into_iter().for_each(|(table, column)| self.drop_column(table, &column));
                domains.into_iter().for_each(|place| self.domains.insert(place, None));
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
                if let Some(((schema, _), relation)) = names.find_place(object) {
                    let own = names.constraint(&relation, part);
                    let index = names.index_at(&schema, part);
                    self.constraints.insert((relation.clone(), part.clone()), None);
                    self.constraints.insert((relation, to.clone()), own);
                    if let Some(index) = index {
                        self.move_relation(((schema.clone(), part.clone()), index), (schema, to.clone()));
                    }
                }
            }
            Action::SetSchema { kind, object, schema, .. } if is_relation(kind) => {
                if let Some(found) = names.find_place(object) {
                    let to = (schema.clone(), found.0.1.clone());
                    self.move_relation(found, to);
                }
            }
            Action::AttachPartition { table, partition, .. } => {
                let parent = names.find(table).filter(|own| own.is_new);
                if let (Some(parent), true) = (parent, names.is_in_use(partition)) {
                    self.shared.insert(parent, ());
                }
            }
            Action::AddConstraint { table, constraint } => {
                if let Some((place, relation)) = names.find_place(table) {
                    let added = Added::of(constraint, &place, &relation, names);
                    self.add_constraint(relation, place.0, added);
                }
            }
            Action::DropConstraint { table, name, .. } => {
                if let Some(((schema, _), relation)) = names.find_place(table) {
                    let has_index = names.index_at(&schema, name).is_some();
                    self.constraints.insert((relation, name.clone()), None);
                    if has_index {
                        self.put((schema, name.clone()), None);
                    }
                }
            }
            Action::ValidateConstraint { table, name } => {
                if let Some(relation) = names.find(table) {
                    let own = names.constraint(&relation, name).unwrap_or_default();
                    let own = Constraint { is_valid: Some(true), ..own };
                    self.constraints.insert((relation, name.clone()), Some(own));
                }
            }
            _ => {
                if let Some((place, relation)) = action.altered().and_then(|name| names.find_place(name)) {
                    let column = action.column().map(|name| names.column(&relation, name));
                    let of_column: Vec<Added> = match action {
                        Action::AddColumn { column, .. } => column.constraints.iter(),
                        _ => [].iter(),
                    }
                    .map(|own| Added::of(own, &place, &relation, names))
                    .collect();
                    self.alter(action, relation.clone(), column.flatten());
                    for added in of_column {
                        self.add_constraint(relation.clone(), place.0.clone(), added);
                    }
                }
            }
        }
    }

    /// Notes which objects an action creates and drops, also if IF EXISTS makes it do nothing.
    pub fn note(&mut self, action: &Action, before: &Before<'_>, search_path: &[String]) {
        let names = Names { world: self, before, search_path };
        let place =
            |name: &ObjectName| names.find_place(name).map_or_else(|| names.place_of_new(name), |(place, _)| place);
        let noted: Vec<_> = match action {
            Action::Create { kind, name, .. } => vec![((*kind, names.place_of_new(name)), true)],
            Action::Drop { kind, names, .. } => names.iter().map(|name| ((*kind, place(name)), false)).collect(),
            Action::DropConstraint { table, name, .. } => {
                let (schema, table) = place(table);
                vec![(("constraint", (schema, format!("{table}.{name}"))), false)]
            }
            _ => Vec::new(),
        };
        noted.into_iter().for_each(|(key, created)| self.objects.insert(key, created));
    }

    /// Changes a column as an action does. `column` is the column of the action before it.
    fn alter(&mut self, action: &Action, relation: Relation, column: Option<Column>) {
        match action {
            Action::AddColumn { column: own, .. } => {
                let added = Column {
                    before: None,
                    not_null: Some(own.not_null),
                    type_name: Some(own.type_name.clone()),
                    collation: Some(own.collation.clone()),
                };
                self.columns.insert((relation, own.name.clone()), Some(added));
            }
            Action::DropColumn { column: name, .. } => self.drop_column(relation, name),
            Action::AlterType { column: name, type_name, collation, .. } => {
                let changed = Column {
                    type_name: Some(type_name.clone()),
                    collation: Some(collation.clone()),
                    ..column.unwrap_or_default()
                };
                self.columns.insert((relation, name.clone()), Some(changed));
            }
            Action::SetNotNull { column: name, .. } | Action::DropNotNull { column: name, .. } => {
                let not_null = Some(matches!(action, Action::SetNotNull { .. }));
                let changed = Column { not_null, ..column.unwrap_or_default() };
                self.columns.insert((relation, name.clone()), Some(changed));
            }
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

    fn move_domain(&mut self, from: Place, to: Place, domain: Domain) {
        self.domains.insert(from, None);
        self.domains.insert(to, Some(domain));
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
        let rename = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        for (name, mut own) in self.added_of(relation, from) {
            own.columns.iter_mut().chain(&mut own.not_null_columns).for_each(rename);
            let is_valid = self.constraint(relation, &name).flatten().and_then(|own| own.is_valid);
            let own = Constraint { before: None, is_valid, added: Some(own) };
            self.constraints.insert((relation.clone(), name), Some(own));
        }
        for (index, mut own) in self.indexes_with(relation, from) {
            own.keys.iter_mut().filter_map(|key| key.column.as_mut()).for_each(rename);
            own.include.iter_mut().chain(&mut own.named).for_each(rename);
            self.indexes.insert(index, (relation.clone(), own));
        }
    }

    /// Drops a column, and what the script has added that needs it.
    fn drop_column(&mut self, relation: Relation, column: &str) {
        for (name, _) in self.added_of(&relation, column) {
            self.constraints.insert((relation.clone(), name), None);
        }
        for (index, _) in self.indexes_with(&relation, column) {
            if let Some(place) = self.place_of(&index).cloned() {
                self.put(place, None);
            }
            self.indexes.remove(&index);
        }
        self.columns.insert((relation, column.to_owned()), None);
    }

    fn add_constraint(&mut self, relation: Relation, schema: String, added: Added) {
        let Added { name, definition, takes, key } = added;
        if let Some(index) = takes {
            // The index takes the name of the constraint.
            let from = definition.using_index.clone().unwrap_or_default();
            self.move_relation(((schema.clone(), from), index), (schema, name.clone()));
        } else if let Some(key) = key {
            self.create_index((schema, name.clone()), Some(relation.clone()), key);
        }
        let own = Constraint { added: Some(definition), ..Constraint::default() };
        self.constraints.insert((relation, name), Some(own));
    }

    fn create_index(&mut self, place: Place, table: Option<Relation>, definition: IndexDefinition) {
        let index = Relation { is_new: true, schema: place.0.clone(), name: place.1.clone() };
        if let Some(table) = table {
            self.indexes.insert(index.clone(), (table, definition));
        }
        self.put(place, Some(index));
    }

    /// Returns the constraints of the script that name a column.
    fn added_of(&self, relation: &Relation, column: &str) -> Vec<(String, ConstraintDefinition)> {
        let added = self.constraints_of(relation).filter_map(|(name, own)| Some((name, own?.added.as_ref()?)));
        let meant = added.filter(|(_, own)| own.columns.iter().any(|name| name == column));
        meant.map(|(name, own)| (name.to_owned(), own.clone())).collect()
    }

    /// Returns the indexes of the script that need a column.
    fn indexes_with(&self, relation: &Relation, column: &str) -> Vec<(Relation, IndexDefinition)> {
        let all = self.indexes.iter().inspect(|_| check()).filter(|(_, (table, _))| table == relation);
        let meant = all.filter(|(_, (_, own))| own.columns().any(|name| name == column));
        meant.map(|(index, (_, own))| (index.clone(), own.clone())).collect()
    }
}

pub(crate) fn is_relation(kind: &str) -> bool {
    matches!(kind, "table" | "foreign table" | "view" | "materialized view" | "sequence")
}
