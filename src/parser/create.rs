//! What CREATE makes: the object, what is known of it, and the locks that it takes on others.

use std::ffi::c_void;

use pgmeta_lint::{Action, IndexDefinition, IndexKey, ObjectName};
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::error::Error;
use crate::parser::column::{bound, column, constraint, definition};
use crate::parser::node::{
    is_temporary, list, named_columns, object_name, option_text, relation, relations, tag, text, unqualified,
};
use crate::parser::statement::{actions, locked};

/// Returns the CREATE of anything but an index.
///
/// # Safety
/// The node is of the kind.
pub(super) unsafe fn create(kind: NodeTag, node: *mut c_void) -> Result<Vec<Action>, Error> {
    let of = |kind, name, repeatable, temporary| Ok(vec![Action::Create { kind, name, repeatable, temporary }]);
    // SAFETY: the caller's promise.
    unsafe {
        match kind {
            NodeTag::T_CreateStmt => {
                let own = &*node.cast::<pg_sys::CreateStmt>();
                let mut actions = of("table", relation(own.relation)?, own.if_not_exists, is_temporary(own.relation))?;
                if own.oncommit == pg_sys::OnCommitAction::ONCOMMIT_DROP {
                    actions.push(Action::DropOnCommit { table: relation(own.relation)? });
                }
                actions.extend(locked_by_table(own)?);
                if let (Some(bound), Some(table)) = (bound(own.partbound)?, relations(own.inhRelations)?.pop()) {
                    actions.push(Action::CreatePartition { table, bound });
                }
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
                let mut actions = of(kind, relation(range)?, own.if_not_exists, is_temporary(range))?;
                if !own.into.is_null() && (*own.into).onCommit == pg_sys::OnCommitAction::ONCOMMIT_DROP {
                    actions.push(Action::DropOnCommit { table: relation(range)? });
                }
                Ok(actions)
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
                // Without a name it has that of its owner.
                let owner = if own.authrole.is_null() { None } else { text((*own.authrole).rolename)? };
                let name = text(own.schemaname)?.or(owner);
                let mut all = of("schema", unqualified(name.clone()), own.if_not_exists, false)?;
                for element in list(own.schemaElts) {
                    all.extend(actions(element.cast())?);
                }
                let made: Vec<ObjectName> = all.iter().filter_map(created).cloned().collect();
                all.iter_mut().for_each(|action| put_into(action, name.as_ref(), &made));
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

/// Returns the object that an element of CREATE SCHEMA creates.
fn created(action: &Action) -> Option<&ObjectName> {
    match action {
        Action::Create { name, .. } => Some(name),
        _ => None,
    }
}

/// Puts what an element of CREATE SCHEMA names into the schema. It has made some objects; other names are looked up.
fn put_into(action: &mut Action, schema: Option<&String>, made: &[ObjectName]) {
    match action {
        // The schema itself has none.
        Action::Create { kind: "schema", .. } => {}
        Action::Create { name, .. } | Action::CreateIndex { table: name, .. } => {
            name.schema = name.schema.take().or_else(|| schema.cloned());
        }
        // The tables of the new schema are new.
        Action::Lock { tables } => {
            tables.retain(|table| table.schema.as_ref() != schema && !made.contains(table));
        }
        _ => {}
    }
}

fn index_definition(own: &pg_sys::IndexStmt) -> Result<IndexDefinition, Error> {
    let (mut keys, mut include) = (Vec::new(), Vec::new());
    let mut named = named_columns(own.whereClause.cast())?;
    // SAFETY: the lists are of IndexElem nodes.
    let element = |node: *mut c_void| unsafe { &*node.cast::<pg_sys::IndexElem>() };
    for own in list(own.indexParams).map(element) {
        keys.push(IndexKey {
            column: text(own.name)?,
            class: (!own.opclass.is_null()).then(|| object_name(own.opclass).map(|own| own.name)).transpose()?,
            has_collation: !own.collation.is_null(),
        });
        named.extend(named_columns(own.expr.cast())?);
    }
    for own in list(own.indexIncludingParams).map(element) {
        include.extend(text(own.name)?);
    }
    let has_expression = !own.whereClause.is_null() || keys.iter().any(|key| key.column.is_none());
    let method = text(own.accessMethod)?.unwrap_or_default();
    Ok(IndexDefinition { method, keys, include, has_expression, named, is_attached: false })
}

pub(super) fn index(own: &pg_sys::IndexStmt) -> Result<Action, Error> {
    Ok(Action::CreateIndex {
        index: text(own.idxname)?,
        table: relation(own.relation)?,
        definition: index_definition(own)?,
        concurrently: own.concurrent,
        repeatable: own.if_not_exists,
        // SAFETY: a statement of the parser has a relation.
        only: unsafe { !(*own.relation).inh },
    })
}
