//! Documents of real schemas (tests/fixtures/snapshots) and of strange ones: well-formed, complete, small, and with links that lead somewhere.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pgmeta_core::model::{Model, ModelIndex};
use pgmeta_discovery::{Evidence, Options as DiscoveryOptions, SectionName, Statistics, TableStatistics, discover};
use pgmeta_docs::document::{Format, Options, Source, document};
use pgmeta_lint::lint;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

type Files = BTreeMap<String, String>;

fn model(fixture: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/snapshots");
    Model::from_json(&fs::read_to_string(folder.join(format!("{fixture}.json"))).unwrap()).unwrap()
}

fn files_of(model: &Model, format: Format, options: Value) -> Files {
    let options: Options = serde_json::from_value(options).unwrap();
    let of_discovery = DiscoveryOptions {
        sections: SectionName::ALL.into(),
        strategies: options.strategies.clone(),
        ..DiscoveryOptions::default()
    };
    let sizes = model.tables.iter().map(|own| TableStatistics {
        schema: own.schema.clone(),
        name: own.name.clone(),
        rows_estimate: Some(1200),
        bytes: 81920,
        index_bytes: 16384,
        ..TableStatistics::default()
    });
    let statistics = Statistics { tables: sizes.collect(), ..Statistics::default() };
    let evidence = Evidence { statistics: Ok(Some(&statistics)), ..Evidence::default() };
    let found = discover(&ModelIndex::of(model), evidence, &of_discovery, &mut |_, _| {});
    let outcome = lint(model, None, &pgmeta_lint::Options::from_value(&json!({})).unwrap());
    let source = Source { model, document: &found, findings: &outcome.findings };
    let files = document(source, format, &options).unwrap();
    let count = files.len();
    let files: Files = files.into_iter().map(|file| (file.path, file.content)).collect();
    assert_eq!(files.len(), count, "two files have one path");
    files
}

fn site(fixture: &str, options: Value) -> Files {
    files_of(&model(fixture), Format::Html, options)
}

/// A model with names and texts that markup, paths and shells would take for theirs.
fn strange() -> Model {
    let text = "<script>alert(1)</script> & \"quotes\" 'x' | `code` \u{1} \u{202e} ]]> --> {{ x }} \\ \n\n# heading";
    let names = [
        "a.b",
        "A",
        "a",
        "../../etc/passwd",
        "CON",
        "x y",
        "<b>",
        "\"",
        "|",
        "ä",
        "",
        "a/b",
        "a\\b",
        "`",
        "\n",
        "\u{7f}",
    ];
    let column = json!({"name": text, "data_type": "text", "comment": text, "default": "'<i>'::text"});
    let tables: Vec<Value> = names
        .iter()
        .flat_map(|schema| names.iter().map(move |name| (schema, name)))
        .map(|(schema, name)| json!({"schema": schema, "name": name, "columns": [column], "comment": text, "owner": text}))
        .collect();
    let foreign_key = json!({"schema": "a", "table": "<b>", "name": text, "kind": "foreign key", "columns": [text],
        "foreign_key": {"table": {"schema": "a.b", "name": "|"}, "columns": [text]}});
    let function = |argument: &str| {
        json!({"schema": "a", "name": "<f>", "arguments": [{"data_type": argument}], "returns": "text",
        "language": "sql", "definition": text, "comment": text, "owner": "o"})
    };
    let enumeration = json!({"schema": "a", "name": "</style>", "enum_labels": [text, "|"], "comment": text});
    let view =
        json!({"schema": "a", "name": "v<", "columns": [column], "definition": " SELECT '</code>'", "comment": text});
    let mut tables = tables;
    tables.sort_by_key(|table| {
        (table["schema"].as_str().unwrap().to_owned(), table["name"].as_str().unwrap().to_owned())
    });
    let document = json!({"format_version": 1, "server_version_num": 150_000, "tables": tables, "constraints": [foreign_key],
        "functions": [function("integer"), function("text")], "types": [enumeration], "views": [view]});
    Model::from_json(&document.to_string()).unwrap()
}

/// What a page of HTML has, as far as these tests ask.
#[derive(Debug, Default)]
struct Parsed {
    ids: BTreeSet<String>,
    links: Vec<String>,
    elements: Vec<String>,
    text: String,
}

/// Parses a page as XML, which fails where an element is not closed or an attribute has no quotes.
fn parse(path: &str, content: &str) -> Parsed {
    let mut reader = Reader::from_str(content);
    let mut parsed = Parsed::default();
    let mut open: Vec<String> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}"));
        let (element, is_open) = match &event {
            Event::Start(element) => (element, true),
            Event::Empty(element) => (element, false),
            Event::End(element) => {
                let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
                assert_eq!(open.pop().as_deref(), Some(&*name), "{path}");
                continue;
            }
            Event::Text(text) => {
                parsed.text.push_str(&String::from_utf8_lossy(text));
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
        // Browsers take these for elements without an end, and nothing else.
        let is_void = ["meta", "link", "input", "br"].contains(&&*name);
        let is_svg = open.iter().any(|own| own == "svg");
        assert!(is_void != is_open || is_svg, "{path}: <{name}>");
        for attribute in element.attributes() {
            let attribute = attribute.unwrap_or_else(|error| panic!("{path}: {error}"));
            let value = String::from_utf8_lossy(&attribute.value).into_owned();
            match attribute.key.as_ref() {
                b"id" => assert!(parsed.ids.insert(value.clone()), "{path}: two elements have id {value}"),
                b"href" | b"src" => parsed.links.push(value),
                name => assert!(!name.starts_with(b"on"), "{path}"),
            }
        }
        if is_open {
            open.push(name.clone());
        }
        // A picture has titles of its own.
        if !is_svg {
            parsed.elements.push(name);
        }
    }
    assert!(open.is_empty(), "{path}: {open:?} are not closed");
    let is_clean = |c: char| !c.is_control() || c == '\n' || c == '\t';
    assert!(content.chars().all(is_clean), "{path}");
    parsed
}

/// Returns the path that a link leads to.
fn target(path: &str, link: &str) -> String {
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    for part in link.split('/') {
        match part {
            ".." => assert!(folders.pop().is_some(), "{path}: {link}"),
            part => folders.push(part),
        }
    }
    folders.join("/")
}

/// Asserts that a site is well-formed and that each link leads to a file and an element of it.
fn check(files: &Files) {
    let pages: BTreeMap<&String, Parsed> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, content)| (path, parse(path, content)))
        .collect();
    for path in files.keys() {
        assert!(path.chars().all(|c| c.is_alphanumeric() || "._-~/".contains(c)), "{path}");
        assert!(!path.split('/').any(|part| part.is_empty() || part.starts_with('.')), "{path}");
    }
    let folded: BTreeSet<String> = files.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), files.len(), "file systems without case would mix up files");
    for (path, page) in &pages {
        for link in &page.links {
            let (file, id) = link.split_once('#').map_or((link.as_str(), None), |(file, id)| (file, Some(id)));
            let file = if file.is_empty() { (*path).clone() } else { target(path, file) };
            assert!(files.contains_key(&file), "{path}: nothing at {link}");
            if let Some(id) = id {
                assert!(pages[&file].ids.contains(id), "{path}: {link}");
            }
        }
        let count = |name: &str| page.elements.iter().filter(|own| *own == name).count();
        assert_eq!((count("h1"), count("main"), count("title"), count("style")), (1, 1, 1, 0), "{path}");
        assert_eq!(count("script"), 1, "{path}");
    }
}

#[test]
fn sites_are_well_formed_and_their_links_lead_somewhere() {
    for fixture in ["sample_app", "kinds", "hard_cases"] {
        check(&site(fixture, json!({})));
    }
    check(&files_of(&strange(), Format::Html, json!({"comments": true, "show": "all"})));
    check(&files_of(&Model::default(), Format::Html, json!({})));
    let groups = json!({"viewpoints": {"<billing> & more": {"tables": ["app.invoice*"], "distance": 1}, "none": {"tables": ["no.such"]}}});
    check(&site("sample_app", groups));
    check(&site(
        "sample_app",
        json!({"partitions": "show", "virtual": true, "direction": "TB", "tables": ["app.*"], "title": "<T>"}),
    ));
}

#[test]
fn a_site_is_small() {
    let files = site("sample_app", json!({}));
    let total: usize = files.values().map(String::len).sum();
    assert!(total < 300_000, "{total} bytes");
    let page = files["index.html"].len();
    assert!(page < 40_000, "{page} bytes");
}

#[test]
fn the_page_of_a_table_has_what_a_reader_wants_to_know() {
    let files = site("sample_app", json!({}));
    let page = &files["tables/app.orders.html"];
    for expected in [
        "<h1>app.orders <small>partitioned table</small></h1>",
        "<p class=\"comment\">Partitioned by month; old months are archived</p>",
        "<dt>Partitioned by</dt><dd><code>RANGE (placed_on)</code></dd>",
        "<dt>Row-level security</dt><dd>enabled</dd>",
        "<a href=\"../types/app.order_status.html\">app.order_status</a>",
        "<a href=\"../tables/app.customers.html\">app.customers</a>",
        "<td>app.orders_2026_01</td><td><code>FOR VALUES FROM (&#39;2026-01-01&#39;) TO (&#39;2026-02-01&#39;)</code></td>",
        "<a href=\"../functions/app.audit.html\">app.audit</a>",
        "<a href=\"../tables/app.invoices.html\">app.invoices</a>",
        "<td>shop_app</td><td>INSERT, SELECT, UPDATE, DELETE</td>",
        "<code>CREATE TABLE app.orders (",
        "CREATE POLICY keep_paid ON app.orders",
        "<svg class=\"er\" role=\"group\" aria-label=\"app.orders: Diagram\"",
        "<a href=\"../tables/app.order_lines.html\"><g transform",
    ] {
        assert!(page.contains(expected), "no {expected}\n{page}");
    }
    assert!(!files.contains_key("tables/app.orders_later.html") && !page.contains("CREATE TABLE app.orders_later"));
    let shown = site("sample_app", json!({"partitions": "show"}));
    assert!(shown["tables/app.orders_later.html"].contains("<dt>Bound</dt><dd><code>DEFAULT</code></dd>"));
    let products = &files["tables/app.products.html"];
    assert!(products.contains("<dt>Size</dt><dd>80 kB</dd>"), "{products}");
    assert!(!site("sample_app", json!({"sizes": false}))["tables/app.products.html"].contains("<dt>Size</dt>"));
}

#[test]
fn other_pages_have_what_a_reader_wants_to_know() {
    let files = site("sample_app", json!({"title": "The shop"}));
    for (path, expected) in [
        ("index.html", "<title>The shop</title>"),
        ("index.html", "<td>table column</td><td>1 of"),
        ("findings.html", "<td>warning</td><td><a href=\"tables/"),
        ("diagram.html", "<div class=\"scroll diagram large\""),
        ("views/reporting.open_orders.html", "What each tenant still has to collect"),
        (
            "functions/app.find_products.html",
            "<td><code>max_rows</code></td><td><code>integer</code></td><td>IN</td><td><code>20</code></td>",
        ),
        ("functions/app.audit.html", "<td><a href=\"../tables/app.orders.html\">app.orders</a></td><td>audit</td>"),
        ("types/app.order_status.html", "<td><code>shipped</code></td><td>4</td>"),
        (
            "types/app.email.html",
            "<td><a href=\"../tables/app.customers.html\">app.customers</a></td><td><code>email</code></td>",
        ),
    ] {
        assert!(files[path].contains(expected), "{path} without {expected}\n{}", files[path]);
    }
}

#[test]
fn patterns_choose_what_has_pages() {
    let files = site("sample_app", json!({"tables": ["app.invoices"], "distance": 1}));
    let tables: Vec<&String> = files.keys().filter(|path| path.starts_with("tables/")).collect();
    assert_eq!(tables, ["tables/app.invoices.html", "tables/app.orders.html", "tables/auth.tenants.html"]);
    assert!(!files.keys().any(|path| path.starts_with("views/") || path.starts_with("functions/")));
}

#[test]
fn a_stylesheet_follows_that_of_the_site() {
    let files = site("sample_app", json!({"stylesheet": "https://example.org/own.css"}));
    let own = "style.css\"/>\n<link rel=\"stylesheet\" href=\"https://example.org/own.css\"/>";
    assert!(files["index.html"].contains(own) && files["tables/app.orders.html"].contains(own));
    let files = site("sample_app", json!({"stylesheet": "css/own.css"}));
    assert!(files["index.html"].contains("href=\"css/own.css\""));
    assert!(files["tables/app.orders.html"].contains("href=\"../css/own.css\""));
}

#[test]
fn markdown_is_tables_of_equal_rows_whose_links_lead_somewhere() {
    for (name, model) in [("sample_app", model("sample_app")), ("kinds", model("kinds")), ("strange", strange())] {
        let files = files_of(&model, Format::Markdown, json!({"viewpoints": {"a b": {"tables": ["app.*"]}}}));
        for (path, content) in &files {
            let mut columns = 0;
            let mut fence: Option<&str> = None;
            for line in content.lines() {
                if line.starts_with("```") {
                    let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
                    match fence {
                        None => fence = Some(ticks),
                        Some(own) if line == own => fence = None,
                        Some(_) => {}
                    }
                    continue;
                }
                if fence.is_some() {
                    continue;
                }
                let bars = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
                assert!(columns == 0 || bars == 0 || bars == columns, "{name} {path}: {line}");
                columns = bars;
                // A text of the schema has its brackets escaped.
                for (at, _) in line.match_indices("](") {
                    if line[..at].ends_with('\\') {
                        continue;
                    }
                    let link = line[at + 2..].split(')').next().unwrap();
                    assert!(files.contains_key(&target(path, link)), "{name} {path}: nothing at {link}");
                }
                assert!(!line.contains("<script") && !line.contains("<b>"), "{name} {path}: {line}");
            }
            assert_eq!(fence, None, "{name} {path}");
        }
    }
}

#[test]
fn json_has_the_discovery_document_and_the_coverage() {
    let files = files_of(&model("sample_app"), Format::Json, json!({}));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["schema.json"]);
    let value: Value = serde_json::from_str(&files["schema.json"]).unwrap();
    assert_eq!(value["format_version"], 1);
    let is_of_schemas = |row: &&Value| row["type"] == "schema" && row["schema"] == "app";
    let row = value["coverage"].as_array().unwrap().iter().find(is_of_schemas).unwrap();
    assert_eq!(*row, json!({"schema": "app", "type": "schema", "total": 1, "commented": 1, "percent": 100.0}));
}

/// The pages that show what a page looks like; PGMETA_ACCEPT=1 writes them.
#[test]
fn pages_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let model = model("sample_app");
    let html = files_of(&model, Format::Html, json!({}));
    let markdown = files_of(&model, Format::Markdown, json!({}));
    for (files, path) in [
        (&html, "tables/auth.users.html"),
        (&markdown, "tables/auth.users.md"),
        (&markdown, "functions/app.audit.md"),
        (&markdown, "README.md"),
    ] {
        let file = folder.join(path.replace('/', "."));
        if std::env::var_os("PGMETA_ACCEPT").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, &files[path]).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(files[path], expected, "{path}: accept with PGMETA_ACCEPT=1");
    }
}
