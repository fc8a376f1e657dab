//! Statements that all kinds share: owner, dependence on extensions, comment, privileges, security labels.

use crate::ddl::context::Context;
use crate::ddl::privileges::{self, Target};
use crate::ddl::render::{Render, Script};
use crate::ident::{Name, ident, literal};
use crate::interrupt::check;
use crate::model::{Column, Grant, ObjectKind, Privilege, SecurityLabel};

/// Appends the statements that follow an object's CREATE.
pub fn after(object: &dyn Render, cx: &Context<'_>, out: &mut Script) {
    let shared = object.shared();
    let initial = object.initial(cx);
    if let Some(owner) = shared.owner
        && cx.options.owner
        && object.has_owner()
        && initial.owner != Some(owner)
    {
        out.statement(format_args!("ALTER {} OWNER TO {}", object.target(), ident(owner)));
    }
    for extension in shared.depends_on_extensions {
        out.statement(format_args!("ALTER {} DEPENDS ON EXTENSION {}", object.dependent_target(), ident(extension)));
    }
    if shared.comment != initial.comment || !shared.security_labels.is_empty() {
        let target = object.comment_target();
        match (shared.comment, initial.comment) {
            (None, Some(_)) if cx.options.comments => out.statement(format_args!("COMMENT ON {target} IS NULL")),
            (own, initial) if own != initial => comment(cx, &target, own, out),
            _ => {}
        }
        labels(cx, &target, shared.security_labels, out);
    }
    if let Some(grants) = shared.privileges
        && cx.options.privileges
    {
        let key = object.key();
        let all = key.kind.privileges(cx.model.server_version_num);
        let owner = shared.owner;
        let defaults = owner.map_or_else(Vec::new, |owner| {
            if key.kind == ObjectKind::Schema && key.name() == "public" {
                return cx.public_schema_privileges(owner);
            }
            key.kind.default_privileges(owner, cx.model.server_version_num)
        });
        let on = object.grant_target();
        privileges::changes(Target { on: &on, columns: "", prefix: "", owner }, &all, &defaults, grants, out);
    }
}

/// Appends COMMENT ON, if there is a comment.
pub fn comment(cx: &Context<'_>, target: &str, comment: Option<&str>, out: &mut Script) {
    if let Some(text) = comment
        && cx.options.comments
    {
        out.statement(format_args!("COMMENT ON {target} IS {}", literal(text)));
    }
}

/// Appends SECURITY LABEL ON for each provider.
pub fn labels(cx: &Context<'_>, target: &str, labels: &[SecurityLabel], out: &mut Script) {
    if cx.options.security_labels {
        for SecurityLabel { provider, label } in labels {
            out.statement(format_args!("SECURITY LABEL FOR {} ON {target} IS {}", ident(provider), literal(label)));
        }
    }
}

/// Appends the comments, labels and privileges of a relation's columns. `on`: the relation's name in GRANT.
pub fn columns<'c>(
    cx: &Context<'_>,
    relation: &str,
    on: &str,
    owner: Option<&Name>,
    columns: impl IntoIterator<Item = &'c Column>,
    out: &mut Script,
) {
    for column in columns {
        check();
        if column.comment.is_none() && column.security_labels.is_empty() && column.privileges.is_none() {
            continue;
        }
        let target = format!("COLUMN {relation}.{}", ident(&column.name));
        comment(cx, &target, column.comment.as_deref(), out);
        labels(cx, &target, &column.security_labels, out);
        if let Some(grants) = &column.privileges
            && cx.options.privileges
        {
            let columns = format!("({})", ident(&column.name));
            privileges::changes(
                Target { on, columns: &columns, prefix: "", owner },
                &Privilege::of_columns(),
                &[] as &[Grant],
                grants,
                out,
            );
        }
    }
}
