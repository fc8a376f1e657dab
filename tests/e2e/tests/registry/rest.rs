//! The REST interface, and its description.

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome};
use serde_json::{Value, json};

use super::{SHOP, quoted};

fn call(database: &Database<'_>, method: &str, path: &str, query: Value, body: Option<Value>) -> Result<Value> {
    let body = body.map_or_else(|| "NULL".to_owned(), |body| quoted(&body.to_string()));
    let sql = format!("SELECT pgmeta_api('{method}', '/api/v1{path}', {}, {body})", quoted(&query.to_string()));
    Ok(serde_json::from_str(&database.psql(&sql)?)?)
}

#[test]
fn every_route_answers_in_the_envelope() -> Outcome {
    let database = Database::with_pgmeta("registry_rest")?;
    let shop: Value = serde_json::from_str(SHOP)?;
    let bad =
        |kind: &str| json!({"tables": [{"name": "t", "columns": [{"name": "a", "type": kind, "primary_key": true}]}]});
    let none = || json!({});
    for (method, path, query, body, status, code) in [
        ("GET", "/health", none(), None, 200, ""),
        ("POST", "/schemas", none(), Some(json!({"name": "shop", "document": shop})), 201, ""),
        ("POST", "/schemas", none(), Some(json!({"name": "shop", "document": shop})), 409, "DUPLICATE_NAME"),
        ("POST", "/schemas", none(), Some(json!({"document": shop})), 400, "MISSING_REQUIRED_FIELD"),
        ("POST", "/schemas", none(), Some(json!({"name": "x"})), 400, "MISSING_REQUIRED_FIELD"),
        ("POST", "/schemas", none(), Some(json!({"name": 1, "document": shop})), 400, "VALIDATION_ERROR"),
        ("POST", "/schemas", none(), Some(json!([])), 400, "INVALID_JSON"),
        (
            "POST",
            "/schemas",
            none(),
            Some(json!({"name": "x", "document": bad("nosuch")})),
            400,
            "UNSUPPORTED_DATA_TYPE",
        ),
        ("POST", "/schemas/validate", none(), Some(json!({"document": {"tables": 1}})), 400, "VALIDATION_ERROR"),
        ("POST", "/schemas/validate", none(), Some(json!({"document": shop})), 200, ""),
        ("GET", "/schemas", json!({"search": "ORDERS", "page": "1", "limit": 5}), None, 200, ""),
        ("GET", "/schemas", json!({"page": "none"}), None, 400, "VALIDATION_ERROR"),
        ("GET", "/schemas", json!({"nosuch": 1}), None, 400, "VALIDATION_ERROR"),
        ("GET", "/schemas", json!({"search": 1}), None, 400, "VALIDATION_ERROR"),
        ("GET", "/schemas", json!({"deleted": "true", "descending": "false"}), None, 200, ""),
        ("GET", "/schemas", json!({"deleted": "maybe"}), None, 400, "VALIDATION_ERROR"),
        (
            "POST",
            "/schemas",
            none(),
            Some(json!({"name": "y", "document": shop, "message": 1})),
            400,
            "VALIDATION_ERROR",
        ),
        (
            "POST",
            "/schemas",
            none(),
            Some(json!({"name": "y", "document": shop, "mesage": "x"})),
            400,
            "VALIDATION_ERROR",
        ),
        ("GET", "/schemas/sh%6Fp", none(), None, 200, ""),
        ("GET", "/schemas/%ff", none(), None, 400, "VALIDATION_ERROR"),
        ("GET", "/schemas/shop", none(), None, 200, ""),
        ("GET", "/schemas/nosuch", none(), None, 404, "SCHEMA_NOT_FOUND"),
        ("PUT", "/schemas/shop", none(), Some(json!({"document": shop, "expected_version": 7})), 409, "DATABASE_ERROR"),
        ("PUT", "/schemas/shop", none(), Some(json!({"document": shop, "expected_version": 1})), 200, ""),
        ("GET", "/schemas/shop/status", none(), None, 200, ""),
        ("POST", "/schemas/shop/regenerate", none(), Some(json!({"schema": "rest"})), 200, ""),
        ("GET", "/schemas/shop/export/sql", json!({"dialect": "sqlite"}), None, 200, ""),
        ("GET", "/schemas/shop/export/sql", json!({"dialect": "nosuch"}), None, 400, "VALIDATION_ERROR"),
        ("DELETE", "/schemas/shop", none(), None, 200, ""),
        ("GET", "/schemas/shop", none(), None, 404, "SCHEMA_NOT_FOUND"),
        ("PATCH", "/schemas/shop", none(), None, 404, "SCHEMA_NOT_FOUND"),
    ] {
        let answer = call(&database, method, path, query, body)?;
        let found = (answer["status"].as_i64(), answer["error"]["code"].as_str().unwrap_or_default());
        ensure!(found == (Some(status), code), "{method} {path}: {answer}");
        ensure!(answer["success"] == (status < 300) && answer["message"].is_string(), "{answer}");
    }
    let beyond = call(&database, "GET", "/schemas", json!({"deleted": true, "page": 7}), None)?;
    ensure!(beyond["data"]["pagination"]["total"] == 1, "{beyond}");
    // A request that failed has changed nothing.
    let left = database.psql("SELECT count(*) FROM pgmeta_definition_list()")?;
    ensure!(left == "0", "{left}");
    let listed = call(&database, "GET", "/schemas", json!({"deleted": true}), None)?;
    ensure!(
        listed["data"]["pagination"] == json!({"page": 1, "page_size": 20, "total": 1, "total_pages": 1}),
        "{listed}"
    );
    Ok(())
}
