//! Alters a restored table to match its parent: columns, defaults and checks, by name. The rows are verified before. ALTER
//! TABLE converts them as it would have converted the parent's rows.

use pgmeta_archive::format::Format;
use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::{ident, literal, qualified};
use pgrx::PgSqlErrorCode;

use crate::archive::errors::RestoreError;
use crate::archive::queries;
use crate::archive::restore::column_map::{ColumnMap, notice};
use crate::archive::restore::parent::Found;
use crate::archive::restore::table_owner::TableOwner;
use crate::archive::transfer::partition::Parent;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::{Arg, Connection, SnapshotGuard};

/// Alters columns, defaults and checks of a table to match its parent; returns the renamed columns.
pub fn reshape(
    (oid, table): (u32, &str),
    found: &Found,
    manifest: &Manifest,
    owner: &TableOwner<'_>,
) -> Result<Vec<(String, String)>, Error> {
    let parent = &found.parent;
    let alter = format!("ALTER TABLE {table} ");
    let column_map = ColumnMap::read(found, manifest)?;
    column_map.rename_columns(&alter, manifest, owner)?;
    let shape = Shape::read(parent, oid)?;
    shape.require_values(manifest, &column_map, parent)?;
    shape.report_differences(manifest, &column_map, parent, table);
    let all = |changes: &[(String, String)]| -> Result<(), Error> {
        let Some(sql) = joined(&alter, changes) else { return Ok(()) };
        // All columns in one rewrite. If it fails, try them one by one to find the column at fault.
        owner.run(&sql).or_else(|error| blame(&alter, changes, owner, error))
    };
    all(&shape.drops())?;
    retype(&alter, &shape, owner)?;
    all(&shape.additions())?;
    all(&shape.attributes())?;
    all(&shape.checks)?;
    Ok(column_map.renamed)
}

fn joined(alter: &str, changes: &[(String, String)]) -> Option<String> {
    let clauses: Vec<&str> = changes.iter().map(|(_, clause)| clause.as_str()).collect();
    (!clauses.is_empty()).then(|| format!("{alter}{}", clauses.join(", ")))
}

/// Changes the types of columns: by an assignment cast, or else by an explicit cast, which converts text to numbers or
/// documents, for example, or fails.
fn retype(alter: &str, shape: &Shape, owner: &TableOwner<'_>) -> Result<(), Error> {
    let columns: Vec<&Column> = shape.retyped().collect();
    let assigned: Vec<(String, String)> = columns.iter().map(|column| column.retyped(false)).collect();
    let Some(sql) = joined(alter, &assigned) else { return Ok(()) };
    if owner.run(&sql).is_ok() {
        return Ok(());
    }
    for (column, (what, clause)) in columns.into_iter().zip(&assigned) {
        let run = |clause: &str| owner.run(&format!("{alter}{clause}"));
        let result = match run(clause) {
            Err(error) if error.code() == PgSqlErrorCode::ERRCODE_DATATYPE_MISMATCH => run(&column.retyped(true).1),
            other => other,
        };
        result.map_err(|error| explained(what, error))?;
    }
    Ok(())
}

/// Finds the change that failed, and returns an error about it.
fn blame(alter: &str, changes: &[(String, String)], owner: &TableOwner<'_>, all: Error) -> Result<(), Error> {
    for (what, clause) in changes {
        owner.run(&format!("{alter}{clause}")).map_err(|error| explained(what, error))?;
    }
    Err(all)
}

fn explained(what: &str, error: Error) -> Error {
    let hint = path_hint(&error);
    RestoreError::Shape { what: what.to_owned(), source: Box::new(error), hint }.into()
}

/// Returns a hint if code does not find a name.
fn path_hint(error: &Error) -> Option<&'static str> {
    use PgSqlErrorCode::{ERRCODE_UNDEFINED_FUNCTION, ERRCODE_UNDEFINED_OBJECT, ERRCODE_UNDEFINED_TABLE};
    let unknown = [ERRCODE_UNDEFINED_FUNCTION, ERRCODE_UNDEFINED_OBJECT, ERRCODE_UNDEFINED_TABLE];
    unknown
        .contains(&error.code())
        .then_some("The option search_path names the schemas in which functions of the table find what they need.")
}

/// Adds that hint to an error of the server.
pub fn hinted(error: Error) -> Error {
    match (path_hint(&error), error) {
        (Some(hint), Error::Server { code, message, detail, .. }) => {
            Error::Remote { code, message, detail, hint: Some(hint.to_owned()) }
        }
        (_, error) => error,
    }
}

query! {
    /// A column of the parent.
    struct Column = "parent_columns" {
        name: String,
        data_type: String,
        /// The collation as SQL, if it is not the type's default.
        collation: Option<String>,
        /// STORED or VIRTUAL.
        generated: Option<String>,
        /// The sequence of an identity column.
        sequence: Option<String>,
        /// Whether the column must be set NOT NULL: no constraint does that.
        not_null: bool,
        /// Whether the column accepts no NULL.
        required: bool,
        /// The default or the generation expression.
        expression: Option<String>,
        storage: String,
        compression: Option<String>,
        /// Whether the table has a column of this name; of the same type; stored in the same way.
        present: bool,
        same_type: bool,
        same_storage: bool,
    }
}

struct Shape {
    columns: Vec<Column>,
    /// Columns that the parent does not have.
    gone: Vec<String>,
    /// The parent's constraints on values, each with its name.
    checks: Vec<(String, String)>,
}

query! {
    /// A constraint of the parent. Since PostgreSQL 18, NOT NULL constraints have names.
    struct CheckConstraint = "check_constraints" {
        name: String,
        definition: String,
    }
}

impl Shape {
    fn read(parent: &Parent, table: u32) -> Result<Self, Error> {
        let _pinned = GucGuard::new();
        let _snapshot = SnapshotGuard::new();
        let connection = Connection::open()?;
        let args = [Arg::Int(parent.oid.into()), Arg::Int(table.into())];
        let gone = queries::values(&connection, sql!("dropped_columns"), &args, "name")?;
        let rows: Vec<CheckConstraint> = queries::rows(&connection, &args[..1])?;
        let check = |CheckConstraint { name, definition }: CheckConstraint| {
            let name = ident(&name);
            (format!("constraint {name}"), format!("ADD CONSTRAINT {name} {definition}"))
        };
        let checks = rows.into_iter().map(check).collect();
        Ok(Self { columns: columns(&connection, parent, table)?, gone, checks })
    }

    /// Returns an error if a column would lose its values, or would have NULL where it is not allowed.
    fn require_values(&self, manifest: &Manifest, column_map: &ColumnMap, parent: &Parent) -> Result<(), Error> {
        let added = |column: &&Column| !column.present && column.generated.is_none() && manifest.rows > 0;
        for column in self.columns.iter().filter(added) {
            let name = ident(&column.name);
            let was_generated = matches!(manifest.format, Format::Csv | Format::Binary)
                && column_map
                    .declaration(manifest, &column.name)
                    .is_some_and(|line| line.contains(" GENERATED ALWAYS AS ("));
            let (column_name, parent) = (name, parent.quoted());
            if was_generated {
                return Err(RestoreError::NotGenerated { column: column_name, parent }.into());
            }
            if column.required && column.expression.is_none() && column.sequence.is_none() {
                return Err(RestoreError::NoValues { column: column_name, parent }.into());
            }
        }
        Ok(())
    }

    /// Reports which archived columns the table will not have, and which of its columns were not archived.
    fn report_differences(&self, manifest: &Manifest, column_map: &ColumnMap, parent: &Parent, table: &str) {
        let list = |names: Vec<&String>| names.into_iter().map(|name| ident(name)).collect::<Vec<_>>().join(", ");
        if !self.gone.is_empty() {
            let names = list(self.gone.iter().collect());
            notice(format!(
                "{} has no more columns {names}: {table} is without them, their values stay in the archive",
                parent.quoted()
            ));
        }
        let unarchived = |column: &&Column| {
            !column.present && column.generated.is_none() && column_map.declaration(manifest, &column.name).is_some()
        };
        let unarchived: Vec<&String> = self.columns.iter().filter(unarchived).map(|column| &column.name).collect();
        if !unarchived.is_empty() {
            notice(format!("columns {} were not archived: {table} has their defaults", list(unarchived)));
        }
    }

    fn drops(&self) -> Vec<(String, String)> {
        // A generated column is computed again.
        let generated = self.columns.iter().filter(|column| column.present && column.generated.is_some());
        let names = self.gone.iter().chain(generated.map(|column| &column.name));
        names.map(|name| change(name, format!("DROP COLUMN {}", ident(name)))).collect()
    }

    /// Returns the columns whose type differs.
    fn retyped(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.present && column.generated.is_none() && !column.same_type)
    }

    /// Returns the additions of new columns, and of generated ones after those that they are computed from.
    fn additions(&self) -> Vec<(String, String)> {
        let missing = |column: &&Column| !column.present || column.generated.is_some();
        let (generated, plain): (Vec<_>, Vec<_>) =
            self.columns.iter().filter(missing).partition(|column| column.generated.is_some());
        let add = |column: &Column| {
            let value = match (&column.generated, &column.expression, &column.sequence) {
                (Some(kind), Some(expression), _) => format!(" GENERATED ALWAYS AS ({expression}) {kind}"),
                (None, Some(expression), _) => format!(" DEFAULT {expression}"),
                (None, None, Some(sequence)) => {
                    format!(" DEFAULT pg_catalog.nextval({}::pg_catalog.regclass)", literal(sequence))
                }
                _ => String::new(),
            };
            change(&column.name, format!("ADD COLUMN {} {}{value}", ident(&column.name), column.whole_type()))
        };
        plain.into_iter().chain(generated).map(add).collect()
    }

    /// Returns changes of defaults and NOT NULL.
    fn attributes(&self) -> Vec<(String, String)> {
        let mut changes = Vec::new();
        for column in &self.columns {
            let alter = |what: String| change(&column.name, format!("ALTER COLUMN {} {what}", ident(&column.name)));
            match (&column.generated, &column.expression) {
                (None, Some(expression)) => changes.push(alter(format!("SET DEFAULT {expression}"))),
                // The parent's sequence must not generate values for existing rows.
                (None, None) if column.sequence.is_some() && !column.present => {
                    changes.push(alter("DROP DEFAULT".into()));
                }
                _ => {}
            }
            if column.not_null {
                changes.push(alter("SET NOT NULL".into()));
            }
            if !column.same_storage {
                changes.push(alter(format!("SET STORAGE {}", column.storage)));
            }
            if let Some(method) = &column.compression {
                changes.push(alter(format!("SET COMPRESSION {}", ident(method))));
            }
        }
        changes
    }
}

impl Column {
    fn retyped(&self, cast: bool) -> (String, String) {
        let (name, whole) = (ident(&self.name), self.whole_type());
        let using = if cast { format!(" USING {name}::{}", self.data_type) } else { String::new() };
        change(&self.name, format!("ALTER COLUMN {name} TYPE {whole}{using}"))
    }

    fn whole_type(&self) -> String {
        let collation = self.collation.as_ref().map(|name| format!(" COLLATE {name}"));
        format!("{}{}", self.data_type, collation.unwrap_or_default())
    }
}

fn change(column: &str, clause: String) -> (String, String) {
    (format!("column {}", ident(column)), clause)
}

fn columns(connection: &Connection, parent: &Parent, table: u32) -> Result<Vec<Column>, Error> {
    let quoted = qualified(&parent.schema, &parent.name);
    let args = [Arg::Int(parent.oid.into()), Arg::Int(table.into()), Arg::Text(&quoted)];
    queries::rows(connection, &args)
}
