//! What DROP, RENAME and SET SCHEMA do to objects of any type.

use std::ffi::c_void;

use pgmeta_lint::{Action, ObjectName};
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::error::Error;
use crate::parser::node::{list, names, object_name, relation, tag, text, unqualified};

pub(super) fn dropped(kind: &'static str, names: Vec<ObjectName>, repeatable: bool) -> Action {
    Action::Drop { kind, names, concurrently: false, repeatable, cascade: false }
}

pub(super) fn drop_objects(own: &pg_sys::DropStmt) -> Result<Vec<Action>, Error> {
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

pub(super) fn rename(own: &pg_sys::RenameStmt) -> Result<Action, Error> {
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
        repeatable: own.missing_ok,
    })
}

/// Returns the object that a statement alters: a relation by itself, or what a node names.
pub(super) fn object(range: *const pg_sys::RangeVar, node: *mut c_void) -> Result<Option<ObjectName>, Error> {
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

/// Returns the name that a string node is.
fn single(node: *mut c_void) -> Result<ObjectName, Error> {
    // SAFETY: the list lives in the current memory context, and holds the node.
    object_name(unsafe { pg_sys::lappend(std::ptr::null_mut(), node) })
}

/// Returns the words for a type of object.
pub(super) fn object_kind(kind: pg_sys::ObjectType::Type) -> &'static str {
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
