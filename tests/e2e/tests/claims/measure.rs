//! Runs the statements of a plan one by one, and measures the effects of each on existing relations: locks, files, rows
//! read. Judges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pgmeta_core::plan::{LockLevel, Run, Step};
use pgmeta_e2e::{Database, run, server};
use serde::Deserialize;

/// The session's locks on relations outside of the catalogs, and all such relations.
const STATE: &str = r"SELECT '@@' || json_build_object(
  'locks', (SELECT coalesce(json_agg(json_build_array(relation::int8, mode)), '[]') FROM pg_locks
    WHERE locktype = 'relation' AND pid = pg_backend_pid()),
  'relations', (SELECT coalesce(json_agg(json_build_object('oid', c.oid::int8, 'name', c.oid::regclass::text, 'kind', c.relkind,
      'file', pg_relation_filenode(c.oid)::int8, 'table', i.indrelid::int8, 'read', pg_stat_get_xact_tuples_returned(c.oid))), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')));";

/// The relations with rows. The query locks them for a moment, so it must not run beside the statements.
const FILLED: &str = "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'm') AND pg_relation_size(c.oid) > 0";

#[derive(Debug, Default, Deserialize)]
struct State {
    locks: Vec<(u32, String)>,
    relations: Vec<Relation>,
}

#[derive(Debug, Deserialize)]
struct Relation {
    oid: u32,
    name: String,
    kind: char,
    file: Option<u32>,
    table: Option<u32>,
    read: i64,
}

/// The effects of a statement on relations that existed before the plan.
#[derive(Debug, Default)]
pub struct Seen {
    pub lock: Option<LockLevel>,
    pub locks: BTreeSet<String>,
    /// Tables and materialized views whose rows were written to new files.
    pub rewritten: BTreeSet<String>,
    /// Tables that were scanned completely.
    pub read: BTreeSet<String>,
    /// Indexes that were built from rows that were not rewritten.
    pub built: BTreeSet<String>,
}

/// The relations that existed before a plan.
pub struct Before {
    kinds: BTreeMap<u32, char>,
    filled: BTreeSet<u32>,
}

impl Before {
    pub fn of(database: &Database<'_>) -> Result<Self> {
        let state = state(&database.psql(STATE)?)?;
        let filled = database.psql(FILLED)?;
        Ok(Self {
            kinds: state.relations.iter().map(|relation| (relation.oid, relation.kind)).collect(),
            filled: filled.lines().map(str::parse).collect::<Result<_, _>>()?,
        })
    }
}

fn state(line: &str) -> Result<State> {
    let json = line.trim().strip_prefix("@@").with_context(|| format!("no state: {line}"))?;
    Ok(serde_json::from_str(json)?)
}

fn level(mode: &str) -> Option<LockLevel> {
    let words = |level: &LockLevel| level.word().replace(' ', "").to_lowercase();
    LockLevel::ALL.iter().copied().find(|level| format!("{}lock", words(level)) == mode.to_lowercase())
}

/// Runs one step in its own transaction, or outside of any.
pub fn step(database: &Database<'_>, before: &Before, step: &Step) -> Result<Seen> {
    let sql = &step.statement.sql;
    if step.statement.run == Run::Outside {
        return outside(database, before, sql);
    }
    let script =
        format!("SET check_function_bodies = off;\nBEGIN;\n{STATE}\n\\o /dev/null\n{sql};\n\\o\n{STATE}\nCOMMIT;");
    let text = database.psql(&script).with_context(|| format!("step {}: {sql}", step.step))?;
    let states: Vec<State> = text.lines().filter(|line| line.starts_with("@@")).map(state).collect::<Result<_>>()?;
    let [was, is] = &states[..] else { anyhow::bail!("{} states", states.len()) };
    Ok(difference(before, was, is))
}

fn difference(before: &Before, was: &State, is: &State) -> Seen {
    let mut seen = Seen::default();
    for (oid, mode) in &is.locks {
        if before.kinds.contains_key(oid) {
            let level = level(mode);
            let name = was.relations.iter().find(|relation| relation.oid == *oid).map_or("?", |own| &own.name);
            seen.locks.insert(format!("{name} {mode}"));
            seen.lock = seen.lock.max(level);
        }
    }
    let olds: BTreeMap<u32, &Relation> = was.relations.iter().map(|relation| (relation.oid, relation)).collect();
    let mut rewritten = BTreeSet::new();
    for relation in is.relations.iter().filter(|relation| before.kinds.contains_key(&relation.oid)) {
        let Some(old) = olds.get(&relation.oid) else { continue };
        if matches!(relation.kind, 'r' | 'm') {
            if relation.file != old.file {
                rewritten.insert(relation.oid);
                seen.rewritten.insert(relation.name.clone());
            }
            if relation.read > old.read {
                seen.read.insert(relation.name.clone());
            }
        }
    }
    for index in is.relations.iter().filter(|relation| relation.kind == 'i') {
        let Some(table) = index.table.filter(|table| before.filled.contains(table) && !rewritten.contains(table))
        else {
            continue;
        };
        let old = olds.get(&index.oid);
        if old.is_none_or(|old| old.file != index.file) && before.kinds.contains_key(&table) {
            seen.built.insert(index.name.clone());
        }
    }
    seen
}

/// Runs a statement while another session uses all tables; a third session reads its locks while it waits.
fn outside(database: &Database<'_>, before: &Before, sql: &str) -> Result<Seen> {
    const NAME: &str = "claims_outside";
    const HOLDER: &str = "claims_holder";
    let was = state(&database.psql(STATE)?)?;
    let tables: Vec<&str> = was
        .relations
        .iter()
        .filter(|relation| matches!(relation.kind, 'r' | 'p') && before.kinds.contains_key(&relation.oid))
        .map(|relation| &*relation.name)
        .collect();
    // LOCK does not accept materialized views.
    let views = was.relations.iter().filter(|own| own.kind == 'm').map(|own| format!("TABLE {} LIMIT 0;", own.name));
    let holder = format!(
        "SET application_name = '{HOLDER}';\nBEGIN;\nLOCK TABLE {} IN ROW EXCLUSIVE MODE;\n{}\nSELECT pg_sleep(0.6);\nCOMMIT;",
        tables.join(", "),
        views.collect::<String>()
    );
    let look = format!(
        "SELECT l.relation, l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE a.application_name = '{NAME}' AND a.datname = current_database() AND l.locktype = 'relation'
         AND EXISTS (SELECT FROM pg_stat_activity WHERE application_name = '{HOLDER}' AND datname = current_database() AND wait_event = 'PgSleep')"
    );
    let mut locks = BTreeSet::new();
    std::thread::scope(|scope| -> Result<()> {
        let held = scope.spawn(|| database.psql(&holder));
        std::thread::sleep(Duration::from_millis(200));
        let done = scope.spawn(|| {
            let mut psql = server()?.program("psql");
            psql.env("PGAPPNAME", NAME).args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database.name(), "-c", sql]);
            run(&mut psql, "")?.checked(sql)
        });
        let begun = Instant::now();
        while !held.is_finished() {
            ensure!(begun.elapsed() < Duration::from_secs(30), "the tables are not let go");
            for line in database.psql(&look)?.lines() {
                let (oid, mode) = line.split_once('|').context("no lock")?;
                locks.insert((oid.parse::<u32>()?, mode.to_owned()));
            }
        }
        for thread in [held, done] {
            thread.join().map_err(|_| anyhow::anyhow!("a thread failed"))??;
        }
        Ok(())
    })?;
    let mut is = state(&database.psql(STATE)?)?;
    is.locks = locks.into_iter().collect();
    Ok(difference(before, &was, &is))
}
