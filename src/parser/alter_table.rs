//! What ALTER TABLE does, action by action. Other statements are elsewhere.

use std::ffi::c_void;

use pgmeta_lint::{Action, ObjectName};
use pgrx::pg_sys;

use crate::error::Error;
use crate::parser::column::{bound, collation, column, constraint};
#[cfg(feature = "pg18")]
use crate::parser::node::names;
use crate::parser::node::{is_own_value, list, relation, text, type_name};

pub(super) fn alter_table(own: &pg_sys::AlterTableStmt) -> Result<Vec<Action>, Error> {
    use pg_sys::AlterTableType::{AT_AddInherit, AT_SetTableSpace};
    use pg_sys::ObjectType::{OBJECT_FOREIGN_TABLE, OBJECT_INDEX, OBJECT_MATVIEW, OBJECT_TABLE, OBJECT_VIEW};
    // SAFETY: the list is of AlterTableCmd nodes.
    let subtype = |node: *mut c_void| unsafe { (*node.cast::<pg_sys::AlterTableCmd>()).subtype };
    if own.objtype == OBJECT_INDEX && list(own.cmds).any(|node| subtype(node) == AT_SetTableSpace) {
        return Ok(vec![Action::Lock { tables: vec![relation(own.relation)?] }]);
    }
    // The same statement alters types, other attributes of indexes, and sequences.
    if !matches!(own.objtype, OBJECT_TABLE | OBJECT_FOREIGN_TABLE | OBJECT_MATVIEW | OBJECT_VIEW) {
        return Ok(Vec::new());
    }
    let table = relation(own.relation)?;
    if own.objtype == OBJECT_VIEW {
        // It has no rows, and all changes lock it.
        return Ok(vec![Action::AlterTable { table }]);
    }
    let mut actions = Vec::new();
    for node in list(own.cmds) {
        // SAFETY: the list is of AlterTableCmd nodes.
        let command = unsafe { &*node.cast::<pg_sys::AlterTableCmd>() };
        let action = alter_one(table.clone(), command)?;
        // The rows of a foreign table are elsewhere.
        let is_elsewhere = own.objtype == OBJECT_FOREIGN_TABLE && matches!(action, Some(Action::AlterType { .. }));
        if command.subtype == AT_AddInherit {
            // Its definition is the parent.
            let parent = relation(command.def.cast())?;
            actions.push(Action::AttachPartition { table: parent, partition: table.clone(), bound: None });
        }
        let referenced = action.as_ref().map(referenced).unwrap_or_default();
        actions.extend(if is_elsewhere { Some(Action::AlterTable { table: table.clone() }) } else { action });
        let tables: Vec<ObjectName> = referenced.into_iter().filter(|own| *own != table).collect();
        actions.extend((!tables.is_empty()).then_some(Action::Lock { tables }));
    }
    Ok(actions)
}

/// Returns the tables that new foreign keys refer to.
fn referenced(action: &Action) -> Vec<ObjectName> {
    match action {
        Action::AddConstraint { constraint, .. } => constraint.references.iter().cloned().collect(),
        Action::AddColumn { column, .. } => {
            column.constraints.iter().filter_map(|own| own.references.clone()).collect()
        }
        _ => Vec::new(),
    }
}

#[expect(non_upper_case_globals, reason = "the names are the server's")]
fn alter_one(table: ObjectName, own: &pg_sys::AlterTableCmd) -> Result<Option<Action>, Error> {
    use pg_sys::AlterTableType::*;
    let repeatable = own.missing_ok;
    let name = || text(own.name).map(Option::unwrap_or_default);
    // SAFETY: `def` is of the kind that the subtype has.
    unsafe {
        Ok(Some(match own.subtype {
            AT_AddColumn => Action::AddColumn { table, column: column(&*own.def.cast())?, repeatable },
            AT_DropColumn => Action::DropColumn { table, column: name()?, repeatable },
            AT_AlterColumnType => {
                let definition = &*own.def.cast::<pg_sys::ColumnDef>();
                let (column, type_name) = (name()?, type_name(definition.typeName)?);
                let using = !is_own_value(definition.raw_default.cast(), &column, &type_name)?;
                let collation = collation(definition.collClause)?;
                Action::AlterType { table, column, type_name, collation, using }
            }
            AT_SetNotNull => Action::SetNotNull { table, column: name()? },
            AT_DropNotNull => Action::DropNotNull { table, column: name()? },
            AT_SetLogged => Action::Rewrite { table, command: "SET LOGGED", column: None },
            AT_SetUnLogged => Action::Rewrite { table, command: "SET UNLOGGED", column: None },
            AT_SetTableSpace => Action::Rewrite { table, command: "SET TABLESPACE", column: None },
            #[cfg(not(feature = "pg14"))]
            AT_SetAccessMethod => Action::Rewrite { table, command: "SET ACCESS METHOD", column: None },
            #[cfg(any(feature = "pg17", feature = "pg18"))]
            AT_SetExpression => Action::Rewrite { table, command: "SET EXPRESSION", column: Some(name()?) },
            #[cfg(feature = "pg18")]
            AT_AddConstraint
                if (*own.def.cast::<pg_sys::Constraint>()).contype == pg_sys::ConstrType::CONSTR_NOTNULL =>
            {
                let constraint = &*own.def.cast::<pg_sys::Constraint>();
                match names(constraint.keys)?.pop() {
                    Some(column) if !constraint.skip_validation => Action::SetNotNull { table, column },
                    _ => Action::AlterTable { table },
                }
            }
            AT_AddConstraint => match constraint(&*own.def.cast())? {
                Some(constraint) => Action::AddConstraint { table, constraint },
                None => Action::AlterTable { table },
            },
            AT_DropConstraint => Action::DropConstraint { table, name: name()?, repeatable },
            AT_ValidateConstraint => Action::ValidateConstraint { table, name: name()? },
            AT_DetachPartition => {
                let partition = &*own.def.cast::<pg_sys::PartitionCmd>();
                let (partition, concurrently) = (relation(partition.name)?, partition.concurrent);
                Action::DetachPartition { table, partition, concurrently }
            }
            AT_AttachPartition => {
                let command = &*own.def.cast::<pg_sys::PartitionCmd>();
                let (partition, bound) = (relation(command.name)?, bound(command.bound)?);
                Action::AttachPartition { table, partition, bound }
            }
            // They let others read and write.
            AT_SetStatistics | AT_SetRelOptions | AT_ResetRelOptions | AT_SetOptions | AT_ResetOptions
            | AT_ClusterOn | AT_DropCluster => {
                return Ok(None);
            }
            _ => Action::AlterTable { table },
        }))
    }
}
