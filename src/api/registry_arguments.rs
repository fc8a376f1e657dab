//! The arguments and results of the functions on the registry.

use pgmeta_core::plan;
use pgrx::datum::{TimestampWithTimeZone, Uuid};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::options;
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::{DeployOptions, Target};

/// The options of `pgmeta_definition_create`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreateOptions {
    /// The channel of notifications about the definition's events.
    pub notify: Option<String>,
}

impl CreateOptions {
    pub fn read(options: Option<Document>) -> Result<Self, Error> {
        options::parse(options, r#"{"notify": "definitions"}"#)
    }
}

/// The options of deployments that plans do not have.
const OWN: [&str; 4] = ["schema", "database", "dry_run", "overwrite_drift"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Own {
    schema: Option<String>,
    database: Option<String>,
    dry_run: bool,
    overwrite_drift: bool,
}

/// Reads the options of a deployment: its own, and those of plans.
pub fn deploy_options(options: Option<Document>) -> Result<DeployOptions, Error> {
    let (mut own, mut of_plan) = (Map::new(), Map::new());
    if let Value::Object(options) = options::read(options, r#"{"schema": "app"}"#)? {
        for (key, value) in options {
            let map = if OWN.contains(&key.as_str()) { &mut own } else { &mut of_plan };
            map.insert(key, value);
        }
    }
    let Own { schema, database, dry_run, overwrite_drift } =
        serde_json::from_value(Value::Object(own)).map_err(Error::Options)?;
    let target = match (schema, database) {
        (Some(_), Some(database)) => {
            let hint =
                "A deployment has one target. Omit the option \"schema\", or the option \"database\".".to_owned();
            return Err(Error::BadArgument { name: "option \"database\"", value: database, hint });
        }
        (Some(schema), None) => Some(Target::Schema(schema.into())),
        (None, database) => database.map(|name| Target::Database(name.into())),
    };
    let plan: plan::Options = options::of_plan(Some(Document::from_text(Value::Object(of_plan).to_string())))?;
    Ok(DeployOptions { target, dry_run, overwrite_drift, plan })
}

/// Returns an argument that is neither NULL nor empty: a call that writes must not do nothing silently.
pub fn given<'a>(name: &'static str, value: Option<&'a str>) -> Result<&'a str, Error> {
    match value {
        Some("") => Err(missing(name, "")),
        other => required(name, other),
    }
}

/// Returns an argument that is not NULL.
pub fn required<T>(name: &'static str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| missing(name, "NULL"))
}

fn missing(name: &'static str, value: &str) -> Error {
    Error::BadArgument {
        name,
        value: value.to_owned(),
        hint: "Pass a value that is neither NULL nor empty.".to_owned(),
    }
}

/// Returns a number of pages or rows.
pub fn at_least_one(name: &'static str, value: i32) -> Result<i64, Error> {
    if value > 0 {
        return Ok(value.into());
    }
    Err(Error::BadArgument { name, value: value.to_string(), hint: "Pass a number from 1.".to_owned() })
}

/// Returns the ID that a text has.
pub fn uuid(text: &str) -> Result<Uuid, Error> {
    let number = u128::from_str_radix(&text.replace('-', ""), 16);
    number.map(|number| Uuid::from_bytes(number.to_be_bytes())).map_err(|_| Error::NoRow("id".to_owned()))
}

/// Returns a time from microseconds since 2000.
pub fn time(microseconds: i64) -> Result<TimestampWithTimeZone, Error> {
    microseconds.try_into().map_err(|_| Error::NoRow("time".to_owned()))
}
