//! A short form of `make fuzz`: the seeds and many small changes to them, the same in every run, are passed to the
//! snapshot's parser and the renderer. Errors are allowed, panics are not.

use std::panic::catch_unwind;

use anyhow::{Context, Result, ensure};
use pgmeta_core::ddl::{self, Options};
use pgmeta_core::model::Model;
use pgmeta_e2e::{Outcome, Source, origin, repository};
use serde_json::Value;

/// Number of changed documents for each seed.
const CHANGES: u64 = 150;

#[test]
fn changed_snapshots_never_panic() -> Outcome {
    let mut parsed = 0;
    let mut tried = 0;
    let seeds = seeds()?;
    for (name, seed) in &seeds {
        let value: Value = serde_json::from_str(seed).with_context(|| name.clone())?;
        ensure!(goes_through(seed)?, "{name} is no snapshot");
        for number in 0..CHANGES {
            let mut random = Random(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
            let mut changed = value.clone();
            // Every other document gets objects of further kinds, which may refer to each other.
            for _ in 0..(number % 2) * 3 {
                let (_, other) = &seeds[random.below(seeds.len())];
                if let (Value::Object(fields), Value::Object(others)) = (&mut changed, serde_json::from_str(other)?) {
                    fields.extend(others);
                }
            }
            for _ in 0..=random.below(3) {
                change(&mut changed, &mut random);
            }
            tried += 1;
            parsed += u32::from(
                goes_through(&changed.to_string()).with_context(|| format!("{name}, change {number}: {changed}"))?,
            );
        }
    }
    // The test has no value if almost every change is an error.
    ensure!(parsed > tried / 10, "only {parsed} of {tried} changed documents are models");
    Ok(())
}

/// Text that is not JSON, or JSON that is not a snapshot.
#[test]
fn invalid_json_is_an_error() -> Outcome {
    let deep = "[".repeat(100_000);
    for text in [
        "",
        "{",
        "null",
        "0",
        "\"\"",
        "[]",
        "{}",
        "\u{0}",
        "{\"format_version\": 1e400}",
        "{\"format_version\": -1}",
        &deep,
    ] {
        ensure!(!goes_through(text)?, "{text:.40} is taken for a snapshot");
    }
    Ok(())
}

/// Snapshots of every kind of object are seeds of the fuzz target too: they must be readable.
#[test]
fn real_snapshots_are_accepted() -> Outcome {
    for source in [Source::Fixture("kinds"), Source::Fixture("hard_cases")] {
        let Some(origin) = origin(source)? else { continue };
        let snapshot = origin.psql("SELECT pgmeta_snapshot(NULL, '{\"cluster\": true}')")?;
        if let Some(folder) = std::env::var_os("PGMETA_WRITE_SEEDS") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{source:?}.json")), &snapshot)?;
        }
        ensure!(goes_through(&snapshot)?, "{source:?}");
    }
    Ok(())
}

fn seeds() -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(repository().join("fuzz/seeds"))? {
        let path = entry?.path();
        found.push((path.display().to_string(), std::fs::read_to_string(path)?));
    }
    found.sort();
    ensure!(found.len() >= 20, "only {} seeds", found.len());
    Ok(found)
}

/// Returns whether the text is a snapshot; a panic is an error.
fn goes_through(text: &str) -> Result<bool> {
    let run = || {
        let Ok(mut model) = Model::from_json(text) else { return true };
        let json = model.to_json().unwrap_or_default();
        let same = Model::from_json(&json).is_ok_and(|again| again == model);
        let everything =
            Options { drop: true, cluster: true, if_not_exists: true, refresh: true, ..Options::default() };
        for options in [Options::default(), everything] {
            let _ = ddl::export(&model, &options, || Ok::<(), ()>(()), &pgmeta_core::parallel::Sequential);
            let mut items = Vec::new();
            let each = |item| {
                items.push(item);
                Ok(())
            };
            let _ = ddl::items(&model, &options, || Ok::<(), ()>(()), each);
            let _ = ddl::archive(&ddl::files(items));
        }
        model.mask_secrets();
        same
    };
    let same = catch_unwind(run).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        anyhow::anyhow!(
            "panic: {}",
            text.or(panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        )
    })?;
    ensure!(same, "the model is another one after a round trip through JSON");
    Ok(Model::from_json(text).is_ok())
}

/// xorshift64*: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// Changes one value of the document to another of the same type, removes it, or duplicates it.
fn change(value: &mut Value, random: &mut Random) {
    const TEXTS: &[&str] = &[
        "",
        "\"",
        "'",
        "\\",
        "$$",
        "\n",
        "é漢🐘",
        "a.b",
        "(",
        ")",
        ",",
        "..",
        "{",
        "}",
        "{a,\"b",
        "[]",
        "public",
        "x(1)[]",
    ];
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let name = fields.keys().nth(random.below(fields.len())).cloned().unwrap_or_default();
            if random.below(8) == 0 {
                fields.remove(&name);
            } else if let Some(field) = fields.get_mut(&name) {
                change(field, random);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            match random.below(8) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                2 => items.clear(),
                _ => change(&mut items[at], random),
            }
        }
        Value::String(text) => {
            let piece = TEXTS[random.below(TEXTS.len())];
            match random.below(3) {
                0 => *text = piece.to_owned(),
                1 => text.push_str(piece),
                _ => *text = text.chars().take(random.below(4)).collect(),
            }
        }
        Value::Number(number) => {
            let values = [0, -1, 1, i64::MAX, i64::MIN, 65_535, -32_769, 180_000];
            *number = values[random.below(values.len())].into();
        }
        Value::Bool(flag) => *flag = !*flag,
        Value::Null | Value::Object(_) | Value::Array(_) => {
            *value = Value::String(TEXTS[random.below(TEXTS.len())].to_owned())
        }
    }
}
