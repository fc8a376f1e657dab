//! What a statement does to the session: transactions, settings, and queries that set one or make a table.

use std::ffi::c_void;

use pgmeta_lint::Action;
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::error::Error;
use crate::parser::node::{is_temporary, is_true, list, object_name, relation, string_constant, tag, text};

pub(super) fn transaction(own: &pg_sys::TransactionStmt) -> Result<Vec<Action>, Error> {
    use pg_sys::TransactionStmtKind::*;
    let savepoint = || text(own.savepoint_name).map(Option::unwrap_or_default);
    let action = match own.kind {
        TRANS_STMT_BEGIN | TRANS_STMT_START => Action::Begin,
        TRANS_STMT_COMMIT | TRANS_STMT_PREPARE => Action::Commit,
        TRANS_STMT_ROLLBACK => Action::Rollback,
        TRANS_STMT_SAVEPOINT => Action::Savepoint { name: savepoint()? },
        TRANS_STMT_RELEASE => Action::Release { name: savepoint()? },
        // The server refuses them within a transaction.
        TRANS_STMT_COMMIT_PREPARED | TRANS_STMT_ROLLBACK_PREPARED => Action::Alone,
        TRANS_STMT_ROLLBACK_TO => Action::RollbackTo { name: savepoint()? },
        _ => return Ok(Vec::new()),
    };
    Ok(if own.chain { vec![action, Action::Begin] } else { vec![action] })
}

pub(super) fn set(own: &pg_sys::VariableSetStmt) -> Result<Option<Action>, Error> {
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
pub(super) fn select(own: &pg_sys::SelectStmt) -> Result<Vec<Action>, Error> {
    // SAFETY: the parser's nodes are what their tags say.
    unsafe {
        // INTO belongs to the first part of UNION and the like.
        let mut first = own;
        while !first.larg.is_null() {
            first = &*first.larg;
        }
        if !first.intoClause.is_null() {
            let range = (*first.intoClause).rel;
            let (name, temporary) = (relation(range)?, is_temporary(range));
            return Ok(vec![Action::Create { kind: "table", name, repeatable: false, temporary }]);
        }
    }
    let mut actions = Vec::new();
    for target in list(own.targetList) {
        actions.extend(set_config(target)?);
    }
    Ok(actions)
}

/// Returns the setting that an expression of a query sets.
fn set_config(target: *mut c_void) -> Result<Option<Action>, Error> {
    if tag(target) != Some(NodeTag::T_ResTarget) {
        return Ok(None);
    }
    // SAFETY: the tags say what the nodes are.
    let call = unsafe {
        let value = (*target.cast::<pg_sys::ResTarget>()).val.cast::<c_void>();
        if tag(value) != Some(NodeTag::T_FuncCall) {
            return Ok(None);
        }
        &*value.cast::<pg_sys::FuncCall>()
    };
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
