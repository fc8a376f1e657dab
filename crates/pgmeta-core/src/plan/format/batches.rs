//! The parts of a plan that run as one: a transaction, or a statement outside of any, with their timeouts and
//! comments. Shared by the formats, whose own rules it does not know.

use std::collections::VecDeque;

use crate::plan::Step;
use crate::plan::format::hide::Tool;
use crate::plan::format::{Format, Refusal};

/// What stands where a direction has nothing to do.
pub const NOTHING: &str = "-- Nothing to do.\n";

/// One statement, or a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// One line, or empty.
    pub comment: String,
    /// Without a semicolon; empty where a comment says what is left.
    pub sql: String,
    /// What it is about; empty for a setting.
    object: String,
}

/// What runs as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub in_transaction: bool,
    pub entries: Vec<Entry>,
    /// The plan's own steps in it.
    pub steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq)]
struct Timeouts {
    lock: i32,
    statement: i32,
}

impl Entry {
    fn setting(sql: String) -> Self {
        Self { comment: String::new(), sql, object: String::new() }
    }

    fn step(step: &Step) -> Self {
        let statement = &step.statement;
        let mut words = vec![one_line(&statement.reason)];
        words.retain(|word| !word.is_empty());
        if !statement.hazards.is_empty() {
            let hazards: Vec<_> = statement.hazards.iter().map(|hazard| hazard.word()).collect();
            words.push(format!("({})", hazards.join(", ")));
        }
        let empty = words.is_empty();
        let comment = if empty { String::new() } else { format!("-- Step {}: {}", step.step, words.join(" ")) };
        let object = format!("{} {}", statement.key.kind.word(), statement.key.identity());
        match statement.note() {
            // A statement of nothing is an error for some tools.
            Some(note) => Self { comment: format!("{comment}: {}", one_line(note)), sql: String::new(), object },
            None => Self { comment, sql: statement.sql.clone(), object },
        }
    }

    pub fn text(&self) -> String {
        if self.sql.is_empty() {
            return if self.comment.is_empty() { String::new() } else { format!("{}\n", self.comment) };
        }
        let line = if self.comment.is_empty() { "" } else { "\n" };
        format!("{}{line}{};\n", self.comment, self.sql)
    }
}

impl Batch {
    /// Returns the statements, each with its semicolon.
    pub fn text(&self) -> String {
        self.entries.iter().map(Entry::text).collect()
    }

    /// Returns the same for psql, which has to be told where a transaction is.
    pub fn script(&self) -> String {
        if self.in_transaction { format!("BEGIN;\n{}COMMIT;\n", self.text()) } else { self.text() }
    }

    /// Writes the statements so that the tool finds nothing in them that it takes for its own.
    fn hide(&mut self, format: Format, tool: &Tool) -> Result<(), Refusal> {
        let in_transaction = self.in_transaction;
        for entry in &mut self.entries {
            let hidden = tool.hide(&entry.sql, in_transaction);
            entry.sql = hidden.ok_or_else(|| Refusal { format, object: entry.object.clone() })?;
            if !tool.is_clean(&entry.comment) {
                entry.comment.clear();
            }
        }
        Ok(())
    }
}

/// Hides what is in parts.
pub fn hide(mut batches: Vec<Batch>, format: Format, tool: &Tool) -> Result<Vec<Batch>, Refusal> {
    batches.iter_mut().try_for_each(|part| part.hide(format, tool))?;
    Ok(batches)
}

/// Returns the parts for a tool that sends statements one by one: what runs outside has its timeouts set before and
/// reset after it. Neighbours outside are one part if `join` is true.
pub fn batches(steps: &[Step], join: bool) -> Vec<Batch> {
    let groups = steps.chunk_by(|a, b| a.transaction == b.transaction && (join || a.transaction.is_some()));
    let batches = groups.map(|group| {
        let in_transaction = group.first().is_some_and(|step| step.transaction.is_some());
        let mut entries = Vec::new();
        let mut now = None;
        if in_transaction {
            entries.extend(unchecked_bodies(group));
        }
        for step in group {
            if step.statement.note().is_none() {
                set(&mut entries, &mut now, step, if in_transaction { "SET LOCAL" } else { "SET" });
            }
            entries.push(Entry::step(step));
        }
        if !in_transaction {
            entries.extend(reset());
        }
        Batch { in_transaction, entries, steps: group.to_vec() }
    });
    batches.collect()
}

/// Returns the parts for a tool that sends a file as one string. The server takes such a string for one transaction,
/// so a statement outside is the only one of its part: its timeouts are set in the part before, and reset in the
/// part after it, which are made where they are missing.
pub fn strings(steps: &[Step]) -> Vec<Batch> {
    let mut all: Vec<Batch> = Vec::new();
    let mut session = None;
    for mut part in batches(steps, false) {
        match part.steps.first() {
            Some(step) if !part.in_transaction => {
                let mut settings = Vec::new();
                set(&mut settings, &mut session, step, "SET");
                match all.last_mut() {
                    Some(before) if before.in_transaction => before.entries.extend(settings),
                    _ if settings.is_empty() => {}
                    _ => all.push(of_settings(settings)),
                }
                part.entries = vec![Entry::step(step)];
            }
            _ => {
                if session.take().is_some() {
                    part.entries.splice(..0, reset());
                }
            }
        }
        all.push(part);
    }
    if session.is_some() {
        all.push(of_settings(reset().into()));
    }
    all
}

/// Puts up and down into the same files, oldest first: see the top of the module. Where `same_mode` is set, a file
/// is in a transaction both ways, or neither.
pub fn pairs(up: Vec<Batch>, down: Vec<Batch>, same_mode: bool) -> Vec<(Option<Batch>, Option<Batch>)> {
    let (mut up, mut down) = (up, VecDeque::from(down));
    let mut pairs = Vec::new();
    loop {
        let (take_up, take_down) = match (up.last(), down.front()) {
            (None, None) => break,
            (Some(newest), Some(next)) => {
                let fits = !same_mode || newest.in_transaction == next.in_transaction;
                let older_fits = up.iter().any(|part| part.in_transaction == next.in_transaction);
                (fits || older_fits, fits || !older_fits)
            }
            _ => (true, true),
        };
        let newest = if take_up { up.pop() } else { None };
        pairs.push((newest, if take_down { down.pop_front() } else { None }));
    }
    if pairs.is_empty() {
        pairs.push((None, None));
    }
    pairs.reverse();
    pairs
}

/// Says which of several files one is.
pub fn part_of(index: usize, count: usize) -> String {
    if count == 1 { String::new() } else { format!("-- Part {} of {count} of one migration.\n", index + 1) }
}

fn of_settings(entries: Vec<Entry>) -> Batch {
    Batch { in_transaction: true, entries, steps: Vec::new() }
}

fn set(entries: &mut Vec<Entry>, now: &mut Option<Timeouts>, step: &Step, verb: &str) {
    let wanted = Timeouts { lock: step.lock_timeout_ms, statement: step.statement_timeout_ms };
    if now.is_none_or(|now| now.lock != wanted.lock) {
        entries.push(Entry::setting(format!("{verb} lock_timeout = '{}ms'", wanted.lock)));
    }
    if now.is_none_or(|now| now.statement != wanted.statement) {
        entries.push(Entry::setting(format!("{verb} statement_timeout = '{}ms'", wanted.statement)));
    }
    *now = Some(wanted);
}

fn reset() -> [Entry; 2] {
    ["RESET lock_timeout", "RESET statement_timeout"].map(|sql| Entry::setting(sql.into()))
}

/// Bodies name what may come later, or what is not in the search path of the tool: pg_dump does not check them either.
fn unchecked_bodies(group: &[Step]) -> Option<Entry> {
    const ROUTINES: &[&str] =
        &["CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", "CREATE PROCEDURE", "CREATE OR REPLACE PROCEDURE"];
    let routine = |step: &Step| ROUTINES.iter().any(|start| step.statement.sql.starts_with(start));
    group.iter().any(routine).then(|| Entry::setting("SET LOCAL check_function_bodies = off".into()))
}

/// Returns a text without anything that could end a comment.
fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    let plain: String = text.chars().map(plain).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub mod tests;
