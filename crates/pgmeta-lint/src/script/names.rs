//! What the names of a script mean at a statement: what existed before, under which name, and what the script has made. Judges nothing.

use pgmeta_core::ident::ident;
use pgmeta_core::interrupt::check;

use crate::script::world::{Column, Constraint, Place, Relation, SchemaChange, TEMPORARY, World};
use crate::script::{Before, ObjectName, PresentConstraint};

/// The schema of the server's functions and types.
const SERVER: &str = "pg_catalog";

/// The world as a statement sees it.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a, 'm> {
    pub world: &'a World,
    pub before: &'a Before<'m>,
    pub search_path: &'a [String],
}

impl<'a> Names<'a, '_> {
    pub fn has_schema(&self, name: &str) -> bool {
        match self.world.schema(name) {
            Some(SchemaChange::Created | SchemaChange::Renamed(_)) => true,
            Some(SchemaChange::Gone) => false,
            None => name == TEMPORARY || self.before.has_schema(name),
        }
    }

    /// Returns whether the script has created a schema.
    pub fn is_new_schema(&self, name: &str) -> bool {
        matches!(self.world.schema(name), Some(SchemaChange::Created))
    }

    /// Returns the name that a schema had before the script.
    pub(super) fn schema_before<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        match self.world.schema(name) {
            None => Some(name),
            Some(SchemaChange::Renamed(before)) => Some(before),
            Some(SchemaChange::Created | SchemaChange::Gone) => None,
        }
    }

    /// Returns the place that a name has if an object is created with it.
    pub fn place_of_new(&self, name: &ObjectName) -> Place {
        let exists = || self.search_path.iter().find(|schema| self.has_schema(schema));
        let first = || exists().or_else(|| self.search_path.first()).cloned().unwrap_or_default();
        (name.schema.clone().unwrap_or_else(first), name.name.clone())
    }

    /// Returns the relation at a place.
    pub fn at(&self, schema: &str, name: &str) -> Option<Relation> {
        if let Some(own) = self.world.at(schema, name) {
            return own.cloned();
        }
        let schema = self.schema_before(schema)?;
        let relation = || Relation { is_new: false, schema: schema.to_owned(), name: name.to_owned() };
        self.before.has_relation(schema, name).then(relation)
    }

    /// Returns the schemas in which a relation without a schema is looked up.
    fn path(&self) -> impl Iterator<Item = &'a str> {
        let path = self.search_path;
        let is_named = path.iter().any(|schema| schema == TEMPORARY);
        // Temporary relations come first, unless the path has a place for them.
        std::iter::once(TEMPORARY).filter(move |_| !is_named).chain(path.iter().map(String::as_str))
    }

    /// Returns the relation that a name means, and its place.
    pub fn find_place(&self, name: &ObjectName) -> Option<(Place, Relation)> {
        let look = |schema: &str| {
            check();
            self.at(schema, &name.name).map(|relation| ((schema.to_owned(), name.name.clone()), relation))
        };
        match &name.schema {
            Some(schema) => look(schema),
            None => self.path().filter(|schema| self.before.is_usable(schema)).find_map(look),
        }
    }

    /// Returns the relation that a name means.
    pub fn find(&self, name: &ObjectName) -> Option<Relation> {
        self.find_place(name).map(|(_, relation)| relation)
    }

    /// Returns whether others may use what a name means: the script has not created it itself, or put an old table under it.
    pub fn is_in_use(&self, name: &ObjectName) -> bool {
        self.find(name).is_none_or(|own| !own.is_new || self.world.is_shared(&own))
    }

    /// Returns whether a name means nothing, because the script has dropped what it meant.
    pub fn is_gone(&self, name: &ObjectName) -> bool {
        let is_dropped = |schema: &str| matches!(self.world.at(schema, &name.name), Some(None));
        self.find(name).is_none()
            && match &name.schema {
                Some(schema) => is_dropped(schema),
                None => self.path().any(is_dropped),
            }
    }

    /// Returns whether a name means a temporary relation of the script.
    pub fn is_temporary(&self, name: &ObjectName) -> bool {
        self.find_place(name).is_some_and(|((schema, _), _)| schema == TEMPORARY)
    }

    /// Returns the default partition of a table before the script.
    pub fn default_partition(&self, table: &ObjectName) -> Option<ObjectName> {
        let relation = self.find(table).filter(|own| !own.is_new)?;
        let own = self.before.default_partition(&relation.schema, &relation.name)?;
        Some(ObjectName::in_schema(&own.schema, &own.name))
    }

    /// Returns the tables to which the foreign keys of a table refer, as before the script.
    pub fn referenced_by(&self, table: &ObjectName) -> Vec<ObjectName> {
        let Some(relation) = self.find(table).filter(|own| !own.is_new) else { return Vec::new() };
        self.before.referenced_by(&relation.schema, &relation.name)
    }

    /// Returns a column of a relation as it is now; `None` if there is none, or it is not known.
    pub fn column(&self, relation: &Relation, name: &str) -> Option<Column> {
        match self.world.column(relation, name) {
            Some(own) => own.cloned(),
            None => {
                let table = self.before.table(&relation.schema, &relation.name).filter(|_| !relation.is_new)?;
                let before = table.columns.iter().find(|own| &*own.name == name)?;
                Some(Column { before: Some(before.name.to_string()), ..Column::default() })
            }
        }
    }

    /// Returns whether a table has no column with the name any more.
    pub fn is_column_gone(&self, table: &ObjectName, name: &str) -> bool {
        self.find(table).is_some_and(|relation| self.world.column(&relation, name) == Some(None))
    }

    /// Returns a constraint of a relation as the script has left it; `None` if there is none, or it is not known.
    pub fn constraint(&self, relation: &Relation, name: &str) -> Option<Constraint> {
        match self.world.constraint(relation, name) {
            Some(own) => own.cloned(),
            None => {
                let all = self.before.constraints_of(&relation.schema, &relation.name).iter();
                let own = all.filter(|_| !relation.is_new).find(|own| &*own.name == name)?;
                Some(Constraint { before: Some(own.name.to_string()), ..Constraint::default() })
            }
        }
    }

    /// Returns whether a valid check of a relation proves that a column has no NULL. `drops` says which constraints the statement drops.
    pub fn is_proved(&self, relation: &Relation, column: &str, drops: &dyn Fn(&str) -> bool) -> bool {
        let table = self.before.table(&relation.schema, &relation.name).filter(|_| !relation.is_new);
        let has_children = table.is_some_and(|table| self.before.has_children(table));
        let all = self.constraints(relation);
        // Children do not have a check with NO INHERIT.
        let of_children = |own: &PresentConstraint<'_>| !(has_children && own.before.is_some_and(|own| own.no_inherit));
        let mut checks = all.iter().filter(|own| own.is_valid && of_children(own) && !drops(&own.name));
        checks.any(|own| own.not_null_columns.iter().any(|name| name == column))
    }

    /// Returns the index at a place.
    pub fn index_at(&self, schema: &str, name: &str) -> Option<Relation> {
        self.at(schema, name).filter(|own| match own.is_new {
            true => self.world.index(own).is_some(),
            false => self.before.has_index(&own.schema, &own.name),
        })
    }

    /// Returns a name that the server chooses for an index of a schema.
    pub fn free_name(&self, schema: &str, base: &str) -> String {
        self.free(base, |name| self.at(schema, name).is_some())
    }

    /// Returns a name, with a number after it if it is taken.
    pub fn free(&self, base: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let mut numbered = (1..).map(|number: u32| format!("{base}{number}")).inspect(|_| check());
        let mut free = || numbered.find(|name| !is_taken(name));
        if is_taken(base) { free().unwrap_or_default() } else { base.to_owned() }
    }

    /// Returns whether a table may have a trigger, a policy or a rule with a name.
    pub fn has_part(&self, kind: &'static str, table: &ObjectName, name: &str) -> bool {
        let Some(relation) = self.find(table) else { return false };
        let before = || !relation.is_new && self.before.has_part(kind, &relation.schema, &relation.name, name);
        self.world.has_created(kind, name) || before()
    }

    /// Returns whether the script has dropped an object, if it existed, and has not created it since.
    pub fn has_dropped(&self, kind: &'static str, name: &ObjectName) -> bool {
        self.world.has_dropped(kind, &self.place_of_new(name))
    }

    /// Returns whether the script has dropped a constraint of a table.
    pub fn has_dropped_constraint(&self, table: &ObjectName, name: &str) -> bool {
        let place = self.find_place(table).map_or_else(|| self.place_of_new(table), |(place, _)| place);
        self.world.has_dropped("constraint", &(place.0, format!("{}.{name}", place.1)))
    }

    /// Returns the place that a relation has now.
    pub fn place_of(&self, relation: &Relation) -> Option<Place> {
        let own = self.world.place_of(relation);
        own.cloned().or_else(|| {
            let schema = self.world.present_schema(&relation.schema)?.to_owned();
            let place = (schema, relation.name.clone());
            (self.at(&place.0, &place.1).as_ref() == Some(relation)).then_some(place)
        })
    }

    /// Returns whether a function that a name means may be volatile.
    pub fn is_volatile(&self, name: &ObjectName) -> bool {
        self.find_function(name).is_some_and(|(_, volatile)| volatile)
    }

    /// Returns the schema of the function that a name means, and whether it may be volatile.
    pub fn find_function(&self, name: &ObjectName) -> Option<(String, bool)> {
        self.first(name, |schema| {
            let own = self.world.function(schema, &name.name);
            let own = own.or_else(|| self.before.is_volatile(self.schema_before(schema)?, &name.name));
            own.map(|volatile| (schema.to_owned(), volatile))
        })
    }

    /// Returns whether two types, as statements write them or `format_type` names them, are the same.
    pub fn is_same_type(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.type_names(one), self.type_names(other));
        one.iter().any(|name| other.contains(name))
    }

    /// Returns whether the values of a type are stored as those of another.
    pub fn is_binary_cast(&self, source: &str, target: &str) -> bool {
        let (sources, targets) = (self.type_names(source), self.type_names(target));
        sources.iter().any(|source| targets.iter().any(|target| self.before.is_binary_cast(source, target)))
    }

    /// Returns the operator class that a type has by default, if a binary cast knows the type.
    pub fn default_class(&self, name: &str, method: &str) -> Option<&str> {
        self.type_names(name).iter().find_map(|name| self.before.default_class(name, method))
    }

    /// Returns the names that `format_type` may give a type.
    pub(super) fn type_names(&self, name: &str) -> Vec<String> {
        let written = ObjectName::written(name);
        let is_in_path = written.schema.is_none() && !self.is_server_type(&written.name);
        let in_path = |schema: &String| format!("{}.{name}", ident(schema));
        let in_path = self.search_path.iter().filter(|_| is_in_path).map(in_path);
        std::iter::once(name.to_owned()).chain(in_path).collect()
    }

    /// Returns whether a name without a schema means a type of the server.
    pub(super) fn is_server_type(&self, name: &str) -> bool {
        let is_named = self.search_path.iter().any(|schema| schema == SERVER);
        !is_named && self.before.is_server_type(name)
    }

    /// Looks up the name of a function or a type. The server's schema comes first, unless the search path names it.
    pub(super) fn first<T>(&self, name: &ObjectName, look: impl Fn(&str) -> Option<T>) -> Option<T> {
        match &name.schema {
            Some(schema) => look(schema),
            None => {
                let is_named = self.search_path.iter().any(|schema| schema == SERVER);
                let path = self.search_path.iter().map(String::as_str);
                std::iter::once(SERVER).filter(|_| !is_named).chain(path).inspect(|_| check()).find_map(look)
            }
        }
    }
}
