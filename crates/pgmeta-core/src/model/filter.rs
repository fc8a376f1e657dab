//! Leaves objects out of a model by type, name and schema. The caller finds the names that a pattern matches, because that requires
//! the server's regular expressions.

use std::collections::{BTreeSet, HashSet};

use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, has_type};

/// The objects that [`Model::filter`] keeps.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only objects of these types.
    pub types: Option<BTreeSet<String>>,
    /// Only objects with these names.
    pub names: Option<HashSet<String>>,
    /// Except these, and what belongs to them.
    pub excluded: Vec<Excluded>,
}

/// The objects that one pattern excludes.
#[derive(Clone, Debug, Default)]
pub struct Excluded {
    /// Objects in these schemas,
    pub schemas: HashSet<String>,
    /// with these names; absent: all, and the schemas themselves.
    pub names: Option<HashSet<String>>,
}

impl Excluded {
    fn has(&self, key: &ObjectKey) -> bool {
        let in_schema = key.schema().is_some_and(|schema| self.schemas.contains(&**schema));
        let is_named = |names: &HashSet<String>| key.kind != ObjectKind::Schema && names.contains(key.name());
        in_schema && self.names.as_ref().is_none_or(is_named)
    }
}

impl Filter {
    /// Returns whether it keeps every object.
    pub fn keeps_all(&self) -> bool {
        self.types.is_none() && self.names.is_none() && self.excluded.is_empty()
    }
}

impl Model {
    /// Returns the names of the objects, of what they belong to, and of their schemas.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut add = |name: &str| {
            if !names.contains(name) {
                names.insert(name.to_owned());
            }
        };
        for object in self.objects() {
            check();
            for key in [Some(object.object().key()), object.parent()].into_iter().flatten() {
                add(key.name());
                if let Some(schema) = key.schema() {
                    add(schema);
                }
            }
        }
        names
    }

    /// Keeps the objects that the filter keeps.
    pub fn filter(&mut self, filter: &Filter) {
        if filter.keeps_all() {
            return;
        }
        let Filter { types, names, excluded } = filter;
        let is_excluded = |key: &ObjectKey| excluded.iter().any(|one| one.has(key));
        let kept = self.objects().inspect(|_| check()).filter_map(|object| {
            let key = object.object().key();
            let keeps = types.as_ref().is_none_or(|types| has_type(object, types))
                && names.as_ref().is_none_or(|names| names.contains(key.name()))
                && !is_excluded(&key)
                && !object.parent().is_some_and(|parent| is_excluded(&parent));
            keeps.then_some(key)
        });
        let kept = kept.collect();
        self.keep(&kept);
    }

    /// Keeps the objects in these schemas, and the schemas.
    pub fn keep_schemas(&mut self, schemas: &[String]) {
        let is_in = |key: &ObjectKey| key.schema().is_some_and(|schema| schemas.iter().any(|name| **name == **schema));
        let kept = self.objects().map(|object| object.object().key()).filter(is_in).collect();
        self.keep(&kept);
    }

    /// Returns whether it has objects of the cluster: roles, tablespaces, databases, settings.
    pub fn has_cluster_objects(&self) -> bool {
        self.objects().any(|object| object.object().key().kind.is_of_cluster())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Index, Role, Schema, Table};

    fn model() -> Model {
        let table = |schema: &str, name: &str| Table { schema: schema.into(), name: name.into(), ..Table::default() };
        let index = Index { schema: "app".into(), table: "log".into(), name: "by_time".into(), ..Index::default() };
        let mut model = Model {
            schemas: ["app", "other"].map(|name| Schema { name: name.into(), ..Schema::default() }).into(),
            tables: vec![table("app", "log"), table("app", "orders"), table("other", "log")],
            indexes: vec![index],
            ..Model::default()
        };
        model.sort();
        model
    }

    fn left(filter: &Filter) -> Vec<String> {
        let mut model = model();
        model.filter(filter);
        model.objects().map(|object| object.object().key().to_string()).collect()
    }

    fn set(names: &[&str]) -> HashSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn filter_matches_names_of_objects_and_schemas() {
        assert_eq!(model().names().into_iter().collect::<Vec<_>>(), ["app", "by_time", "log", "orders", "other"]);
    }

    #[test]
    fn filter_keeps_types_and_names() {
        let types = Some(BTreeSet::from(["schema".to_owned()]));
        assert_eq!(left(&Filter { types, ..Filter::default() }), ["schema app", "schema other"]);
        let names = Some(set(&["log"]));
        assert_eq!(left(&Filter { names, ..Filter::default() }), ["table app.log", "table other.log"]);
        assert_eq!(left(&Filter::default()).len(), model().len());
    }

    #[test]
    fn a_name_pattern_excludes_parts_but_not_schemas() {
        let excluded = |names: Option<&[&str]>| {
            let one = Excluded { schemas: set(&["app"]), names: names.map(set) };
            left(&Filter { excluded: vec![one], ..Filter::default() })
        };
        assert_eq!(excluded(None), ["schema other", "table other.log"]);
        let rest = ["schema app", "schema other", "table app.orders", "table other.log"];
        assert_eq!(excluded(Some(&["log", "app"])), rest);
    }

    #[test]
    fn schemas_are_kept_with_their_contents() {
        let mut model = model();
        model.keep_schemas(&["other".to_owned()]);
        let names: Vec<String> = model.objects().map(|object| object.object().key().to_string()).collect();
        assert_eq!(names, ["schema other", "table other.log"]);
    }

    #[test]
    fn roles_belong_to_the_cluster() {
        assert!(!model().has_cluster_objects());
        let roles = vec![Role { name: "r".into(), ..Role::default() }];
        assert!(Model { roles, ..model() }.has_cluster_objects());
    }
}
