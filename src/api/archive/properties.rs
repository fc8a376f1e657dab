//! Reads and restores the properties of a partition. The code of archives cannot do this, because it does not use the
//! model.

use pgmeta_archive::manifest::{Properties, Publication};
use pgmeta_core::ddl::Options;
use pgmeta_core::diff::{Renames as Wanted, rename};
use pgmeta_core::ident::ident;
use pgmeta_core::model::{Model, Object, ObjectKind};
use pgmeta_core::plan::properties::{keep_local_properties, names, properties};
use pgmeta_core::plan::{Statement, Step};
use serde_json::Value;

use crate::api::ddl;
use crate::archive::{Definition, PropertyGroup, PropertyStatement, PropertyStatements};
use crate::catalog;
use crate::error::Error;

/// Reads the definition of a table, from which it can be created again.
pub fn definition_of(oid: u32) -> Result<Definition, Error> {
    let mut model = ddl::model_of_relation(oid)?;
    let text = ddl::text_of(&model, &Options { create_database: true, ..Options::default() })?;
    keep_local_properties(&mut model, &catalog::inherited_defaults(oid)?);
    let snapshot: Value = serde_json::from_str(&model.to_json()?)?;
    let publications = catalog::publications_of(oid)?.into_iter().map(|membership| {
        let catalog::Membership { publication, columns, row_filter } = membership;
        Publication { name: publication, columns, row_filter }
    });
    let (numbers, publications) = (catalog::numbers_in_parent(oid)?, publications.collect());
    Ok(Definition { text, properties: Some(Properties { snapshot, numbers, publications }) })
}

/// Returns the statements that restore the properties of an archived table. `renamed`: its columns that have other names
/// now.
pub fn property_statements(
    table: u32,
    archived: &Properties,
    renamed: &[(String, String)],
    group: PropertyGroup,
) -> Result<PropertyStatements, Error> {
    let live = ddl::model_of_relation(table)?;
    let mut archived = Model::from_value(archived.snapshot.clone())?;
    rename_columns(&mut archived, &live, renamed);
    if group == PropertyGroup::Names {
        let statements = names(&live, &archived).into_iter().map(described).collect();
        return Ok(PropertyStatements { statements, lost: Vec::new() });
    }
    let roles = catalog::role_names()?;
    let found = properties(&live, &archived, &|role| roles.contains(role))?;
    let statements = found.steps.into_iter().map(|step: Step| described(step.statement)).collect();
    Ok(PropertyStatements { statements, lost: found.lost })
}

/// Renames columns in the archived model, also in expressions. Errors are reported later: they concern columns that no
/// longer exist.
fn rename_columns(archived: &mut Model, live: &Model, renamed: &[(String, String)]) {
    let (Some(was), Some(table)) = (archived.tables.first().map(Object::key), live.tables.first()) else { return };
    let mut wanted: Wanted =
        renamed.iter().map(|(from, to)| (format!("{}.{}", was.identity(), ident(from)), to.clone())).collect();
    if !wanted.is_empty() && table.key() != was {
        wanted.insert(was.identity(), table.name.to_string());
    }
    let mut other = archived.clone();
    if rename(&mut other, live, &wanted).is_ok() {
        *archived = other;
    }
}

/// Marks a statement as required if readers would see more rows without it: row security and restrictive policies.
fn described(statement: Statement) -> PropertyStatement {
    let kind = statement.key.kind;
    let restricts = (kind == ObjectKind::Policy && statement.sql.contains(" AS RESTRICTIVE"))
        || (kind == ObjectKind::Table && statement.sql.ends_with(" ROW LEVEL SECURITY"));
    PropertyStatement { sql: statement.sql, required: restricts }
}
