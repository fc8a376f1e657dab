//! The batches of a plan: a transaction, or a statement outside of transactions, with timeouts and comments. Shared by the formats;
//! knows no rules of theirs.

use std::collections::VecDeque;

use crate::plan::Step;
use crate::plan::format::hide::Tool;
use crate::plan::format::{Format, Refusal};

/// The content of a direction without statements.
pub const NOTHING: &str = "-- Nothing to do.\n";

/// A statement or a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// One line, or empty.
    pub comment: String,
    /// Without a semicolon. Empty if the comment reports something that is left out.
    pub sql: String,
    /// The object that it changes. Empty for a setting.
    object: String,
}

/// Statements that run together.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub in_transaction: bool,
    pub entries: Vec<Entry>,
    /// The steps of the plan in the batch.
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
            // Some tools reject an empty statement.
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

    /// Returns the same for psql, with BEGIN and COMMIT.
    pub fn script(&self) -> String {
        if self.in_transaction { format!("BEGIN;\n{}COMMIT;\n", self.text()) } else { self.text() }
    }

    /// Writes the statements so that the tool interprets nothing in them.
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

/// Hides the texts in batches that a tool would interpret.
pub fn hide(mut batches: Vec<Batch>, format: Format, tool: &Tool) -> Result<Vec<Batch>, Refusal> {
    batches.iter_mut().try_for_each(|part| part.hide(format, tool))?;
    Ok(batches)
}

/// Returns the batches for a tool that sends statements one by one: the timeouts of a statement outside of transactions are set before
/// it and reset after it. With `join`, neighbours outside of transactions are one batch.
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

/// Returns the batches for a tool that sends a file as one string. The server runs such a string as one transaction, so a statement
/// outside of transactions is alone in its batch: the batch before it sets its timeouts, and the one after it resets them. Missing
/// batches are added.
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

/// Puts up and down into the same files, oldest first: see the top of the module. With `same_mode`, a file is in a transaction in
/// both directions, or in neither.
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

/// Returns the comment that numbers one of several files.
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

/// Bodies may name objects that are created later, or that the tool's search path does not contain: pg_dump does not check them
/// either.
fn unchecked_bodies(group: &[Step]) -> Option<Entry> {
    const ROUTINES: &[&str] =
        &["CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", "CREATE PROCEDURE", "CREATE OR REPLACE PROCEDURE"];
    let routine = |step: &Step| ROUTINES.iter().any(|start| step.statement.sql.starts_with(start));
    group.iter().any(routine).then(|| Entry::setting("SET LOCAL check_function_bodies = off".into()))
}

/// Returns a text without characters that could end a comment.
fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    let plain: String = text.chars().map(plain).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub mod tests;
