//! What each statement does, from its parse tree. A statement that no rule asks for does nothing here.

use std::ffi::c_void;

use pgmeta_lint::Action;
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::error::Error;
use crate::parser::alter_table::alter_table;
use crate::parser::create::{create, index};
use crate::parser::node::{has_option, list, object_name, option_text, relation, relations, tag, text, unqualified};
use crate::parser::objects::{drop_objects, dropped, object, object_kind, rename};
use crate::parser::session::{select, set, transaction};

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
                Action::SetSchema { kind: object_kind(own.objectType), object, schema, repeatable: own.missing_ok }
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
                // Weaker locks let others write, and with NOWAIT nobody waits.
                if own.mode < pg_sys::ShareLock as i32 || own.nowait {
                    return Ok(Vec::new());
                }
                Action::Lock { tables: relations(own.relations)? }
            }
            NodeTag::T_AlterSystemStmt | NodeTag::T_CreateSubscriptionStmt => Action::Alone,
            NodeTag::T_AlterDatabaseStmt => {
                let own = &*node.cast::<pg_sys::AlterDatabaseStmt>();
                if option_text(own.options, "tablespace")?.is_none() {
                    return Ok(Vec::new());
                }
                Action::Alone
            }
            NodeTag::T_DiscardStmt => {
                use pg_sys::DiscardMode::{DISCARD_ALL, DISCARD_TEMP};
                match (*node.cast::<pg_sys::DiscardStmt>()).target {
                    DISCARD_ALL => Action::Discard { all: true },
                    DISCARD_TEMP => Action::Discard { all: false },
                    _ => return Ok(Vec::new()),
                }
            }
            NodeTag::T_AlterDomainStmt => return Ok(domain(&*node.cast())?.into_iter().collect()),
            NodeTag::T_VariableSetStmt => return Ok(set(&*node.cast())?.into_iter().collect()),
            NodeTag::T_SelectStmt => return select(&*node.cast()),
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

fn written(table: *const pg_sys::RangeVar) -> Result<Action, Error> {
    Ok(Action::Write { table: relation(table)? })
}

pub(super) fn locked(table: *const pg_sys::RangeVar) -> Result<Action, Error> {
    Ok(Action::Lock { tables: vec![relation(table)?] })
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

fn domain(own: &pg_sys::AlterDomainStmt) -> Result<Option<Action>, Error> {
    let name = object_name(own.typeName)?;
    let of = |not_null, checks, reads_rows| Some(Action::ConstrainDomain { name, not_null, checks, reads_rows });
    Ok(match u8::try_from(own.subtype) {
        Ok(b'O') => of(Some(true), false, true),
        Ok(b'N') => of(Some(false), false, false),
        // SAFETY: the definition of this subtype is a Constraint node.
        Ok(b'C') => of(None, true, unsafe { !(*own.def.cast::<pg_sys::Constraint>()).skip_validation }),
        Ok(b'V') => of(None, false, true),
        _ => None,
    })
}
