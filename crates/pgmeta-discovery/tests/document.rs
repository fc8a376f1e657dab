//! The document of real schemas (tests/fixtures/snapshots), its sections and its JSON Schema.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use pgmeta_core::model::{Model, ModelIndex};
use pgmeta_discovery::{Document, Evidence, IndexStatistics, ObjectError, Options, SectionName, Statistics, discover};
use serde_json::{Value, json};

fn model(fixture: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/snapshots");
    Model::from_json(&fs::read_to_string(folder.join(format!("{fixture}.json"))).unwrap()).unwrap()
}

fn document_with(model: &Model, evidence: Evidence<'_>, options: Value) -> Value {
    let options = serde_json::from_value::<Options>(options).unwrap();
    serde_json::to_value(discover(&ModelIndex::of(model), evidence, &options, &mut |_, _| {})).unwrap()
}

fn document(fixture: &str) -> Value {
    document_with(&model(fixture), Evidence::default(), json!({}))
}

/// Returns the entry of a list with a name.
fn named<'v>(list: &'v Value, name: &str) -> &'v Value {
    let found = list.as_array().unwrap().iter().find(|entry| entry["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn a_table_entry_has_all_properties() {
    let document = document("sample_app");
    assert_eq!((&document["format_version"], &document["dialect"]), (&json!(1), &json!("postgresql")));
    let orders = named(&document["tables"], "orders");
    assert_eq!(orders["kind"], "partitioned table");
    assert_eq!(orders["primary_key"], json!(["id", "placed_on"]));
    assert_eq!(orders["comment"], "Partitioned by month; old months are archived");
    let status = named(&orders["columns"], "status");
    let expected = json!({
        "name": "status", "position": 5, "type": "app.order_status", "type_schema": "app", "type_name": "order_status",
        "kind": "enum", "enum_labels": ["draft", "placed", "paid", "shipped", "cancelled"], "nullable": false,
        "not_null": true, "default": "'draft'::app.order_status", "primary_key": false, "unique": false
    });
    assert_eq!(*status, expected);
    let id = named(&orders["columns"], "id");
    assert_eq!(
        (&id["identity"], &id["primary_key"], &id["unique"]),
        (&json!("BY DEFAULT"), &json!(true), &json!(false))
    );
    assert_eq!(named(&document["tables"], "orders_2026_01")["partition_of"], "app.orders");

    let products = named(&document["tables"], "products");
    let price = named(&products["columns"], "price");
    // The domain is NOT NULL, but a query without rows gives null to the column all the same.
    assert_eq!(
        (&price["kind"], &price["base_type"], &price["nullable"]),
        (&json!("domain"), &json!("numeric(12,2)"), &json!(true))
    );
    let search = named(&products["columns"], "search");
    assert_eq!((&search["generated"], search.get("default")), (&json!("STORED"), None));
    assert!(search["generation_expression"].as_str().unwrap().contains("to_tsvector"));
    let active = named(&products["indexes"], "products_active_idx");
    assert_eq!(
        (&active["columns"], &active["predicate"]),
        (&json!(["tenant_id", "name"]), &json!("(retired_at IS NULL)"))
    );
    let key = named(&products["indexes"], "products_sku_key");
    assert_eq!(
        (&key["unique"], &key["constraint"], &key["method"]),
        (&json!(true), &json!("products_sku_key"), &json!("btree"))
    );

    let tenants = named(&document["tables"], "tenants");
    let slug = named(&tenants["columns"], "slug");
    assert_eq!((&slug["unique"], &slug["check"]), (&json!(true), &json!("(slug = lower(slug))")));
    let rules = named(&document["tables"], "price_rules");
    assert_eq!(named(&rules["indexes"], "price_rules_one_at_a_time")["method"], "gist");
}

#[test]
fn relationships_and_patterns_match_the_schema() {
    let document = document("sample_app");
    let lines: Vec<&Value> = document["relationships"].as_array().unwrap().iter().collect();
    let partitions = lines.iter().filter(|own| own["table_name"].as_str().unwrap().starts_with("orders_"));
    assert_eq!(partitions.count(), 0, "a foreign key is declared once");
    let order = named(&document["relationships"], "order_lines_order_id_placed_on_fkey");
    assert_eq!(
        (&order["kind"], &order["cardinality"], &order["parent_cardinality"]),
        (&json!("one_to_many"), &json!("zero_or_more"), &json!("exactly_one"))
    );
    assert_eq!(order["on_delete"], "CASCADE");
    assert!(document["patterns"]["many_to_many"].as_array().unwrap().is_empty());
}

#[test]
fn a_section_is_included_on_request() {
    let model = model("sample_app");
    let sections = |document: &Value| -> Vec<String> {
        let all = SectionName::ALL.iter().filter(|section| document.get(section.word()).is_some());
        all.map(|section| section.word().to_owned()).collect()
    };
    let all = document_with(&model, Evidence::default(), json!({}));
    assert_eq!(sections(&all), ["tables", "views", "functions", "types", "relationships", "patterns"]);
    let some = document_with(&model, Evidence::default(), json!({"sections": ["patterns", "types"]}));
    assert_eq!(sections(&some), ["types", "patterns"]);
    assert_eq!(some["patterns"], all["patterns"]);
}

#[test]
fn an_index_has_usage_counters_if_available() {
    let model = model("sample_app");
    let index = |name: &str, scans: i64, last_scan: Option<&str>| IndexStatistics {
        schema: "app".into(),
        name: name.into(),
        table: "products".into(),
        bytes: 8192,
        scans,
        tuples_read: 2 * scans,
        tuples_fetched: scans,
        last_scan: last_scan.map(str::to_owned),
    };
    let statistics = Statistics {
        since: Some("2026-01-01 00:00:00+00".into()),
        indexes: vec![
            index("products_active_idx", 0, None),
            index("products_pkey", 5, Some("2026-02-03 00:00:00+00")),
            index("products_sku_key", 5, None),
        ],
        ..Statistics::default()
    };
    let evidence = Evidence { statistics: Ok(Some(&statistics)), ..Evidence::default() };
    let found = document_with(&model, evidence, json!({"sections": ["tables", "statistics"]}));
    let indexes = &named(&found["tables"], "products")["indexes"];
    let never = named(indexes, "products_active_idx");
    let counts = ["scans", "tuples_read", "tuples_fetched", "bytes"].map(|word| never[word].as_i64());
    assert_eq!(counts, [Some(0), Some(0), Some(0), Some(8192)]);
    assert_eq!(never["unused_since"], "2026-01-01 00:00:00+00");
    assert_eq!(named(indexes, "products_pkey")["unused_since"], "2026-02-03 00:00:00+00");
    assert_eq!(named(indexes, "products_sku_key").get("unused_since"), None);
    assert_eq!(named(indexes, "products_search_idx").get("scans"), None);
    assert_eq!(found["statistics"]["since"], "2026-01-01 00:00:00+00");
}

#[test]
fn a_failed_part_contains_its_error() {
    let model = model("sample_app");
    let error = ObjectError { kind: "index".into(), identity: "app.i".into(), error: "broken".into() };
    let evidence =
        Evidence { views: Err("no trees".into()), statistics: Err("no counters".into()), errors: vec![error] };
    let found = document_with(&model, evidence, json!({"sections": ["tables", "views", "statistics"]}));
    assert_eq!(found["views"], json!({"error": "no trees"}));
    assert_eq!(found["statistics"], json!({"error": "no counters"}));
    assert_eq!(found["errors"], json!([{"type": "index", "identity": "app.i", "error": "broken"}]));
    assert!(!found["tables"].as_array().unwrap().is_empty());
}

/// Nothing is known of a snapshot's views, so nothing is promised.
#[test]
fn an_untraced_view_guarantees_nothing() {
    for fixture in ["sample_app", "kinds", "hard_cases"] {
        let document = document(fixture);
        for view in document["views"].as_array().unwrap() {
            assert_eq!(view["traced"], false);
            let columns = view["columns"].as_array().unwrap();
            assert!(columns.iter().all(|column| column["nullable"] == true && column["base"].is_null()));
        }
    }
}

#[test]
fn every_property_of_the_schema_has_a_description() {
    let schema = Document::json_schema();
    let mut seen = 0;
    let mut look = |place: &str, definition: &Value| {
        for (name, property) in definition["properties"].as_object().into_iter().flatten() {
            seen += 1;
            let description = property["description"].as_str().unwrap_or_default();
            assert!(description.len() > 8, "{place}.{name} has no description");
        }
    };
    look("", &schema);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        look(name, definition);
    }
    assert!(seen > 150, "{seen}");
}
