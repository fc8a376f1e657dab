//! Rule public_schema_create.

use pgmeta_core::model::{ObjectRef, Privilege};

use crate::analysis::{grants, is_public};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Schema in which anybody may create objects
    ///
    /// Reports schemas on which PUBLIC has the privilege CREATE. Databases made before PostgreSQL 15 have it on the schema public.
    ///
    /// # Why
    ///
    /// Any role can create functions, operators and tables there that statements of others then use by mistake: with names that are
    /// looked up in that schema first, code of one role runs with the privileges of another.
    ///
    /// # Fix
    ///
    /// Revoke CREATE from PUBLIC, and grant it to the roles that need it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// GRANT CREATE ON SCHEMA public TO PUBLIC;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    /// ```
    Rule {
        name: "public_schema_create",
        level: Level::Error,
        category: Category::Security,
        peers: &["pglinter:S003"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for schema in cx.model.schemas.iter().filter(|own| is_public(cx.model, *own, Privilege::Create)) {
        let key = schema.object_key();
        let detail = format!("PUBLIC may create objects in schema {}.", key.identity());
        let mut left = grants(cx.model, schema);
        for grant in left.iter_mut().filter(|grant| grant.grantee.is_none()) {
            grant.privileges.remove(&Privilege::Create);
        }
        left.retain(|grant| !grant.privileges.is_empty());
        let fix = Fix::plan(cx, [ObjectRef::Schema(schema)], |model| {
            model.schemas.iter_mut().for_each(|own| own.privileges = Some(left.clone()));
        });
        report.add(Draft::of(key, detail).fix(fix));
    }
}
