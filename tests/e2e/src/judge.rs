//! Compares dumps by `shared/oracle/compare_dumps.py`, and texts with the first difference shown.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use pgmeta_core::ident::literal;

use crate::command::{run, shared};

/// The result of comparing two dumps, entry by entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub entries: usize,
    pub identical: usize,
    pub differ: usize,
    pub missing: usize,
    pub extra: usize,
    /// The first differences, as text.
    pub shown: String,
}

impl Verdict {
    pub fn is_same(&self) -> bool {
        (self.differ, self.missing, self.extra) == (0, 0, 0) && self.entries > 0
    }
}

/// Compares two dumps by the shared script; without `shared/` line by line.
pub fn compare(before: &str, after: &str) -> Result<Verdict> {
    let Some(shared) = shared() else {
        println!("skipped the comparison by entries: there is no shared/ folder");
        let same = lines(before) == lines(after);
        return Ok(Verdict { entries: 1, identical: same.into(), differ: (!same).into(), ..Verdict::default() });
    };
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| -> Result<_> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    };
    let mut judge = Command::new("python3");
    judge.arg(shared.join("oracle/compare_dumps.py")).args([write("before", before)?, write("after", after)?]);
    let output = run(judge.args(["--show", "20"]), "")?;
    let (shown, last) = output.stdout.trim_end().rsplit_once('\n').unwrap_or(("", output.stdout.trim_end()));
    let numbers: Vec<usize> = last.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    let &[entries, identical, differ, missing, extra] = numbers.as_slice() else {
        bail!("compare_dumps.py says: {}{}", output.stdout, output.stderr);
    };
    Ok(Verdict { entries, identical, differ, missing, extra, shown: shown.to_owned() })
}

fn lines(dump: &str) -> Vec<&str> {
    let mut lines: Vec<&str> =
        dump.lines().filter(|line| !line.is_empty() && !line.starts_with("SET default_")).collect();
    lines.sort_unstable();
    lines
}

/// Fails with the position of the first difference.
pub fn same_text(what: &str, left: &str, right: &str) -> Result<()> {
    if left == right {
        return Ok(());
    }
    if let Some(folder) = std::env::var_os("PGMETA_E2E_KEEP") {
        let name: String = what.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        std::fs::write(Path::new(&folder).join(format!("{name}.left")), left)?;
        std::fs::write(Path::new(&folder).join(format!("{name}.right")), right)?;
    }
    let at = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    let around = |text: &str| -> String {
        text.lines().skip(at.saturating_sub(4)).take(9).flat_map(|line| [line, "\n"]).collect()
    };
    bail!("{what} differ at line {}\n--- one\n{}--- other\n{}", at + 1, around(left), around(right))
}

/// Returns a psql script that applies the plan to a snapshot with all hazards allowed, and prints the remaining steps:
/// none. `options` is a JSON object.
pub fn applying(target: &str, options: &str) -> String {
    let (target, options) = (literal(target), literal(options));
    format!(
        "SELECT {options}::jsonb || pg_catalog.jsonb_build_object('allow_hazards', (
           SELECT coalesce(jsonb_agg(DISTINCT hazard), '[]')
           FROM public.pgmeta_plan_live({target}, {options}), unnest(hazards) hazard
         )) AS options \\gset
         \\o /dev/null
         SELECT * FROM public.pgmeta_apply({target}, :'options');
         \\o
         SELECT change, type, identity, detail FROM public.pgmeta_diff(public.pgmeta_live({target}, :'options'), {target}, :'options');
        "
    )
}
