//! What the server does to a table when a column gets another type: it rewrites the table, or builds an index again, or reads the rows
//! for a constraint. Reports nothing.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{ConstraintKind, ObjectRef, Table};

use crate::analysis::ColumnType;
use crate::script::retype::{keeps_rows, spelled};
use crate::script::world::Relation;
use crate::script::{ColumnDefinition, IndexKey, Names, ObjectName, PresentConstraint, PresentIndex, StatementContext};

/// A column gets another type, or the same one again.
pub(crate) struct TypeChange<'c, 'm, 's> {
    cx: &'c StatementContext<'m, 's>,
    table: &'c ObjectName,
    column: &'c str,
    /// The old type; absent: it is not known.
    pub old: Option<String>,
    new: &'c str,
    /// Whether the collation becomes another one.
    changes_collation: bool,
}

impl<'c, 'm, 's> TypeChange<'c, 'm, 's> {
    /// Returns the change of a column to a type, with a collation if it is written.
    pub fn of(
        cx: &'c StatementContext<'m, 's>,
        table: &'c ObjectName,
        column: &'c str,
        new: &'c str,
        collation: Option<&str>,
    ) -> Self {
        let known = cx.column(table, column);
        let (mut old, mut old_collation) = (None, None);
        if let Some((own, before)) = known {
            old = own.type_name.or_else(|| before.map(|own| own.data_type.to_string()));
            let of_model =
                || before.and_then(|own| own.collation.as_deref().map(|text| ObjectName::written(text).name));
            old_collation = own.collation.unwrap_or_else(of_model);
        }
        // A column without a collation of its own has that of its domain.
        let collation_of = |own: Option<String>, name: &str| {
            own.or_else(|| cx.domains_of_type(name).into_iter().find_map(|own| own.collation))
        };
        let old_collation = old.as_deref().and_then(|old| collation_of(old_collation, old));
        let new_collation = collation_of(collation.map(str::to_owned), new);
        let is_default = |own: &Option<String>| own.as_deref().is_none_or(|name| name == "default");
        let is_same = old_collation == new_collation || (is_default(&old_collation) && is_default(&new_collation));
        Self { cx, table, column, old, new, changes_collation: !is_same }
    }

    /// Returns whether the table stays as it is.
    pub fn keeps_rows(&self) -> bool {
        let Some(old) = &self.old else { return false };
        let names = self.cx.names();
        if names.is_same_type(old, self.new) {
            return true;
        }
        // The server checks all values of a domain with constraints.
        if self.cx.domains_of_type(self.new).iter().any(ColumnDefinition::is_constrained) {
            return false;
        }
        let (old, new) = self.bases();
        let is_stored_alike = |old: &str, new: &str| names.is_same_type(old, new) || names.is_binary_cast(old, new);
        keeps_rows(&old, &new, is_stored_alike)
    }

    /// Returns the types without domains.
    fn bases(&self) -> (String, String) {
        let (old, new) = (self.old.as_deref().unwrap_or_default(), self.new);
        // The server does not look for the limits of values in their domain.
        let old_domains = self.cx.domains_of_type(old);
        let old = old_domains.last().map_or_else(|| old.to_owned(), |domain| without_limits(&domain.type_name));
        let new_domains = self.cx.domains_of_type(new);
        (old, new_domains.last().map_or_else(|| new.to_owned(), |domain| domain.type_name.clone()))
    }

    /// Returns what the server builds again or reads the rows for, if it does not rewrite the table: in the table, in those that inherit
    /// the column, and in those with a foreign key to it.
    pub fn rebuilt(&self, drops: &dyn Fn(&str) -> bool) -> Vec<String> {
        let names = self.cx.names();
        let Some(relation) = names.find(self.table) else { return Vec::new() };
        let mut found = self.rebuilt_in(&relation, drops, "");
        for child in self.cx.table(self.table).map(|table| self.cx.cx.index.descendants(table)).unwrap_or_default() {
            let child_relation =
                Relation { is_new: false, schema: child.schema.to_string(), name: child.name.to_string() };
            found.extend(self.rebuilt_in(&child_relation, &|_| false, &of_table(child)));
        }
        if self.changes_class("btree", None)
            && let Some(table) = self.cx.table(self.table)
        {
            let before = self.cx.column(self.table, self.column).and_then(|(own, _)| own.before);
            for key in self.cx.cx.index.foreign_keys_to(&table.schema, &table.name) {
                let columns = key.foreign_key.iter().flat_map(|own| &own.columns);
                if !key.not_valid && columns.into_iter().any(|name| before.as_deref() == Some(&**name)) {
                    found.push(format!("foreign key {} of table {}", key.name, key.table_key().identity()));
                }
            }
        }
        found
    }

    fn rebuilt_in(&self, relation: &Relation, drops: &dyn Fn(&str) -> bool, of: &str) -> Vec<String> {
        let names = self.cx.names();
        let is_read = |own: &&PresentConstraint<'_>| {
            check();
            own.kind == ConstraintKind::Check && own.is_valid && own.columns.iter().any(|name| name == self.column)
        };
        let constraints = names.constraints(relation);
        let checks = constraints.iter().filter(|own| is_read(own) && !drops(&own.name));
        let indexes = names.indexes(relation);
        let indexes = indexes.iter().filter(|own| self.rebuilds(own, &names) && !drops(&own.name));
        let checks = checks.map(|own| format!("check {}{of}", own.name));
        checks.chain(indexes.map(|own| format!("index {}{of}", own.name))).collect()
    }

    /// Returns whether the server builds an index again. It keeps one with the same operator classes and collations, unless there are
    /// expressions or conditions, which it does not compare.
    fn rebuilds(&self, index: &PresentIndex, names: &Names<'_, '_>) -> bool {
        let own = &index.definition;
        if !own.columns().any(|name| name == self.column) {
            return false;
        }
        let key = |key: &&IndexKey| key.column.as_deref() == Some(self.column);
        own.has_expression
            || own.is_attached
            || own.keys.iter().filter(key).any(|key| {
                self.changes_class(&own.method, key.class.as_deref())
                    || (!key.has_collation && self.changes_collation)
                    || self.changes_general_type(&own.method, names)
            })
    }

    /// Returns whether an index of the column gets another operator class. A class that is not the default one remains.
    fn changes_class(&self, method: &str, class: Option<&str>) -> bool {
        let names = self.cx.names();
        let (old, new) = self.bases();
        let [old, new] = [old, new].map(|name| spelled(&name));
        if old.base == new.base || names.is_same_type(&old.base, &new.base) {
            return false;
        }
        let [old, new] = [old, new].map(|own| names.default_class(&own.base, method).map(str::to_owned));
        class.is_none_or(|class| old.as_deref() == Some(class)) && old != new
    }

    /// Returns whether an operator class for arrays, enums or ranges in general keeps the server from comparing an index: a domain and its
    /// type change places, or the values of the index are of another type than the column.
    fn changes_general_type(&self, method: &str, names: &Names<'_, '_>) -> bool {
        let base = ColumnType::parse(&self.bases().1);
        let own = self.cx.cx.index.type_named(&base.base);
        let is_listed = matches!(own, Some(ObjectRef::Type(own)) if own.enum_labels.is_some() || own.range.is_some());
        let is_general = base.is_array || is_listed || base.base.ends_with("range");
        let is_other = self.old.as_deref().is_none_or(|old| !names.is_same_type(old, self.new));
        let has_domain = |name: &str| !self.cx.domains_of_type(name).is_empty();
        let swaps = is_other && (self.old.as_deref().is_some_and(has_domain) || has_domain(self.new));
        is_general && (swaps || matches!(method, "gin" | "hash"))
    }
}

fn of_table(table: &Table) -> String {
    format!(" of table {}", table.object_key().identity())
}

fn without_limits(name: &str) -> String {
    let own = ColumnType::parse(name);
    if own.is_array { name.to_owned() } else { own.base }
}
