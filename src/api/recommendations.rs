//! `pgmeta_recommendations`: the findings of lint whose benefit statistics can estimate.

use pgmeta_lint::{Need, Options, lint, recommendations, recommended_rules};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::Value;

use crate::api::lint::read_live;
use crate::api::lint_options::merged;
use crate::api::rows::lint_row;
use crate::api::schemas::{list, read_schemas};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB};

lint_rows! {
    #[pg_extern(name = "pgmeta_recommendations", stable, parallel_unsafe)]
    fn recommendations_of_array(
        schemas: default!(Option<Texts>, "NULL"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        of_schemas(schemas, options).map(|findings| findings.into_iter().map(lint_row))
    }
}

lint_rows! {
    #[pg_extern(name = "pgmeta_recommendations", stable, parallel_unsafe)]
    fn recommendations_of_text(schemas: Option<Text>, options: default!(Option<Document>, "'{}'")) {
        of_schemas(list(schemas), options).map(|findings| findings.into_iter().map(lint_row))
    }
}

fn of_schemas(schemas: Option<Texts>, given: Option<Document>) -> Result<Vec<pgmeta_lint::Finding>, Error> {
    let mut value = merged(given)?;
    if let Value::Object(options) = &mut value
        && !options.contains_key("rules")
    {
        options.insert("rules".to_owned(), recommended_rules().collect::<Vec<_>>().into());
    }
    let options = Options::from_value(&value)?;
    let mut needs = options.needs();
    needs.extend([Need::Tables, Need::Indexes]);
    let (model, statistics) = read_live(read_schemas(schemas)?, &needs)?;
    Ok(recommendations(lint(&model, Some(&statistics), &options), &model, &statistics))
}
