//! Files for dbmate, `VERSION_NAME.sql`, one for each transaction and each statement outside. Up and down each specify whether they
//! run in a transaction, so any two can share a file.
//!
//! dbmate sends a direction as one string, which the server runs as one transaction, so a statement outside of transactions is alone
//! in its direction. The file before sets its timeouts, and the file after resets them: dbmate runs all files in one session. If a
//! run stops between them, the server's timeouts apply, and so they do in rollbacks: `dbmate rollback` reverts one file in a session
//! of its own, and is run once for each file.
//!
//! Versions are consecutive and have the same length, because dbmate compares them as texts.
//!
//! dbmate interprets (pkg/dbmate/migration.go): the first match of `^--\s*migrate:up(\s*$|\s+\S+)` in any line, and the first of
//! `migrate:down` after it; each ends the text of the other. `\s` also matches newlines, so a line with `--` alone may begin a match.
//! dbmate sends the text between them unchanged; `{{…}}` and variables have no meaning.

use crate::ddl::File;
use crate::plan::format::batches::{Batch, NOTHING, hide, pairs, part_of, strings};
use crate::plan::format::hide::{BLIND, Tool};
use crate::plan::format::{Format, Migration, Refusal};

const TOOL: Tool = Tool { reads: is_directive, ..BLIND };

pub fn files(migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    let hidden = |steps| hide(strings(steps), Format::Dbmate, &TOOL);
    let pairs = pairs(hidden(migration.up)?, hidden(migration.down)?, false);
    let count = pairs.len();
    let files = pairs.iter().enumerate().map(|(index, (up, down))| File {
        path: format!("{}_{}.sql", migration.number(index), migration.slug()),
        content: format!("{}{}\n{}", part_of(index, count), section("up", up.as_ref()), section("down", down.as_ref())),
    });
    Ok(files.collect())
}

fn section(direction: &str, part: Option<&Batch>) -> String {
    let mode = if part.is_some_and(|part| !part.in_transaction) { " transaction:false" } else { "" };
    format!("-- migrate:{direction}{mode}\n{}", part.map_or_else(|| NOTHING.into(), Batch::text))
}

/// Returns whether `--` at the beginning of a line is followed by `migrate:`, possibly some lines below.
fn is_directive(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    lower.match_indices("migrate:").any(|(at, _)| {
        let before = lower[..at].trim_end();
        let begins = before.trim_end_matches(|c: char| c == '-' || (c.is_whitespace() && c != '\n'));
        before.ends_with("--") && (begins.is_empty() || begins.ends_with(['\n', '\u{feff}']))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::format::batches::tests::{down, listing, sample, up};

    #[test]
    fn each_direction_has_its_transaction_mode() {
        let expected = "\
==> 20240131120000_add_t.sql
-- Part 1 of 4 of one migration.
-- migrate:up
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

-- migrate:down
-- Nothing to do.
==> 20240131120001_add_t.sql
-- Part 2 of 4 of one migration.
-- migrate:up
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';

-- migrate:down
RESET lock_timeout;
RESET statement_timeout;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
==> 20240131120002_add_t.sql
-- Part 3 of 4 of one migration.
-- migrate:up transaction:false
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY app.i;
==> 20240131120003_add_t.sql
-- Part 4 of 4 of one migration.
-- migrate:up
RESET lock_timeout;
RESET statement_timeout;

-- migrate:down
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
";
        assert_eq!(listing(&files(&sample(&up(), &down())).unwrap()), expected);
    }
}
