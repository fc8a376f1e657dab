//! Changing the columns of tables.

use rustc_hash::FxHashSet;

use crate::ddl::column as ddl;
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, ConstraintKind, Generated, Object, ObjectKey, ObjectRef, RelationName, Table, Volatility};
use crate::plan::alter::{ColumnChange, Sides};
use crate::plan::column_changes::ChangedColumns;
use crate::plan::column_facts::{comes_with_parent, default_key, of, own_default, retyped, sets_default, with_default};
use crate::plan::conversion::{Conversion, Count, Types};
use crate::plan::shared::{self, Revoked};
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::{not_null, recreate_type};

/// Returns whether the column can only be recreated: before PostgreSQL 17, no statement changes a generation expression.
fn differs_in_expression(old: &Column, new: &Column) -> bool {
    match (old.generated, new.generated) {
        (None, None) => false,
        // DROP EXPRESSION turns it into a plain column.
        (Some(_), None) => false,
        (None, Some(_)) => true,
        (Some(was), Some(is)) => {
            let expression = |column: &Column| column.default.as_deref().map(crate::diff::expression);
            was != is || expression(old) != expression(new)
        }
    }
}

/// Returns whether a column of the partition key changes its type: no statement makes this change in place.
pub fn changes_key(old: &Table, new: &Table, sides: &Sides<'_>) -> bool {
    let Some(key) = &old.partition_by else { return false };
    let both =
        old.columns.iter().inspect(|_| check()).filter_map(|was| Some((&**was, sides.new.column(new, &was.name)?)));
    let retyped: Vec<ColumnChange> =
        both.filter(|(was, is)| retyped(was, is)).map(|(was, _)| loss(was, true)).collect();
    !retyped.is_empty() && ChangedColumns::of(&retyped).named_in(key)
}

/// The columns that both models have and that must be recreated.
struct RecreatedColumns<'m>(FxHashSet<&'m str>);

impl<'m> RecreatedColumns<'m> {
    /// Finds the columns whose expressions differ, those that must be dropped for other objects, and those generated from columns that
    /// change their type.
    fn of(old: &'m Table, new: &Table, sides: &Sides<'_>) -> Self {
        let both =
            old.columns.iter().inspect(|_| check()).filter_map(|was| Some((&**was, sides.new.column(new, &was.name)?)));
        let forced = &sides.forced.recreated_columns;
        let is_forced = |was: &Column| !forced.is_empty() && forced.contains(&(old.key(), was.name.clone()));
        let remade = both.clone().filter(|(was, is)| differs_in_expression(was, is) || is_forced(was));
        let mut remade: FxHashSet<&str> = remade.map(|(was, _)| &*was.name).collect();
        let retyped: Vec<ColumnChange> =
            both.clone().filter(|(was, is)| retyped(was, is)).map(|(was, _)| loss(was, true)).collect();
        if !retyped.is_empty() {
            let retyped = ChangedColumns::of(&retyped);
            let generated = both.filter(|(was, is)| was.generated.is_some() && is.generated.is_some());
            let from = generated.filter(|(was, _)| was.default.as_deref().is_some_and(|text| retyped.named_in(text)));
            remade.extend(from.map(|(was, _)| &*was.name));
        }
        Self(remade)
    }

    fn has(&self, column: &Column) -> bool {
        self.0.contains(&*column.name)
    }

    /// Returns whether a column of the old table is dropped, for good or to be created again.
    fn is_column_dropped(&self, column: &Column, new: &Table, sides: &Sides<'_>) -> bool {
        self.has(column) || sides.new.column(new, &column.name).is_none()
    }
}

fn loss(column: &Column, retyped: bool) -> ColumnChange {
    ColumnChange { column: column.name.clone(), retyped }
}

/// Returns the columns whose dependents must be dropped first.
pub fn column_changes(old: &Table, new: &Table, sides: &Sides<'_>) -> Vec<ColumnChange> {
    let remade = RecreatedColumns::of(old, new, sides);
    let of = |column: &Column| match sides.new.column(new, &column.name) {
        None => Some(loss(column, false)),
        Some(_) if remade.has(column) => Some(loss(column, false)),
        Some(other) if retyped(column, other) => Some(loss(column, true)),
        Some(_) => None,
    };
    old.columns.iter().inspect(|_| check()).filter_map(|column| of(column)).collect()
}

/// Appends the statements that change the table's own columns.
pub fn change(old: &Table, new: &Table, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = new.key();
    let remade = RecreatedColumns::of(old, new, sides);
    drop_columns(
        old,
        new,
        &|column| column.generated.is_none() && remade.is_column_dropped(column, new, sides),
        alter,
        sides,
        out,
    );
    let first = out.len();
    let revoked = Revoked::of(old.privileges.as_deref(), new.privileges.as_deref());
    // Generated columns come after the columns that they use.
    let mut positions: Vec<usize> = (0..new.columns.len()).collect();
    positions.sort_by_key(|&position| new.columns[position].generated.is_some());
    // Comments and privileges come last, so that one statement can make all changes of columns.
    let mut notes = Vec::new();
    let mut online = not_null::Online::default();
    for position in positions {
        check();
        let column = &new.columns[position];
        let (mut own, mut after) = (Vec::new(), Vec::new());
        match sides.old.column(old, &column.name).filter(|was| !remade.has(was)) {
            None => {
                add_to_children(new, &column.name, sides, out);
                if !is_added_with_parent(old, new, column, sides) {
                    add(new, position, alter, sides, &mut own);
                    for statement in &mut own {
                        statement.adds = true;
                        statement.units.extend(column.generated.map(|_| default_key(&key, &column.name)));
                    }
                }
            }
            Some(was) => {
                one(old, was, new, position, alter, sides, &mut own);
                not_null::alter((old, was), (new, column), alter, sides, &mut online, &mut own);
                let owner = new.owner.as_ref();
                let was = revoked.leave(was);
                shared::column(&key, &qualified(&new.schema, &new.name), owner, (&was, column), sides, &mut after);
            }
        }
        out.extend(own.into_iter().map(|statement| of(statement, &column.name)));
        notes.extend(after.into_iter().map(|statement| of(statement, &column.name)));
    }
    let online = online.into_statements();
    let changes_too = |statement: &Statement| {
        check();
        online.iter().any(|own| own.columns.iter().any(|column| statement.columns.contains(column)))
    };
    // First, if possible: the other statements can then share a transaction with what follows.
    let place = if out[first..].iter().any(changes_too) { out.len() } else { first };
    out.splice(place..place, online);
    out.append(&mut notes);
}

/// Appends the statements that drop generated columns, which the table's other changes create again.
pub fn drop_generated(old: &Table, new: &Table, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let remade = RecreatedColumns::of(old, new, sides);
    let alter = crate::plan::parameters::relation(old);
    let make_way = |column: &Column| column.generated.is_some() && remade.is_column_dropped(column, new, sides);
    if old.columns.iter().any(|column| make_way(column)) {
        drop_columns(old, new, &make_way, &alter, sides, out);
    }
}

fn drop_columns(
    old: &Table,
    new: &Table,
    gone: &dyn Fn(&Column) -> bool,
    alter: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let key = new.key();
    let dropped = old.columns.iter().map(|column| &**column).filter(|column| !column.inherited && gone(column));
    for column in dropped {
        check();
        let remade = sides.new.column(new, &column.name).is_some();
        let sql = format!("{alter} DROP COLUMN {}", ident(&column.name));
        if !remade && !sides.options.drops {
            out.push(of(Statement::left_out(&key, &sql), &column.name));
            continue;
        }
        let statement = Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
        // The values of a generated column are computed again.
        let lost = column.generated.is_none();
        let statement = if lost { statement.hazard(Hazard::DeletesData) } else { statement };
        let why = match sides.new.column(new, &column.name) {
            Some(other) if !differs_in_expression(column, other) => {
                "the generation expression uses something that changes"
            }
            _ => "a generation expression cannot be changed in place",
        };
        let statement = of(if remade { statement.reason(why) } else { statement }, &column.name);
        out.push(if lost { statement } else { statement.unit(default_key(&key, &column.name)) });
    }
}

/// Adds a new column to the children that declare it as well, before the parent gets it: they keep it as their own.
fn add_to_children(table: &Table, name: &Name, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    for child in sides.new.children(table) {
        check();
        let Some(position) = sides.new.position(child, name) else { continue };
        let Some(old) = sides.old.table(&child.schema, &child.name) else { continue };
        let column = &child.columns[position];
        if sides.old.column(old, name).is_none() && is_added_with_parent(old, child, column, sides) {
            add_to_children(child, name, sides, out);
            let mut own = Vec::new();
            add(child, position, &crate::plan::parameters::relation(child), sides, &mut own);
            out.extend(own.into_iter().map(|statement| of(statement.adds(), name)));
        }
    }
}

/// Returns whether a child that declares a column gets it before its parent.
fn is_added_with_parent(old: &Table, new: &Table, column: &Column, sides: &Sides<'_>) -> bool {
    let gains = |parent: &&RelationName| {
        old.inherits.contains(parent)
            && sides
                .old
                .table(&parent.schema, &parent.name)
                .is_some_and(|was| sides.old.column(was, &column.name).is_none())
            && sides
                .new
                .table(&parent.schema, &parent.name)
                .is_some_and(|is| sides.new.column(is, &column.name).is_some())
    };
    column.has_parent && !column.inherited && new.inherits.iter().any(|parent| gains(&parent))
}

/// Returns whether the column gets its default from a parent.
fn has_default_of_parent(table: &Table, column: &Column, sides: &Sides<'_>) -> bool {
    let same = |parent: &RelationName| {
        let parent = sides.new.table(&parent.schema, &parent.name);
        parent
            .and_then(|parent| sides.new.column(parent, &column.name))
            .is_some_and(|own| own.default == column.default)
    };
    table.parents().any(same)
}

fn add(table: &Table, position: usize, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let column = &table.columns[position];
    let key = table.key();
    if column.inherited {
        // The column comes with the parent's. A default of its own follows.
        if let Some(default) = own_default(column).filter(|_| !has_default_of_parent(table, column, sides)) {
            out.push(set_default(&key, alter, column, default));
        }
    } else {
        let sql = format!("{alter} ADD COLUMN {}", ddl::definition(table, position, sides.new));
        let mut statement = Statement::new(&key, sql).lock(LockLevel::AccessExclusive).one_of(alter);
        if column.generated.is_some()
            || column.identity.is_some()
            || column.default.as_deref().is_some_and(|text| volatile(text, sides))
            || has_checks(&column.data_type, sides)
        {
            statement = statement.rewrites(key.identity());
            if column.generated == Some(Generated::Stored) {
                statement = statement.hazard(Hazard::MayFailOnData).reason("the server computes a value for each row");
            }
        } else if column.not_null.is_some() && column.default.is_none() && table.foreign.is_none() {
            statement = statement.checks_rows();
        }
        out.push(statement);
    }
    let mut script = crate::ddl::Script::default();
    ddl::storage_statements(alter, [&**column], &mut script);
    let relation = qualified(&table.schema, &table.name);
    let (on, owner) = (format!("TABLE {relation}"), table.owner.as_ref());
    crate::ddl::shared::columns(sides.new, &relation, &on, owner, [&**column], &mut script);
    out.extend(script.into_statements().into_iter().map(|sql| Statement::new(&key, sql)));
}

/// Functions of the server that may return another value for each row, as far as defaults can call them.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_sleep",
    "random",
    "random_normal",
    "setval",
    "timeofday",
    "uuidv4",
    "uuidv7",
];

/// Returns whether an expression may have another value for each row: it calls a volatile or an unknown function.
fn volatile(expression: &str, sides: &Sides<'_>) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '"' | '$');
    expression.match_indices('(').any(|(at, _)| {
        let before = &expression[..at];
        let name = before.rsplit(|character| !is_name(character)).next().unwrap_or_default();
        let (schema, name) = name.rsplit_once('.').unwrap_or(("pg_catalog", name));
        let (schema, name) = (schema.trim_matches('"'), name.trim_matches('"'));
        if schema == "pg_catalog" {
            return VOLATILE.contains(&name);
        }
        let model = sides.new.model;
        let own = model.functions.iter().filter(|own| *own.schema == *schema && *own.name == *name);
        let mut own = own.inspect(|_| check()).peekable();
        own.peek().is_none() || own.any(|own| own.volatility == Volatility::Volatile)
    })
}

/// Returns whether a type is a domain with checks: the server evaluates them for each row.
fn has_checks(data_type: &str, sides: &Sides<'_>) -> bool {
    let mut name = data_type;
    // A malformed snapshot may base a domain on itself.
    for _ in 0..=sides.new.model.domains.len() {
        let Some(ObjectRef::Domain(domain)) = sides.new.type_named(name) else { return false };
        if !domain.checks.is_empty() || domain.not_null.is_some() {
            return true;
        }
        name = &domain.base_type;
    }
    false
}

/// Returns whether ADD COLUMN gives existing rows a value.
pub fn fills_rows(column: &Column, sides: &Sides<'_>) -> bool {
    column.default.is_some() || column.identity.is_some() || has_checks(&column.data_type, sides)
}

fn set_default(key: &ObjectKey, alter: &str, column: &Column, default: &str) -> Statement {
    let sql = format!("{alter} ALTER COLUMN {} SET DEFAULT {default}", ident(&column.name));
    Statement::new(key, sql).lock(LockLevel::AccessExclusive).one_of(alter)
}

/// Returns the tables below that have another default for a column: SET DEFAULT would replace it.
fn children_with_other_default(table: &Table, column: &Column, sides: &Sides<'_>) -> Vec<ObjectKey> {
    let has_other =
        |child: &&Table| sides.new.column(child, &column.name).is_some_and(|own| own.default != column.default);
    sides.new.descendants(table).into_iter().filter(has_other).map(Object::key).collect()
}

/// Appends the default that cannot be a part of ADD COLUMN, because an object in it needs the table.
pub fn deferred_default(old: &Table, new: &Table, position: usize, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let Some(column) = new.columns.get(position) else { return };
    if let Some(default) = own_default(column)
        && sides.old.column(old, &column.name).is_none_or(|was| sets_default(was, column))
    {
        let statement = set_default(&new.key(), &crate::plan::parameters::relation(new), column, default);
        out.push(with_default(statement, &column.name));
    }
}

/// Appends the changes of a column that both models have.
fn one(
    old_table: &Table,
    old: &Column,
    table: &Table,
    position: usize,
    alter: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let new = &table.columns[position];
    let key = table.key();
    let name = ident(&new.name);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    if old.generated.is_some() && new.generated.is_none() && !comes_with_parent(old, new) {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP EXPRESSION")).one_of(alter));
    }
    let was = own_default(old);
    let is = own_default(new);
    let gets_type = retyped(old, new);
    let retyped = gets_type && !comes_with_parent(old, new);
    let changed = was.map(crate::diff::expression) != is.map(crate::diff::expression);
    // A default of the old type may have no cast to the new type, and an identity column cannot have a default.
    if was.is_some() && (retyped || new.identity.is_some() || (changed && is.is_none())) {
        let drop = exclusive(format!("{alter} ALTER COLUMN {name} DROP DEFAULT")).one_of(alter);
        out.push(drop.unit(default_key(&key, &new.name)));
    }
    // If the sequence stays, its own statements drop the identity.
    let kept = sides.old.identity_sequence(old_table, &old.name);
    let kept = kept.is_some_and(|sequence| sides.new.sequence(&sequence.schema, &sequence.name).is_some());
    if old.identity.is_some() && new.identity.is_none() && !kept {
        let statement = exclusive(format!("{alter} ALTER COLUMN {name} DROP IDENTITY"));
        out.push(statement.hazard(Hazard::DeletesData).reason("DROP IDENTITY drops the sequence and its value"));
    }
    if retyped {
        retype(old, table, new, alter, sides, out);
    }
    identity(old, table, new, alter, sides, out);
    let separate = sides.new.plan.is_separate_default(|| key.clone(), position);
    if let Some(default) = is
        && sets_default(old, new)
        && !separate
    {
        // Children inherit a new type, but their defaults have statements of their own.
        let only = format!("ALTER {} ONLY {}", table.keyword(), qualified(&table.schema, &table.name));
        let others = children_with_other_default(table, new, sides);
        let alter = if !gets_type && !others.is_empty() { &*only } else { alter };
        let mut statement = set_default(&key, alter, new, default).unit(default_key(&key, &new.name));
        if gets_type {
            statement.units.extend(others.iter().map(|child| default_key(child, &new.name)));
        }
        out.push(statement);
    }
    if gets_type {
        // A new type resets storage and compression.
        storage(&key, &Column { storage: None, compression: None, ..old.clone() }, new, alter, out);
    } else {
        storage(&key, old, new, alter, out);
    }
    if let Some(changes) = crate::plan::parameters::option_changes(&old.foreign_options, &new.foreign_options) {
        out.push(Statement::new(&key, format!("{alter} ALTER COLUMN {name} OPTIONS ({changes})")));
    }
}

fn retype(old: &Column, table: &Table, new: &Column, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let name = ident(&new.name);
    let collation = new.collation.as_ref().map_or_else(String::new, |collation| format!(" COLLATE {collation}"));
    let change = format!("{alter} ALTER COLUMN {name} TYPE {}{collation}", new.data_type);
    let exclusive = |sql: String| Statement::new(&table.key(), sql).lock(LockLevel::AccessExclusive);
    let why = format!("{name} was of type {}", old.data_type);
    if table.foreign.is_some() {
        // The rows are on the foreign server.
        out.push(exclusive(change).reason(why));
        return;
    }
    let types = Types { old: sides.old, new: sides.new, recreated_types: None };
    let mut conversion = Conversion::between(&old.data_type, &new.data_type, types);
    if new.generated.is_some() {
        conversion = conversion.computed();
    } else if let Some(expression) = sides.options.using(table, &new.name) {
        conversion = Conversion::by_caller(expression);
    }
    let statement = exclusive(format!("{change}{}", conversion.using(&name))).one_of(alter);
    let mut statement = conversion.noted(statement, table.key().identity(), why);
    if conversion.rewrites() && new.generated.is_none() {
        let back = Conversion::between(&new.data_type, &old.data_type, types.back());
        let relation = qualified(&table.schema, &table.name);
        let was = recreate_type::name_meanwhile(&old.data_type, sides);
        statement.counts.push(Count::of(&relation, &new.name, &conversion, &new.data_type, &back, &was));
    }
    // The server rebuilds the column's indexes for a new collation.
    let builds = old.collation != new.collation && !conversion.rewrites() && is_indexed(table, &new.name, sides);
    out.push(if builds { statement.hazard(Hazard::IndexBuild).slow() } else { statement });
}

/// Returns whether a column is in an index.
fn is_indexed(table: &Table, column: &Name, sides: &Sides<'_>) -> bool {
    let model = sides.old.model;
    let of = |schema: &Name, name: &Name| *schema == table.schema && *name == table.name;
    let keys = model.constraints.iter().inspect(|_| check()).filter(|own| own.index.is_some());
    let mut keys = keys.filter(|own| of(&own.schema, &own.table));
    let mut indexes = model.indexes.iter().inspect(|_| check()).filter(|own| of(&own.schema, &own.table));
    keys.any(|own| own.columns.contains(column))
        || indexes.any(|own| own.columns.iter().any(|part| part.column.as_ref() == Some(column)))
}

/// Returns whether an index starts with the column, so that its greatest value is found fast.
pub fn leads_an_index(table: &Table, column: &Name, sides: &Sides<'_>) -> bool {
    let model = sides.old.model;
    let keys = model.constraints.iter().filter(|own| {
        let key = matches!(own.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique);
        key && own.schema == table.schema && own.table == table.name && own.columns.first() == Some(column)
    });
    let indexes = model.indexes.iter().filter(|own| {
        let whole = own.predicate.is_none() && &*own.method == "btree";
        let first = own.columns.first().and_then(|first| first.column.as_ref());
        whole && own.schema == table.schema && own.table == table.name && first == Some(column)
    });
    keys.inspect(|_| check()).next().is_some() || indexes.inspect(|_| check()).next().is_some()
}

/// Appends the statements that make a column an identity column, or change its identity.
fn identity(old: &Column, table: &Table, new: &Column, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let Some(kind) = new.identity else { return };
    let key = table.key();
    let name = ident(&new.name);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    if old.identity.is_some() {
        if old.identity != new.identity {
            out.push(exclusive(format!("{alter} ALTER COLUMN {name} SET GENERATED {}", kind.word())));
        }
        return;
    }
    if old.not_null.is_none() {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} SET NOT NULL")).checks_rows());
    }
    let Some(sequence) = sides.new.identity_sequence(table, &new.name) else { return };
    let own = qualified(&sequence.schema, &sequence.name);
    // A sequence that the column does not own may have the name.
    let standalone = || sides.old.sequence(&sequence.schema, &sequence.name).filter(|own| own.owned_by.is_none());
    let former = sides.old.serial_sequence(table, &new.name).or_else(standalone);
    let former = former.map(|former| {
        // The new identity sequence may need the name, and continues from the last value.
        let before = qualified(&former.schema, &former.name);
        let temporary_name = crate::plan::names::helper(&[&former.name], "former");
        let release = Statement::new(&key, format!("ALTER SEQUENCE {before} OWNED BY NONE"));
        out.push(release.lock(LockLevel::ShareRowExclusive));
        out.push(exclusive(format!("ALTER SEQUENCE {before} RENAME TO {}", ident(&temporary_name))));
        crate::plan::sequence::former(former)
    });
    if let Some(clause) = ddl::identity(table, new, sides.new) {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} ADD {clause}")));
    }
    match former {
        Some(former) => {
            crate::plan::sequence::continue_from(&key, &own, &former, out);
            // The new sequence has no comment and no grants yet. Without grants its owner may set its value.
            crate::plan::sequence::append_attributes(sequence, sides, out);
        }
        None => {
            let statement = crate::plan::sequence::continue_after_rows(&key, sequence, table, &new.name);
            let found = leads_an_index(table, &new.name, sides);
            out.push(if found { statement } else { statement.hazard(Hazard::FullTableScan).slow() });
        }
    }
}

pub(crate) fn storage(key: &ObjectKey, old: &Column, new: &Column, alter: &str, out: &mut Vec<Statement>) {
    let column = format!("{alter} ALTER COLUMN {}", ident(&new.name));
    if old.storage != new.storage {
        // Before 16, SET STORAGE has no word for a type's default. Few of the types with a choice default to MAIN.
        let own = match &*new.data_type {
            "inet" | "cidr" => "MAIN",
            numeric if numeric.starts_with("numeric") => "MAIN",
            _ => "EXTENDED",
        };
        let word = new.storage.map_or(own, |storage| storage.word());
        out.push(Statement::new(key, format!("{column} SET STORAGE {word}")).lock(LockLevel::AccessExclusive));
    }
    if old.compression != new.compression {
        let word = new.compression.map_or("default", |compression| compression.word());
        out.push(Statement::new(key, format!("{column} SET COMPRESSION {word}")).lock(LockLevel::AccessExclusive));
    }
    if old.statistics_target != new.statistics_target {
        let target = new.statistics_target.unwrap_or(-1);
        let sql = format!("{column} SET STATISTICS {target}");
        out.push(Statement::new(key, sql).lock(LockLevel::ShareUpdateExclusive));
    }
    crate::plan::parameters::parameters(key, &column, "", &old.options, &new.options, out);
}
