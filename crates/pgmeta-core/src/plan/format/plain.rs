//! Two scripts for psql, `NAME.up.sql` and `NAME.down.sql`, each run by `psql -X -v ON_ERROR_STOP=1 -f`. All
//! transactions of a direction are in the one script: psql keeps no record of what ran, so that there is nothing to
//! divide. The version is not used: the user says what runs.

use crate::ddl::File;
use crate::plan::Step;
use crate::plan::format::Migration;
use crate::plan::format::parts::{NOTHING, Part, parts};

const HEAD: &str = "-- psql -X -v ON_ERROR_STOP=1 -f";

pub fn files(migration: &Migration<'_>) -> Vec<File> {
    let slug = migration.slug();
    let file = |direction: &str, steps: &[Step]| {
        let path = format!("{slug}.{direction}.sql");
        let content = format!("{HEAD} {path}\n\n{}", script(steps));
        File { path, content }
    };
    vec![file("up", migration.up), file("down", migration.down)]
}

fn script(steps: &[Step]) -> String {
    let scripts: Vec<String> = parts(steps, true).iter().map(Part::script).collect();
    if scripts.is_empty() { NOTHING.into() } else { scripts.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::format::parts::tests::{down, listing, sample, up};

    #[test]
    fn psql_is_told_of_transactions() {
        let expected = "\
==> add_t.up.sql
-- psql -X -v ON_ERROR_STOP=1 -f add_t.up.sql

BEGIN;
SET LOCAL check_function_bodies = off;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '3000ms';
CREATE TABLE app.t (
    a integer
);
CREATE FUNCTION app.f() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1; -- one
END;
$$;
COMMIT;

BEGIN;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '3000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
COMMIT;

SET lock_timeout = '3000ms';
SET statement_timeout = '1200000ms';
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
RESET lock_timeout;
RESET statement_timeout;
==> add_t.down.sql
-- psql -X -v ON_ERROR_STOP=1 -f add_t.down.sql

SET lock_timeout = '3000ms';
SET statement_timeout = '3000ms';
DROP INDEX CONCURRENTLY app.i;
RESET lock_timeout;
RESET statement_timeout;

BEGIN;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '3000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
COMMIT;
";
        assert_eq!(listing(&files(&sample(&up(), &down()))), expected);
    }
}
