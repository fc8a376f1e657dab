//! Files for goose, `VERSION_NAME.sql`, one for each transaction and each statement outside: `NO TRANSACTION` applies to a whole
//! file, up and down, so a file is in a transaction in both directions or in neither. Up and down with different modes get files of
//! their own, in which the other direction is empty.
//!
//! Statements with a semicolon or a comment are put between `StatementBegin` and `StatementEnd`, because goose looks for semicolons at
//! the end of lines.
//!
//! Versions are consecutive numbers. They have no suffix: goose compares numbers, and a longer one would be newer than any migration
//! that the user creates later.
//!
//! goose interprets (internal/sqlparser/parser.go): a line that begins with `--`, also after blanks, and contains `+goose`. It removes
//! every `--`; the rest must be `Up`, `Down`, `StatementBegin`, `StatementEnd`, `NO TRANSACTION`, `ENVSUB ON` or `ENVSUB OFF` in any
//! case, else it is an error. Older versions accept only `--`, blanks and the word, and `ENVSUBST`. Variables are replaced only
//! between the last two. A carriage return at the end of a line is lost (Go's `bufio.ScanLines`), and a line has at most 4 MiB.

use crate::ddl::File;
use crate::lexer::has_word;
use crate::plan::format::batches::{Batch, Entry, NOTHING, batches, hide, pairs, part_of};
use crate::plan::format::hide::{BLIND, Tool};
use crate::plan::format::{Format, Migration, Refusal};

const TOOL: Tool = Tool { reads: is_annotation, ..BLIND };

pub fn files(migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    let hidden = |steps| hide(batches(steps, false), Format::Goose, &TOOL);
    let pairs = pairs(hidden(migration.up)?, hidden(migration.down)?, true);
    let count = pairs.len();
    let files = pairs.into_iter().enumerate().map(|(index, (up, down))| {
        let outside = up.iter().chain(&down).any(|part| !part.in_transaction);
        let mode = if outside { "-- +goose NO TRANSACTION\n" } else { "" };
        let (head, up, down) = (part_of(index, count), text(up.as_ref()), text(down.as_ref()));
        File {
            path: format!("{}_{}.sql", migration.number(index), migration.slug()),
            content: format!("{head}{mode}-- +goose Up\n{up}\n-- +goose Down\n{down}"),
        }
    });
    Ok(files.collect())
}

fn text(part: Option<&Batch>) -> String {
    part.map_or_else(|| NOTHING.into(), |part| part.entries.iter().map(statement).collect())
}

fn statement(entry: &Entry) -> String {
    if entry.sql.contains(';') || entry.sql.contains("--") {
        format!("-- +goose StatementBegin\n{}-- +goose StatementEnd\n", entry.text())
    } else {
        entry.text()
    }
}

/// Returns whether a line is an annotation, or would lose its carriage return.
fn is_annotation(sql: &str) -> bool {
    let begins = |line: &str| line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with("--");
    sql.contains('\r') || sql.split('\n').any(|line| begins(line) && has_word(line, &["+goose"]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::Run;
    use crate::plan::format::batches::tests::{down, listing, sample, steps, up};

    #[test]
    fn a_file_is_a_transaction_or_outside_of_any() {
        let expected = "\
==> 20240131120000_add_t.sql
-- Part 1 of 3 of one migration.
-- +goose Up
SET LOCAL check_function_bodies = off;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
CREATE TABLE app.t (
    a integer
);
-- +goose StatementBegin
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1; -- one
END;
$$;
-- +goose StatementEnd

-- +goose Down
-- Nothing to do.
==> 20240131120001_add_t.sql
-- Part 2 of 3 of one migration.
-- +goose Up
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';

-- +goose Down
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
==> 20240131120002_add_t.sql
-- Part 3 of 3 of one migration.
-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
RESET lock_timeout;
RESET statement_timeout;

-- +goose Down
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
DROP INDEX CONCURRENTLY app.i;
RESET lock_timeout;
RESET statement_timeout;
";
        assert_eq!(listing(&files(&sample(&up(), &down())).unwrap()), expected);
    }

    #[test]
    fn directions_with_different_modes_have_separate_files() {
        let (up, down) = (steps(&[("A", Run::Outside)]), steps(&[("B", Run::Together)]));
        let files = files(&sample(&up, &down)).unwrap();
        assert_eq!(files.len(), 2);
        assert!(files[0].content.contains("NO TRANSACTION") && files[0].content.ends_with(NOTHING));
        assert!(!files[1].content.contains("NO TRANSACTION") && files[1].content.contains("B;"));
    }

    #[test]
    fn a_function_body_cannot_change_the_direction() {
        let up = steps(&[("SELECT '\n-- +goose Down\n'", Run::Together)]);
        let content = &files(&sample(&up, &[])).unwrap()[0].content;
        assert_eq!(content.lines().filter(|line| line.starts_with("-- +goose Down")).count(), 1);
    }
}
