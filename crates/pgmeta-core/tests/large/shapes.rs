//! The kinds of large snapshots.

use std::fmt::Write;

use super::{Pair, Shape};

pub const SHAPES: &[Shape] = &[
    Shape { name: "ordinary tables", size: 5_000, make: ordinary },
    Shape { name: "cycle of views", size: 30_000, make: cycle_of_views },
    Shape { name: "chain of views", size: 100_000, make: chain_of_views },
    Shape { name: "tables that all depend on each other", size: 750, make: dense_tables },
    Shape { name: "functions that all call each other", size: 500, make: dense_functions },
    Shape { name: "defaults in a cycle", size: 10_000, make: defaults_in_a_cycle },
    Shape { name: "columns that change type under views", size: 2_500, make: retyped },
    Shape { name: "columns that are renamed", size: 10_000, make: renamed_columns },
    Shape { name: "columns that are others", size: 10_000, make: other_columns },
    Shape { name: "columns that become identity columns", size: 5_000, make: identities },
    Shape { name: "tables that are renamed", size: 10_000, make: renamed_tables },
    Shape { name: "labels that are renamed", size: 10_000, make: renamed_labels },
    Shape { name: "body full of dollar quotes", size: 75_000, make: dollar_quotes },
    Shape { name: "deep expression", size: 500_000, make: deep_expression },
    Shape { name: "partitions", size: 5_000, make: partitions },
    Shape { name: "levels of partitions", size: 2_000, make: levels },
    Shape { name: "children of one table", size: 10_000, make: children },
    Shape { name: "grants", size: 10_000, make: grants },
    Shape { name: "grants by grantees", size: 5_000, make: chain_of_grants },
    Shape { name: "default privileges", size: 5_000, make: default_privileges },
    Shape { name: "enum labels that come", size: 20_000, make: labels },
    Shape { name: "attributes", size: 10_000, make: attributes },
    Shape { name: "types that are swapped", size: 2_000, make: swapped },
    Shape { name: "checks of a domain", size: 10_000, make: domain_checks },
    Shape { name: "constraints", size: 10_000, make: constraints },
    Shape { name: "foreign keys", size: 10_000, make: foreign_keys },
    Shape { name: "indexes that change", size: 2_500, make: indexes },
    Shape { name: "sequences that are owned", size: 10_000, make: sequences },
    Shape { name: "storage parameters", size: 10_000, make: settings },
    Shape { name: "published tables", size: 10_000, make: published },
    Shape { name: "members of extensions", size: 5_000, make: members },
    Shape { name: "overloads", size: 10_000, make: overloads },
    Shape { name: "operators", size: 5_000, make: operators },
    Shape { name: "triggers and policies", size: 5_000, make: on_tables },
];

/// Returns a document with these lists.
fn document(lists: &[(&str, String)]) -> String {
    let mut text = String::from(r#"{"format_version": 1, "server_version_num": 150000"#);
    for (name, elements) in lists {
        let _ = write!(text, r#", "{name}": [{elements}]"#);
    }
    text + "}"
}

/// Returns the elements for 0 to n - 1, with commas.
fn list(n: usize, element: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..n {
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(&element(at));
    }
    text
}

fn pair(old: &[(&str, String)], new: &[(&str, String)]) -> Pair {
    Pair { old: document(old), new: document(new), renames: Default::default() }
}

/// Against nothing.
fn alone(lists: &[(&str, String)]) -> Pair {
    pair(lists, &[])
}

fn key(kind: &str, name: impl std::fmt::Display) -> String {
    format!(r#"{{"type": "{kind}", "names": ["s", "{name}"]}}"#)
}

fn column(name: impl std::fmt::Display, data_type: &str) -> String {
    format!(r#"{{"name": "{name}", "data_type": "{data_type}"}}"#)
}

fn table(name: impl std::fmt::Display, columns: &str, rest: &str) -> String {
    format!(r#"{{"schema": "s", "name": "{name}", "columns": [{columns}]{rest}}}"#)
}

/// The other side has a column of another type and another index.
fn ordinary(n: usize) -> Pair {
    let side = |other: &str| {
        let columns = format!(
            r#"{{"name": "id", "data_type": "bigint", "not_null": {{}}, "default": "nextval('s.q'::regclass)",
            "default_depends_on": [{{"type": "sequence", "names": ["s", "q"]}}]}},
            {{"name": "note", "data_type": "text"}}, {{"name": "at", "data_type": "timestamp with time zone", "default": "now()"}},
            {{"name": "amount", "data_type": "{other}", "comment": "how much"}}"#
        );
        let rest = r#", "owner": "app", "comment": "one of many", "privileges": [{"grantee": "app", "grantor": "app", "privileges": ["SELECT", "INSERT"]}]"#;
        [
            ("schemas", r#"{"name": "s"}"#.into()),
            ("sequences", r#"{"schema": "s", "name": "q", "data_type": "bigint", "start": 1, "increment": 1, "min": 1, "max": 9223372036854775807, "cache": 1}"#.into()),
            ("tables", list(n, |at| table(format_args!("t{at}"), &columns, rest))),
            ("views", list(n / 4, |at| {
                let needs = key("table", format_args!("t{at}"));
                format!(r#"{{"schema": "s", "name": "v{at}", "definition": " SELECT t{at}.id,\n    t{at}.amount\n   FROM s.t{at};", "columns": [{}, {}], "depends_on": [{needs}]}}"#, column("id", "bigint"), column("amount", other))
            })),
            ("constraints", list(n, |at| {
                let (pkey, check) = (
                    format!(r#"{{"schema": "s", "table": "t{at}", "name": "t{at}_pkey", "kind": "primary key", "columns": ["id"], "index": {{}}}}"#),
                    format!(r#"{{"schema": "s", "table": "t{at}", "name": "positive", "kind": "check", "expression": "(amount > 0)"}}"#),
                );
                format!("{pkey}, {check}")
            })),
            ("indexes", list(n, |at| {
                format!(r#"{{"schema": "s", "name": "t{at}_at", "table": "t{at}", "method": "btree", "columns": [{{"column": "at"}}], "predicate": "(note <> '{other}'::text)"}}"#)
            })),
        ]
    };
    pair(&side("integer"), &side("numeric"))
}

fn views(n: usize, needs: impl Fn(usize) -> Option<usize>) -> String {
    list(n, |at| {
        let needs = needs(at).map_or(String::new(), |other| key("view", format_args!("v{other}")));
        format!(
            r#"{{"schema": "s", "name": "v{at}", "definition": "SELECT 1 AS a", "columns": [{}], "depends_on": [{needs}]}}"#,
            column("a", "integer")
        )
    })
}

fn cycle_of_views(n: usize) -> Pair {
    alone(&[("views", views(n, |at| Some((at + 1) % n)))])
}

fn chain_of_views(n: usize) -> Pair {
    alone(&[("views", views(n, |at| at.checked_sub(1)))])
}

fn dense_tables(n: usize) -> Pair {
    let needs = list(n, |at| key("table", format_args!("t{at}")));
    let tables = list(n, |at| table(format_args!("t{at}"), "", &format!(r#", "depends_on": [{needs}]"#)));
    alone(&[("tables", tables)])
}

fn dense_functions(n: usize) -> Pair {
    let needs = list(n, |at| key("function", format_args!("f{at}")));
    let functions = list(n, |at| {
        format!(
            r#"{{"schema": "s", "name": "f{at}", "arguments": [], "language": "sql", "returns": "integer", "sql_body": "RETURN 1", "depends_on": [{needs}]}}"#
        )
    });
    alone(&[("functions", functions)])
}

fn defaults_in_a_cycle(n: usize) -> Pair {
    let columns = list(n, |at| {
        let needs = key("function", "f");
        format!(r#"{{"name": "c{at}", "data_type": "integer", "default": "s.f()", "default_depends_on": [{needs}]}}"#)
    });
    let needs = key("table", "t");
    let function = format!(
        r#"{{"schema": "s", "name": "f", "arguments": [], "language": "sql", "returns": "integer", "sql_body": "RETURN 1", "depends_on": [{needs}]}}"#
    );
    alone(&[("tables", table("t", &columns, "")), ("functions", function)])
}

/// One table, and views on it that name none of the columns that change: two for five columns.
fn retyped(n: usize) -> Pair {
    let side = |data_type: &str| {
        let columns = list(n, |at| column(format_args!("c{at}"), data_type));
        let needs = key("table", "t");
        let text = "x".repeat(2_000);
        let views = list(n * 2 / 5, |at| {
            format!(
                r#"{{"schema": "s", "name": "v{at}", "definition": "SELECT {text}", "columns": [], "depends_on": [{needs}]}}"#
            )
        });
        [("tables", table("t", &columns, "")), ("views", views)]
    };
    pair(&side("integer"), &side("text"))
}

fn renamed_columns(n: usize) -> Pair {
    let renames = (0..n).map(|at| (format!("s.t.a{at}"), format!("b{at}"))).collect();
    Pair { renames, ..other_columns(n) }
}

fn other_columns(n: usize) -> Pair {
    let side = |prefix: &str| {
        let columns = list(n, |at| column(format_args!("{prefix}{at}"), "integer"));
        let checks = list(n / 10, |at| {
            format!(
                r#"{{"schema": "s", "table": "t", "name": "k{at}", "kind": "check", "columns": ["{prefix}{at}"], "expression": "({prefix}{at} > 0)"}}"#
            )
        });
        [("tables", table("t", &columns, "")), ("constraints", checks)]
    };
    pair(&side("a"), &side("b"))
}

fn identities(n: usize) -> Pair {
    let sequences = |identity: bool| {
        list(n, |at| {
            format!(
                r#"{{"schema": "s", "name": "q{at}", "data_type": "bigint", "start": 1, "increment": 1, "min": 1, "max": 1000, "cache": 1,
                "owned_by": {{"schema": "s", "table": "t", "column": "c{at}"}}, "identity": {identity}}}"#
            )
        })
    };
    let columns =
        |rest: &str| list(n, |at| format!(r#"{{"name": "c{at}", "data_type": "bigint", "not_null": {{}}{rest}}}"#));
    pair(
        &[("tables", table("t", &columns(""), "")), ("sequences", sequences(false))],
        &[("tables", table("t", &columns(r#", "identity": "ALWAYS""#), "")), ("sequences", sequences(true))],
    )
}

fn renamed_tables(n: usize) -> Pair {
    let side = |prefix: &str| {
        let tables = list(n, |at| table(format_args!("{prefix}{at}"), &column("a", "integer"), ""));
        let keys = list(n, |at| {
            format!(
                r#"{{"schema": "s", "table": "{prefix}{at}", "name": "{prefix}{at}_pkey", "kind": "primary key", "columns": ["a"], "index": {{}}}}"#
            )
        });
        let views = list(n / 10, |at| {
            let needs = key("table", format_args!("{prefix}{at}"));
            format!(
                r#"{{"schema": "s", "name": "v{at}", "definition": "SELECT a FROM s.{prefix}{at}", "columns": [], "depends_on": [{needs}]}}"#
            )
        });
        [("tables", tables), ("constraints", keys), ("views", views)]
    };
    let renames = (0..n).map(|at| (format!("table s.old{at}"), format!("new{at}"))).collect();
    Pair { renames, ..pair(&side("old"), &side("new")) }
}

fn renamed_labels(n: usize) -> Pair {
    let side = |prefix: &str| {
        let labels = list(n, |at| format!(r#""{prefix}{at}""#));
        let columns =
            list(n / 10, |at| format!(r#"{{"name": "c{at}", "data_type": "s.e", "default": "'{prefix}{at}'::s.e"}}"#));
        [
            ("types", format!(r#"{{"schema": "s", "name": "e", "enum_labels": [{labels}]}}"#)),
            ("tables", table("t", &columns, "")),
        ]
    };
    let renames = (0..n).map(|at| (format!("s.e.a{at}"), format!("b{at}"))).collect();
    Pair { renames, ..pair(&side("a"), &side("b")) }
}

fn dollar_quotes(n: usize) -> Pair {
    let tags = list(n, |at| if at < 2 { "$_$".into() } else { format!("$_{at}$") });
    let function = |more: &str| {
        format!(
            r#"{{"schema": "s", "name": "f", "arguments": [], "language": "plpgsql", "returns": "integer", "definition": "$$ {tags}{more}"}}"#
        )
    };
    pair(&[("functions", function(""))], &[("functions", function(" "))])
}

fn deep_expression(n: usize) -> Pair {
    let side = |leaf: &str| {
        let text = format!("{}{leaf}{}", "(".repeat(n), ")".repeat(n));
        let cast = "('a'::character varying)::text, ".repeat(n / 20);
        let array = "(ARRAY['a'])::text[] ".repeat(n / 20);
        [
            ("tables", table("t", &column("a", "integer"), "")),
            (
                "constraints",
                format!(
                    r#"{{"schema": "s", "table": "t", "name": "k", "kind": "check", "expression": "{text}"}},
                    {{"schema": "s", "table": "t", "name": "l", "kind": "check", "expression": "({cast}{array}{leaf})"}}"#
                ),
            ),
        ]
    };
    pair(&side("a"), &side("b"))
}

fn partitions(n: usize) -> Pair {
    let partition = |at: usize| {
        let from = format!("FOR VALUES FROM ({at}) TO ({})", at + 1);
        let rest = format!(r#", "partition_of": {{"parent": {{"schema": "s", "name": "t"}}, "bound": "{from}"}}"#);
        let column = r#"{"name": "a", "data_type": "integer", "inherited": true}"#;
        table(format_args!("t{at}"), column, &rest)
    };
    let keys = |at: usize| {
        format!(
            r#"{{"schema": "s", "table": "t{at}", "name": "t{at}_pkey", "kind": "primary key", "columns": ["a"], "index": {{"attached_to": {{"schema": "s", "name": "t_pkey"}}}}}}"#
        )
    };
    let side = |n: usize| {
        let parent = table("t", &column("a", "integer"), r#", "partition_by": "RANGE (a)""#);
        let pkey = r#"{"schema": "s", "table": "t", "name": "t_pkey", "kind": "primary key", "columns": ["a"], "index": {}, "on_partitioned": true}"#;
        [
            ("tables", [parent].into_iter().chain((0..n).map(partition)).collect::<Vec<_>>().join(", ")),
            ("constraints", [pkey.to_owned()].into_iter().chain((0..n).map(keys)).collect::<Vec<_>>().join(", ")),
        ]
    };
    pair(&side(n), &side(1))
}

/// Each is a partition of the one before, and all have indexes that hang on each other; their parent's changes.
fn levels(n: usize) -> Pair {
    let side = |method: &str, bound: &str| {
        let tables = list(n, |at| {
            let column = r#"{"name": "a", "data_type": "integer", "inherited": true}"#;
            let rest = match at.checked_sub(1) {
                None => r#", "partition_by": "LIST (a)""#.to_owned(),
                Some(parent) => format!(
                    r#", "partition_by": "LIST (a)", "partition_of": {{"parent": {{"schema": "s", "name": "t{parent}"}}, "bound": "FOR VALUES IN ({bound})"}}"#
                ),
            };
            table(format_args!("t{at}"), column, &rest)
        });
        let indexes = list(n, |at| {
            let attached = at
                .checked_sub(1)
                .map_or(String::new(), |parent| format!(r#", "attached_to": {{"schema": "s", "name": "i{parent}"}}"#));
            let method = if at + 1 == n { method } else { "btree" };
            format!(
                r#"{{"schema": "s", "name": "i{at}", "table": "t{at}", "method": "{method}", "columns": [{{"column": "a"}}], "on_partitioned": true{attached}}}"#
            )
        });
        let keys = list(n, |at| {
            format!(
                r#"{{"schema": "s", "table": "t{at}", "name": "f{at}", "kind": "foreign key", "columns": ["a"], "inherited": {},
                "foreign_key": {{"table": {{"schema": "s", "name": "o"}}, "columns": ["a"]}}}}"#,
                at > 0
            )
        });
        let other = table("o", &column("a", "integer"), "");
        [("tables", format!("{tables}, {other}")), ("indexes", indexes), ("constraints", keys)]
    };
    pair(&side("btree", "1"), &side("hash", "2"))
}

fn children(n: usize) -> Pair {
    let side = |data_type: &str| {
        let parent = table("t", &column("a", data_type), "");
        let children = list(n, |at| {
            let column = format!(r#"{{"name": "a", "data_type": "{data_type}", "inherited": true}}"#);
            table(format_args!("t{at}"), &column, r#", "inherits": [{"schema": "s", "name": "t"}]"#)
        });
        let checks = list(n, |at| {
            format!(
                r#"{{"schema": "s", "table": "t{at}", "name": "k", "kind": "check", "expression": "(a > 0)", "not_valid": true, "inherited": true}}"#
            )
        });
        let check = r#"{"schema": "s", "table": "t", "name": "k", "kind": "check", "expression": "(a > 0)", "not_valid": true}"#;
        [("tables", format!("{parent}, {children}")), ("constraints", format!("{check}, {checks}"))]
    };
    pair(&side("integer"), &side("bigint"))
}

fn grants(n: usize) -> Pair {
    let side = |word: &str| {
        let grants =
            list(n, |at| format!(r#"{{"grantee": "r{at}", "grantor": "o", "privileges": ["SELECT", "{word}"]}}"#));
        let column = format!(r#"{{"name": "a", "data_type": "integer", "privileges": [{grants}]}}"#);
        [("tables", table("t", &column, &format!(r#", "owner": "o", "privileges": [{grants}]"#)))]
    };
    pair(&side("INSERT"), &side("UPDATE"))
}

/// Each has it from the next, who comes later in the list.
fn chain_of_grants(n: usize) -> Pair {
    let grants = list(n, |at| {
        let grantor = if at + 1 == n { "o".to_owned() } else { format!("r{}", at + 1) };
        format!(r#"{{"grantee": "r{at}", "grantor": "{grantor}", "privileges": ["SELECT"], "grantable": ["SELECT"]}}"#)
    });
    alone(&[("tables", table("t", "", &format!(r#", "owner": "o", "privileges": [{grants}]"#)))])
}

fn default_privileges(n: usize) -> Pair {
    let grants = list(n, |at| format!(r#"{{"grantee": "r{at}", "grantor": "o", "privileges": ["SELECT"]}}"#));
    let defaults = format!(r#"{{"role": "o", "object_type": "TABLES", "grants": [{grants}]}}"#);
    let tables = list(10, |at| table(format_args!("t{at}"), "", ""));
    pair(&[("default_privileges", defaults.clone())], &[("default_privileges", defaults), ("tables", tables)])
}

fn labels(n: usize) -> Pair {
    let side = |step: usize| {
        let labels = list(n / step, |at| format!(r#""l{}""#, at * step));
        [("types", format!(r#"{{"schema": "s", "name": "e", "enum_labels": [{labels}]}}"#))]
    };
    pair(&side(2), &side(1))
}

fn attributes(n: usize) -> Pair {
    let side = |prefix: &str, data_type: &str| {
        let attributes = list(n, |at| {
            let prefix = if at % 2 == 0 { "same" } else { prefix };
            column(format_args!("{prefix}{at}"), data_type)
        });
        [("types", format!(r#"{{"schema": "s", "name": "c", "attributes": [{attributes}]}}"#))]
    };
    pair(&side("a", "integer"), &side("b", "text"))
}

fn swapped(n: usize) -> Pair {
    let side = |label: &str| {
        let types = list(n, |at| format!(r#"{{"schema": "s", "name": "e{at}", "enum_labels": ["{label}", "x"]}}"#));
        let columns = list(n, |at| {
            format!(
                r#"{{"name": "c{at}", "data_type": "s.e{at}", "default": "'x'::s.e{at}", "default_depends_on": [{}]}}"#,
                key("type", format_args!("e{at}"))
            )
        });
        let needs = list(n, |at| key("type", format_args!("e{at}")));
        let rest = format!(r#", "depends_on": [{needs}]"#);
        [("types", types), ("tables", table("t", &columns, &rest))]
    };
    pair(&side("a"), &side("b"))
}

fn domain_checks(n: usize) -> Pair {
    let side = |bound: &str| {
        let checks = list(n, |at| {
            format!(r#"{{"name": "k{at}", "expression": "VALUE > {bound}", "not_valid": {}}}"#, at % 2 == 0)
        });
        [("domains", format!(r#"{{"schema": "s", "name": "d", "base_type": "integer", "checks": [{checks}]}}"#))]
    };
    pair(&side("0"), &side("1"))
}

fn constraints(n: usize) -> Pair {
    let side = |bound: &str| {
        let columns = list(n, |at| column(format_args!("c{at}"), "integer"));
        let checks = list(n, |at| {
            let unique = format!(
                r#"{{"schema": "s", "table": "t", "name": "u{at}", "kind": "unique", "columns": ["c{at}"], "index": {{}}}}"#
            );
            format!(
                r#"{{"schema": "s", "table": "t", "name": "k{at}", "kind": "check", "columns": ["c{at}"], "expression": "(c{at} > {bound})"}}, {unique}"#
            )
        });
        [("tables", table("t", &columns, "")), ("constraints", checks)]
    };
    pair(&side("0"), &side("1"))
}

fn foreign_keys(n: usize) -> Pair {
    let side = |action: &str, data_type: &str| {
        let tables = list(n, |at| table(format_args!("t{at}"), &column("a", data_type), ""));
        let keys = list(n, |at| {
            let (from, to) = (at, (at + 1) % n);
            let unique = format!(
                r#"{{"schema": "s", "table": "t{at}", "name": "u{at}", "kind": "unique", "columns": ["a"], "index": {{}}}}"#
            );
            format!(
                r#"{{"schema": "s", "table": "t{from}", "name": "f", "kind": "foreign key", "columns": ["a"],
                "foreign_key": {{"table": {{"schema": "s", "name": "t{to}"}}, "columns": ["a"], "on_delete": "{action}"}}}}, {unique}"#
            )
        });
        [("tables", tables), ("constraints", keys)]
    };
    pair(&side("CASCADE", "integer"), &side("SET NULL", "bigint"))
}

fn indexes(n: usize) -> Pair {
    let side = |method: &str| {
        let columns = list(n, |at| column(format_args!("c{at}"), "integer"));
        let indexes = list(n, |at| {
            format!(
                r#"{{"schema": "s", "name": "i{at}", "table": "t", "method": "{method}", "columns": [{{"column": "c{at}"}}], "unique": {}}}"#,
                at % 2 == 0
            )
        });
        let keys = list(n, |at| {
            format!(
                r#"{{"schema": "s", "table": "t", "name": "f{at}", "kind": "foreign key", "columns": ["c{at}"],
                "foreign_key": {{"table": {{"schema": "s", "name": "o"}}, "columns": ["a"]}}}}"#
            )
        });
        let tables = format!("{}, {}", table("t", &columns, ""), table("o", &column("a", "integer"), ""));
        [("tables", tables), ("indexes", indexes), ("constraints", keys)]
    };
    pair(&side("btree"), &side("hash"))
}

fn sequences(n: usize) -> Pair {
    let side = |persistence: &str| {
        let tables = list(n, |at| {
            table(format_args!("t{at}"), &column("a", "bigint"), &format!(r#", "persistence": "{persistence}""#))
        });
        let sequences = list(n, |at| {
            format!(
                r#"{{"schema": "s", "name": "q{at}", "data_type": "bigint", "start": 1, "increment": 1, "min": 1, "max": 1000, "cache": 1,
                "owned_by": {{"schema": "s", "table": "t{at}", "column": "a"}}}}"#
            )
        });
        [("tables", tables), ("sequences", sequences)]
    };
    pair(&side("permanent"), &side("unlogged"))
}

fn settings(n: usize) -> Pair {
    let side = |value: &str| {
        let options =
            list(n, |at| format!(r#"{{"name": "{}{at}", "value": "{value}"}}"#, if at % 2 == 0 { "o" } else { value }));
        let rest = format!(r#", "options": [{options}], "foreign": {{"server": "x", "options": [{options}]}}"#);
        [("tables", table("t", "", &rest)), ("servers", r#"{"name": "x", "foreign_data_wrapper": "w"}"#.into())]
    };
    pair(&side("a"), &side("b"))
}

fn published(n: usize) -> Pair {
    let side = |filter: &str| {
        let tables = list(n, |at| table(format_args!("t{at}"), &column("a", "integer"), ""));
        let list = list(n, |at| format!(r#"{{"schema": "s", "name": "t{at}", "row_filter": "(a > {filter})"}}"#));
        [("tables", tables), ("publications", format!(r#"{{"name": "p", "tables": [{list}]}}"#))]
    };
    pair(&side("0"), &side("1"))
}

fn members(n: usize) -> Pair {
    let side = |comment: &str| {
        let columns = list(n, |at| format!(r#"{{"name": "c{at}", "comment": "{comment}"}}"#));
        let members = list(n, |at| {
            format!(
                r#"{{"object": {}, "extension": "e{at}", "comment": "{comment}", "columns": [{}]}}"#,
                key("table", format_args!("t{at}")),
                if at == 0 { &columns } else { "" }
            )
        });
        let extensions = list(n, |at| format!(r#"{{"name": "e{at}", "version": "1", "schema": "s"}}"#));
        [("extensions", extensions), ("extension_members", members)]
    };
    pair(&side("a"), &side("b"))
}

/// Functions of one name.
fn overloads(n: usize) -> Pair {
    let side = |returns: &str| {
        let functions = list(n, |at| {
            format!(
                r#"{{"schema": "s", "name": "f", "arguments": [{{"data_type": "s.d{at}"}}], "language": "sql", "returns": "{returns}", "definition": "SELECT 1"}}"#
            )
        });
        [("functions", functions)]
    };
    pair(&side("integer"), &side("bigint"))
}

fn operators(n: usize) -> Pair {
    let operators = list(n, |at| {
        format!(
            r#"{{"schema": "s", "name": "=", "left": "s.d{at}", "right": "s.d{at}", "function": "s.f", "commutator": {{"schema": "s", "name": "="}}}}"#
        )
    });
    alone(&[("operators", operators)])
}

/// On one table, whose column changes its type.
fn on_tables(n: usize) -> Pair {
    let side = |data_type: &str| {
        let policies = list(n, |at| format!(r#"{{"schema": "s", "table": "t", "name": "p{at}", "using": "(b > 0)"}}"#));
        let rules = list(n, |at| {
            format!(
                r#"{{"schema": "s", "table": "t", "name": "r{at}", "definition": "CREATE RULE r{at} AS ON INSERT TO s.t DO ALSO NOTHING;"}}"#
            )
        });
        [("tables", table("t", &column("a", data_type), "")), ("policies", policies), ("rules", rules)]
    };
    pair(&side("integer"), &side("text"))
}
