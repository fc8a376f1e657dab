//! Each construct of expressions and queries, repeated until a parser that recurses would overflow the stack, and a printer that has
//! a part twice would never end. A definition may have any text, and a crash ends all sessions of a server.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use pgmeta_core::model::Model;
use pgmeta_dialect::{Dialect, Options, convert};
use serde_json::json;

/// How often each is repeated: more than the stack of a thread can hold, and so few that printing twice would be noticed.
const TIMES: [usize; 3] = [30, 99, 10_000];

/// The stack of a server is at least this.
const STACK: usize = 2 << 20;

/// The longest that all dialects may take for one text of most repetitions, in a build for tests.
const LONGEST: Duration = Duration::from_secs(15);

/// What begins, what is repeated around it before and after, and what ends.
const EXPRESSIONS: [(&str, &str, &str, &str, &str); 50] = [
    ("", "", "a", " + 1", " > 0"),
    ("", "", "a", " - b", " > 0"),
    ("", "", "a", " * 2", " > 0"),
    ("", "", "a", " / 2", " > 0"),
    ("", "", "a", " % 2", " > 0"),
    ("", "", "a", " ^ 2", " > 0"),
    ("", "", "a", " # 2", " > 0"),
    ("", "", "t", " || t", " > 'x'"),
    ("", "", "j", " ->> 'x'", " > 'x'"),
    ("", "", "a", " = 1", ""),
    ("", "", "a", " <> 1", ""),
    ("", "", "a", " < 1", ""),
    ("", "", "t", " ~ 'x'", ""),
    ("", "", "t", " ~~ 'x'", ""),
    ("", "", "flag", " AND flag", ""),
    ("", "", "flag", " OR flag", ""),
    ("", "", "flag", " AND flag OR flag", ""),
    ("", "", "flag", " IS TRUE", ""),
    ("", "", "flag", " IS NOT FALSE", ""),
    ("", "", "flag", " IS NULL", ""),
    ("", "", "flag", " IS NOT UNKNOWN", ""),
    ("", "", "flag", " IS DISTINCT FROM flag", ""),
    ("", "", "flag", " IS NOT DISTINCT FROM true", ""),
    ("", "", "a", "::integer", " > 0"),
    ("", "", "a", "::character varying(20)[]", " > 0"),
    ("", "", "tz", " AT TIME ZONE 'UTC'", " > tz"),
    ("", "", "t", " COLLATE \"C\"", " > 'x'"),
    ("", "", "a", " = ANY (ARRAY[1])", ""),
    ("", "", "a", " <> ALL ('{1,2}'::integer[])", ""),
    ("t = ANY ('{", "a,", "b", "", "}'::text[])"),
    ("t = ANY ('{a,b}'", "", "", "::text[]", ")"),
    ("t = ANY (ARRAY[", "'a', ", "'b'", "", "])"),
    ("", "NOT ", "flag", "", ""),
    ("", "- ", "a", "", " > 0"),
    ("", "(", "flag", ")", ""),
    ("", "(", "a", " + 1)", " > 0"),
    ("", "((", "flag", ") = flag)", ""),
    ("", "(flag = ", "flag", ")", ""),
    ("", "((", "flag", ") IS DISTINCT FROM flag)", ""),
    ("", "(flag AND ", "flag", ")", ""),
    ("", "(flag AND flag OR ", "flag", ")", ""),
    ("", "abs(", "a", ")", " > 0"),
    ("", "coalesce(a, ", "a", ")", " > 0"),
    ("", "date_part('year', ", "ts", ")", " > 0"),
    ("", "EXTRACT(year FROM ", "ts", ")", " > 0"),
    ("", "CASE WHEN flag THEN ", "flag", " ELSE flag END", ""),
    ("", "CASE ", "flag", " WHEN flag THEN flag WHEN false THEN true END", ""),
    ("CASE a + b * 2", "", "", " WHEN 1 THEN true", " END"),
    ("", "ARRAY[", "a", "]", " = list"),
    ("x.", "y.", "z", "", " > 0"),
];

/// As above, for queries.
const QUERIES: [(&str, &str, &str, &str, &str); 12] = [
    ("", "", "SELECT q.a FROM app.q", " UNION ALL SELECT q.a FROM app.q", ""),
    ("", "", "SELECT q.a FROM app.q", " UNION SELECT q.a FROM app.q", ""),
    ("SELECT q.a FROM app.q", "", "", " JOIN app.q r ON true", ""),
    ("SELECT q.a FROM app.q", "", "", " LEFT JOIN app.q r USING (a)", ""),
    ("SELECT q.a FROM app.q", "", "", " CROSS JOIN app.q", ""),
    ("SELECT q.a FROM ", "(", "app.q", ")", ""),
    ("SELECT q.a FROM ", "(", "app.q", " CROSS JOIN app.q r)", ""),
    ("SELECT q.a FROM app.q", "", "", ", app.q", ""),
    ("SELECT q.a", "", "", ", q.a", " FROM app.q"),
    ("SELECT q.a FROM app.q WHERE q.a > 0", "", "", " AND q.a > 0", ""),
    ("SELECT q.a FROM app.q GROUP BY q.a", "", "", ", q.a", ""),
    ("SELECT q.a FROM app.q ORDER BY q.a", "", "", ", q.a", ""),
];

fn text((start, before, middle, after, end): (&str, &str, &str, &str, &str), times: usize) -> String {
    format!("{start}{}{middle}{}{end}", before.repeat(times), after.repeat(times))
}

fn model(expression: &str, query: &str) -> Model {
    let columns: Vec<_> = [
        ("a", "integer"),
        ("b", "bigint"),
        ("t", "text"),
        ("flag", "boolean"),
        ("ts", "timestamp without time zone"),
        ("tz", "timestamp with time zone"),
        ("j", "jsonb"),
        ("list", "integer[]"),
    ]
    .iter()
    .map(|(name, data_type)| json!({"name": name, "data_type": data_type}))
    .collect();
    let mut with_default = columns.clone();
    with_default.push(json!({"name": "c", "data_type": "boolean", "default": expression}));
    let model = json!({
        "format_version": 1, "server_version_num": 150_000,
        "tables": [{"schema": "app", "name": "q", "columns": columns},
                   {"schema": "app", "name": "t", "columns": with_default}],
        "constraints": [{"schema": "app", "table": "q", "name": "k", "expression": expression}],
        "views": [{"schema": "app", "name": "v", "columns": [{"name": "a", "data_type": "integer"}], "definition": query}],
    });
    Model::from_value(model).unwrap()
}

/// Translates on a thread with a stack like a server's.
fn translate(expression: String, query: String, what: String) {
    let run = move || {
        let started = Instant::now();
        let model = model(&expression, &query);
        for dialect in Dialect::ALL {
            let output = convert(&model, dialect, &Options::default());
            let length: usize = output.statements.iter().map(String::len).sum();
            // Commented texts are in it too.
            assert!(length < (expression.len() + query.len() + 200) * 200, "{what}: {dialect:?} prints {length} bytes");
        }
        let took = started.elapsed();
        assert!(took < LONGEST, "{what}: {took:?}");
    };
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

#[test]
fn repeated_expressions_neither_crash_nor_hang() {
    for own in EXPRESSIONS {
        for times in TIMES {
            translate(text(own, times), "SELECT 1".to_owned(), format!("{own:?} {times} times"));
        }
    }
}

#[test]
fn repeated_queries_neither_crash_nor_hang() {
    for own in QUERIES {
        for times in TIMES {
            translate("true".to_owned(), text(own, times), format!("{own:?} {times} times"));
        }
    }
    for own in EXPRESSIONS {
        let query = format!("SELECT q.a FROM app.q WHERE {}", text(own, 1_000));
        translate("true".to_owned(), query, format!("{own:?} in a query"));
    }
}

/// Chains of conditions and lists are as long as they like.
#[test]
fn long_lists_are_translated() {
    for own in [("", "", "flag", " AND flag", ""), ("t = ANY (ARRAY[", "'a', ", "'b'", "", "])")] {
        let output = convert(&model(&text(own, 5_000), "SELECT 1"), Dialect::Sqlite, &Options::default());
        assert!(output.losses.iter().all(|own| own.feature != "check"), "{own:?}");
    }
}

/// What is too deep is a loss like any other.
#[test]
fn deep_expressions_are_losses() {
    for own in [("", "", "a", " + 1", " > 0"), ("", "(", "flag", ")", ""), ("", "", "flag", " IS TRUE", "")] {
        for dialect in Dialect::ALL {
            let output = convert(&model(&text(own, 1_000), "SELECT 1"), dialect, &Options::default());
            assert!(output.losses.iter().any(|own| own.detail.ends_with("its depth has no translation")), "{own:?}");
        }
    }
}
