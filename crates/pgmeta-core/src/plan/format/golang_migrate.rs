//! Files for golang-migrate, `VERSION_NAME.up.sql` and `.down.sql`: one pair for each transaction and each statement outside.
//! golang-migrate sends a file as one string, which the server runs as one transaction: the file contains no BEGIN, so that an error
//! leaves no transaction open. The option `x-multi-statement` must not be set: it splits at every semicolon, also in function
//! bodies.
//!
//! A file with a statement outside of transactions contains nothing else. The file before sets its timeouts, and the one after resets
//! them: all files run in one session. If a run stops between them, the server's timeouts apply.
//!
//! Versions are consecutive, because golang-migrate compares them as numbers.
//!
//! golang-migrate interprets nothing in a file (database/postgres/postgres.go, `Run`): without that option it sends the file
//! unchanged.

use crate::ddl::File;
use crate::plan::format::Migration;
use crate::plan::format::batches::{Batch, NOTHING, pairs, part_of, strings};

pub fn files(migration: &Migration<'_>) -> Vec<File> {
    let pairs = pairs(strings(migration.up), strings(migration.down), false);
    let count = pairs.len();
    let files = pairs.iter().enumerate().flat_map(|(index, (up, down))| {
        let file = |direction: &str, part: &Option<Batch>| File {
            path: format!("{}_{}.{direction}.sql", migration.number(index), migration.slug()),
            content: part_of(index, count) + &part.as_ref().map_or_else(|| NOTHING.into(), Batch::text),
        };
        [file("up", up), file("down", down)]
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::format::batches::tests::{down, listing, sample, up};

    #[test]
    fn a_file_is_one_string() {
        let expected = "\
==> 20240131120000_add_t.up.sql
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
==> 20240131120000_add_t.down.sql
-- Part 1 of 4 of one migration.
-- Nothing to do.
==> 20240131120001_add_t.up.sql
-- Part 2 of 4 of one migration.
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
==> 20240131120001_add_t.down.sql
-- Part 2 of 4 of one migration.
RESET lock_timeout;
RESET statement_timeout;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
==> 20240131120002_add_t.up.sql
-- Part 3 of 4 of one migration.
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
==> 20240131120002_add_t.down.sql
-- Part 3 of 4 of one migration.
DROP INDEX CONCURRENTLY app.i;
==> 20240131120003_add_t.up.sql
-- Part 4 of 4 of one migration.
RESET lock_timeout;
RESET statement_timeout;
==> 20240131120003_add_t.down.sql
-- Part 4 of 4 of one migration.
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
";
        assert_eq!(listing(&files(&sample(&up(), &down()))), expected);
    }
}
