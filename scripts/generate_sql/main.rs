//! Prints the SQL of the extension, from what pgrx embeds in the library. For generate_sql.sh only.
//!
//!     generate-sql SECTION CONTROL_FILE VERSION
//!
//! SECTION is a file with the library's section `.pgrxsc`, CONTROL_FILE and VERSION are the extension's.

use std::{env, fs};

use anyhow::{Context, anyhow};
use pgrx_sql_entity_graph::section::decode_entities;
use pgrx_sql_entity_graph::{ControlFile, PgrxSql, SqlGraphEntity};

fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let mut argument = |name| arguments.next().with_context(|| format!("no argument {name}"));
    let section = fs::read(argument("SECTION")?)?;
    let control = ControlFile::from_path_with_cargo_version(argument("CONTROL_FILE")?, &argument("VERSION")?)?;
    let mut entities = vec![SqlGraphEntity::ExtensionRoot(control)];
    entities.extend(decode_entities(&section).map_err(|error| anyhow!("{error}"))?);
    let sql = PgrxSql::build(entities.into_iter(), "pgmeta".to_owned(), false)
        .and_then(|sql| sql.to_sql())
        .map_err(|error| anyhow!("{error}"))?;
    print!("{sql}");
    Ok(())
}
