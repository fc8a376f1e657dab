//! Prints a snapshot in another dialect as JSON: `convert DIALECT [OPTIONS] < snapshot.json`. For scripts that run the
//! statements.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};

use pgmeta_core::model::Model;
use pgmeta_dialect::{Dialect, Options, convert};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let dialect = Dialect::from_word(&arguments.next().unwrap_or_default())?;
    let options = arguments.next().unwrap_or_else(|| "{}".to_owned());
    let options = Options::from_value(&serde_json::from_str(&options)?)?;
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let output = convert(&Model::from_json(&text)?, dialect, &options);
    stdout().write_all(serde_json::to_string_pretty(&output)?.as_bytes())?;
    Ok(())
}
