//! One changelog for Liquibase, `VERSION_NAME.sql`, in its formatted SQL: a changeset for each transaction and each statement
//! outside, with its rollback. `runInTransaction` applies to a changeset and its rollback, so both are in a transaction or neither;
//! up and down with different modes get changesets of their own.
//!
//! The files turn splitting off, because Liquibase would split at semicolons in bodies. The driver sends a changeset as one string, so
//! a statement outside has its own; the changeset before sets its timeouts, and the one after resets them.
//!
//! The user includes the file in the main changelog and rolls back by `rollback-count`, with the number of changesets. Liquibase
//! identifies them by file, author and id: the file must keep its name.
//!
//! Liquibase interprets (liquibase/parser/AbstractFormattedChangeLogParser.java, FormattedSqlChangeLogParser.java,
//! changelog/ExpressionExpander.java, change/AbstractSQLChange.java), in any case: a line of blanks, dashes (one is enough for an
//! error), blanks and one of the words below; `/* liquibase rollback` in a line, up to `*/`; `${…}` anywhere; in a rollback
//! `changesetId` anywhere, which then names another changeset. Java reads lines up to `\n`, `\r` or both, joins them by `\n` and
//! removes every other `\r`; the text after `--rollback ` must not contain a line end at which a `.` of Java stops: U+0085, U+2028,
//! U+2029. The driver, pgjdbc, does not find the end of a statement after an SQL-standard body.

use crate::ddl::File;
use crate::plan::format::batches::{Batch, hide, pairs, strings};
use crate::plan::format::hide::{Tool, has_atomic_body};
use crate::plan::format::{Format, Migration, Refusal};

/// The first words of Liquibase's comments.
const WORDS: &[&str] = &[
    "changeset",
    "comment",
    "ignore",
    "include",
    "liquibase",
    "precondition",
    "property",
    "rollback",
    "validchecksum",
];

const TOOL: Tool = Tool { reads: is_liquibase_comment, words: &["${", "changesetid"], loses: has_atomic_body };

pub fn files(migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    let mut content = String::from("--liquibase formatted sql\n");
    let hidden = |steps| hide(strings(steps), Format::Liquibase, &TOOL);
    let pairs = pairs(hidden(migration.up)?, hidden(migration.down)?, true);
    for (index, (up, down)) in pairs.iter().enumerate() {
        let in_transaction = up.iter().chain(down).all(|part| part.in_transaction);
        content.push_str(&format!(
            "\n--changeset pgmeta:{}-{:02} runInTransaction:{in_transaction} splitStatements:false \
             rollbackSplitStatements:false stripComments:false\n",
            migration.number(0),
            index + 1,
        ));
        // A changeset needs a statement.
        content.push_str(&up.as_ref().map_or_else(|| "SELECT 1;\n".into(), Batch::text));
        match down {
            Some(part) => part.text().lines().for_each(|line| {
                content.push_str(&format!("--rollback {line}\n"));
            }),
            None => content.push_str("--rollback empty\n"),
        }
    }
    Ok(vec![File { path: format!("{}_{}.sql", migration.number(0), migration.slug()), content }])
}

/// Returns whether Liquibase would interpret a line, or change it.
fn is_liquibase_comment(sql: &str) -> bool {
    sql.contains(['\r', '\u{85}', '\u{2028}', '\u{2029}']) || sql.split('\n').any(is_own_line)
}

fn is_own_line(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase();
    let comment = line.strip_prefix('-').map(|rest| rest.trim_start_matches(|c: char| c == '-' || c.is_whitespace()));
    comment.is_some_and(|comment| WORDS.iter().any(|word| comment.starts_with(word)))
        || (line.starts_with("/*") && line.contains("liquibase"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::Run;
    use crate::plan::format::batches::tests::{down, listing, sample, steps, up};

    #[test]
    fn a_changeset_is_a_transaction_or_outside_of_any() {
        let expected = "\
==> 20240131120000_add_t.sql
--liquibase formatted sql

--changeset pgmeta:20240131120000-01 runInTransaction:true splitStatements:false rollbackSplitStatements:false stripComments:false
SET LOCAL check_function_bodies = off;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
CREATE TABLE app.t (
    a integer
);
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1; -- one
END;
$$;
--rollback empty

--changeset pgmeta:20240131120000-02 runInTransaction:true splitStatements:false rollbackSplitStatements:false stripComments:false
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
--rollback RESET lock_timeout;
--rollback RESET statement_timeout;
--rollback SET LOCAL lock_timeout = '3000ms';
--rollback SET LOCAL statement_timeout = '15000ms';
--rollback DROP FUNCTION app.f();
--rollback -- Step 3: (DELETES_DATA)
--rollback DROP TABLE app.t;

--changeset pgmeta:20240131120000-03 runInTransaction:false splitStatements:false rollbackSplitStatements:false stripComments:false
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
--rollback DROP INDEX CONCURRENTLY app.i;

--changeset pgmeta:20240131120000-04 runInTransaction:true splitStatements:false rollbackSplitStatements:false stripComments:false
RESET lock_timeout;
RESET statement_timeout;
--rollback SET lock_timeout = '1200000ms';
--rollback SET statement_timeout = '0ms';
";
        assert_eq!(listing(&files(&sample(&up(), &down())).unwrap()), expected);
    }

    #[test]
    fn a_function_body_contains_no_changesets() {
        let up = steps(&[("SELECT '\n -- changeset a:b\n--ROLLBACK x\n${y}'", Run::Together)]);
        let content = &files(&sample(&up, &[])).unwrap()[0].content;
        assert_eq!(content.lines().filter(|line| is_own_line(line)).count(), 3, "{content}");
    }
}
