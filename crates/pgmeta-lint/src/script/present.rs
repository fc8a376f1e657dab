//! The constraints and indexes of a relation at a statement: those before the script, as it has left them, and its own. All have the names
//! that they and their columns have now. Judges nothing.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, ConstraintKind, Index, IndexColumn};
use rustc_hash::FxHashMap;

use crate::analysis::{column_names, constants, demanded_columns};
use crate::script::world::Relation;
use crate::script::{IndexDefinition, IndexKey, Names, ObjectName};

/// A constraint as it is at a statement.
#[derive(Clone, Debug)]
pub(crate) struct PresentConstraint<'m> {
    pub name: String,
    pub kind: ConstraintKind,
    /// Whether the server has proved it for all rows.
    pub is_valid: bool,
    /// The columns that it names.
    pub columns: Vec<String>,
    /// The columns of which a check demands a value.
    pub not_null_columns: Vec<String>,
    /// The constants in a check.
    pub constants: Vec<String>,
    /// As it was before the script.
    pub before: Option<&'m Constraint>,
}

/// An index as it is at a statement. It may be behind a constraint.
#[derive(Clone, Debug)]
pub(crate) struct PresentIndex {
    pub name: String,
    pub definition: IndexDefinition,
}

impl<'m> Names<'_, 'm> {
    /// Returns the constraints of a relation.
    pub fn constraints(&self, relation: &Relation) -> Vec<PresentConstraint<'m>> {
        let mut all = Vec::new();
        let columns = self.present_columns(relation);
        let of_script = self.world.constraints_of(relation);
        let renamed: FxHashMap<&str, &str> =
            of_script.filter_map(|(name, own)| Some((own?.before.as_deref()?, name))).collect();
        for own in self.constraints_before(relation) {
            check();
            let name = match renamed.get(&*own.name) {
                Some(name) => (*name).to_owned(),
                // Another one may have its name.
                None if self.world.constraint(relation, &own.name).is_some() => continue,
                None => own.name.to_string(),
            };
            let named = match &own.expression {
                Some(text) => present(&columns, column_names(text).iter().map(String::as_str)),
                None => present(&columns, own.columns.iter().map(|column| &**column)),
            };
            let Some(named) = named else { continue };
            let demanded = own.expression.as_deref().filter(|_| own.kind == ConstraintKind::Check);
            let demanded = demanded.map(demanded_columns).unwrap_or_default();
            let validated = self.world.constraint(relation, &name).flatten().and_then(|own| own.is_valid);
            all.push(PresentConstraint {
                name,
                kind: own.kind,
                is_valid: validated.unwrap_or(!own.not_valid && !own.not_enforced),
                columns: named,
                not_null_columns: present(&columns, demanded.iter().map(String::as_str)).unwrap_or_default(),
                constants: own.expression.as_deref().map(constants).unwrap_or_default(),
                before: Some(own),
            });
        }
        let added = self.world.constraints_of(relation).filter_map(|(name, own)| Some((name, own?)));
        all.extend(added.filter_map(|(name, own)| {
            let definition = own.added.as_ref()?;
            Some(PresentConstraint {
                name: name.to_owned(),
                kind: definition.kind,
                is_valid: own.is_valid.unwrap_or(!definition.not_valid && !definition.not_enforced),
                columns: definition.columns.clone(),
                not_null_columns: definition.not_null_columns.clone(),
                constants: definition.constants.clone(),
                before: None,
            })
        }));
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// Returns the indexes of a relation, those of its constraints included.
    pub fn indexes(&self, relation: &Relation) -> Vec<PresentIndex> {
        let mut all = Vec::new();
        if !relation.is_new {
            let (schema, name) = (&relation.schema, &relation.name);
            let of_table = self.before.indexes_of(schema, name).iter().map(|own| &*own.name);
            let keys = self.before.constraints_of(schema, name).iter().filter(|own| own.index.is_some());
            for index in of_table.chain(keys.map(|own| &*own.name)) {
                check();
                let index = Relation { is_new: false, schema: schema.clone(), name: index.to_owned() };
                all.extend(self.present_index(&index));
            }
        }
        let of_script = self.world.indexes_of(relation);
        all.extend(of_script.filter_map(|index| self.present_index(index)));
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// Returns an index, if it still exists.
    pub fn present_index(&self, index: &Relation) -> Option<PresentIndex> {
        let (_, name) = self.place_of(index)?;
        if index.is_new {
            let (_, definition) = self.world.index(index)?;
            return Some(PresentIndex { name, definition: definition.clone() });
        }
        let (table, definition) = self.index_before(index)?;
        let table = Relation { is_new: false, schema: index.schema.clone(), name: table.to_owned() };
        let columns = self.present_columns(&table);
        // An index is dropped with any of its columns.
        Some(PresentIndex { name, definition: definition.renamed(&columns)? })
    }

    /// Returns the table and the definition that an index had before the script.
    fn index_before(&self, index: &Relation) -> Option<(&'m str, IndexDefinition)> {
        if let Some(own) = self.before.index(&index.schema, &index.name) {
            return Some((&own.table, of_index(own)));
        }
        let own = self.before.key_constraint(&index.schema, &index.name)?;
        Some((&own.table, of_constraint(own)))
    }

    /// Returns the constraints that a relation had before the script.
    fn constraints_before<'b>(&'b self, relation: &'b Relation) -> &'b [&'m Constraint] {
        if relation.is_new { &[] } else { self.before.constraints_of(&relation.schema, &relation.name) }
    }

    /// Returns the names that the columns of a relation have now, by those before the script; absent: dropped.
    pub fn present_columns(&self, relation: &Relation) -> FxHashMap<String, Option<String>> {
        let mut columns = FxHashMap::default();
        let table = self.before.table(&relation.schema, &relation.name).filter(|_| !relation.is_new);
        for column in table.into_iter().flat_map(|table| &table.columns) {
            let is_same = self.world.column(relation, &column.name).is_none();
            columns.insert(column.name.to_string(), is_same.then(|| column.name.to_string()));
        }
        for (name, own) in self.world.columns_of(relation) {
            if let Some(before) = own.and_then(|own| own.before.clone()) {
                columns.insert(before, Some(name.to_owned()));
            }
        }
        columns
    }
}

/// Returns the present names of columns; `None` if one of them was dropped. Other names are left out.
fn present<'n>(
    columns: &FxHashMap<String, Option<String>>,
    names: impl Iterator<Item = &'n str>,
) -> Option<Vec<String>> {
    names.filter_map(|name| columns.get(name)).cloned().collect()
}

fn of_index(own: &Index) -> IndexDefinition {
    let key = |own: &IndexColumn| IndexKey {
        column: own.column.as_deref().map(str::to_owned),
        class: own.operator_class.as_deref().map(|text| ObjectName::written(text).name),
        has_collation: own.collation.is_some(),
    };
    let expressions = own.columns.iter().filter_map(|own| own.expression.as_deref()).chain(own.predicate.as_deref());
    IndexDefinition {
        method: own.method.to_string(),
        keys: own.columns.iter().map(key).collect(),
        include: own.include.iter().map(ToString::to_string).collect(),
        has_expression: own.predicate.is_some() || own.columns.iter().any(|own| own.column.is_none()),
        named: expressions.flat_map(column_names).collect(),
        is_attached: own.attached_to.is_some(),
    }
}

/// Returns the index behind a constraint.
fn of_constraint(own: &Constraint) -> IndexDefinition {
    let text = own.expression.as_deref().unwrap_or_default();
    let method = text.split_once("USING ").and_then(|(_, rest)| rest.split(' ').next()).unwrap_or("btree");
    let index = own.index.as_deref();
    let key = |column: String| IndexKey { column: Some(column), ..IndexKey::default() };
    let of_exclusion = column_names(text).into_iter().filter(|_| own.kind == ConstraintKind::Exclusion);
    let columns: Vec<String> = own.columns.iter().map(ToString::to_string).chain(of_exclusion).collect();
    IndexDefinition {
        method: method.to_owned(),
        keys: columns.into_iter().map(key).collect(),
        include: index.into_iter().flat_map(|own| &own.include).map(ToString::to_string).collect(),
        // Only the text of an exclusion constraint says what its key is.
        has_expression: text.contains(" WHERE ") || text.contains("(("),
        named: column_names(text).into_iter().collect(),
        is_attached: index.is_some_and(|own| own.attached_to.is_some()),
    }
}
