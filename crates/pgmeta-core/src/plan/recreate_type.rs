//! Types that tables use and no ALTER can change: the old one is renamed, columns are converted to the new one.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, ObjectKey, ObjectRef, Table};
use crate::plan::alter::{ColumnChange, Sides, Strategy, strategy};
use crate::plan::column_facts::{self, comes_with_parent, sets_default};
use crate::plan::conversion::{Conversion, Count, Types};
use crate::plan::names::former;
use crate::plan::parameters::relation;
use crate::plan::step::{LockLevel, Statement};

fn name_of(object: ObjectRef<'_>) -> (Name, Name, &'static str) {
    let key = object.object().key();
    let schema = key.schema().cloned().unwrap_or_else(|| Name::from(""));
    let word = if matches!(object, ObjectRef::Domain(_)) {
        "DOMAIN"
    } else if matches!(object, ObjectRef::Collation(_)) {
        "COLLATION"
    } else {
        "TYPE"
    };
    (schema, Name::from(key.name()), word)
}

/// Returns the name of the multirange type of a range type.
fn multirange(object: ObjectRef<'_>) -> Option<(&Name, &Name)> {
    let ObjectRef::Type(object) = object else { return None };
    object.range.as_ref().map(|range| (&range.multirange.schema, &range.multirange.name))
}

/// The types and collations that a plan recreates, by the names that columns use.
#[derive(Debug, Default)]
pub struct RecreatedTypes {
    pub keys: Vec<ObjectKey>,
    names: FxHashSet<String>,
    /// The temporary names of the old types.
    former: FxHashMap<String, String>,
}

impl RecreatedTypes {
    pub fn of<'m>(objects: impl Iterator<Item = ObjectRef<'m>>) -> Self {
        let mut recreated_types = Self::default();
        for object in objects {
            check();
            let key = object.object().key();
            let (schema, name, _) = name_of(object);
            for (schema, name) in multirange(object).into_iter().chain([(&schema, &name)]) {
                recreated_types.names.insert(qualified(schema, name));
                recreated_types.former.insert(qualified(schema, name), qualified(schema, &former(name)));
            }
            recreated_types.keys.push(key);
        }
        recreated_types
    }

    pub fn names(&self) -> &FxHashSet<String> {
        &self.names
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn has_type(&self, data_type: &str) -> bool {
        // Suffixes of a type's name: `[]`, `(10)`.
        let ends = data_type.match_indices(['[', '(']).map(|(end, _)| end);
        ends.chain([data_type.len()]).any(|end| self.names.contains(&data_type[..end]))
    }

    /// Returns the name of a type while old types have temporary names.
    fn name_of_old_type(&self, data_type: &str) -> String {
        let (name, rest) = base(data_type);
        match self.former.get(name) {
            Some(former) => format!("{former}{rest}"),
            None => data_type.to_owned(),
        }
    }

    /// Returns the columns of a table that are converted to a new type. Generated columns are computed again instead.
    pub fn column_changes(&self, table: &Table) -> Vec<ColumnChange> {
        let moved = table.columns.iter().filter(|column| self.moves(column) && column.generated.is_none());
        moved.map(|column| ColumnChange { column: column.name.clone(), retyped: true }).collect()
    }

    /// Returns whether a column must be converted to a new type or collation.
    pub fn moves(&self, column: &Column) -> bool {
        self.has_type(&column.data_type) || column.collation.as_ref().is_some_and(|name| self.names.contains(&**name))
    }
}

/// Returns the statements that rename the old type. The types that it consists of are renamed already.
pub fn rename_old_type(object: ObjectRef<'_>, recreated_types: &RecreatedTypes) -> Vec<Statement> {
    let (schema, name, word) = name_of(object);
    let key = object.object().key();
    let rename = |word: &str, schema: &str, name: &str| {
        let sql = format!("ALTER {word} {} RENAME TO {}", qualified(schema, name), ident(&former(name)));
        Statement::new(&key, sql).reason("no ALTER makes this change: columns are converted to a new one")
    };
    let multirange = multirange(object).map(|(schema, name)| rename("TYPE", schema, name));
    let mut statements: Vec<Statement> = [rename(word, &schema, &name)].into_iter().chain(multirange).collect();
    if let ObjectRef::Type(object) = object
        && let Some(range) = &object.range
    {
        // The constructors keep their names, which the new type needs.
        let (own, many) = (qualified(&schema, &former(&name)), &range.multirange);
        let subtype = recreated_types.name_of_old_type(&range.subtype);
        let constructors = [
            (&schema, &name, format!("{subtype}, {subtype}")),
            (&schema, &name, format!("{subtype}, {subtype}, text")),
            (&many.schema, &many.name, String::new()),
            (&many.schema, &many.name, own.clone()),
            (&many.schema, &many.name, format!("VARIADIC {own}[]")),
        ];
        statements.extend(constructors.map(|(schema, name, arguments)| {
            let sql =
                format!("ALTER FUNCTION {}({arguments}) RENAME TO {}", qualified(schema, name), ident(&former(name)));
            Statement::new(&key, sql)
        }));
    }
    statements
}

/// Returns the statement that drops a renamed type.
pub fn drop_old_type(object: ObjectRef<'_>) -> Statement {
    let (schema, name, word) = name_of(object);
    Statement::new(&object.object().key(), format!("DROP {word} {}", qualified(&schema, &former(&name))))
}

/// Returns the name of a type while old types have temporary names.
pub fn name_meanwhile(data_type: &str, sides: &Sides<'_>) -> String {
    let (base, rest) = base(data_type);
    match (sides.old.type_named(base), sides.new.type_named(base)) {
        (Some(old), Some(new)) if strategy(old, new, sides) == Strategy::RecreateType => name_before(old, rest),
        _ => data_type.to_owned(),
    }
}

/// Splits a type's name from its suffix: `[]`, `(10)`.
fn base(data_type: &str) -> (&str, &str) {
    data_type.split_at(data_type.strip_suffix("[]").unwrap_or(data_type).len())
}

fn name_before(object: ObjectRef<'_>, rest: &str) -> String {
    let (schema, name, _) = name_of(object);
    format!("{}{rest}", qualified(&schema, &former(&name)))
}

/// Returns the statement that converts one column.
fn convert(
    table: &Table,
    column: &Column,
    recreated_types: &RecreatedTypes,
    sides: &Sides<'_>,
    exclusive: impl Fn(String) -> Statement,
) -> Statement {
    let (name, relation) = (ident(&column.name), qualified(&table.schema, &table.name));
    if table.foreign.is_some() {
        // The rows are on the foreign server.
        let sql = format!("ALTER FOREIGN TABLE {relation} ALTER COLUMN {name} TYPE {}", column.data_type);
        return exclusive(sql);
    }
    let types = Types { old: sides.old, new: sides.new, recreated_types: Some(&recreated_types.names) };
    let data_type = &*column.data_type;
    let conversion = match sides.options.using(table, &column.name) {
        Some(expression) => Conversion::by_caller(expression),
        None => Conversion::between(data_type, data_type, types),
    };
    let sql = format!("ALTER TABLE {relation} ALTER COLUMN {name} TYPE {data_type}{}", conversion.using(&name));
    let why = format!("the plan recreates type {data_type}");
    let mut statement = conversion.noted(exclusive(sql), table.object_key().identity(), why);
    if conversion.rewrites() {
        let back = Conversion::between(data_type, data_type, types.back());
        let (base, rest) = base(data_type);
        let was = sides.old.type_named(base).map_or_else(|| data_type.to_owned(), |old| name_before(old, rest));
        statement.counts.push(Count::of(&relation, &column.name, &conversion, data_type, &back, &was));
    }
    statement
}

/// Appends the statements that convert columns to the new types. `suspended` returns whether the default of the column at an old
/// position is dropped already.
pub fn columns(
    old: &Table,
    new: &Table,
    recreated_types: &RecreatedTypes,
    sides: &Sides<'_>,
    suspended: &dyn Fn(usize) -> bool,
    out: &mut Vec<Statement>,
) {
    if recreated_types.is_empty() {
        return;
    }
    let alter = relation(new);
    for column in &new.columns {
        check();
        let Some(position) = sides.old.position(old, &column.name) else { continue };
        let was = &old.columns[position];
        let same = was.data_type == column.data_type && was.collation == column.collation;
        if !recreated_types.moves(column) || comes_with_parent(was, column) || !same || column.generated.is_some() {
            continue;
        }
        let key = new.object_key();
        let name = ident(&column.name);
        let exclusive = |sql: String| {
            column_facts::with_default(Statement::new(&key, sql).lock(LockLevel::AccessExclusive), &column.name)
        };
        let default = was.default.as_ref().filter(|_| was.generated.is_none() && !suspended(position));
        if default.is_some() {
            out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP DEFAULT")).one_of(&alter));
        }
        out.push(if recreated_types.has_type(&column.data_type) {
            convert(new, column, recreated_types, sides, exclusive).one_of(&alter)
        } else {
            let collation = column.collation.as_deref().unwrap_or_default();
            let data_type = &column.data_type;
            exclusive(format!("{alter} ALTER COLUMN {name} TYPE {data_type} COLLATE {collation}")).slow().one_of(&alter)
        });
        let again = column.default.as_ref().filter(|_| default.is_some() && !sets_default(was, column));
        if let Some(default) = again {
            out.push(exclusive(format!("{alter} ALTER COLUMN {name} SET DEFAULT {default}")).one_of(&alter));
        }
    }
}
