//! What the names of domains mean at a statement, and which columns have a type or a domain over it. Judges nothing.

use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::interrupt::check;
use rustc_hash::FxHashSet;

use crate::script::world::{Domain, Place, Relation};
use crate::script::{ColumnDefinition, Names, ObjectName};

impl Names<'_, '_> {
    /// Returns the definition of the domain that a name means.
    pub fn domain(&self, name: &ObjectName) -> Option<ColumnDefinition> {
        self.find_domain(name).map(|(_, own)| own.definition)
    }

    /// Returns the domain that a name means, and its place.
    pub fn find_domain(&self, name: &ObjectName) -> Option<(Place, Domain)> {
        if name.schema.is_none() && self.is_server_type(&name.name) {
            return None;
        }
        self.first(name, |schema| Some(((schema.to_owned(), name.name.clone()), self.domain_at(schema, &name.name)?)))
    }

    fn domain_at(&self, schema: &str, name: &str) -> Option<Domain> {
        if let Some(own) = self.world.domain(schema, name) {
            return own.cloned();
        }
        let schema = self.schema_before(schema)?;
        let own = self.before.domain(schema, name)?;
        let before = Some((schema.to_owned(), name.to_owned()));
        Some(Domain { before, definition: ColumnDefinition::of_domain(own) })
    }

    /// Returns the places of the domain that a name means, if it is one, and of all domains over the type.
    pub fn domains_over(&self, name: &ObjectName) -> Vec<Place> {
        self.types_over(name).0
    }

    /// Returns the domains over a type, and the names that columns of the type and of these may have it under.
    fn types_over(&self, name: &ObjectName) -> (Vec<Place>, FxHashSet<String>) {
        let mut written: FxHashSet<String> = self.type_names(&name.to_string()).into_iter().collect();
        let mut waiting = self.all_domains();
        let mut found: Vec<Place> = Vec::new();
        if let Some((place, own)) = self.find_domain(name) {
            written = self.names_of_domain(&place, &own);
            waiting.retain(|(other, _)| *other != place);
            found.push(place);
        }
        loop {
            let (over, rest): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .inspect(|_| check())
                .partition(|(_, own)| is_one_of(&own.definition.type_name, &written));
            waiting = rest;
            if over.is_empty() {
                return (found, written);
            }
            for (place, own) in over {
                written.extend(self.names_of_domain(&place, &own));
                found.push(place);
            }
        }
    }

    /// Returns all domains as they are now.
    fn all_domains(&self) -> Vec<(Place, Domain)> {
        let of_script = self.world.domains().filter_map(|(place, own)| Some((place.clone(), own?.clone())));
        let before = self.before.domains().inspect(|_| check()).filter_map(|own| {
            let schema = self.world.present_schema(&own.schema)?;
            let is_touched = self.world.domain(schema, &own.name).is_some();
            let domain = self.domain_at(schema, &own.name).filter(|_| !is_touched)?;
            Some(((schema.to_owned(), own.name.to_string()), domain))
        });
        of_script.chain(before).collect()
    }

    /// Returns the names that the type of a column may have if it is a domain: the present one, and that before the script.
    fn names_of_domain(&self, place: &Place, own: &Domain) -> FxHashSet<String> {
        let in_path = self.search_path.contains(&place.0) && !self.is_server_type(&place.1);
        let bare = in_path.then(|| ident(&place.1));
        std::iter::once(place).chain(&own.before).map(|(schema, name)| qualified(schema, name)).chain(bare).collect()
    }

    /// Returns the columns that DROP … CASCADE of a type, a domain or an extension drops.
    pub fn columns_with(&self, kind: &str, name: &ObjectName) -> Vec<(ObjectName, String)> {
        match kind {
            "type" | "domain" => self.columns_of_type(name),
            "extension" => {
                let types = self.before.types_of_extension(&name.name).iter();
                types.flat_map(|own| self.columns_of_type(&ObjectName::written(own))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the columns with a type, an array of it or a domain over it: in the tables and materialized views that existed before the
    /// script, by their present names.
    pub fn columns_of_type(&self, name: &ObjectName) -> Vec<(ObjectName, String)> {
        let (_, written) = self.types_over(name);
        let mut found = Vec::new();
        for (schema, name, columns) in self.before.with_rows() {
            check();
            let relation = Relation { is_new: false, schema: schema.to_owned(), name: name.to_owned() };
            let touched: Vec<_> = self.world.columns_of(&relation).collect();
            let kept = columns.iter().filter(|own| !touched.iter().any(|(name, _)| *name == &*own.name));
            let mut meant: Vec<&str> =
                kept.filter(|own| is_one_of(&own.data_type, &written)).map(|own| &*own.name).collect();
            let before = |name: &str| columns.iter().find(|own| &*own.name == name).map(|own| &*own.data_type);
            meant.extend(touched.iter().filter_map(|(name, own)| {
                let own = (*own)?;
                let type_name = own.type_name.as_deref().or_else(|| before(own.before.as_deref()?))?;
                is_one_of(type_name, &written).then_some(*name)
            }));
            if meant.is_empty() {
                continue;
            }
            let Some((schema, name)) = self.place_of(&relation) else { continue };
            let table = ObjectName::in_schema(&schema, &name);
            found.extend(meant.into_iter().map(|column| (table.clone(), column.to_owned())));
        }
        found
    }
}

/// Returns whether a type, or the elements of an array, have one of some names.
fn is_one_of(type_name: &str, names: &FxHashSet<String>) -> bool {
    names.contains(type_name.strip_suffix("[]").unwrap_or(type_name))
}
