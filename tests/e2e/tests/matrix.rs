//! Law: a changed object may be used by any other object. Each change of `changes` is combined with each use of `uses`: the
//! plan reaches the target and returns, with rows, or is refused at once. docs/plan-matrix.md has the results;
//! `PGMETA_ACCEPT=1` writes it. `PGMETA_MATRIX` selects cells by a part of `change/use`. Other majors than that of the document try a
//! third of the uses each.

mod batch;
mod changes;
mod uses;
mod words;

use std::fmt::Write;
use std::sync::Mutex;
use std::{fs, thread};

use anyhow::{Result, bail, ensure};
use pgmeta_e2e::{Outcome, repository, server};

use batch::{Bench, Came, Pair};
use changes::{CHANGES, Change};
use uses::{USES, Use};

/// Since then publications have columns and row filters.
const OLDEST: u32 = 15;
/// The major version of docs/plan-matrix.md.
const DOCUMENTED: u32 = 15;
/// Number of plans that run concurrently.
const WORKERS: usize = 2;

#[test]
fn plans_work_for_each_change_with_each_use() -> Outcome {
    let major = server()?.major()?;
    if major < OLDEST {
        println!("skipped: some pairs are of PostgreSQL {OLDEST}");
        return Ok(());
    }
    let chosen = std::env::var("PGMETA_MATRIX").unwrap_or_default();
    let (is_whole, third) = (major == DOCUMENTED, major as usize % 3);
    let mut cells = Vec::new();
    for (_, of) in USES.iter().enumerate().filter(|(at, _)| is_whole || at % 3 == third) {
        for change in CHANGES {
            if reason(change, of).is_none() && format!("{}/{}", change.name, of.name).contains(&chosen) {
                cells.push((change, of));
            }
        }
    }
    let results = results(&cells)?;
    let failed: Vec<String> = cells
        .iter()
        .zip(&results)
        .filter_map(|((change, of), result)| match result {
            Came::Fails(why) => Some(format!("==== {}/{}\n{why}", change.name, of.name)),
            _ => None,
        })
        .collect();
    ensure!(failed.is_empty(), "{} of {} pairs:\n{}", failed.len(), cells.len(), failed.join("\n"));
    if !chosen.is_empty() || !is_whole {
        return Ok(());
    }
    let found = document(&cells, &results)?;
    let path = repository().join("docs/plan-matrix.md");
    if std::env::var_os("PGMETA_ACCEPT").is_some() {
        fs::write(&path, found)?;
    } else {
        ensure!(fs::read_to_string(&path)? == found, "{} is to be:\n{found}", path.display());
    }
    Ok(())
}

/// Returns why a use is not applicable to a change.
fn reason(change: &Change, of: &Use) -> Option<&'static str> {
    let named = change.not_with.iter().find(|(name, _)| *name == of.name);
    named.map(|(_, why)| *why).or_else(|| (!change.gives.contains(&of.needs)).then(|| of.needs.reason()))
}

/// Tries all cells, grouped by use.
fn results(cells: &[(&Change, &Use)]) -> Result<Vec<Came>> {
    let pairs: Vec<Pair> = cells.iter().enumerate().map(|(at, cell)| pair(cell, at)).collect();
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for at in 0..cells.len() {
        match batches.last_mut().filter(|batch| cells[batch[0]].1.name == cells[at].1.name) {
            Some(batch) => batch.push(at),
            None => batches.push(vec![at]),
        }
    }
    let batches = Mutex::new(batches.into_iter());
    let results = Mutex::new(vec![Came::default(); cells.len()]);
    let work = || -> Result<()> {
        let mut bench = Bench::new()?;
        while let Some(batch) = batches.lock().ok().and_then(|mut batches| batches.next()) {
            let came = bench.run(&batch.iter().map(|&at| &pairs[at]).collect::<Vec<_>>())?;
            if let Ok(mut results) = results.lock() {
                batch.into_iter().zip(came).for_each(|(at, came)| results[at] = came);
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a worker panicked")))
    })?;
    Ok(results.into_inner().unwrap_or_default())
}

fn pair((change, of): &(&Change, &Use), number: usize) -> Pair {
    let [old, new] = [0, 1].map(|side| format!("{}; {}", change.base[side], change.words.say(of.sql, side)));
    Pair::new([&old, &new], number)
}

fn document(cells: &[(&Change, &Use)], results: &[Came]) -> Result<String> {
    let mut out = String::from(include_str!("matrix/head.md"));
    let (mut line, mut rule) = (String::from("| Use"), String::from("|---"));
    for (at, change) in CHANGES.iter().enumerate() {
        writeln!(out, "{}. {}", at + 1, change.name)?;
        write!(line, " | {}", at + 1)?;
        rule += "|---";
    }
    writeln!(out, "\n{line} |\n{rule}|")?;
    for of in USES {
        write!(out, "| {}", of.name)?;
        for change in CHANGES {
            let at = cells.iter().position(|(own, other)| own.name == change.name && other.name == of.name);
            let word = match at.and_then(|at| results.get(at)) {
                Some(Came::Works) => "yes",
                Some(Came::Refused) => "0A000",
                _ => "-",
            };
            write!(out, " | {word}")?;
        }
        writeln!(out, " |")?;
    }
    out += "\nWhat has no meaning:\n\n";
    for change in CHANGES {
        for of in USES {
            if let Some((_, why)) = change.not_with.iter().find(|(name, _)| *name == of.name) {
                writeln!(out, "- {}, {}: {why}", change.name, of.name)?;
            }
        }
    }
    Ok(out)
}
