//! The rules of migrations on a real server: what pgmeta_lint_sql finds in the bad.sql of each rule's case, and not in its good.sql; each
//! fix runs in place of its statement, and is found no more. `setup.sql` is the schema before. `PGMETA_ACCEPT=1` writes expected.json.

mod locks;
mod reads;
mod types;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, repository};
use pgmeta_lint::{RULES, Rule};
use serde_json::{Value, json};

/// The case of a rule, tests/rules/NAME. Each statement of its scripts has a line of its own.
struct Case {
    rule: &'static Rule,
    folder: PathBuf,
}

impl Case {
    fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.folder.join(file)).with_context(|| format!("{}/{file}", self.rule.name))
    }

    fn setup(&self) -> String {
        self.read("setup.sql").unwrap_or_default()
    }

    /// Returns what the rule finds in a script, on a database with the case's setup.
    fn findings(&self, database: &Database<'_>, script: &str) -> Result<Vec<Value>> {
        let thresholds: Value = match self.read("thresholds.json") {
            Ok(text) => serde_json::from_str(&text)?,
            Err(_) => json!({}),
        };
        let options = json!({"rules": [self.rule.name], "thresholds": {self.rule.name: thresholds}}).to_string();
        let found = database.psql(&format!(
            "SELECT coalesce(json_agg(json_strip_nulls(json_build_object('statement', statement, 'line', line, 'level', level,
                    'type', type, 'identity', identity, 'column_name', column_name, 'detail', detail, 'fix_sql', fix_sql,
                    'metadata', nullif(metadata::text, '{{}}')::json, 'cache_key', cache_key))), '[]')
                FROM pgmeta_lint_sql({}, {}) WHERE rule = '{}'",
            quoted(script),
            quoted(&options),
            self.rule.name
        ))?;
        Ok(serde_json::from_str(&found)?)
    }
}

fn quoted(text: &str) -> String {
    format!("$pgmeta${text}$pgmeta$")
}

fn all() -> Vec<Case> {
    let wanted = std::env::var("PGMETA_RULE").ok();
    let rules = RULES.iter().copied().filter(|rule| rule.judges_statements());
    let rules = rules.filter(|rule| wanted.as_deref().is_none_or(|wanted| wanted == rule.name));
    let folder = repository().join("crates/pgmeta-lint/tests/rules");
    rules.map(|rule| Case { rule, folder: folder.join(rule.name) }).collect()
}

/// Runs a check of every case on a database of its own, and reports all that fail.
fn each(check: impl Fn(&Case, &Database<'_>) -> Result<()>) -> Outcome {
    let one = |case: &Case| {
        let database = Database::create("lint_sql")?;
        database.psql("CREATE EXTENSION pgmeta")?;
        database.psql(&case.setup())?;
        check(case, &database)
    };
    let wrong: Vec<String> =
        all().iter().filter_map(|case| one(case).err().map(|error| format!("{}: {error:#}", case.rule.name))).collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn bad_scripts_have_the_findings_expected() -> Outcome {
    each(|case, database| {
        let found = case.findings(database, &case.read("bad.sql")?)?;
        ensure!(!found.is_empty(), "no finding");
        let keys: BTreeMap<&str, usize> =
            found.iter().filter_map(|own| own["cache_key"].as_str()).map(|key| (key, 1)).collect();
        ensure!(keys.len() == found.len(), "findings share a cache key: {keys:?}");
        let text = serde_json::to_string_pretty(&found)? + "\n";
        let path = case.folder.join("expected.json");
        if std::env::var_os("PGMETA_ACCEPT").is_some() {
            return Ok(fs::write(path, text)?);
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        ensure!(golden == text, "not as in {}:\n{text}", path.display());
        Ok(())
    })
}

#[test]
fn good_scripts_and_the_examples_of_the_pages_are_as_they_say() -> Outcome {
    each(|case, database| {
        let doc = case.rule.document();
        for (of, script) in [("good.sql", case.read("good.sql")?), ("Good", doc.example_good)] {
            let found = case.findings(database, &script)?;
            ensure!(found.is_empty(), "{of}: {found:?}");
        }
        ensure!(!case.findings(database, &doc.example_bad)?.is_empty(), "Bad: no finding");
        Ok(())
    })
}

#[test]
fn a_fix_runs_in_place_of_its_statement_and_is_found_no_more() -> Outcome {
    each(|case, database| {
        let script = case.read("bad.sql")?;
        let found = case.findings(database, &script)?;
        let fixes: BTreeMap<u64, &str> =
            found.iter().filter_map(|own| Some((own["line"].as_u64()?, own["fix_sql"].as_str()?))).collect();
        if fixes.is_empty() {
            return Ok(());
        }
        let fixed: Vec<&str> =
            (1..).zip(script.lines()).map(|(number, line)| fixes.get(&number).copied().unwrap_or(line)).collect();
        let fixed = fixed.join("\n");
        let remain = case.findings(database, &fixed)?.len();
        ensure!(remain == found.len() - fixes.len(), "{remain} findings in the fixed script:\n{fixed}");
        database.psql(&fixed).with_context(|| fixed.clone())?;
        Ok(())
    })
}

/// A statement is measured by what it does: the locks it takes, what it rewrites, and what it fails on.
#[test]
fn a_rehearsal_says_what_each_statement_did_and_leaves_nothing() -> Outcome {
    let database = Database::create("lint_sql")?;
    database.psql("CREATE EXTENSION pgmeta; CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 10) g")?;
    let script = "ALTER TABLE t ALTER n TYPE bigint;\nCREATE INDEX CONCURRENTLY i ON t (n);\nSELECT 1/0;\nCREATE TABLE u (id int);\nALTER TABLE u ADD n int;\nBEGIN;\nVACUUM FULL t;\nSAVEPOINT s;\ncreate index concurrently j on t (n);";
    let found = database.psql(&format!(
        "SELECT DISTINCT statement, locks @> '{{\"public.t: AccessExclusiveLock\"}}', rewrites, metadata->>'note',
            split_part(metadata->>'error', ':', 1), (metadata->>'duration_ms') IS NOT NULL
         FROM pgmeta_lint_sql({}, '{{\"rehearse\": true}}') ORDER BY statement",
        quoted(script)
    ))?;
    let expected = "1|t|{public.t}|||t\n2|f|{}|run without CONCURRENTLY||t\n3||||22012|t\n4|f|{}|||t\n5|f|{}|||t\n\
        6|||not run: it begins or ends a transaction||f\n7||||25001|t\n8|||not run: the server does not run it in a function||f\n9|f|{}|run without CONCURRENTLY||t";
    ensure!(found == expected, "{found}");
    let after = database.psql("SELECT to_regclass('u') IS NULL, atttypid::regtype FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'n'")?;
    ensure!(after == "t|integer", "{after}");
    // A stored profile chooses rules, and runs nothing.
    database.psql("INSERT INTO pgmeta.lint_profiles VALUES ('mine', '{\"rehearse\": true}')")?;
    let error =
        database.run_as("postgres", "SELECT FROM pgmeta_lint_sql('DROP TABLE t', '{\"profile\": \"mine\"}')")?;
    ensure!(error.stderr.contains("unrecognized lint option \"rehearse\""), "{}", error.stderr);
    Ok(())
}

/// The time of a long script grows with its length, and a cancel ends it.
#[test]
fn long_scripts_are_interrupted() -> Outcome {
    let database = Database::with_pgmeta("lint_sql_long")?;
    let path = "(SELECT 'SET search_path = ' || string_agg('s' || g, ', ') || '; ' FROM generate_series(1, 3000) g)";
    for script in [
        format!("{path} || (SELECT 'TRUNCATE ' || string_agg('t' || g, ', ') FROM generate_series(1, 20000) g)"),
        "(SELECT string_agg(format('SAVEPOINT s%s; CREATE TABLE t%1$s (i int);', g), ' ') FROM generate_series(1, 30000) g)"
            .to_owned(),
    ] {
        let start = std::time::Instant::now();
        let output = database.run_as(
            "postgres",
            &format!("SET statement_timeout = '500ms'; SELECT count(*) FROM pgmeta_lint_sql({script})"),
        )?;
        let took = start.elapsed();
        ensure!(output.ok || output.stderr.contains("statement timeout"), "{}", output.stderr);
        ensure!(took < std::time::Duration::from_secs(5), "{took:?}: {script}");
    }
    Ok(())
}

/// A syntax error has its SQLSTATE; NULL and a script without statements have no rows.
#[test]
fn scripts_are_parsed_by_the_server() -> Outcome {
    let database = Database::create("lint_sql")?;
    database.psql("CREATE EXTENSION pgmeta")?;
    let error = database.run_as("postgres", "\\set VERBOSITY sqlstate\nSELECT * FROM pgmeta_lint_sql('SELEKT 1')")?;
    ensure!(error.stderr.contains("42601"), "{}", error.stderr);
    let empty = database
        .psql("SELECT count(*) FROM pgmeta_lint_sql(NULL); SELECT count(*) FROM pgmeta_lint_sql(' -- no statement')")?;
    ensure!(empty == "0\n0", "{empty}");
    let lines = database.psql(
        "SELECT string_agg(statement || ':' || line, ' ' ORDER BY statement) FROM pgmeta_lint_sql(E'SELECT 1;\\n\\n-- c\\nDROP TABLE a;/* ; */ DROP TABLE b', '{\"rules\": [\"drop_table\"]}')",
    )?;
    ensure!(lines == "2:4 3:4", "{lines}");
    Ok(())
}
