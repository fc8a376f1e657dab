//! `pgmeta_snapshot_from_sql`: the model of an SQL script.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::Document;
use crate::scratch;

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_snapshot_from_sql(
    ddl: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Document>, ErrorReport> {
    let Some(ddl) = ddl else { return Ok(None) };
    Ok(Some(snapshot(&ddl, options)?))
}

fn snapshot(ddl: &str, options: Option<Document>) -> Result<Document, Error> {
    let args = Args::new(None, None, None, None, options)?;
    if args.options.cluster {
        return Err(Error::BadArgument {
            name: "option cluster",
            value: "true".to_owned(),
            hint: "The script runs in a database of this cluster and cannot create roles or tablespaces.".to_owned(),
        });
    }
    let mut model = scratch::model_of(ddl)?;
    args.shape(&mut model)?;
    Document::of(&model)
}
