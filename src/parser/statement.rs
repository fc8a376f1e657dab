//! What each statement does, from its parse tree. A statement that no rule asks for does nothing here.

use std::ffi::c_void;

use pgmeta_core::model::ConstraintKind;
use pgmeta_lint::{Action, ColumnDefinition, ConstraintDefinition, ObjectName};
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::error::Error;
use crate::parser::node::{
    base_type, functions, has_option, is_null, is_own_value, is_temporary, is_true, list, names, not_null_columns,
    object_name, option_text, relation, relations, string_constant, tag, text, type_name,
};

/// Returns what a statement does.
pub fn actions(node: *mut pg_sys::Node) -> Result<Vec<Action>, Error> {
    let node = node.cast::<c_void>();
    let Some(kind) = tag(node) else { return Ok(Vec::new()) };
    // SAFETY: each node is read as what its tag says.
    let one = unsafe {
        match kind {
            NodeTag::T_AlterTableStmt => return alter_table(&*node.cast()),
            NodeTag::T_DropStmt => return drop_objects(&*node.cast()),
            NodeTag::T_IndexStmt => index(&*node.cast())?,
            NodeTag::T_RenameStmt => rename(&*node.cast())?,
            NodeTag::T_AlterObjectSchemaStmt => {
                let own = &*node.cast::<pg_sys::AlterObjectSchemaStmt>();
                let object = object(own.relation, own.object.cast())?.unwrap_or_default();
                let schema = text(own.newschema)?.unwrap_or_default();
                Action::SetSchema { kind: object_kind(own.objectType), object, schema }
            }
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
            NodeTag::T_TransactionStmt => return transaction(&*node.cast()),
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
            NodeTag::T_SelectStmt => return Ok(select(&*node.cast())?.into_iter().collect()),
            NodeTag::T_CreatePolicyStmt => locked((*node.cast::<pg_sys::CreatePolicyStmt>()).table)?,
            NodeTag::T_AlterPolicyStmt => locked((*node.cast::<pg_sys::AlterPolicyStmt>()).table)?,
            NodeTag::T_RuleStmt => locked((*node.cast::<pg_sys::RuleStmt>()).relation)?,
            NodeTag::T_InsertStmt => written((*node.cast::<pg_sys::InsertStmt>()).relation)?,
            NodeTag::T_UpdateStmt => written((*node.cast::<pg_sys::UpdateStmt>()).relation)?,
            NodeTag::T_DeleteStmt => written((*node.cast::<pg_sys::DeleteStmt>()).relation)?,
            #[cfg(not(feature = "pg14"))]
            NodeTag::T_MergeStmt => written((*node.cast::<pg_sys::MergeStmt>()).relation)?,
            _ => return create(kind, node),
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

fn locked(table: *const pg_sys::RangeVar) -> Result<Action, Error> {
    Ok(Action::Lock { tables: vec![relation(table)?] })
}

/// Returns the object that a statement alters: a relation by itself, or what a node names.
fn object(range: *const pg_sys::RangeVar, node: *mut c_void) -> Result<Option<ObjectName>, Error> {
    if !range.is_null() {
        return relation(range).map(Some);
    }
    match tag(node) {
        Some(NodeTag::T_List) => object_name(node.cast()).map(Some),
        Some(NodeTag::T_String) => single(node).map(Some),
        // SAFETY: the tag is of this kind of node.
        Some(NodeTag::T_ObjectWithArgs) => {
            object_name(unsafe { (*node.cast::<pg_sys::ObjectWithArgs>()).objname }).map(Some)
        }
        _ => Ok(None),
    }
}

/// Returns the CREATE of anything but an index.
///
/// # Safety
/// The node is of the kind.
unsafe fn create(kind: NodeTag, node: *mut c_void) -> Result<Vec<Action>, Error> {
    let of = |kind, name, repeatable, temporary| Ok(vec![Action::Create { kind, name, repeatable, temporary }]);
    // SAFETY: the caller's promise.
    unsafe {
        match kind {
            NodeTag::T_CreateStmt => {
                let own = &*node.cast::<pg_sys::CreateStmt>();
                let mut actions = of("table", relation(own.relation)?, own.if_not_exists, is_temporary(own.relation))?;
                actions.extend(locked_by_table(own)?);
                Ok(actions)
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
                let name = text(own.schemaname)?;
                let mut all = of("schema", unqualified(name.clone()), own.if_not_exists, false)?;
                for element in list(own.schemaElts) {
                    all.extend(
                        actions(element.cast())?.into_iter().filter_map(|action| in_schema(action, name.as_ref())),
                    );
                }
                Ok(all)
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
                let name = object_name(own.funcname)?;
                let mut actions = of(kind, name.clone(), own.replace, false)?;
                let volatility = option_text(own.options, "volatility")?;
                let volatile = volatility.is_none_or(|word| word == "volatile");
                actions.push(Action::DefineFunction { name, volatile });
                Ok(actions)
            }
            NodeTag::T_CreateTrigStmt => {
                let own = &*node.cast::<pg_sys::CreateTrigStmt>();
                // A constraint trigger knows no OR REPLACE.
                let repeatable = own.replace || own.isconstraint;
                let mut actions = of("trigger", unqualified(text(own.trigname)?), repeatable, false)?;
                actions.push(locked(own.relation)?);
                Ok(actions)
            }
            NodeTag::T_CreateEnumStmt => {
                let own = &*node.cast::<pg_sys::CreateEnumStmt>();
                of("type", object_name(own.typeName)?, true, false)
            }
            NodeTag::T_CompositeTypeStmt => {
                of("type", relation((*node.cast::<pg_sys::CompositeTypeStmt>()).typevar)?, true, false)
            }
            NodeTag::T_CreateDomainStmt => {
                let own = &*node.cast::<pg_sys::CreateDomainStmt>();
                let name = object_name(own.domainname)?;
                let mut actions = of("domain", name.clone(), true, false)?;
                let definition = definition(&name.name, own.typeName, own.constraints)?;
                actions.push(Action::DefineDomain { name, definition });
                Ok(actions)
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// Returns the lock of CREATE TABLE on the table of which the new one is a partition, and on those that its foreign keys refer to.
fn locked_by_table(own: &pg_sys::CreateStmt) -> Result<Option<Action>, Error> {
    let mut tables = if own.partbound.is_null() { Vec::new() } else { relations(own.inhRelations)? };
    for node in list(own.tableElts) {
        // SAFETY: each node is read as what its tag says.
        unsafe {
            match tag(node) {
                Some(NodeTag::T_Constraint) => tables.extend(constraint(&*node.cast())?.and_then(|own| own.references)),
                Some(NodeTag::T_ColumnDef) => {
                    let constraints = column(&*node.cast())?.constraints;
                    tables.extend(constraints.into_iter().filter_map(|own| own.references));
                }
                _ => {}
            }
        }
    }
    // Its own name means the new table.
    let name = relation(own.relation)?;
    tables.retain(|table| *table != name);
    Ok((!tables.is_empty()).then_some(Action::Lock { tables }))
}

/// Returns what an element of CREATE SCHEMA does: it creates its object in the schema.
fn in_schema(mut action: Action, schema: Option<&String>) -> Option<Action> {
    match &mut action {
        Action::Create { name, .. } | Action::CreateIndex { table: name, .. } => {
            name.schema = name.schema.take().or_else(|| schema.cloned());
        }
        // The tables of the new schema are new.
        Action::Lock { tables } => tables.retain(|table| table.schema.is_some() && table.schema.as_ref() != schema),
        _ => {}
    }
    let locks_nothing = matches!(&action, Action::Lock { tables } if tables.is_empty());
    (!locks_nothing).then_some(action)
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

fn drop_objects(own: &pg_sys::DropStmt) -> Result<Vec<Action>, Error> {
    use pg_sys::ObjectType::{OBJECT_POLICY, OBJECT_RULE, OBJECT_TRIGGER};
    let is_part = matches!(own.removeType, OBJECT_POLICY | OBJECT_RULE | OBJECT_TRIGGER);
    let (mut objects, mut tables) = (Vec::new(), Vec::new());
    for node in list(own.objects) {
        // SAFETY: each node is read as what its tag says.
        objects.push(unsafe {
            match tag(node) {
                // The last name is its own, those before are its relation's.
                Some(NodeTag::T_List) if is_part => {
                    let mut names = names(node.cast())?;
                    let own = unqualified(names.pop());
                    let table = names.pop().unwrap_or_default();
                    tables.push(ObjectName { schema: names.pop(), name: table });
                    own
                }
                Some(NodeTag::T_List) => object_name(node.cast())?,
                Some(NodeTag::T_TypeName) => object_name((*node.cast::<pg_sys::TypeName>()).names)?,
                Some(NodeTag::T_ObjectWithArgs) => object_name((*node.cast::<pg_sys::ObjectWithArgs>()).objname)?,
                Some(NodeTag::T_String) => single(node)?,
                _ => continue,
            }
        });
    }
    let dropped = Action::Drop {
        kind: object_kind(own.removeType),
        names: objects,
        concurrently: own.concurrent,
        repeatable: own.missing_ok,
        cascade: own.behavior == pg_sys::DropBehavior::DROP_CASCADE,
    };
    let locked = (!tables.is_empty()).then_some(Action::Lock { tables });
    Ok(std::iter::once(dropped).chain(locked).collect())
}

/// Returns the name that a string node is.
fn single(node: *mut c_void) -> Result<ObjectName, Error> {
    // SAFETY: the list lives in the current memory context, and holds the node.
    object_name(unsafe { pg_sys::lappend(std::ptr::null_mut(), node) })
}

fn rename(own: &pg_sys::RenameStmt) -> Result<Action, Error> {
    use pg_sys::ObjectType::*;
    let is_part = matches!(
        own.renameType,
        OBJECT_COLUMN | OBJECT_ATTRIBUTE | OBJECT_TABCONSTRAINT | OBJECT_TRIGGER | OBJECT_POLICY | OBJECT_RULE
    );
    let object = match object(own.relation, own.object.cast())? {
        Some(object) => object,
        None => unqualified(text(own.subname)?),
    };
    // Only the parse tree of a column says what its relation is.
    let kind = match own.renameType {
        OBJECT_COLUMN | OBJECT_ATTRIBUTE => own.relationType,
        OBJECT_TABCONSTRAINT => OBJECT_TABLE,
        other => other,
    };
    Ok(Action::Rename {
        kind: object_kind(kind),
        object,
        part: if is_part { text(own.subname)? } else { None },
        is_column: own.renameType == OBJECT_COLUMN,
        to: text(own.newname)?.unwrap_or_default(),
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

fn transaction(own: &pg_sys::TransactionStmt) -> Result<Vec<Action>, Error> {
    use pg_sys::TransactionStmtKind::*;
    let savepoint = || text(own.savepoint_name).map(Option::unwrap_or_default);
    let action = match own.kind {
        TRANS_STMT_BEGIN | TRANS_STMT_START => Action::Begin,
        TRANS_STMT_COMMIT | TRANS_STMT_PREPARE => Action::Commit,
        TRANS_STMT_ROLLBACK => Action::Rollback,
        TRANS_STMT_SAVEPOINT => Action::Savepoint { name: savepoint()? },
        TRANS_STMT_ROLLBACK_TO => Action::RollbackTo { name: savepoint()? },
        _ => return Ok(Vec::new()),
    };
    Ok(if own.chain { vec![action, Action::Begin] } else { vec![action] })
}

fn set(own: &pg_sys::VariableSetStmt) -> Result<Option<Action>, Error> {
    if own.kind == pg_sys::VariableSetKind::VAR_RESET_ALL {
        return Ok(Some(Action::Set { name: "all".to_owned(), value: None, local: false }));
    }
    let Some(name) = text(own.name)? else { return Ok(None) };
    let name = name.to_ascii_lowercase();
    let has_value = own.kind == pg_sys::VariableSetKind::VAR_SET_VALUE && is_asked_for(&name);
    // SAFETY: the server prints the values of its own node.
    let printed = has_value.then(|| unsafe { pg_sys::ExtractSetVariableArgs((&raw const *own).cast_mut()) });
    let value = printed.map_or(Ok(None), |printed| text(printed))?;
    Ok(Some(Action::Set { name, value, local: own.is_local }))
}

/// Returns whether rules ask for the value of a setting; the server checks the values of others.
fn is_asked_for(name: &str) -> bool {
    name.ends_with("_timeout") || name == "search_path"
}

/// Returns what a query does: SELECT INTO makes a table, set_config sets a setting.
fn select(own: &pg_sys::SelectStmt) -> Result<Option<Action>, Error> {
    // SAFETY: the parser's nodes are what their tags say.
    unsafe {
        if !own.intoClause.is_null() {
            let range = (*own.intoClause).rel;
            let name = relation(range)?;
            let temporary = is_temporary(range);
            return Ok(Some(Action::Create { kind: "table", name, repeatable: false, temporary }));
        }
        let mut targets = list(own.targetList);
        let (Some(target), None) = (targets.next(), targets.next()) else { return Ok(None) };
        if tag(target) != Some(NodeTag::T_ResTarget) {
            return Ok(None);
        }
        let value = (*target.cast::<pg_sys::ResTarget>()).val.cast::<c_void>();
        if tag(value) != Some(NodeTag::T_FuncCall) {
            return Ok(None);
        }
        let call = &*value.cast::<pg_sys::FuncCall>();
        let function = object_name(call.funcname)?;
        let is_server = function.schema.is_none_or(|schema| schema == "pg_catalog");
        if !is_server || function.name != "set_config" {
            return Ok(None);
        }
        let arguments: Vec<*mut c_void> = list(call.args).collect();
        let &[name, value, local] = &*arguments else { return Ok(None) };
        let (Some(name), Some(value)) = (string_constant(name)?, string_constant(value)?) else { return Ok(None) };
        let name = name.to_ascii_lowercase();
        let value = Some(value).filter(|_| is_asked_for(&name));
        Ok(Some(Action::Set { name, value, local: is_true(local) }))
    }
}

fn alter_table(own: &pg_sys::AlterTableStmt) -> Result<Vec<Action>, Error> {
    use pg_sys::ObjectType::{OBJECT_FOREIGN_TABLE, OBJECT_MATVIEW, OBJECT_TABLE, OBJECT_VIEW};
    // The same statement alters types, indexes and sequences.
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
            AT_AttachPartition => {
                let partition = relation((*own.def.cast::<pg_sys::PartitionCmd>()).name)?;
                Action::AttachPartition { table, partition }
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

fn column(own: &pg_sys::ColumnDef) -> Result<ColumnDefinition, Error> {
    const SERIALS: [&str; 6] = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
    let name = text(own.colname)?.unwrap_or_default();
    let mut column = definition(&name, own.typeName, own.constraints)?;
    let is_serial = SERIALS.contains(&&*column.type_name);
    column.not_null |= own.is_not_null || is_serial;
    column.identity |= is_serial;
    Ok(column)
}

/// Returns what a type and constraints demand of a column, or of a domain.
fn definition(
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
        not_null_columns: match kind {
            ConstraintKind::Check => not_null_columns(own.raw_expr.cast())?,
            _ => Vec::new(),
        },
        references: (!own.pktable.is_null()).then(|| relation(own.pktable)).transpose()?,
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
