//! Files for Flyway: `VVERSION__NAME.sql` and the undo script `UVERSION__NAME.sql` (which only its paid editions run), one pair for
//! each transaction and each statement outside. Several have the versions `VERSION.01`, `VERSION.02`, …, which come before any
//! version that follows the first.
//!
//! A statement outside of transactions has its own script, because Flyway rejects scripts that mix both. The script's configuration
//! (`….sql.conf`) declares that it runs outside. The script before sets its timeouts, and the one after resets them, in the same
//! session. Flyway's lock is a transaction that such a statement would wait for: the user sets
//! `flyway.postgresql.transactional.lock=false`.
//!
//! Flyway interprets (org/flywaydb/core/internal/parser/Parser.java and PlaceholderReplacingReader.java,
//! org/flywaydb/database/postgresql/PostgreSQLParser.java): `${…}` anywhere, also in comments, which the script's configuration turns
//! off; a user who sets another prefix must check for it. Comments have no meaning. Flyway splits a script at semicolons outside of
//! quotes, brackets and comments: `$` opens a body anywhere, and the result for `BEGIN ATOMIC` depends on its version. A byte order
//! mark at the beginning of a file is removed.

use crate::ddl::File;
use crate::plan::format::batches::{Batch, NOTHING, hide, pairs, part_of, strings};
use crate::plan::format::hide::{BLIND, Tool, has_atomic_body};
use crate::plan::format::{Format, Migration, Refusal};

const LOCK: &str =
    "-- Set flyway.postgresql.transactional.lock=false: with it, this would wait for Flyway's own lock.\n";

const TOOL: Tool = Tool { loses: hides_statement_end, ..BLIND };

pub fn files(migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    let hidden = |steps| hide(strings(steps), Format::Flyway, &TOOL);
    let pairs = pairs(hidden(migration.up)?, hidden(migration.down)?, false);
    let count = pairs.len();
    let mut files = Vec::new();
    for (index, (up, down)) in pairs.iter().enumerate() {
        let suffix = if count == 1 { String::new() } else { format!(".{:02}", index + 1) };
        for (letter, part) in [("V", up), ("U", down)] {
            let path = format!("{letter}{}{suffix}__{}.sql", migration.number(0), migration.slug());
            let outside = part.as_ref().is_some_and(|part| !part.in_transaction);
            let lock = if outside { LOCK } else { "" };
            let text = part.as_ref().map_or_else(|| NOTHING.into(), Batch::text);
            let content = format!("{}{lock}{text}", part_of(index, count));
            let mut settings = String::new();
            if outside {
                settings.push_str("executeInTransaction=false\n");
            }
            if content.contains("${") {
                settings.push_str("placeholderReplacement=false\n");
            }
            if !settings.is_empty() {
                files.push(File { path: format!("{path}.conf"), content: settings });
            }
            files.push(File { path, content });
        }
    }
    Ok(files)
}

/// Returns whether an SQL-standard body or a `$1`, which Flyway reads as the quote of a body, hides a statement's end.
fn hides_statement_end(code: &str) -> bool {
    has_atomic_body(code) || code.contains('$')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::Run;
    use crate::plan::format::batches::tests::{down, listing, sample, steps, up};

    #[test]
    fn statements_outside_transactions_have_a_script_and_configuration() {
        let expected = "\
==> V20240131120000.01__add_t.sql
-- Part 1 of 4 of one migration.
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
==> U20240131120000.01__add_t.sql
-- Part 1 of 4 of one migration.
-- Nothing to do.
==> V20240131120000.02__add_t.sql
-- Part 2 of 4 of one migration.
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
==> U20240131120000.02__add_t.sql
-- Part 2 of 4 of one migration.
RESET lock_timeout;
RESET statement_timeout;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
==> V20240131120000.03__add_t.sql.conf
executeInTransaction=false
==> V20240131120000.03__add_t.sql
-- Part 3 of 4 of one migration.
-- Set flyway.postgresql.transactional.lock=false: with it, this would wait for Flyway's own lock.
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
==> U20240131120000.03__add_t.sql.conf
executeInTransaction=false
==> U20240131120000.03__add_t.sql
-- Part 3 of 4 of one migration.
-- Set flyway.postgresql.transactional.lock=false: with it, this would wait for Flyway's own lock.
DROP INDEX CONCURRENTLY app.i;
==> V20240131120000.04__add_t.sql
-- Part 4 of 4 of one migration.
RESET lock_timeout;
RESET statement_timeout;
==> U20240131120000.04__add_t.sql
-- Part 4 of 4 of one migration.
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
";
        assert_eq!(listing(&files(&sample(&up(), &down())).unwrap()), expected);
    }

    #[test]
    fn placeholders_are_not_replaced() {
        let up = steps(&[("SELECT '${x}'", Run::Together)]);
        assert_eq!(files(&sample(&up, &[])).unwrap()[0].content, "placeholderReplacement=false\n");
    }
}
