//! The definitions of columns, domains and constraints in a statement.

use pgmeta_core::model::ConstraintKind;
use pgmeta_lint::{ColumnDefinition, ConstraintDefinition};
use pgrx::pg_sys;

use crate::error::Error;
use crate::parser::node::{base_type, functions, is_null, list, not_null_columns, relation, text, type_name};

pub(super) fn column(own: &pg_sys::ColumnDef) -> Result<ColumnDefinition, Error> {
    const SERIALS: [&str; 6] = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
    let name = text(own.colname)?.unwrap_or_default();
    let mut column = definition(&name, own.typeName, own.constraints)?;
    let is_serial = SERIALS.contains(&&*column.type_name);
    column.not_null |= own.is_not_null || is_serial;
    column.identity |= is_serial;
    Ok(column)
}

/// Returns what a type and constraints demand of a column, or of a domain.
pub(super) fn definition(
    name: &str,
    of_type: *const pg_sys::TypeName,
    constraints: *mut pg_sys::List,
) -> Result<ColumnDefinition, Error> {
    let mut column = ColumnDefinition {
        name: name.to_owned(),
        type_name: type_name(of_type)?,
        base_type: base_type(of_type)?,
        ..ColumnDefinition::default()
    };
    for node in list(constraints) {
        use pg_sys::ConstrType::*;
        // SAFETY: the list is of Constraint nodes; those of a foreign table's columns have no others.
        let own = unsafe { &*node.cast::<pg_sys::Constraint>() };
        match own.contype {
            CONSTR_NOTNULL => column.not_null = true,
            CONSTR_DEFAULT => {
                column.default_is_null = is_null(own.raw_expr.cast());
                column.default_functions = Some(functions(own.raw_expr.cast())?);
            }
            CONSTR_IDENTITY => (column.identity, column.not_null) = (true, true),
            #[cfg(feature = "pg18")]
            CONSTR_GENERATED => {
                column.generated = own.generated_kind.cast_unsigned() == pg_sys::ATTRIBUTE_GENERATED_STORED;
            }
            #[cfg(not(feature = "pg18"))]
            CONSTR_GENERATED => column.generated = true,
            _ => {
                column.not_null |= own.contype == CONSTR_PRIMARY;
                column.constraints.extend(constraint(own)?);
            }
        }
    }
    Ok(column)
}

pub(super) fn constraint(own: &pg_sys::Constraint) -> Result<Option<ConstraintDefinition>, Error> {
    use pg_sys::ConstrType::*;
    let kind = match own.contype {
        CONSTR_CHECK => ConstraintKind::Check,
        CONSTR_PRIMARY => ConstraintKind::PrimaryKey,
        CONSTR_UNIQUE => ConstraintKind::Unique,
        CONSTR_EXCLUSION => ConstraintKind::Exclusion,
        CONSTR_FOREIGN => ConstraintKind::ForeignKey,
        _ => return Ok(None),
    };
    Ok(Some(ConstraintDefinition {
        name: text(own.conname)?,
        kind,
        not_valid: own.skip_validation,
        using_index: text(own.indexname)?,
        not_null_columns: match kind {
            ConstraintKind::Check => not_null_columns(own.raw_expr.cast())?,
            _ => Vec::new(),
        },
        references: (!own.pktable.is_null()).then(|| relation(own.pktable)).transpose()?,
    }))
}
