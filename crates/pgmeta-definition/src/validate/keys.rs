//! Keys and indexes of a definition: primary keys, foreign keys and what they refer to, missing indexes.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check as check_interrupts;
use rustc_hash::FxHashSet;

use crate::constraint::ForeignKeyDefinition;
use crate::default_names::Label;
use crate::definition::Definition;
use crate::index::IndexColumnDefinition;
use crate::table::TableDefinition;
use crate::to_model::constraints::keys;
use crate::to_model::names::Names;
use crate::validate::comparable::may_refer;
use crate::validate::places::Places;
use crate::validate::{Findings, schema_of};

/// The tables of a definition, to which keys refer.
struct Tables<'d> {
    definition: &'d Definition,
    names: Names<'d>,
    places: &'d Places,
}

pub(super) fn check(definition: &Definition, places: &Places, findings: &mut Findings) {
    let tables = Tables { definition, names: Names::of(definition), places };
    for (at, own) in definition.tables.iter().enumerate() {
        check_interrupts();
        check_columns(own, at, findings);
        check_not_empty(own, at, findings);
        check_operator_classes(own, at, findings);
        check_primary_key(own, at, findings);
        for (position, key) in own.foreign_keys.iter().enumerate() {
            let path = format!("/tables/{at}/foreign_keys/{position}");
            tables.check_foreign_key(own, key, &path, findings);
            if !is_indexed(own, &key.columns) {
                let message =
                    format!("No index of table {} begins with the columns {}.", own.name, key.columns.join(", "));
                let hint = "Add an index on these columns: deleting a referenced row reads the whole table without it.";
                findings.warn(&path, "UNINDEXED_FOREIGN_KEY", message, hint);
            }
        }
    }
}

/// Reports columns in keys and indexes that the table does not have.
fn check_columns(own: &TableDefinition, at: usize, findings: &mut Findings) {
    // A child has columns of its parents, too.
    if own.partition_of.is_some() || !own.inherits.is_empty() {
        return;
    }
    let known: FxHashSet<&Name> = own.columns.iter().map(|column| &column.name).collect();
    let mut need = |columns: &[Name], path: String| {
        check_interrupts();
        for name in columns {
            if !known.contains(name) {
                let message = format!("Table {} has no column {name}.", own.name);
                findings.error(&path, "UNKNOWN_COLUMN", message, "Add the column, or correct its name.");
            }
        }
    };
    if let Some(key) = &own.primary_key {
        need(&key.0.columns, format!("/tables/{at}/primary_key"));
        need(&key.0.include, format!("/tables/{at}/primary_key/include"));
    }
    for (position, key) in own.unique.iter().enumerate() {
        need(&key.0.columns, format!("/tables/{at}/unique/{position}"));
        need(&key.0.include, format!("/tables/{at}/unique/{position}/include"));
    }
    for (position, key) in own.foreign_keys.iter().enumerate() {
        need(&key.columns, format!("/tables/{at}/foreign_keys/{position}/columns"));
    }
    for (position, index) in own.indexes.iter().enumerate() {
        let columns: Vec<Name> = index.columns.iter().filter_map(|it| it.0.column.clone()).collect();
        need(&columns, format!("/tables/{at}/indexes/{position}/columns"));
        need(&index.include, format!("/tables/{at}/indexes/{position}/include"));
    }
}

/// Reports keys and indexes without columns.
fn check_not_empty(own: &TableDefinition, at: usize, findings: &mut Findings) {
    let of_keys = own.primary_key.iter().map(|key| (key.0.columns.is_empty(), "primary_key".to_owned()));
    let of_unique = own.unique.iter().enumerate().map(|(nth, key)| (key.0.columns.is_empty(), format!("unique/{nth}")));
    let of_foreign =
        own.foreign_keys.iter().enumerate().map(|(nth, key)| (key.columns.is_empty(), format!("foreign_keys/{nth}")));
    let of_indexes =
        own.indexes.iter().enumerate().map(|(nth, index)| (index.columns.is_empty(), format!("indexes/{nth}")));
    for (is_empty, place) in of_keys.chain(of_unique).chain(of_foreign).chain(of_indexes) {
        if is_empty {
            let message = "A key or index has no columns.".to_owned();
            findings.error(format!("/tables/{at}/{place}"), "MISSING_REQUIRED_FIELD", message, "Name its columns.");
        }
    }
}

/// Reports options of operator classes without the class, which SQL cannot say.
fn check_operator_classes(own: &TableDefinition, at: usize, findings: &mut Findings) {
    for (position, index) in own.indexes.iter().enumerate() {
        let lacks =
            |it: &IndexColumnDefinition| !it.0.operator_class_options.0.is_empty() && it.0.operator_class.is_none();
        for (column, _) in index.columns.iter().enumerate().filter(|(_, it)| lacks(it)) {
            let path = format!("/tables/{at}/indexes/{position}/columns/{column}");
            let message = "Options of an operator class need its name.".to_owned();
            findings.error(path, "MISSING_REQUIRED_FIELD", message, "Add operator_class.");
        }
    }
}

fn check_primary_key(own: &TableDefinition, at: usize, findings: &mut Findings) {
    let count = keys(own).iter().filter(|(label, _)| *label == Label::PrimaryKey).count();
    if count > 1 {
        let message = format!("Table {} has {count} primary keys.", own.name);
        let hint = "Write a key of several columns as the table's primary_key.";
        findings.error(format!("/tables/{at}"), "DUPLICATE_PRIMARY_KEY", message, hint);
    }
    let has_parent = own.partition_of.is_some() || !own.inherits.is_empty();
    if count == 0 && !has_parent {
        let message = format!("Table {} has no primary key.", own.name);
        findings.warn(format!("/tables/{at}"), "MISSING_PRIMARY_KEY", message, "Add one.");
    }
}

/// Returns whether an index or a key begins with the columns, in any order.
fn is_indexed(own: &TableDefinition, columns: &[Name]) -> bool {
    let covers =
        |index: &[Name]| index.len() >= columns.len() && index[..columns.len()].iter().all(|it| columns.contains(it));
    let indexes = own.indexes.iter().filter(|index| index.r#where.is_none());
    let mut of_indexes =
        indexes.map(|index| index.columns.iter().map_while(|it| it.0.column.clone()).collect::<Vec<Name>>());
    keys(own).iter().any(|(_, key)| covers(&key.columns)) || of_indexes.any(|columns| covers(&columns))
}

impl Tables<'_> {
    fn target(&self, own: &TableDefinition, key: &ForeignKeyDefinition) -> Option<usize> {
        let schema = key.references.schema.clone().unwrap_or_else(|| schema_of(own.schema.as_ref(), self.definition));
        self.places.table(&schema, &key.references.table)
    }

    /// Returns the type below the definition's own domains.
    fn below_domains(&self, mut name: Name) -> Name {
        for _ in 0..=self.definition.domains.len() {
            match self.places.domain(&self.names.place(&name)) {
                Some(at) => name = self.names.data_type(&self.definition.domains[at].r#type),
                None => break,
            }
        }
        name
    }

    fn check_foreign_key(
        &self,
        own: &TableDefinition,
        key: &ForeignKeyDefinition,
        path: &str,
        findings: &mut Findings,
    ) {
        const CODE: &str = "FOREIGN_KEY_ERROR";
        let references = format!("{path}/references");
        let Some(at) = self.target(own, key) else {
            if let Some(schema) = key.references.schema.as_ref().filter(|schema| !self.places.has_tables_in(schema)) {
                let message = format!("Table {schema}.{} is not part of the definition.", key.references.table);
                return findings.warn(&references, CODE, message, "It must exist where the definition is deployed.");
            }
            let message = format!("Table {} does not exist.", key.references.table);
            return findings.error(&references, CODE, message, "Define the table, or correct its name.");
        };
        let target = &self.definition.tables[at];
        let of_target = keys(target);
        let primary = of_target.iter().find(|(label, _)| *label == Label::PrimaryKey).map(|(_, key)| &key.columns);
        let columns = match (key.references.columns.is_empty(), primary) {
            (false, _) => &key.references.columns,
            (true, Some(columns)) => columns,
            (true, None) => {
                let message = format!("Table {} has no primary key.", target.name);
                return findings.error(&references, CODE, message, "Name the referenced columns.");
            }
        };
        if columns.len() != key.columns.len() {
            let message = format!("{} columns refer to {}.", key.columns.len(), columns.len());
            return findings.error(path, CODE, message, "Name as many columns on both sides.");
        }
        if let Some(name) = columns.iter().find(|name| !target.columns.iter().any(|it| it.name == **name)) {
            // Columns of a parent are not in the list.
            if target.inherits.is_empty() && target.partition_of.is_none() {
                let message = format!("Table {} has no column {name}.", target.name);
                findings.error(&references, CODE, message, "Add the column, or correct its name.");
            }
            return;
        }
        let same = |it: &[Name]| it.len() == columns.len() && it.iter().all(|name| columns.contains(name));
        let is_unique = of_target.iter().any(|(_, key)| same(&key.columns))
            || target.indexes.iter().filter(|index| index.unique && index.r#where.is_none()).any(|index| {
                let names: Vec<Name> = index.columns.iter().filter_map(|it| it.0.column.clone()).collect();
                names.len() == index.columns.len() && same(&names)
            });
        if !is_unique {
            let message = format!("No key of table {} has the columns {}.", target.name, columns.join(", "));
            findings.error(&references, CODE, message, "Add a unique constraint on these columns.");
        }
        for (name, referenced) in key.columns.iter().zip(columns) {
            let of = |table: &TableDefinition, name: &Name| {
                let column = table.columns.iter().find(|it| it.name == *name)?;
                let base = crate::column::serial_base(&column.r#type).map(Name::from);
                let written = base.unwrap_or_else(|| self.names.data_type(&column.r#type));
                Some(self.below_domains(written))
            };
            if let (Some(one), Some(other)) = (of(own, name), of(target, referenced))
                && !may_refer(&one, &other)
            {
                let message = format!("Column {name} of type {one} refers to column {referenced} of type {other}.");
                findings.error(path, CODE, message, "Give both columns the same type.");
            }
        }
    }
}
