//! A whole export as one text: SQL or JSON.

use pgmeta_core::model::Model;
use pgmeta_core::parallel::Executor;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::print::{require_fit, script};
use crate::api::schemas::list;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;
use crate::threads::Threads;

all_forms! {
    "pgmeta_export": export_of_array, export_of_text, export_of_texts, [], [format: default!(Option<Text>, "'sql'"),] -> [Text],
    stable, |args| export(&args, format.as_deref()).map(Text::from)
}

/// Prints the whole export.
pub fn export(args: &Args, format: Option<&str>) -> Result<String, Error> {
    let json = match format {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("sql") => false,
        Some(word) if word.eq_ignore_ascii_case("json") => true,
        Some(other) => {
            let hint = "Supported formats are 'sql' and 'json'.".to_owned();
            return Err(Error::BadArgument { name: "format", value: other.to_owned(), hint });
        }
    };
    let model = args.read()?.model;
    let text = if json { model.to_json()? } else { script(&model, &args.options)? };
    discard(model);
    require_fit("pgmeta_export", text.len())?;
    Ok(text)
}

/// Drops a model, half of it on a second thread: it consists of very many allocations.
fn discard(mut model: Model) {
    const MINIMUM_FOR_A_THREAD: usize = 4_000;
    if model.len() >= MINIMUM_FOR_A_THREAD {
        let tables = std::mem::take(&mut model.tables);
        Threads.join(|| drop(tables), || drop(model));
    }
}
