//! The options of lint functions: what is passed, over a stored profile.

use std::collections::BTreeSet;

use pgmeta_lint::{Options, PROFILES};
use serde_json::{Map, Value};

use crate::api::options;
use crate::error::Error;
use crate::jsonb::Document;
use crate::snapshot_store;

/// What is shown where options are not an object.
const EXAMPLE: &str = r#"{"min_level": "warning"}"#;

const REHEARSE: &str = "rehearse";
const IN_TRANSACTION: &str = "in_transaction";

/// Options about a script, besides those of all lint functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptOptions {
    /// Whether each statement is run and rolled back.
    pub rehearse: bool,
    /// Whether a tool puts the whole script into one transaction.
    pub in_transaction: bool,
}

/// Reads options. Those of a stored profile are under those that are passed.
pub fn read(given: Option<Document>) -> Result<Options, Error> {
    Ok(Options::from_value(&merged(given)?)?)
}

/// Reads options of a function that lints a script.
pub fn of_script(given: Option<Document>) -> Result<(Options, ScriptOptions), Error> {
    // A stored profile chooses rules, and says how a tool runs scripts. Only the caller decides whether statements run.
    let mut value = options::read(given, EXAMPLE)?;
    let flag = |value: &mut Value, name: &'static str| match value.as_object_mut().and_then(|own| own.remove(name)) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(flag),
        Some(other) => Err(Error::BadArgument {
            name: "options",
            value: format!("{name}: {other}"),
            hint: "Pass true or false.".to_owned(),
        }),
    };
    let rehearse = flag(&mut value, REHEARSE)?;
    let mut value = over_profile(value, true)?;
    let own = ScriptOptions { rehearse, in_transaction: flag(&mut value, IN_TRANSACTION)? };
    let options = Options::from_value(&value);
    Ok((options.map_err(|error| error.with_keys(&[REHEARSE, IN_TRANSACTION]))?, own))
}

/// Returns the options that are passed, over those of the stored profile that they name.
pub fn merged(given: Option<Document>) -> Result<Value, Error> {
    over_profile(options::read(given, EXAMPLE)?, false)
}

/// Puts options over those of the stored profile that they name. A stored profile may name another one, or one of pgmeta's own.
/// What it says of scripts is left out unless options are about one.
fn over_profile(mut value: Value, of_script: bool) -> Result<Value, Error> {
    let mut seen = BTreeSet::new();
    while let Some(name) = value.get("profile").and_then(Value::as_str).map(str::to_owned) {
        if PROFILES.contains(&&*name.to_ascii_lowercase()) {
            break;
        }
        if !seen.insert(name.clone()) {
            let hint = "The stored profiles name each other in a circle.".to_owned();
            return Err(Error::BadArgument { name: "profile", value: name, hint });
        }
        let Some(stored) = snapshot_store::lint_profile(&name)? else { break };
        let mut merged: Map<String, Value> = match serde_json::from_str(stored.text()).map_err(Error::Options)? {
            Value::Object(merged) => merged,
            _ => Map::new(),
        };
        if !of_script {
            merged.remove(IN_TRANSACTION);
        }
        if let Value::Object(own) = &mut value {
            own.remove("profile");
            let thresholds = own.remove("thresholds");
            merged.extend(std::mem::take(own));
            if let Some(thresholds) = thresholds {
                put_thresholds(merged.entry("thresholds").or_insert(Value::Null), thresholds);
            }
        }
        value = Value::Object(merged);
    }
    Ok(value)
}

/// Puts the thresholds of single rules over those of a stored profile.
fn put_thresholds(stored: &mut Value, own: Value) {
    match (stored, own) {
        (Value::Object(stored), Value::Object(own)) => {
            for (name, value) in own {
                put_thresholds(stored.entry(name).or_insert(Value::Null), value);
            }
        }
        (stored, own) => *stored = own,
    }
}
