//! Diagrams are read by the parsers of their languages, which find the same tables, columns and relationships as the format
//! `json` has. DBML leads back to an equal schema.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::stores::tool;
use pgmeta_e2e::{Database, Outcome, repository, run, same_text};
use serde_json::Value;
use tempfile::TempDir;

const OPTIONS: [&str; 3] = [
    "{}",
    r#"{"comments": true, "virtual": true, "partitions": "show", "direction": "BT", "title": "All \"tables\" of <it>: 100 % \\ 'x'"}"#,
    r#"{"show": "keys", "types": false}"#,
];

/// A database with diagrams, and a folder for them.
struct Diagrams {
    database: Database<'static>,
    folder: TempDir,
}

impl Diagrams {
    fn of(fixture: &str) -> Result<Self> {
        Ok(Self { database: Database::with_fixture("diagrams", fixture)?, folder: tempfile::tempdir()? })
    }

    fn text(&self, format: &str, options: &str) -> Result<String> {
        let options = options.replace('\'', "''");
        self.database.psql(&format!("SELECT pgmeta_diagram(NULL::text[], '{format}', '{options}')"))
    }

    /// Returns what the format `json` says.
    fn graph(&self, options: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.text("json", options)?)?)
    }

    /// Writes a diagram to a file, whose name a parser knows it by.
    fn file(&self, format: &str, extension: &str, options: &str) -> Result<std::path::PathBuf> {
        let path = self.folder.path().join(format!("diagram.{extension}"));
        fs::write(&path, self.text(format, options)?)?;
        Ok(path)
    }
}

/// Reads a file by `fixtures/read_diagram.mjs`.
fn read(file: &Path) -> Result<Value> {
    let mut node = Command::new("node");
    node.arg(repository().join("tests/e2e/fixtures/read_diagram.mjs"));
    node.arg(tool("diagrams/node_modules").context("run scripts/setup_diagram_tools.sh")?).arg(file);
    let output = run(&mut node, "")?.checked(&fs::read_to_string(file)?)?;
    Ok(serde_json::from_str(&output)?)
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Returns a name as a diagram shows it: on one line.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || "\u{2028}\u{2029}".contains(c) { ' ' } else { c }).collect()
}

/// Returns whether DBML and pgmeta agree that a name can be read back.
fn is_readable(name: &str) -> bool {
    !name.contains(|c: char| c.is_control() || "\"\\\u{2028}\u{2029}".contains(c))
}

fn each(check: impl Fn(&Diagrams, &str) -> Outcome) -> Outcome {
    for fixture in ["sample_app", "strange_names", "kinds", "hard_cases"] {
        let diagrams = Diagrams::of(fixture)?;
        for options in OPTIONS {
            check(&diagrams, options).with_context(|| format!("{fixture} {options}"))?;
        }
    }
    Ok(())
}

#[test]
fn mermaid_reads_its_diagrams() -> Outcome {
    each(|diagrams, options| {
        let (graph, found) = (diagrams.graph(options)?, read(&diagrams.file("mermaid", "mmd", options)?)?);
        let (tables, entities) = (list(&graph, "tables"), list(&found, "tables"));
        ensure!(!tables.is_empty() && tables.len() == entities.len(), "{} entities", entities.len());
        for (table, entity) in tables.iter().zip(entities) {
            let label = format!("{}.{}", text(table, "schema"), text(table, "name"));
            let (label, name) = (one_line(&label), text(entity, "name"));
            ensure!(name == label || name.starts_with(&format!("{label} (")), "{label}: {name}");
            let (columns, attributes) = (list(table, "columns"), list(entity, "columns"));
            ensure!(columns.len() == attributes.len(), "{label}: {} attributes", attributes.len());
            for (column, attribute) in columns.iter().zip(attributes) {
                let (name, found) = (one_line(text(column, "name")), text(attribute, "name"));
                // A name that the grammar has no place for is in the comment.
                let comment = text(attribute, "comment");
                let is_told = name.trim().is_empty() || comment.starts_with(&name);
                ensure!(name == found || is_told, "{label}: {name}, {found}, {comment}");
                let keys: Vec<&str> = list(attribute, "keys").iter().filter_map(Value::as_str).collect();
                for (fact, key) in [("primary_key", "PK"), ("foreign_key", "FK")] {
                    ensure!(column[fact] == keys.contains(&key), "{label}.{name}: {key}");
                }
            }
        }
        let (edges, lines) = (list(&graph, "relationships"), list(&found, "relationships"));
        ensure!(edges.len() == lines.len(), "{} of {} relationships", lines.len(), edges.len());
        for (edge, line) in edges.iter().zip(lines) {
            for end in ["parent", "table"] {
                let at = edge[end].as_u64().and_then(|at| usize::try_from(at).ok()).context("no box")?;
                ensure!(line[end] == entities[at]["name"], "{edge}: {line}");
            }
            ensure!(text(line, "name") == one_line(text(edge, "name")), "{edge}: {line}");
        }
        ensure!(graph["direction"] == found["direction"], "{}", found["direction"]);
        Ok(())
    })
}

#[test]
fn graphviz_reads_its_diagrams() -> Outcome {
    each(|diagrams, options| {
        let graph = diagrams.graph(options)?;
        let output = run(Command::new("dot").arg("-Tjson").arg(diagrams.file("dot", "dot", options)?), "")?;
        ensure!(output.ok && output.stderr.is_empty(), "dot: {}", output.stderr);
        let found: Value = serde_json::from_str(&output.stdout)?;
        for (ours, theirs) in [("tables", "objects"), ("relationships", "edges")] {
            let (ours, theirs) = (list(&graph, ours).len(), list(&found, theirs).len());
            ensure!(ours == theirs, "{theirs} of {ours}");
        }
        Ok(())
    })
}

#[test]
fn plantuml_reads_its_diagrams() -> Outcome {
    each(|diagrams, options| {
        let tables = list(&diagrams.graph(options)?, "tables").len();
        let output = run(Command::new("plantuml").arg("-syntax"), &diagrams.text("plantuml", options)?)?;
        // It says which kind of diagram it read and, from the second line on, of how many entities.
        let (kind, count) = output.stdout.split_once('\n').unwrap_or_default();
        ensure!(kind == "CLASS", "plantuml: {}\n{}", output.stdout, output.stderr);
        let count: usize = count.trim_start_matches('(').split(' ').next().unwrap_or_default().parse()?;
        ensure!(count >= tables, "{count} of {tables} entities");
        Ok(())
    })
}

#[test]
fn dbml_reads_its_diagrams() -> Outcome {
    each(|diagrams, options| {
        let (graph, found) = (diagrams.graph(options)?, read(&diagrams.file("dbml", "dbml", options)?)?);
        let name = |table: &Value| (text(table, "schema").to_owned(), text(table, "name").to_owned());
        // Of a table whose columns are hidden, the first that can be read back is shown.
        let whole = diagrams.graph(&options.replace("keys", "all"))?;
        let can_be_read = |table: &&Value| {
            let columns = list(table, "columns");
            let names = [text(table, "schema"), text(table, "name")];
            names.into_iter().all(is_readable) && columns.iter().any(|column| is_readable(text(column, "name")))
        };
        let readable: Vec<_> = list(&whole, "tables").iter().filter(can_be_read).map(name).collect();
        let tables: Vec<&Value> =
            list(&graph, "tables").iter().filter(|table| readable.contains(&name(table))).collect();
        let entities = list(&found, "tables");
        let names = |tables: &[&Value]| -> Vec<_> {
            let mut names: Vec<_> = tables.iter().map(|table| name(table)).collect();
            names.sort();
            names
        };
        let entities: Vec<&Value> = entities.iter().collect();
        ensure!(
            !tables.is_empty() && names(&tables) == names(&entities),
            "{:?}\n{:?}",
            names(&tables),
            names(&entities)
        );
        for table in tables {
            let entity = entities.iter().find(|entity| name(entity) == name(table)).context("no table")?;
            let (columns, fields) = (list(table, "columns"), list(entity, "columns"));
            let columns: Vec<&Value> = columns.iter().filter(|column| is_readable(text(column, "name"))).collect();
            for column in columns {
                // The columns of references are there, too.
                let field = fields.iter().find(|field| field["name"] == column["name"]);
                let field = field.with_context(|| format!("{:?}: {column} {fields:?}", name(table)))?;
                if !options.contains("keys") {
                    // Nothing enforces the NOT NULL of a foreign table.
                    let agrees = column["nullable"] == true || field["not_null"] == true;
                    ensure!(agrees, "{:?}: {column} {field}", name(table));
                }
            }
        }
        Ok(())
    })
}

/// What defaults of the sample call.
const CALLED: &str = "CREATE FUNCTION auth.current_tenant() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE SEQUENCE app.invoice_number;";

/// pgmeta reads its own DBML: each table with its columns, without an error.
#[test]
fn dbml_is_imported() -> Outcome {
    each(|diagrams, options| {
        let dbml = diagrams.text("dbml", options)?.replace('\'', "''");
        let imported = diagrams
            .database
            .psql(&format!("SELECT pgmeta_definition_import('dbml', E'{}')", dbml.replace('\\', "\\\\")))?;
        let imported: Value = serde_json::from_str(&imported)?;
        let wrong: Vec<_> = list(&imported, "report").iter().filter(|own| own["level"] == "error").collect();
        ensure!(wrong.is_empty(), "{wrong:#?}");
        let names = |value: &Value| -> std::collections::BTreeSet<String> {
            let tables = list(value, "tables").iter();
            let columns = tables.flat_map(|table| {
                let whole = format!("{}.{}", text_or_public(table), text(table, "name"));
                list(table, "columns").iter().map(move |column| format!("{whole}.{}", text(column, "name")))
            });
            columns.collect()
        };
        let found = names(&imported["definition"]);
        let graph = names(&diagrams.graph(options)?);
        let missing: Vec<_> = graph.iter().filter(|name| is_readable(name) && !found.contains(*name)).collect();
        ensure!(missing.is_empty() && !found.is_empty(), "missing: {missing:?}");
        Ok(())
    })
}

fn text_or_public(table: &Value) -> &str {
    table["schema"].as_str().unwrap_or("public")
}

/// @dbml/core's SQL of our DBML makes the tables, columns, keys, checks and enum types again. The language has no
/// domains, composite types, functions and sequences: they are there before.
#[test]
fn dbml_leads_back_to_an_equal_schema() -> Outcome {
    let diagrams = Diagrams::of("sample_app")?;
    let found = read(&diagrams.file("dbml", "dbml", r#"{"comments": true}"#)?)?;
    let types = diagrams.database.psql(
        "SELECT pgmeta_object_ddl('type', ARRAY[oid::regtype::text]) FROM pg_type
         WHERE typnamespace::regnamespace::text IN ('app', 'auth')
           AND (typtype = 'd' OR typtype = 'c' AND (SELECT relkind FROM pg_class WHERE pg_class.oid = typrelid) = 'c') ORDER BY oid",
    )?;
    let tables = text(&found, "sql").replace("CREATE SCHEMA ", "CREATE SCHEMA IF NOT EXISTS ");
    let copy = Database::create("diagrams_copy")?;
    copy.psql(&format!("CREATE SCHEMA app; CREATE SCHEMA auth;\n{CALLED}\n{types}\n{tables}"))?;
    let facts = |database: &Database<'_>| {
        database.psql(
            "SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity <> ''
             FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
             WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace::regnamespace::text IN ('app', 'auth')
               AND attnum > 0 AND NOT attisdropped ORDER BY attrelid::regclass::text COLLATE \"C\", attnum;
             SELECT conrelid::regclass, regexp_replace(pg_get_constraintdef(pg_constraint.oid), ' DEFERRABLE.*', '') FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
             WHERE connamespace::regnamespace::text IN ('app', 'auth') AND contype IN ('p', 'f', 'c') AND conparentid = 0 AND NOT relispartition
             ORDER BY conrelid::regclass::text COLLATE \"C\", 2;
             SELECT enumtypid::regtype, enumlabel FROM pg_enum ORDER BY enumtypid::regtype::text, enumsortorder;",
        )
    };
    same_text("the schema and what DBML made of it", &facts(&diagrams.database)?, &facts(&copy)?)
}
