//! The definitions of columns, domains and constraints in a statement.

use pgmeta_core::model::ConstraintKind;
use pgmeta_lint::{ColumnDefinition, ConstraintDefinition, PartitionBound};
use pgrx::pg_sys;

use crate::error::Error;
use crate::parser::node::{
    base_type, constants, demanded_columns, functions, is_null, list, named_columns, names, object_name, relation,
    text, type_name,
};

pub(super) fn column(own: &pg_sys::ColumnDef) -> Result<ColumnDefinition, Error> {
    const SERIALS: [&str; 6] = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
    let name = text(own.colname)?.unwrap_or_default();
    let mut column = definition(&name, own.typeName, own.constraints)?;
    let is_serial = SERIALS.contains(&&*column.type_name);
    column.collation = collation(own.collClause)?;
    column.not_null |= own.is_not_null || is_serial;
    column.identity |= is_serial;
    Ok(column)
}

/// Returns the name of a collation, if there is one.
pub(super) fn collation(own: *const pg_sys::CollateClause) -> Result<Option<String>, Error> {
    // SAFETY: it is the parser's.
    (!own.is_null()).then(|| object_name(unsafe { (*own).collname }).map(|own| own.name)).transpose()
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
                let mut constraint = constraint(own)?;
                if let Some(own) = constraint.as_mut().filter(|own| own.columns.is_empty()) {
                    own.columns.push(name.to_owned());
                }
                column.constraints.extend(constraint);
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
    let mut columns = match kind {
        ConstraintKind::Check => named_columns(own.raw_expr.cast())?,
        ConstraintKind::ForeignKey => names(own.fk_attrs)?,
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => names(own.keys)?,
        ConstraintKind::Exclusion => named_columns(own.exclusions.cast())?,
    };
    columns.dedup();
    Ok(Some(ConstraintDefinition {
        name: text(own.conname)?,
        kind,
        not_valid: own.skip_validation,
        using_index: text(own.indexname)?,
        not_null_columns: match kind {
            ConstraintKind::Check => demanded_columns(own.raw_expr.cast(), false)?.into_iter().collect(),
            _ => Vec::new(),
        },
        columns,
        constants: constants(own.raw_expr.cast())?,
        references: (!own.pktable.is_null()).then(|| relation(own.pktable)).transpose()?,
        not_enforced: is_not_enforced(own),
    }))
}

/// Returns the bound of a partition; absent for an index, which has none.
pub(super) fn bound(own: *const pg_sys::PartitionBoundSpec) -> Result<Option<PartitionBound>, Error> {
    if own.is_null() {
        return Ok(None);
    }
    // SAFETY: it is the parser's.
    let own = unsafe { &*own };
    let lists = [own.listdatums, own.lowerdatums, own.upperdatums];
    let mut values = Vec::new();
    for list in lists {
        values.extend(constants(list.cast())?);
    }
    Ok(Some(PartitionBound {
        is_default: own.is_default,
        is_hash: u8::try_from(own.strategy) == Ok(b'h'),
        has_null: list(own.listdatums).any(|node| is_null(node)),
        constants: values,
    }))
}

/// Returns whether a check or a foreign key is NOT ENFORCED.
#[cfg(feature = "pg18")]
fn is_not_enforced(own: &pg_sys::Constraint) -> bool {
    use pg_sys::ConstrType::{CONSTR_CHECK, CONSTR_FOREIGN};
    matches!(own.contype, CONSTR_CHECK | CONSTR_FOREIGN) && !own.is_enforced
}

/// Returns false: before 18, all constraints are enforced.
#[cfg(not(feature = "pg18"))]
fn is_not_enforced(_: &pg_sys::Constraint) -> bool {
    false
}
