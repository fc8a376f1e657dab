//! What the names of a script mean: what existed before it, under which name, and what it has made itself. Judges nothing.

use rustc_hash::FxHashMap;

use crate::script::{Action, Before, ColumnDefinition, ObjectName};

/// The schema of temporary relations.
const TEMPORARY: &str = "pg_temp";

/// A schema and a name in it.
type Place = (String, String);

/// A relation that a name means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Relation {
    /// Whether the script has created it: nobody else uses it.
    pub is_new: bool,
    /// The schema that it had before the script, or was created in.
    pub schema: String,
    /// The name, likewise.
    pub name: String,
}

/// What the script has done to a schema.
#[derive(Clone, Debug)]
enum SchemaChange {
    Created,
    /// Renamed, from the name before the script.
    Renamed(String),
    /// Dropped, or renamed to another name.
    Gone,
}

/// What the script has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// By the present name; absent where the name means no relation any more.
    relations: FxHashMap<Place, Option<Relation>>,
    schemas: FxHashMap<String, SchemaChange>,
    /// The constraints that the script has validated.
    validated: Vec<(Relation, String)>,
    checks: Vec<NotNullCheck>,
    /// Whether functions of the script are volatile.
    functions: FxHashMap<Place, bool>,
    domains: FxHashMap<Place, ColumnDefinition>,
}

/// A check of the script that columns have values.
#[derive(Clone, Debug)]
struct NotNullCheck {
    relation: Relation,
    name: String,
    columns: Vec<String>,
    /// Whether the server has proved it for all rows.
    is_proved: bool,
}

/// The world as a statement sees it.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a, 'm> {
    pub world: &'a World,
    pub before: &'a Before<'m>,
    pub search_path: &'a [String],
}

impl Names<'_, '_> {
    fn has_schema(&self, name: &str) -> bool {
        match self.world.schemas.get(name) {
            Some(SchemaChange::Created | SchemaChange::Renamed(_)) => true,
            Some(SchemaChange::Gone) => false,
            None => self.before.has_schema(name),
        }
    }

    /// Returns the schema in which objects without a written schema are created.
    fn creation_schema(&self) -> &str {
        let exists = self.search_path.iter().find(|schema| self.has_schema(schema));
        exists.or_else(|| self.search_path.first()).map_or("", |schema| schema)
    }

    /// Returns the place that a name has if an object is created with it.
    fn place_of_new(&self, name: &ObjectName) -> Place {
        (name.schema.clone().unwrap_or_else(|| self.creation_schema().to_owned()), name.name.clone())
    }

    /// Returns the relation at a place.
    fn at(&self, place: &Place) -> Option<Relation> {
        if let Some(own) = self.world.relations.get(place) {
            return own.clone();
        }
        let (schema, name) = place;
        let schema = match self.world.schemas.get(schema) {
            None => schema,
            Some(SchemaChange::Renamed(before)) => before,
            Some(SchemaChange::Created | SchemaChange::Gone) => return None,
        };
        let relation = || Relation { is_new: false, schema: schema.clone(), name: name.clone() };
        self.before.has_relation(schema, name).then(relation)
    }

    /// Returns the relation that a name means, and its place.
    fn find_place(&self, name: &ObjectName) -> Option<(Place, Relation)> {
        let look = |schema: &str| {
            let place = (schema.to_owned(), name.name.clone());
            self.at(&place).map(|relation| (place, relation))
        };
        match &name.schema {
            Some(schema) => look(schema),
            None => look(TEMPORARY).or_else(|| self.search_path.iter().find_map(|schema| look(schema))),
        }
    }

    /// Returns the relation that a name means.
    pub fn find(&self, name: &ObjectName) -> Option<Relation> {
        self.find_place(name).map(|(_, relation)| relation)
    }

    /// Returns the default partition of a table before the script.
    pub fn default_partition(&self, table: &ObjectName) -> Option<ObjectName> {
        let relation = self.find(table).filter(|own| !own.is_new)?;
        let own = self.before.default_partition(&relation.schema, &relation.name)?;
        Some(ObjectName { schema: Some(own.schema.to_string()), name: own.name.to_string() })
    }

    /// Returns whether a name means a temporary relation of the script.
    pub fn is_temporary(&self, name: &ObjectName) -> bool {
        self.find_place(name).is_some_and(|((schema, _), _)| schema == TEMPORARY)
    }

    /// Returns whether the script has created a schema.
    pub fn is_new_schema(&self, name: &str) -> bool {
        matches!(self.world.schemas.get(name), Some(SchemaChange::Created))
    }

    /// Returns whether a function that a name means may be volatile.
    pub fn is_volatile(&self, name: &ObjectName) -> bool {
        let in_schema = |schema: &str| {
            let own = self.world.functions.get(&(schema.to_owned(), name.name.clone())).copied();
            own.or_else(|| self.before.is_volatile(schema, &name.name))
        };
        self.first(name, in_schema).unwrap_or(false)
    }

    /// Returns the definition of the domain that a name means.
    pub fn domain(&self, name: &ObjectName) -> Option<ColumnDefinition> {
        let in_schema = |schema: &str| {
            let own = self.world.domains.get(&(schema.to_owned(), name.name.clone())).cloned();
            own.or_else(|| self.before.domain(schema, &name.name).map(ColumnDefinition::of_domain))
        };
        self.first(name, in_schema)
    }

    /// Looks up the name of a function or a type. The server's schema comes first, unless the search path names it.
    fn first<T>(&self, name: &ObjectName, look: impl Fn(&str) -> Option<T>) -> Option<T> {
        const SERVER: &str = "pg_catalog";
        match &name.schema {
            Some(schema) => look(schema),
            None => {
                let is_named = self.search_path.iter().any(|schema| schema == SERVER);
                let path = self.search_path.iter().map(String::as_str);
                std::iter::once(SERVER).filter(|_| !is_named).chain(path).find_map(look)
            }
        }
    }

    /// Returns whether the script has validated a constraint of a relation.
    pub fn is_validated(&self, table: &ObjectName, constraint: &str) -> bool {
        let Some(relation) = self.find(table) else { return false };
        self.world.validated.iter().any(|(own, name)| *own == relation && name == constraint)
    }

    /// Returns whether a check that the script has added and validated proves that a column has no NULL.
    pub fn is_proved(&self, table: &ObjectName, column: &str) -> bool {
        let Some(relation) = self.find(table) else { return false };
        let mut checks = self.world.checks.iter().filter(|own| own.is_proved && own.relation == relation);
        checks.any(|own| own.columns.iter().any(|name| name == column))
    }
}

impl World {
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
                self.create(place, *repeatable, before, search_path);
            }
            Action::CreateIndex { index: Some(index), table, repeatable, .. } => {
                let schema = names.find_place(table).map(|((schema, _), _)| schema);
                let schema = schema.unwrap_or_else(|| names.place_of_new(table).0);
                self.create((schema, index.clone()), *repeatable, before, search_path);
            }
            Action::DefineFunction { name, volatile } => {
                let place = names.place_of_new(name);
                // Another function of the name may be meant.
                *self.functions.entry(place).or_default() |= *volatile;
            }
            Action::DefineDomain { name, definition } => {
                let place = names.place_of_new(name);
                self.domains.insert(place, definition.clone());
            }
            Action::Drop { kind: "schema", names: dropped, .. } => {
                for name in dropped {
                    self.schemas.insert(name.name.clone(), SchemaChange::Gone);
                    self.relations.retain(|(schema, _), _| *schema != name.name);
                }
            }
            Action::Drop { kind, names: dropped, .. } if is_relation(kind) || *kind == "index" => {
                let places: Vec<Place> = dropped.iter().filter_map(|name| Some(names.find_place(name)?.0)).collect();
                self.relations.extend(places.into_iter().map(|place| (place, None)));
            }
            Action::Rename { kind: "schema", object, to, .. } => self.rename_schema(&object.name, to),
            Action::Rename { kind, object, part: None, to, .. } if is_relation(kind) || *kind == "index" => {
                if let Some(found) = names.find_place(object) {
                    let to = (found.0.0.clone(), to.clone());
                    self.rename(found, to);
                }
            }
            Action::Rename { kind, object, part: Some(part), is_column, to } if *is_column || is_relation(kind) => {
                if let Some(relation) = names.find(object) {
                    self.rename_part(&relation, part, *is_column, to);
                }
            }
            Action::SetSchema { kind, object, schema } if is_relation(kind) => {
                if let Some(found) = names.find_place(object) {
                    let to = (schema.clone(), found.0.1.clone());
                    self.rename(found, to);
                }
            }
            Action::AddConstraint { table, constraint } => {
                if let (Some(name), false, Some(relation)) =
                    (&constraint.name, constraint.not_null_columns.is_empty(), names.find(table))
                {
                    let (name, columns) = (name.clone(), constraint.not_null_columns.clone());
                    self.checks.push(NotNullCheck { relation, name, columns, is_proved: !constraint.not_valid });
                }
            }
            Action::ValidateConstraint { table, name } => {
                if let Some(relation) = names.find(table) {
                    let own = self.checks.iter_mut().filter(|own| own.relation == relation && own.name == *name);
                    own.for_each(|own| own.is_proved = true);
                    self.validated.push((relation, name.clone()));
                }
            }
            Action::DropConstraint { table, name, .. } => {
                if let Some(relation) = names.find(table) {
                    self.checks.retain(|own| own.relation != relation || own.name != *name);
                    self.validated.retain(|(own, constraint)| *own != relation || constraint != name);
                }
            }
            _ => {}
        }
    }

    fn create(&mut self, place: Place, repeatable: bool, before: &Before<'_>, search_path: &[String]) {
        // What exists already is not created.
        let exists = Names { world: self, before, search_path }.at(&place).is_some();
        if !(repeatable && exists) {
            let relation = Relation { is_new: true, schema: place.0.clone(), name: place.1.clone() };
            self.relations.insert(place, Some(relation));
        }
    }

    fn rename(&mut self, (from, relation): (Place, Relation), to: Place) {
        self.relations.insert(from, None);
        self.relations.insert(to, Some(relation));
    }

    fn rename_schema(&mut self, from: &str, to: &str) {
        let change = match self.schemas.insert(from.to_owned(), SchemaChange::Gone) {
            Some(change @ (SchemaChange::Created | SchemaChange::Renamed(_))) => change,
            Some(SchemaChange::Gone) | None => SchemaChange::Renamed(from.to_owned()),
        };
        self.schemas.insert(to.to_owned(), change);
        let all = std::mem::take(&mut self.relations).into_iter();
        self.relations = all
            .map(|((schema, name), relation)| match schema == from {
                true => ((to.to_owned(), name), relation),
                false => ((schema, name), relation),
            })
            .collect();
    }

    fn rename_part(&mut self, relation: &Relation, part: &str, is_column: bool, to: &str) {
        let rename = |name: &mut String| {
            if name == part {
                to.clone_into(name);
            }
        };
        for check in self.checks.iter_mut().filter(|own| own.relation == *relation) {
            match is_column {
                true => check.columns.iter_mut().for_each(rename),
                false => rename(&mut check.name),
            }
        }
        if !is_column {
            self.validated.iter_mut().filter(|(own, _)| own == relation).for_each(|(_, name)| rename(name));
        }
    }
}

fn is_relation(kind: &str) -> bool {
    matches!(kind, "table" | "foreign table" | "view" | "materialized view" | "sequence")
}
