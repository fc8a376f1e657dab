//! Columns in CREATE TABLE, and their attributes that only ALTER TABLE can set.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::inheritance::inherits_later;
use crate::ddl::render::Script;
use crate::ddl::sequence;
use crate::ddl::shared;
use crate::ident::{ident, literal, push_ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, Generated, NotNull, Object, Setting, Table};

/// Returns the options of a foreign object, ` OPTIONS (…)`.
pub fn foreign_options(options: &[Setting]) -> String {
    if options.is_empty() {
        return String::new();
    }
    let options = options.iter().map(|option| format!("{} {}", ident(&option.name), literal(&option.value)));
    format!(" OPTIONS ({})", options.collect::<Vec<_>>().join(", "))
}

/// Returns whether the column is declared in CREATE TABLE: a partition lists all, a child only its own.
pub fn is_declared(table: &Table, column: &Column) -> bool {
    !column.inherited || table.partition_of.is_some()
}

/// Returns the column's line in CREATE TABLE.
pub fn definition(table: &Table, position: usize, cx: &Context<'_>) -> String {
    let column = &table.columns[position];
    let mut text = String::with_capacity(64);
    push_ident(&mut text, &column.name);
    if table.of_type.is_some() {
        text.push_str(" WITH OPTIONS");
    } else {
        text.push(' ');
        text.push_str(&column.data_type);
        text.push_str(&foreign_options(&column.foreign_options));
        if let Some(collation) = &column.collation {
            let _ = write!(text, " COLLATE {collation}");
        }
    }
    if let Some(default) = inline_default(table, position, cx) {
        match column.generated {
            None => {
                let _ = write!(text, " DEFAULT {default}");
            }
            Some(generated) => {
                let kind = if generated == Generated::Stored { " STORED" } else { "" };
                let _ = write!(text, " GENERATED ALWAYS AS ({default}){kind}");
            }
        }
    }
    text.extend(identity(table, column, cx).map(|clause| format!(" {clause}")));
    text.push_str(&not_null(table, column, cx));
    text
}

/// Returns the clause of an identity column.
pub fn identity(table: &Table, column: &Column, cx: &Context<'_>) -> Option<String> {
    let words = column.identity?.word();
    let sequence = cx.identity_sequence(table, &column.name)?;
    let name = qualified(&sequence.schema, &sequence.name);
    let logged = match (sequence.unlogged, table.persistence == crate::model::Persistence::Unlogged) {
        (true, false) => " UNLOGGED",
        // Before 15, sequences are never unlogged, and the syntax does not exist.
        (false, true) if cx.model.server_version_num >= 150_000 => " LOGGED",
        _ => "",
    };
    Some(format!("GENERATED {words} AS IDENTITY (SEQUENCE NAME {name}{logged}{})", sequence::clauses(sequence)))
}

/// Returns ` NOT NULL`, with a name if PostgreSQL would choose another one.
fn not_null(table: &Table, column: &Column, cx: &Context<'_>) -> String {
    let Some(constraint) = &column.not_null else {
        return String::new();
    };
    let inherited = constraint.inherited && table.partition_of.is_none() && !inherits_later(table, cx);
    if inherited || constraint.not_valid {
        return String::new();
    }
    let name = match &constraint.name {
        Some(name) => format!(" CONSTRAINT {}", ident(name)),
        None if is_name_at_risk(table, column, cx) => {
            format!(" CONSTRAINT {}", not_null_name(table, column, constraint))
        }
        None => String::new(),
    };
    let no_inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
    format!("{name} NOT NULL{no_inherit}")
}

/// Returns the default or generation expression in CREATE TABLE.
fn inline_default<'m>(table: &'m Table, position: usize, cx: &Context<'_>) -> Option<&'m str> {
    let column = &table.columns[position];
    let default = column.default.as_deref()?;
    // A child must not repeat its parent's expression. A partition is created without its parent, and must have it.
    if column.generated_by_parent && table.partition_of.is_none() && !inherits_later(table, cx) {
        return None;
    }
    let separate = cx.plan.is_separate_default(|| table.key(), position);
    (!separate).then_some(default)
}

/// Returns whether a column of a typed table has options besides its type.
pub fn has_own_options(table: &Table, position: usize, cx: &Context<'_>) -> bool {
    let column = &table.columns[position];
    inline_default(table, position, cx).is_some()
        || column.identity.is_some()
        || !not_null(table, column, cx).is_empty()
}

/// Appends the attributes that a child sets for columns which it only inherits.
pub fn inherited_statements(table: &Table, alter: &str, cx: &Context<'_>, out: &mut Script) {
    for (position, column) in table.columns.iter().enumerate() {
        let declared = is_declared(table, column);
        if declared && column.not_null.as_ref().is_none_or(|constraint| !constraint.not_valid) {
            continue;
        }
        let name = ident(&column.name);
        if !declared {
            if let Some(default) = inline_default(table, position, cx)
                && column.generated.is_none()
            {
                out.statement(format_args!("{alter} ALTER COLUMN {name} SET DEFAULT {default}"));
            }
            if !column.foreign_options.is_empty() {
                let options = foreign_options(&column.foreign_options);
                out.statement(format_args!("{alter} ALTER COLUMN {name}{options}"));
            }
        }
        let Some(constraint) = &column.not_null else {
            continue;
        };
        if !declared && !constraint.inherited && !is_constraint(cx) {
            out.statement(format_args!("{alter} ALTER COLUMN {name} SET NOT NULL"));
        }
    }
}

/// Returns whether PostgreSQL may now choose another name: a constraint in the schema has the former one. A partition has its
/// parent's name, and may be created first.
fn is_name_at_risk(table: &Table, column: &Column, cx: &Context<'_>) -> bool {
    is_constraint(cx)
        && (table.partition_by.is_some() || {
            let chosen = format!("{}_{}_not_null", table.name, column.name);
            cx.is_taken(&table.schema, &chosen)
        })
}

/// Returns whether NOT NULL can be a table constraint.
fn is_constraint(cx: &Context<'_>) -> bool {
    cx.model.server_version_num >= 180_000
}

/// Returns the not-null constraint of a column that only a parent declares, as an element of CREATE TABLE: a later one would merge
/// with the parent's, and get its name.
pub fn own_not_null(table: &Table, column: &Column, cx: &Context<'_>) -> Option<String> {
    let constraint = column.not_null.as_ref()?;
    let own = is_constraint(cx) && !constraint.inherited && !constraint.not_valid && !is_declared(table, column);
    own.then(|| {
        let named = constraint.name.is_some() || is_name_at_risk(table, column, cx);
        let name =
            if named { format!("CONSTRAINT {} ", not_null_name(table, column, constraint)) } else { String::new() };
        let no_inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
        format!("{name}NOT NULL {}{no_inherit}", ident(&column.name))
    })
}

/// Returns the name of a not-null constraint as SQL, or the name that PostgreSQL chooses.
pub fn not_null_name(table: &Table, column: &Column, constraint: &NotNull) -> String {
    match &constraint.name {
        Some(name) => ident(name),
        None => ident(&NotNull::default_name(&table.name, &column.name)),
    }
}

pub fn comment_on_not_null(table: &Table, column: &Column, constraint: &NotNull, cx: &Context<'_>, out: &mut Script) {
    if constraint.comment.is_some() {
        let name = not_null_name(table, column, constraint);
        let target = format!("CONSTRAINT {name} ON {}", qualified(&table.schema, &table.name));
        shared::comment(cx, &target, constraint.comment.as_deref(), out);
    }
}

/// Appends storage, compression, statistics target and options, which not all majors accept in CREATE TABLE.
pub fn storage_statements<'c>(alter: &str, columns: impl IntoIterator<Item = &'c Column>, out: &mut Script) {
    for column in columns {
        check();
        let Column { statistics_target, storage, compression, options, .. } = column;
        if statistics_target.is_none() && storage.is_none() && compression.is_none() && options.is_empty() {
            continue;
        }
        let name = ident(&column.name);
        if let Some(target) = column.statistics_target {
            out.statement(format_args!("{alter} ALTER COLUMN {name} SET STATISTICS {target}"));
        }
        if let Some(storage) = column.storage {
            out.statement(format_args!("{alter} ALTER COLUMN {name} SET STORAGE {}", storage.word()));
        }
        if let Some(compression) = column.compression {
            out.statement(format_args!("{alter} ALTER COLUMN {name} SET COMPRESSION {}", compression.word()));
        }
        if !column.options.is_empty() {
            let options = column.options.iter().map(|option| format!("{}={}", ident(&option.name), option.value));
            let options = options.collect::<Vec<_>>().join(", ");
            out.statement(format_args!("{alter} ALTER COLUMN {name} SET ({options})"));
        }
    }
}
