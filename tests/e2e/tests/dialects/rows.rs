//! Rows move to another database and back, and are equal: those of rows.sql, which has all types with nulls and extremes, and
//! those of the schemas of the corpus, whose views return the same rows, too.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Mariadb, Origin, Outcome, Source, origin, repository};
use serde::Deserialize;

use super::other::{Other, Rows, document};

/// Tables and views, with the types of their columns: `base` is that below domains.
const RELATIONS: &str = "WITH RECURSIVE base (type, base) AS (
    SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
    UNION ALL SELECT t.oid, b.base FROM base b JOIN pg_type t ON t.typbasetype = b.type AND t.typtype = 'd')
  SELECT coalesce(json_agg(json_build_object('name', n.nspname || '_' || c.relname, 'title', n.nspname || '.' || c.relname, 'is_view', c.relkind = 'v',
    'from', CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', n.nspname, c.relname), 'columns', coalesce((
      SELECT json_agg(json_build_object('name', a.attname, 'sql', quote_ident(a.attname), 'data_type', format_type(a.atttypid, a.atttypmod),
        'base', CASE WHEN t.typcategory = 'A' OR t.typtype = 'c' THEN 'json' ELSE t.typname END, 'is_generated', a.attgenerated <> '') ORDER BY a.attnum)
      FROM pg_attribute a JOIN base b ON b.type = a.atttypid JOIN pg_type t ON t.oid = b.base
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'::json))), '[]')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgmeta')
    AND NOT EXISTS (SELECT FROM pg_partition_tree(c.oid) p JOIN pg_foreign_table f ON f.ftrelid = p.relid)
    AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname ~ ' $')";

#[derive(Deserialize)]
struct Relation {
    /// The name in the other database.
    name: String,
    /// The name in the losses.
    title: String,
    from: String,
    is_view: bool,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    /// The name as PostgreSQL quotes it.
    sql: String,
    data_type: String,
    base: String,
    is_generated: bool,
}

impl Column {
    /// Returns the SQL of PostgreSQL that makes the text for the other database.
    fn out(&self, other: &Other) -> String {
        let name = &self.sql;
        match self.base.as_str() {
            "json" if self.data_type != "json" => format!("to_json({name})::text"),
            "hstore" => format!("to_json({name})::text"),
            "bool" => format!("{name}::int::text"),
            "bytea" => format!("encode({name}, 'hex')"),
            "money" => format!("{name}::numeric::text"),
            "timestamptz" => match other {
                Other::Sqlite => format!("({name} AT TIME ZONE 'UTC')::text || '+00'"),
                Other::Mariadb(_) => format!("({name} AT TIME ZONE 'UTC')::text"),
            },
            _ => format!("{name}::text"),
        }
    }

    /// Returns the SQL of PostgreSQL that makes the value of a text from the other database.
    fn back(&self, other: &Other, text: &str) -> String {
        let data_type = &self.data_type;
        match self.base.as_str() {
            "json" if data_type != "json" => {
                format!(
                    "(SELECT x FROM jsonb_to_record(jsonb_build_object('x', ({text})::jsonb)) AS r (x {data_type}))"
                )
            }
            "bool" => format!("({text})::int::boolean"),
            "bytea" => format!("decode({text}, 'hex')"),
            "money" => format!("({text})::numeric::money"),
            "timestamptz" => match other {
                Other::Sqlite => format!("({text})::timestamptz"),
                Other::Mariadb(_) => format!("({text} || '+00')::timestamptz"),
            },
            _ => format!("({text})::{data_type}"),
        }
    }

    /// Returns the SQL of PostgreSQL that makes a literal of the other database from its text.
    fn literal(&self, other: &Other) -> String {
        let text = self.out(other);
        match (self.base.as_str(), other) {
            ("bytea", _) => format!("'X''' || {text} || ''''"),
            ("bit", Other::Mariadb(_)) => format!("'b''' || {text} || ''''"),
            ("point", Other::Mariadb(_)) => format!("'POINT(' || ({0})[0] || ',' || ({0})[1] || ')'", self.sql),
            (_, Other::Sqlite) => format!("'''' || replace({text}, '''', '''''') || ''''"),
            (_, Other::Mariadb(_)) => {
                format!("'''' || replace(replace({text}, '\\', '\\\\'), '''', '''''') || ''''")
            }
        }
    }

    /// Returns the SQL of the other database that reads the text of a value.
    fn read(&self, other: &Other) -> String {
        let name = other.quoted(&self.name);
        match (other, self.base.as_str(), self.data_type.strip_prefix("bit(")) {
            (Other::Sqlite, _, _) => name,
            (Other::Mariadb(_), "bytea", _) => format!("HEX({name})"),
            (Other::Mariadb(_), "bit", Some(length)) => {
                format!("LPAD(BIN({name}), {}, '0')", length.trim_end_matches(')'))
            }
            (Other::Mariadb(_), "point", _) => format!("CONCAT('(', ST_X({name}), ',', ST_Y({name}), ')')"),
            // Floating point numbers have all digits by a cast only.
            (Other::Mariadb(_), _, _) => format!("CAST({name} AS CHAR)"),
        }
    }
}

impl Relation {
    fn plain(&self) -> Vec<&Column> {
        self.columns.iter().filter(|own| !own.is_generated).collect()
    }

    /// Returns the query of PostgreSQL that makes the statements of the other database.
    fn inserts(&self, other: &Other) -> String {
        let plain = self.plain();
        let names: Vec<_> = plain.iter().map(|own| other.quoted(&own.name)).collect();
        let values: Vec<_> = plain.iter().map(|own| format!("coalesce({}, 'NULL')", own.literal(other))).collect();
        let start = format!("INSERT INTO {} ({}) VALUES (", other.quoted(&self.name), names.join(", "));
        let start = start.replace('\'', "''");
        format!("SELECT '{start}' || array_to_string(ARRAY[{}], ', ') || ');' FROM {};\n", values.join(", "), self.from)
    }

    /// Returns the query of the other database that reads all rows.
    fn read(&self, other: &Other) -> String {
        let columns: Vec<_> = self.columns.iter().map(|own| own.read(other)).collect();
        let (columns, table) = (columns.join(", "), other.quoted(&self.name));
        match other {
            Other::Sqlite => format!("SELECT {columns} FROM {table}"),
            Other::Mariadb(_) => format!("SELECT HEX(JSON_ARRAY({columns})) FROM {table}"),
        }
    }

    /// Returns the query of PostgreSQL for the rows that only one of both sides has.
    fn difference(&self, other: &Other, rows: &Rows) -> Result<String> {
        // Values without an equality are compared as text.
        let text = |own: &Column, value: String| match (self.is_view, own.base.as_str()) {
            // What a view computes has another number of zeros.
            (true, "numeric") => format!("trim_scale({value})::text"),
            _ => format!("({value})::text"),
        };
        let here: Vec<_> = self.columns.iter().map(|own| text(own, own.sql.clone())).collect();
        let back = |(at, own): (usize, &Column)| text(own, own.back(other, &format!("own ->> {at}")));
        let there: Vec<_> = self.columns.iter().enumerate().map(back).collect();
        let (here, there, from, rows) = (here.join(", "), there.join(", "), &self.from, document(rows)?);
        Ok(format!(
            "WITH here AS MATERIALIZED (SELECT {here} FROM {from}), there AS MATERIALIZED (SELECT {there} FROM json_array_elements({rows}) own)
             (TABLE here EXCEPT ALL TABLE there) UNION ALL (TABLE there EXCEPT ALL TABLE here);\n"
        ))
    }
}

/// Columns that the other database cannot compute are filled.
fn fill_as_application(psql: &dyn Fn(&str) -> Result<String>, other: &Other, tables: &mut [Relation]) -> Outcome {
    let details: Vec<String> = serde_json::from_str(&psql(&format!(
        "SELECT coalesce(json_agg(detail), '[]') FROM pgmeta_dialect_losses(NULL::text, '{}', '{{\"prefix\": true}}')
         WHERE feature = 'generated column' AND action = 'commented'",
        other.dialect()
    ))?)?;
    for table in tables {
        for own in &mut table.columns {
            let start = format!("column {} of {}:", own.name, table.title);
            own.is_generated &= !details.iter().any(|detail| detail.starts_with(&start));
        }
    }
    Ok(())
}

/// Moves the rows of a database and compares. Returns how many there are.
fn move_rows(psql: &dyn Fn(&str) -> Result<String>, other: &Other) -> Result<usize> {
    const SETTINGS: &str = "SET timezone = 'America/New_York'; SET extra_float_digits = 1;\n";
    let script =
        psql(&format!("SELECT pgmeta_dialect_sql(NULL::text, '{}', '{{\"prefix\": true}}')", other.dialect()))?;
    let relations = other.run(&script, &[other.relations().to_owned()])?.concat();
    let mut all: Vec<Relation> = serde_json::from_str(&psql(RELATIONS)?)?;
    fill_as_application(psql, other, &mut all)?;
    // What the dialect refuses and names that it cuts are elsewhere.
    let is_there =
        |own: &Relation| relations.iter().any(|row| row.first().is_some_and(|name| name.as_ref() == Some(&own.name)));
    all.retain(|own| !own.plain().is_empty() && is_there(own));
    let inserts: String = all.iter().filter(|own| !own.is_view).map(|own| own.inserts(other)).collect();
    let inserts = psql(&format!("{SETTINGS}{inserts}"))?;
    let before = match other {
        Other::Sqlite => "BEGIN;",
        // A number that is given is not replaced, also not 0.
        Other::Mariadb(_) => {
            "SET FOREIGN_KEY_CHECKS = 0; SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO'); START TRANSACTION;"
        }
    };
    let queries: Vec<_> = all.iter().map(|own| own.read(other)).collect();
    let found = other.run(&format!("{script}\n{before}\n{inserts}\nCOMMIT;"), &queries)?;
    let mut moved = 0;
    for (own, rows) in all.iter().zip(&found) {
        let difference =
            psql(&format!("{SETTINGS}{}", own.difference(other, rows)?)).with_context(|| own.from.clone())?;
        ensure!(difference.is_empty(), "{}: only on one side:\n{difference}", own.from);
        moved += if own.is_view { 0 } else { rows.len() };
    }
    Ok(moved)
}

fn rows_of(name: &str) -> std::path::PathBuf {
    repository().join("tests/e2e/tests/dialects").join(name)
}

fn all_types_move(other: &Other) -> Outcome {
    let database = Database::with_pgmeta("rows")?;
    database.run_script(&rows_of("rows.sql"))?;
    let moved = move_rows(&|script| database.psql(script), other)?;
    ensure!(moved == 9, "{moved} rows");
    let sample = Database::with_fixture("sample_rows", "sample_app")?;
    sample.run_script(&rows_of("sample_rows.sql"))?;
    let moved = move_rows(&|script| sample.psql(script), other)?;
    // Two are of the audit.
    ensure!(moved >= 20, "{moved} rows of the sample");
    Ok(())
}

fn all_schemas_move(other: &Other) -> Outcome {
    let mut moved = 0;
    for source in Source::SCHEMAS.iter().filter(|own| matches!(own, Source::Corpus(_))) {
        let Some(origin): Option<Arc<Origin>> = origin(*source)? else { continue };
        let count = move_rows(&|script| origin.psql(script), other).with_context(|| format!("{source:?}"))?;
        println!("{source:?}: {count}");
        moved += count;
    }
    println!("{moved} rows moved");
    Ok(())
}

#[test]
fn all_types_move_to_sqlite() -> Outcome {
    all_types_move(&Other::Sqlite)
}

#[test]
fn all_types_move_to_mariadb() -> Outcome {
    all_types_move(&Other::Mariadb(Mariadb::start()?))
}

#[test]
fn all_schemas_move_to_sqlite() -> Outcome {
    all_schemas_move(&Other::Sqlite)
}

#[test]
fn all_schemas_move_to_mariadb() -> Outcome {
    all_schemas_move(&Other::Mariadb(Mariadb::start()?))
}
