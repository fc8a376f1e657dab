//! Tests several cells of the matrix in one plan: loads the old sides with rows, plans, migrates to the new sides and back,
//! and returns the result. If it fails, tests halves to find the failing cells. Does not know cells by name.

use anyhow::Result;
use pgmeta_e2e::{Database, Output};

/// The result of a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Came {
    #[default]
    Works,
    /// The plan was refused at once.
    Refused,
    Fails(String),
}

/// A pair of SQL scripts, with the schema that replaces `m`.
pub struct Pair {
    sides: [String; 2],
    schema: String,
}

impl Pair {
    /// Creates a pair from texts that use the schema `m`, and names `m_…` for objects without a schema.
    pub fn new(sides: [&str; 2], number: usize) -> Self {
        let schema = format!("m{number}");
        Self { sides: sides.map(|text| within(text, &schema)), schema }
    }

    fn load(&self, side: usize) -> String {
        format!("CREATE SCHEMA {}; {};\n", self.schema, self.sides[side])
    }
}

/// Returns a text with another name instead of `m`.
fn within(text: &str, schema: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let begins = !before.is_alphanumeric() && before != '_';
        if c == 'm' && begins && text[at + 1..].starts_with(['.', '_']) {
            out += schema
        } else {
            out.push(c)
        }
        before = c;
    }
    out
}

/// Returns a database with only the comparison functions.
fn prepared() -> Result<Database<'static>> {
    let database = Database::create("matrix")?;
    database.psql(include_str!("prepare.sql"))?;
    Ok(database)
}

/// Tests pairs in one database, until one leaves objects behind.
pub struct Bench {
    database: Database<'static>,
}

impl Bench {
    pub fn new() -> Result<Self> {
        Ok(Self { database: prepared()? })
    }

    /// Returns the result of each pair.
    pub fn run(&mut self, pairs: &[&Pair]) -> Result<Vec<Came>> {
        let came = self.together(pairs)?;
        if came == Came::Works || pairs.len() == 1 {
            return Ok(vec![came; pairs.len()]);
        }
        let (first, second) = pairs.split_at(pairs.len() / 2);
        let mut came = self.run(first)?;
        came.extend(self.run(second)?);
        Ok(came)
    }

    fn together(&mut self, pairs: &[&Pair]) -> Result<Came> {
        let side = |side: usize| pairs.iter().map(|pair| pair.load(side)).collect::<String>();
        let script = format!(
            "\\set VERBOSITY verbose
SET client_min_messages = warning;
BEGIN;
{new}SELECT beside.pgmeta_snapshot() AS new \\gset
ROLLBACK;
{old}SELECT beside.pgmeta_snapshot() AS old \\gset
SELECT beside.look('before');
{there}SELECT beside.look('there');
{back}SELECT beside.look('back');
SELECT beside.judge();
",
            new = side(1),
            old = side(0),
            there = go("old", "new"),
            back = go("reached", "old"),
        );
        let output = self.database.run_as("postgres", &script)?;
        let schemas: Vec<&str> = pairs.iter().map(|pair| &*pair.schema).collect();
        let clear = format!("CALL beside.clear('{{{}}}')", schemas.join(","));
        if self.database.psql(&clear).is_err() {
            self.database = prepared()?;
        }
        Ok(judged(&output))
    }
}

/// Returns the script that migrates from one schema to another in the transactions of the plan, and checks that nothing
/// remains to do.
fn go(from: &str, target: &str) -> String {
    format!(
        "\\echo ---- to {target}
CALL beside.plan(:'{from}', :'{target}');
\\echo -- planned
\\set ECHO queries
SELECT * FROM beside.steps \\gexec
\\set ECHO none
SELECT beside.pgmeta_snapshot() AS reached \\gset
CALL beside.nothing_left(:'reached', :'{target}');
"
    )
}

fn judged(output: &Output) -> Came {
    if output.ok {
        return Came::Works;
    }
    let planned = output.stdout.contains("-- planned");
    if output.stderr.contains("ERROR:  0A000") && output.stdout.contains("---- to") && !planned {
        return Came::Refused;
    }
    Came::Fails(format!("{}\n{}", output.stdout.trim(), output.stderr.trim()))
}
