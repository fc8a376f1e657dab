//! Two scripts for psql, `NAME.up.sql` and `NAME.down.sql`, each run by `psql -X -v ON_ERROR_STOP=1 -f`. One script contains all
//! transactions of a direction: psql does not record what ran, so there is nothing to divide. The version is not used: the user
//! decides what runs.
//!
//! psql interprets (src/fe_utils/psqlscan.l), outside of quotes and comments: a backslash, which no statement has there, and `:name`,
//! `:'name'`, `:"name"`, `:{?name}`, as in the slice `a[1:"PORT"]`.

use crate::ddl::File;
use crate::lexer::has_variable;
use crate::plan::Step;
use crate::plan::format::batches::{Batch, NOTHING, batches, hide};
use crate::plan::format::hide::{BLIND, Tool};
use crate::plan::format::{Format, Migration, Refusal};

const HEAD: &str = "-- psql -X -v ON_ERROR_STOP=1 -f";

/// psql knows quotes, and looks for variables and commands outside of them.
pub const PSQL: Tool = Tool { reads: has_variable, ..BLIND };

pub fn files(migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    let slug = migration.slug();
    let file = |direction: &str, steps: &[Step]| {
        let path = format!("{slug}.{direction}.sql");
        let content = format!("{HEAD} {path}\n\n{}", script(steps)?);
        Ok(File { path, content })
    };
    Ok(vec![file("up", migration.up)?, file("down", migration.down)?])
}

fn script(steps: &[Step]) -> Result<String, Refusal> {
    let batches = hide(batches(steps, true), Format::Plain, &PSQL)?;
    let scripts: Vec<String> = batches.iter().map(Batch::script).collect();
    Ok(if scripts.is_empty() { NOTHING.into() } else { scripts.join("\n") })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::format::batches::tests::{down, listing, sample, up};

    #[test]
    fn plain_scripts_contain_transaction_commands() {
        let expected = "\
==> add_t.up.sql
-- psql -X -v ON_ERROR_STOP=1 -f add_t.up.sql

BEGIN;
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
COMMIT;

BEGIN;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
COMMIT;

SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
RESET lock_timeout;
RESET statement_timeout;
==> add_t.down.sql
-- psql -X -v ON_ERROR_STOP=1 -f add_t.down.sql

SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
DROP INDEX CONCURRENTLY app.i;
RESET lock_timeout;
RESET statement_timeout;

BEGIN;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
COMMIT;
";
        assert_eq!(listing(&files(&sample(&up(), &down())).unwrap()), expected);
    }
}
