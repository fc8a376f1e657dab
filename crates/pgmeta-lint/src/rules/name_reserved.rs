//! Rule name_reserved.

use pgmeta_core::model::ObjectKind;

use crate::analysis::all_named;
use crate::context::{Context, Report};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Name that is a reserved word
    ///
    /// Reports schemas, tables, views, columns, sequences, types and functions whose name is a word that PostgreSQL reserves. Words
    /// that are reserved for functions and types are reported for relations and columns only. Other keywords need no quotes as names.
    ///
    /// # Why
    ///
    /// The name must be in double quotes wherever it is written, and tools forget them.
    ///
    /// # Fix
    ///
    /// Rename it, in the database and in the programs that use it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app."user" (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "name_reserved",
        level: Level::Warning,
        category: Category::Naming,
        peers: &["pglinter:B010"],
        judge: Judge::Schema(check),
    }
}

/// Reserved, in alphabetical order (`pg_get_keywords()`, catcode R, of all supported majors).
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// The same, but they can be names of functions and types (catcode T).
const RESERVED_FOR_RELATIONS: &[&str] = &[
    "authorization",
    "binary",
    "collation",
    "concurrently",
    "cross",
    "current_schema",
    "freeze",
    "full",
    "ilike",
    "inner",
    "is",
    "isnull",
    "join",
    "left",
    "like",
    "natural",
    "notnull",
    "outer",
    "overlaps",
    "right",
    "similar",
    "tablesample",
    "verbose",
];

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for named in all_named(cx) {
        let may_be_function = matches!(named.key.kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Type);
        let is_reserved = RESERVED.binary_search(&&*named.name).is_ok();
        if is_reserved || (!may_be_function && RESERVED_FOR_RELATIONS.binary_search(&&*named.name).is_ok()) {
            report.add(named.draft(&format!("has the reserved word {} as its name", named.name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_need_quotes() {
        for list in [RESERVED, RESERVED_FOR_RELATIONS] {
            assert!(list.is_sorted());
            assert!(list.iter().all(|word| pgmeta_core::ident::ident(word).starts_with('"')));
        }
    }
}
