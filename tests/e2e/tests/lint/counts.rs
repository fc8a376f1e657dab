//! The number of findings of each rule in schemas of others: in snapshots, so that statistics change nothing, and with every rule.
//! A rule that finds much more or less after a change is read again. `PGMETA_ACCEPT=1` writes tests/expected/lint_counts.txt.

use std::fmt::Write;
use std::fs;

use anyhow::ensure;
use pgmeta_e2e::{Outcome, Source, origin, repository};

#[test]
fn rules_find_as_much_as_was_reviewed() -> Outcome {
    let path = repository().join("tests/expected/lint_counts.txt");
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let mut found = String::new();
    for &source in Source::SCHEMAS {
        let name = format!("{source:?}");
        let Some(origin) = origin(source)? else {
            // What this machine cannot build is taken from the file.
            let section = golden.split("\n\n").find(|section| section.starts_with(&format!("{name}\n")));
            if source != Source::Regression {
                write!(found, "{}\n\n", section.unwrap_or(&name))?;
            }
            continue;
        };
        let counts = origin.psql(
            "SELECT string_agg(format(E'  %s %s', rule, count), E'\\n' ORDER BY rule COLLATE \"C\")
             FROM (SELECT rule, count(*) FROM pgmeta_lint(pgmeta_snapshot(), '{\"rules\": [\"all\"]}') GROUP BY rule) counted",
        )?;
        // The regression tests of minor versions differ.
        if source != Source::Regression {
            write!(found, "{name}\n{}\n\n", counts.trim_end())?;
        }
        // With statistics: no error.
        origin.psql("SELECT count(*) FROM pgmeta_lint(NULL::text, '{\"rules\": [\"all\"]}'); SELECT count(*) FROM pgmeta_recommendations()")?;
    }
    if std::env::var_os("PGMETA_ACCEPT").is_some() {
        return Ok(fs::write(&path, found)?);
    }
    ensure!(golden == found, "the counts differ from {}:\n{found}", path.display());
    Ok(())
}
