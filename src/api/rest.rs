//! `pgmeta_api`: the registry as a REST interface, for HTTP servers in front of it. Each route calls what the SQL functions call.

use pgmeta_definition::{Finding, Level, openapi};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::api::definition_sql;
use crate::api::registry_arguments::deploy_options;
use crate::api::rest_answer::{Failure, Success, number, row, text};
use crate::api::rest_request::Request;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::registry::{self, Filter, NewDefinition, Right, find};
use crate::server;
use crate::spi::attempt;

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_api(
    method: Option<Text>,
    path: Option<Text>,
    query: default!(Option<Document>, "'{}'"),
    body: default!(Option<Document>, "NULL"),
) -> Result<Option<JsonB>, ErrorReport> {
    let (Some(method), Some(path)) = (method, path) else { return Ok(None) };
    // Nothing of a request that failed remains.
    let mut failure = None;
    let answered = attempt(|| {
        let request = Request::of(&method, &path, query.as_ref(), body.as_ref())?;
        match request.answer() {
            Ok(success) => Ok(success.envelope()),
            Err(own) => {
                failure = Some(own);
                Err(Error::NoResult("the request"))
            }
        }
    });
    let answer = answered.unwrap_or_else(|error| failure.unwrap_or_else(|| error.into()).envelope());
    Ok(Some(JsonB(answer)))
}

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_api_openapi() -> JsonB {
    JsonB(openapi())
}

impl Request<'_> {
    fn answer(&self) -> Result<Success, Failure> {
        let parts = self.parts()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (self.method.as_str(), parts.as_slice()) {
            ("GET", ["health"]) => Ok(self.health()),
            ("GET", ["schemas"]) => self.list(),
            ("POST", ["schemas"]) => self.create(),
            ("POST", ["schemas", "validate"]) => self.validate(),
            ("GET", ["schemas", id]) => self.get(id),
            ("PUT", ["schemas", id]) => self.update(id),
            ("DELETE", ["schemas", id]) => {
                registry::delete(id)?;
                Ok(Success::ok("definition deleted", Value::Null))
            }
            ("GET", ["schemas", id, "status"]) => {
                Ok(Success::ok("status of the definition", registry::status(&find(id, Right::Read)?)?))
            }
            ("POST", ["schemas", id, "regenerate"]) => self.deploy(id),
            ("GET", ["schemas", id, "export", "sql"]) => self.export(id),
            _ => Err(Failure::no_route(&self.method, self.path)),
        }
    }

    fn health(&self) -> Success {
        let data =
            json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "server_version_num": server::version_num()});
        Success::ok("the server answers", data)
    }

    fn list(&self) -> Result<Success, Failure> {
        let mut filter = self.query.clone();
        let search = text("search", filter.remove("search"))?;
        let page = number("page", filter.remove("page"), 1)?;
        let size = number("page_size", filter.remove("page_size").or_else(|| filter.remove("limit")), 20)?;
        // HTTP servers pass the values of a query as texts.
        for key in ["deleted", "descending"] {
            if let Some(word) = filter.get(key).and_then(Value::as_str) {
                let flag = word.parse::<bool>().map_err(|_| Failure::wrong_field(key, "true or false"))?;
                filter.insert(key.to_owned(), Value::Bool(flag));
            }
        }
        let filter: Filter = serde_json::from_value(Value::Object(filter)).map_err(Error::Options)?;
        let rows = registry::list(search.as_deref(), page, size, &filter)?;
        // A page after the last has no row that would have the total.
        let total = match rows.first() {
            Some(own) => own.total,
            None if page > 1 => registry::list(search.as_deref(), 1, 1, &filter)?.first().map_or(0, |own| own.total),
            None => 0,
        };
        let schemas: Vec<Value> = rows
            .into_iter()
            .map(|own| {
                json!({
                    "id": own.id, "name": own.name, "description": own.description, "status": own.status,
                    "version": own.version, "deployed_version": own.deployed_version, "owner": own.owner,
                })
            })
            .collect();
        let pages = (total + size - 1) / size;
        let pagination = json!({"page": page, "page_size": size, "total": total, "total_pages": pages});
        Ok(Success::ok("definitions", json!({"schemas": schemas, "pagination": pagination})))
    }

    fn create(&self) -> Result<Success, Failure> {
        self.only(&["name", "document", "message"])?;
        let valid = self.valid()?;
        let name = self.body.get("name").ok_or_else(|| Failure::missing_field("name"))?;
        let name = name
            .as_str()
            .filter(|name| !name.is_empty())
            .ok_or_else(|| Failure::wrong_field("name", "a text that is not empty"))?;
        let message = self.text("message")?;
        let new = NewDefinition { name, valid, message: message.as_deref(), channel: None };
        let id = registry::create(&new)?;
        Ok(Success { status: 201, message: "definition created", data: json!({"id": id, "name": name, "version": 1}) })
    }

    fn get(&self, id: &str) -> Result<Success, Failure> {
        let entry = find(id, Right::Read)?;
        let version = match self.query.get("version") {
            None => entry.version,
            given => number("version", given.cloned(), 1)?,
        };
        let document: Value =
            serde_json::from_str(registry::document(&entry, Some(version))?.text()).map_err(Error::from)?;
        let data = json!({"id": entry.id, "name": entry.name, "version": version, "deployed_version": entry.deployed_version, "document": document});
        Ok(Success::ok("definition", data))
    }

    fn update(&self, id: &str) -> Result<Success, Failure> {
        self.only(&["document", "message", "expected_version"])?;
        let valid = self.valid()?;
        let expected = match self.body.get("expected_version") {
            None | Some(Value::Null) => None,
            given => Some(number("expected_version", given.cloned(), 1)?),
        };
        let version = registry::update(id, &valid, self.text("message")?.as_deref(), expected)?;
        Ok(Success::ok("definition updated", json!({"id": find(id, Right::Read)?.id, "version": version})))
    }

    fn validate(&self) -> Result<Success, Failure> {
        self.only(&["document"])?;
        let document = self.body.get("document").ok_or_else(|| Failure::missing_field("document"))?;
        let found = registry::findings(document)?;
        let errors: Vec<Finding> = found.iter().filter(|own| own.level == Level::Error).cloned().collect();
        if !errors.is_empty() {
            return Err(Failure::invalid(&errors));
        }
        Ok(Success::ok("definition is valid", json!({"findings": found.iter().map(row).collect::<Vec<_>>()})))
    }

    fn deploy(&self, id: &str) -> Result<Success, Failure> {
        let mut options = self.body.clone();
        let version = match options.remove("version") {
            None => None,
            given => Some(number("version", given, 1)?),
        };
        let options = deploy_options(Some(Document::from_text(Value::Object(options).to_string())))?;
        let done = registry::deploy(id, version, "deploy", options)?;
        let steps: Vec<Value> =
            done.iter().map(|own| json!({"statement": own.statement, "duration_ms": own.duration_ms})).collect();
        Ok(Success::ok("definition deployed", json!({"steps": steps})))
    }

    fn export(&self, id: &str) -> Result<Success, Failure> {
        let entry = find(id, Right::Read)?;
        let dialect = text("dialect", self.query.get("dialect").cloned())?;
        let dialect = dialect.as_deref().unwrap_or(definition_sql::POSTGRESQL);
        let sql = definition_sql::printed_as(&registry::statements(&entry, None)?, dialect, None)?;
        Ok(Success::ok("statements of the definition", json!({"dialect": dialect, "sql": &*sql})))
    }
}
