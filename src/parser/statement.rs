//! What each statement does, from its parse tree. A statement that no rule asks for does nothing here.

use std::ffi::c_void;

use pgmeta_core::model::ConstraintKind;
use pgmeta_lint::{Action, ColumnDefinition, ConstraintDefinition, ObjectName};
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::error::Error;
use crate::parser::node::{
    functions, has_option, is_null, is_own_value, list, names, not_null_column, object_name, relation, relations, tag,
    text, type_name,
};

/// Returns what a statement does.
pub fn actions(node: *mut pg_sys::Node) -> Result<Vec<Action>, Error> {
    let node = node.cast::<c_void>();
    let Some(kind) = tag(node) else { return Ok(Vec::new()) };
    // SAFETY: each node is read as what its tag says.
    let one = unsafe {
        match kind {
            NodeTag::T_AlterTableStmt => return alter_table(&*node.cast()),
            NodeTag::T_DropStmt => drop_objects(&*node.cast())?,
            NodeTag::T_IndexStmt => index(&*node.cast())?,
            NodeTag::T_RenameStmt => rename(&*node.cast())?,
            NodeTag::T_DropdbStmt => {
                let own = &*node.cast::<pg_sys::DropdbStmt>();
                dropped("database", vec![unqualified(text(own.dbname)?)], own.missing_ok)
            }
            NodeTag::T_DropTableSpaceStmt => {
                let own = &*node.cast::<pg_sys::DropTableSpaceStmt>();
                dropped("tablespace", vec![unqualified(text(own.tablespacename)?)], own.missing_ok)
            }
            NodeTag::T_TruncateStmt => {
                let own = &*node.cast::<pg_sys::TruncateStmt>();
                let cascade = own.behavior == pg_sys::DropBehavior::DROP_CASCADE;
                Action::Truncate { tables: relations(own.relations)?, cascade }
            }
            NodeTag::T_VacuumStmt => return Ok(vacuum(&*node.cast())?.into_iter().collect()),
            NodeTag::T_ClusterStmt => {
                let own = &*node.cast::<pg_sys::ClusterStmt>();
                let table = (!own.relation.is_null()).then(|| relation(own.relation)).transpose()?;
                Action::Cluster { table }
            }
            NodeTag::T_ReindexStmt => {
                let own = &*node.cast::<pg_sys::ReindexStmt>();
                // Of a schema or a database there is no relation.
                let object = (!own.relation.is_null()).then(|| relation(own.relation)).transpose()?;
                Action::Reindex { object, concurrently: has_option(own.params, "concurrently")? }
            }
            NodeTag::T_AlterEnumStmt => return Ok(enum_value(&*node.cast())?.into_iter().collect()),
            NodeTag::T_TransactionStmt => return Ok(transaction(&*node.cast())),
            NodeTag::T_RefreshMatViewStmt => {
                let own = &*node.cast::<pg_sys::RefreshMatViewStmt>();
                Action::Refresh {
                    view: relation(own.relation)?,
                    concurrently: own.concurrent,
                    with_data: !own.skipData,
                }
            }
            NodeTag::T_LockStmt => {
                let own = &*node.cast::<pg_sys::LockStmt>();
                // Weaker locks let others write.
                if own.mode < pg_sys::ShareLock as i32 {
                    return Ok(Vec::new());
                }
                Action::Lock { tables: relations(own.relations)? }
            }
            NodeTag::T_AlterSystemStmt => Action::Alone,
            NodeTag::T_VariableSetStmt => return Ok(set(&*node.cast())?.into_iter().collect()),
            NodeTag::T_InsertStmt => written((*node.cast::<pg_sys::InsertStmt>()).relation)?,
            NodeTag::T_UpdateStmt => written((*node.cast::<pg_sys::UpdateStmt>()).relation)?,
            NodeTag::T_DeleteStmt => written((*node.cast::<pg_sys::DeleteStmt>()).relation)?,
            #[cfg(not(feature = "pg14"))]
            NodeTag::T_MergeStmt => written((*node.cast::<pg_sys::MergeStmt>()).relation)?,
            _ => return Ok(create(kind, node)?.into_iter().collect()),
        }
    };
    Ok(vec![one])
}

fn unqualified(name: Option<String>) -> ObjectName {
    ObjectName { schema: None, name: name.unwrap_or_default() }
}

fn written(table: *const pg_sys::RangeVar) -> Result<Action, Error> {
    Ok(Action::Write { table: relation(table)? })
}

/// Returns the CREATE of anything but an index.
///
/// # Safety
/// The node is of the kind.
unsafe fn create(kind: NodeTag, node: *mut c_void) -> Result<Option<Action>, Error> {
    let of = |kind, name, repeatable, temporary| Ok(Some(Action::Create { kind, name, repeatable, temporary }));
    // SAFETY: the caller's promise.
    unsafe {
        let is_temporary = |range: *const pg_sys::RangeVar| {
            !range.is_null() && u8::try_from((*range).relpersistence) == Ok(pg_sys::RELPERSISTENCE_TEMP)
        };
        match kind {
            NodeTag::T_CreateStmt => {
                let own = &*node.cast::<pg_sys::CreateStmt>();
                of("table", relation(own.relation)?, own.if_not_exists, is_temporary(own.relation))
            }
            NodeTag::T_CreateForeignTableStmt => {
                let own = &(*node.cast::<pg_sys::CreateForeignTableStmt>()).base;
                of("foreign table", relation(own.relation)?, own.if_not_exists, false)
            }
            NodeTag::T_CreateTableAsStmt => {
                let own = &*node.cast::<pg_sys::CreateTableAsStmt>();
                let is_view = own.objtype == pg_sys::ObjectType::OBJECT_MATVIEW;
                let range = if own.into.is_null() { std::ptr::null_mut() } else { (*own.into).rel };
                let kind = if is_view { "materialized view" } else { "table" };
                of(kind, relation(range)?, own.if_not_exists, is_temporary(range))
            }
            NodeTag::T_ViewStmt => {
                let own = &*node.cast::<pg_sys::ViewStmt>();
                of("view", relation(own.view)?, own.replace, is_temporary(own.view))
            }
            NodeTag::T_CreateSeqStmt => {
                let own = &*node.cast::<pg_sys::CreateSeqStmt>();
                of("sequence", relation(own.sequence)?, own.if_not_exists, is_temporary(own.sequence))
            }
            NodeTag::T_CreateSchemaStmt => {
                let own = &*node.cast::<pg_sys::CreateSchemaStmt>();
                of("schema", unqualified(text(own.schemaname)?), own.if_not_exists, false)
            }
            NodeTag::T_CreatedbStmt => {
                let own = &*node.cast::<pg_sys::CreatedbStmt>();
                of("database", unqualified(text(own.dbname)?), true, false)
            }
            NodeTag::T_CreateTableSpaceStmt => {
                let own = &*node.cast::<pg_sys::CreateTableSpaceStmt>();
                of("tablespace", unqualified(text(own.tablespacename)?), true, false)
            }
            NodeTag::T_CreateExtensionStmt => {
                let own = &*node.cast::<pg_sys::CreateExtensionStmt>();
                of("extension", unqualified(text(own.extname)?), own.if_not_exists, false)
            }
            NodeTag::T_CreateFunctionStmt => {
                let own = &*node.cast::<pg_sys::CreateFunctionStmt>();
                let kind = if own.is_procedure { "procedure" } else { "function" };
                of(kind, object_name(own.funcname)?, own.replace, false)
            }
            NodeTag::T_CreateTrigStmt => {
                let own = &*node.cast::<pg_sys::CreateTrigStmt>();
                // A constraint trigger knows no OR REPLACE.
                of("trigger", unqualified(text(own.trigname)?), own.replace || own.isconstraint, false)
            }
            NodeTag::T_CreateEnumStmt => {
                let own = &*node.cast::<pg_sys::CreateEnumStmt>();
                of("type", object_name(own.typeName)?, true, false)
            }
            NodeTag::T_CompositeTypeStmt => {
                of("type", relation((*node.cast::<pg_sys::CompositeTypeStmt>()).typevar)?, true, false)
            }
            NodeTag::T_CreateDomainStmt => {
                of("domain", object_name((*node.cast::<pg_sys::CreateDomainStmt>()).domainname)?, true, false)
            }
            _ => Ok(None),
        }
    }
}

fn index(own: &pg_sys::IndexStmt) -> Result<Action, Error> {
    Ok(Action::CreateIndex {
        index: text(own.idxname)?,
        table: relation(own.relation)?,
        concurrently: own.concurrent,
        repeatable: own.if_not_exists,
        // SAFETY: a statement of the parser has a relation.
        only: unsafe { !(*own.relation).inh },
    })
}

fn dropped(kind: &'static str, names: Vec<ObjectName>, repeatable: bool) -> Action {
    Action::Drop { kind, names, concurrently: false, repeatable, cascade: false }
}

fn drop_objects(own: &pg_sys::DropStmt) -> Result<Action, Error> {
    use pg_sys::ObjectType::{OBJECT_POLICY, OBJECT_RULE, OBJECT_TRIGGER};
    let is_part = matches!(own.removeType, OBJECT_POLICY | OBJECT_RULE | OBJECT_TRIGGER);
    let mut objects = Vec::new();
    for node in list(own.objects) {
        // SAFETY: each node is read as what its tag says.
        objects.push(unsafe {
            match tag(node) {
                // The last name is its own, those before are its relation's.
                Some(NodeTag::T_List) if is_part => unqualified(names(node.cast())?.pop()),
                Some(NodeTag::T_List) => object_name(node.cast())?,
                Some(NodeTag::T_TypeName) => object_name((*node.cast::<pg_sys::TypeName>()).names)?,
                Some(NodeTag::T_ObjectWithArgs) => object_name((*node.cast::<pg_sys::ObjectWithArgs>()).objname)?,
                Some(NodeTag::T_String) => single(node)?,
                _ => continue,
            }
        });
    }
    Ok(Action::Drop {
        kind: object_kind(own.removeType),
        names: objects,
        concurrently: own.concurrent,
        repeatable: own.missing_ok,
        cascade: own.behavior == pg_sys::DropBehavior::DROP_CASCADE,
    })
}

/// Returns the name that a string node is.
fn single(node: *mut c_void) -> Result<ObjectName, Error> {
    // SAFETY: the list lives in the current memory context, and holds the node.
    object_name(unsafe { pg_sys::lappend(std::ptr::null_mut(), node) })
}

fn rename(own: &pg_sys::RenameStmt) -> Result<Action, Error> {
    use pg_sys::ObjectType::{OBJECT_ATTRIBUTE, OBJECT_COLUMN, OBJECT_TABCONSTRAINT};
    let is_part = matches!(own.renameType, OBJECT_COLUMN | OBJECT_ATTRIBUTE | OBJECT_TABCONSTRAINT);
    let object = if own.relation.is_null() {
        match tag(own.object.cast()) {
            Some(NodeTag::T_List) => object_name(own.object.cast())?,
            // SAFETY: the tag is of this kind of node.
            Some(NodeTag::T_ObjectWithArgs) => {
                object_name(unsafe { (*own.object.cast::<pg_sys::ObjectWithArgs>()).objname })?
            }
            _ => unqualified(text(own.subname)?),
        }
    } else {
        relation(own.relation)?
    };
    Ok(Action::Rename {
        kind: object_kind(if is_part { own.relationType } else { own.renameType }),
        object,
        part: if is_part { text(own.subname)? } else { None },
        is_column: own.renameType == OBJECT_COLUMN,
    })
}

fn vacuum(own: &pg_sys::VacuumStmt) -> Result<Option<Action>, Error> {
    if !own.is_vacuumcmd {
        return Ok(None);
    }
    if !has_option(own.options, "full")? {
        return Ok(Some(Action::Alone));
    }
    // SAFETY: the list is of VacuumRelation nodes.
    let tables = list(own.rels).map(|node| relation(unsafe { (*node.cast::<pg_sys::VacuumRelation>()).relation }));
    Ok(Some(Action::VacuumFull { tables: tables.collect::<Result<_, _>>()? }))
}

fn enum_value(own: &pg_sys::AlterEnumStmt) -> Result<Option<Action>, Error> {
    // With an old value it is a rename.
    if !own.oldVal.is_null() {
        return Ok(None);
    }
    Ok(Some(Action::AddEnumValue {
        enum_type: object_name(own.typeName)?,
        label: text(own.newVal)?.unwrap_or_default(),
        positioned: !own.newValNeighbor.is_null(),
        repeatable: own.skipIfNewValExists,
    }))
}

fn transaction(own: &pg_sys::TransactionStmt) -> Vec<Action> {
    use pg_sys::TransactionStmtKind::*;
    let action = match own.kind {
        TRANS_STMT_BEGIN | TRANS_STMT_START => Action::Begin,
        TRANS_STMT_COMMIT | TRANS_STMT_PREPARE => Action::Commit,
        TRANS_STMT_ROLLBACK => Action::Rollback,
        _ => return Vec::new(),
    };
    if own.chain { vec![action, Action::Begin] } else { vec![action] }
}

fn set(own: &pg_sys::VariableSetStmt) -> Result<Option<Action>, Error> {
    if own.kind == pg_sys::VariableSetKind::VAR_RESET_ALL {
        return Ok(Some(Action::Set { name: "all".to_owned(), value: None, local: false }));
    }
    let Some(name) = text(own.name)? else { return Ok(None) };
    let name = name.to_ascii_lowercase();
    // Rules ask for values of timeouts only; the server checks those of other settings.
    let has_value = own.kind == pg_sys::VariableSetKind::VAR_SET_VALUE && name.ends_with("_timeout");
    // SAFETY: the server prints the values of its own node.
    let printed = has_value.then(|| unsafe { pg_sys::ExtractSetVariableArgs((&raw const *own).cast_mut()) });
    let value = printed.map_or(Ok(None), |printed| text(printed))?;
    Ok(Some(Action::Set { name, value, local: own.is_local }))
}

fn alter_table(own: &pg_sys::AlterTableStmt) -> Result<Vec<Action>, Error> {
    use pg_sys::ObjectType::{OBJECT_FOREIGN_TABLE, OBJECT_MATVIEW, OBJECT_TABLE};
    // The same statement alters types, indexes, views and sequences.
    if !matches!(own.objtype, OBJECT_TABLE | OBJECT_FOREIGN_TABLE | OBJECT_MATVIEW) {
        return Ok(Vec::new());
    }
    let table = relation(own.relation)?;
    let mut actions = Vec::new();
    for node in list(own.cmds) {
        // SAFETY: the list is of AlterTableCmd nodes.
        let command = unsafe { &*node.cast::<pg_sys::AlterTableCmd>() };
        let action = alter_one(table.clone(), command)?;
        // The rows of a foreign table are elsewhere.
        let is_elsewhere = own.objtype == OBJECT_FOREIGN_TABLE && matches!(action, Some(Action::AlterType { .. }));
        actions.extend(if is_elsewhere { Some(Action::AlterTable { table: table.clone() }) } else { action });
    }
    Ok(actions)
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
                Action::AlterType { table, column, type_name, using }
            }
            AT_SetNotNull => Action::SetNotNull { table, column: name()? },
            AT_DropNotNull => Action::DropNotNull { table, column: name()? },
            AT_SetLogged => Action::Rewrite { table, command: "SET LOGGED" },
            AT_SetUnLogged => Action::Rewrite { table, command: "SET UNLOGGED" },
            AT_SetTableSpace => Action::Rewrite { table, command: "SET TABLESPACE" },
            #[cfg(not(feature = "pg14"))]
            AT_SetAccessMethod => Action::Rewrite { table, command: "SET ACCESS METHOD" },
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
            // They let others read and write.
            AT_SetStatistics | AT_SetRelOptions | AT_ResetRelOptions | AT_SetOptions | AT_ResetOptions
            | AT_AttachPartition => {
                return Ok(None);
            }
            _ => Action::AlterTable { table },
        }))
    }
}

fn column(own: &pg_sys::ColumnDef) -> Result<ColumnDefinition, Error> {
    const SERIALS: [&str; 6] = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
    let type_name = type_name(own.typeName)?;
    let is_serial = SERIALS.contains(&&*type_name);
    let mut column = ColumnDefinition {
        name: text(own.colname)?.unwrap_or_default(),
        type_name,
        not_null: own.is_not_null || is_serial,
        identity: is_serial,
        ..ColumnDefinition::default()
    };
    for node in list(own.constraints) {
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

fn constraint(own: &pg_sys::Constraint) -> Result<Option<ConstraintDefinition>, Error> {
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
        using_index: !own.indexname.is_null(),
        not_null_column: if kind == ConstraintKind::Check { not_null_column(own.raw_expr.cast())? } else { None },
    }))
}

/// Returns the words for a type of object.
fn object_kind(kind: pg_sys::ObjectType::Type) -> &'static str {
    use pg_sys::ObjectType::*;
    match kind {
        OBJECT_TABLE => "table",
        OBJECT_INDEX => "index",
        OBJECT_VIEW => "view",
        OBJECT_MATVIEW => "materialized view",
        OBJECT_FOREIGN_TABLE => "foreign table",
        OBJECT_SEQUENCE => "sequence",
        OBJECT_SCHEMA => "schema",
        OBJECT_TYPE => "type",
        OBJECT_DOMAIN => "domain",
        OBJECT_FUNCTION => "function",
        OBJECT_PROCEDURE => "procedure",
        OBJECT_ROUTINE => "routine",
        OBJECT_AGGREGATE => "aggregate",
        OBJECT_OPERATOR => "operator",
        OBJECT_EXTENSION => "extension",
        OBJECT_TRIGGER => "trigger",
        OBJECT_POLICY => "policy",
        OBJECT_RULE => "rule",
        OBJECT_COLLATION => "collation",
        OBJECT_PUBLICATION => "publication",
        OBJECT_STATISTIC_EXT => "statistics object",
        OBJECT_EVENT_TRIGGER => "event trigger",
        OBJECT_FDW => "foreign-data wrapper",
        OBJECT_FOREIGN_SERVER => "server",
        OBJECT_DATABASE => "database",
        OBJECT_ROLE => "role",
        OBJECT_TABLESPACE => "tablespace",
        _ => "object",
    }
}
