//! Changes for Sqitch: `deploy/`, `revert/` and `verify/NAME.sql`, one for each transaction and each statement outside, because Sqitch
//! records whole changes only; and the lines to append to `sqitch.plan`, in a file of another name, so that no plan is overwritten.
//! Several changes are `NAME_01`, `NAME_02`, …, each requiring the one before it.
//!
//! Sqitch runs the scripts by psql, each in a session of its own, so any two directions can share a change, and the scripts contain
//! BEGIN and COMMIT. `plain` lists what psql interprets; Sqitch (lib/App/Sqitch/Engine/pg.pm) reads nothing in a script, and sets the
//! variable `registry`. The time in the plan's lines is the version, if it is a time.
//!
//! A verify script looks for the objects that the change creates, unless a later change alters them.

use std::collections::BTreeMap;

use crate::ddl::File;
use crate::ident::literal;
use crate::model::ObjectKey;
use crate::plan::Step;
use crate::plan::format::batches::{Batch, NOTHING, batches, hide, pairs, part_of};
use crate::plan::format::plain::PSQL;
use crate::plan::format::{Format, Migration, Refusal};

const PLAN: &str = "sqitch.plan.add";

pub fn files(migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    let hidden = |steps| hide(batches(steps, false), Format::Sqitch, &PSQL);
    let pairs = pairs(hidden(migration.up)?, hidden(migration.down)?, false);
    let count = pairs.len();
    let slug = migration.slug();
    let names: Vec<String> = match count {
        1 => vec![slug],
        _ => (1..=count).map(|number| format!("{slug}_{number:02}")).collect(),
    };
    let time = time(migration.version);
    let last: BTreeMap<&ObjectKey, i32> = migration.up.iter().map(|step| (&step.statement.key, step.step)).collect();
    let (mut files, mut plan) = (Vec::new(), String::new());
    let mut before = String::new();
    for (index, (name, (up, down))) in names.iter().zip(&pairs).enumerate() {
        let created = up.iter().flat_map(|part| &part.steps);
        let created = created.filter(|step| last.get(&step.statement.key) == Some(&step.step));
        let texts = [("deploy", script(up.as_ref())), ("revert", script(down.as_ref())), ("verify", verify(created))];
        for (folder, text) in texts {
            let path = format!("{folder}/{name}.sql");
            files.push(File { path, content: part_of(index, count) + &text });
        }
        let requires = if before.is_empty() { String::new() } else { format!("[{before}] ") };
        plan.push_str(&format!("{name} {requires}{time} pgmeta <pgmeta@localhost>{}\n", note(index, count)));
        before.clone_from(name);
    }
    files.push(File { path: PLAN.into(), content: plan });
    Ok(files)
}

fn script(part: Option<&Batch>) -> String {
    part.map_or_else(|| NOTHING.into(), Batch::script)
}

fn note(index: usize, count: usize) -> String {
    if count == 1 { String::new() } else { format!(" # Part {} of {count}.", index + 1) }
}

fn verify<'a>(steps: impl Iterator<Item = &'a Step>) -> String {
    let array = |names: &[crate::ident::Name]| {
        let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
        format!("ARRAY[{}]::text[]", names.join(", "))
    };
    let created = steps.filter(|step| step.statement.sql.starts_with("CREATE "));
    let calls = created.map(|step| {
        let ObjectKey { kind, names, args } = &step.statement.key;
        let kind = literal(kind.word());
        format!("SELECT pg_catalog.pg_get_object_address({kind}, {}, {});\n", array(names), array(args))
    });
    let calls: String = calls.collect();
    if calls.is_empty() {
        "-- Nothing to verify.\n".into()
    } else {
        format!("-- Fails if an object is missing.\n{calls}")
    }
}

/// Returns the time of a version that is one, else 1970: the lines of a plan must have a time.
fn time(version: Option<&str>) -> String {
    let digits: String = version.unwrap_or("").chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.len() == 14 { digits.as_str() } else { "19700101000000" };
    let field = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    let (date, clock) = ([field(0..4), field(4..6), field(6..8)], [field(8..10), field(10..12), field(12..14)]);
    format!("{}T{}Z", date.join("-"), clock.join(":"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::format::batches::tests::{down, listing, sample, up};

    #[test]
    fn every_transaction_is_a_change() {
        let expected = "\
==> deploy/add_t_01.sql
-- Part 1 of 3 of one migration.
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
==> revert/add_t_01.sql
-- Part 1 of 3 of one migration.
-- Nothing to do.
==> verify/add_t_01.sql
-- Part 1 of 3 of one migration.
-- Fails if an object is missing.
SELECT pg_catalog.pg_get_object_address('table', ARRAY['app', 't']::text[], ARRAY[]::text[]);
SELECT pg_catalog.pg_get_object_address('function', ARRAY['app', 'f']::text[], ARRAY[]::text[]);
==> deploy/add_t_02.sql
-- Part 2 of 3 of one migration.
BEGIN;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
-- Step 3: a label is usable once it is committed
ALTER TYPE app.e ADD VALUE 'b';
COMMIT;
==> revert/add_t_02.sql
-- Part 2 of 3 of one migration.
BEGIN;
SET LOCAL lock_timeout = '3000ms';
SET LOCAL statement_timeout = '15000ms';
DROP FUNCTION app.f();
-- Step 3: (DELETES_DATA)
DROP TABLE app.t;
COMMIT;
==> verify/add_t_02.sql
-- Part 2 of 3 of one migration.
-- Nothing to verify.
==> deploy/add_t_03.sql
-- Part 3 of 3 of one migration.
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
-- Step 4: (INDEX_BUILD)
CREATE INDEX CONCURRENTLY i ON app.t (a);
RESET lock_timeout;
RESET statement_timeout;
==> revert/add_t_03.sql
-- Part 3 of 3 of one migration.
SET lock_timeout = '1200000ms';
SET statement_timeout = '0ms';
DROP INDEX CONCURRENTLY app.i;
RESET lock_timeout;
RESET statement_timeout;
==> verify/add_t_03.sql
-- Part 3 of 3 of one migration.
-- Fails if an object is missing.
SELECT pg_catalog.pg_get_object_address('index', ARRAY['app', 'i']::text[], ARRAY[]::text[]);
==> sqitch.plan.add
add_t_01 2024-01-31T12:00:00Z pgmeta <pgmeta@localhost> # Part 1 of 3.
add_t_02 [add_t_01] 2024-01-31T12:00:00Z pgmeta <pgmeta@localhost> # Part 2 of 3.
add_t_03 [add_t_02] 2024-01-31T12:00:00Z pgmeta <pgmeta@localhost> # Part 3 of 3.
";
        assert_eq!(listing(&files(&sample(&up(), &down())).unwrap()), expected);
    }

    #[test]
    fn timestamps_are_versions() {
        assert_eq!(time(Some("20240131120059")), "2024-01-31T12:00:59Z");
        assert_eq!(time(Some("7")), "1970-01-01T00:00:00Z");
    }
}
