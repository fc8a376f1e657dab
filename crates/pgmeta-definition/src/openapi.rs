//! The OpenAPI document of the REST interface. Describes routes and answers; calls nothing.

use serde_json::{Map, Value, json};

use crate::definition::Definition;

/// Returns the document, in OpenAPI 3.1.
pub fn openapi() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "pgmeta",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Definitions of schemas: stored, validated, versioned and deployed by a PostgreSQL server. Every answer is \
                what pgmeta_api(method, path, query, body) returns."
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/health": {"get": operation("health", "Tells whether the server answers.", &[], None, "200")},
            "/schemas": {
                "get": operation("list", "Lists the definitions that the role may read.", &[
                    query("search", "A text in name, description, tables or labels.", "string"),
                    query("page", "The page, from 1.", "integer"),
                    query("page_size", "The number of definitions of a page.", "integer"),
                    query("status", "Only those in this state.", "string"),
                    query("owner", "Only those of this role.", "string"),
                    query("sort", "name, created_at, updated_at or version.", "string"),
                ], None, "200"),
                "post": operation("create", "Creates a definition.", &[], Some(json!({
                    "type": "object", "required": ["name", "document"], "properties": {
                        "name": {"type": "string", "minLength": 1}, "document": definition(), "message": {"type": "string"}}
                })), "201")
            },
            "/schemas/validate": {"post": operation("validate", "Checks a document.", &[], Some(json!({
                "type": "object", "required": ["document"], "properties": {"document": {}}
            })), "200")},
            "/schemas/{id}": {
                "parameters": [id()],
                "get": operation("get", "Returns a definition with its document.",
                    &[query("version", "The version; the latest by default.", "integer")], None, "200"),
                "put": operation("update", "Adds a version.", &[], Some(json!({
                    "type": "object", "required": ["document"], "properties": {
                        "document": definition(), "message": {"type": "string"}, "expected_version": {"type": "integer"}}
                })), "200"),
                "delete": operation("delete", "Marks a definition as deleted.", &[], None, "200")
            },
            "/schemas/{id}/status": {"parameters": [id()],
                "get": operation("status", "Tells what is deployed.", &[], None, "200")},
            "/schemas/{id}/regenerate": {"parameters": [id()],
                "post": operation("regenerate", "Deploys a version; the body has the options of pgmeta_definition_deploy.", &[],
                    Some(json!({"type": "object", "properties": {"version": {"type": "integer"}, "schema": {"type": "string"}}})), "200")},
            "/schemas/{id}/export/sql": {"parameters": [id()],
                "get": operation("export", "Returns the statements.",
                    &[query("dialect", "postgresql, sqlite, mysql, mariadb or mssql.", "string")], None, "200")}
        },
        "components": {"schemas": components()}
    })
}

fn operation(name: &str, summary: &str, parameters: &[Value], body: Option<Value>, status: &str) -> Value {
    let answer = |description: &str| json!({"description": description, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}});
    let mut operation = json!({
        "operationId": name, "summary": summary, "parameters": parameters,
        "responses": {status: answer("The request succeeded."), "default": answer("The request failed.")}
    });
    if let (Some(body), Some(map)) = (body, operation.as_object_mut()) {
        map.insert(
            "requestBody".to_owned(),
            json!({"required": true, "content": {"application/json": {"schema": body}}}),
        );
    }
    operation
}

fn query(name: &str, description: &str, kind: &str) -> Value {
    json!({"name": name, "in": "query", "description": description, "schema": {"type": kind}})
}

fn id() -> Value {
    json!({"name": "id", "in": "path", "required": true, "description": "Name or ID of a definition.", "schema": {"type": "string"}})
}

fn definition() -> Value {
    json!({"$ref": "#/components/schemas/Definition"})
}

/// Returns the shapes: that of answers, and those of definitions, which their own JSON Schema has.
fn components() -> Map<String, Value> {
    let text = Definition::json_schema().to_string().replace("#/$defs/", "#/components/schemas/");
    let mut own: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    own.remove("$schema");
    let mut components = match own.remove("$defs") {
        Some(Value::Object(parts)) => parts,
        _ => Map::new(),
    };
    components.insert("Definition".to_owned(), Value::Object(own));
    components.insert("Answer".to_owned(), json!({
        "type": "object", "required": ["status", "success", "message", "data", "error"], "properties": {
            "status": {"type": "integer", "description": "The HTTP status."},
            "success": {"type": "boolean"},
            "message": {"type": "string"},
            "data": {},
            "error": {"type": ["object", "null"], "required": ["code", "details"], "properties": {
                "code": {"type": "string", "enum": ["VALIDATION_ERROR", "SCHEMA_NOT_FOUND", "DATABASE_ERROR", "DUPLICATE_NAME", "INVALID_JSON",
                    "MISSING_REQUIRED_FIELD", "UNSUPPORTED_DATA_TYPE", "FOREIGN_KEY_ERROR", "DATABASE_CREATION_FAILED", "INTERNAL_ERROR"]},
                "details": {"type": "object"}}}}
    }));
    components
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_references_have_a_target() {
        let document = openapi();
        let text = document.to_string();
        let references: Vec<&str> =
            text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(references.len() > 20);
        for reference in references {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }
}
