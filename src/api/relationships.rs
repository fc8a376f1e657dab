//! `pgmeta_relationships`: the relationships between tables, as rows.

use std::time::Instant;

use pgmeta_core::model::{ForeignKeyAction, ModelIndex};
use pgmeta_discovery::{Relationship, SectionName, Strategy, relationships};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::discovery_source::{live, parse_options};
use crate::api::schemas::{list, read_schemas};
use crate::discovery;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

/// Declares a form of `pgmeta_relationships`. The SQL is written out because the name of a column is a keyword of Rust.
macro_rules! relationships_form {
    ($function:ident($schemas:ident: $type:ty) = $array:expr, $sql:literal) => {
        #[pg_extern(sql = $sql)]
        fn $function(
            $schemas: Option<$type>,
            options: Option<Document>,
        ) -> Result<
            TableIterator<
                'static,
                (
                    name!(name, Text),
                    name!(kind, Text),
                    name!(schema, Text),
                    name!(table_name, Text),
                    name!(columns, Texts),
                    name!(parent_schema, Text),
                    name!(parent_table, Text),
                    name!(parent_columns, Texts),
                    name!(cardinality, Text),
                    name!(parent_cardinality, Text),
                    name!(through, Option<Text>),
                    name!(implied, bool),
                    name!(strategy, Option<Text>),
                    name!(cycle, Option<i32>),
                    name!(on_delete, Option<Text>),
                    name!(on_update, Option<Text>),
                    name!(deferrable, Option<bool>),
                    name!(validated, Option<bool>),
                ),
            >,
            ErrorReport,
        > {
            Ok(TableIterator::new(related($array, options)?))
        }
    };
}

relationships_form! {
    relationships_of_array(schemas: Texts) = schemas,
    "CREATE FUNCTION pgmeta_relationships(schemas text[] DEFAULT NULL, options jsonb DEFAULT '{}') RETURNS TABLE(name text, kind text, schema text, table_name text, columns text[], parent_schema text, parent_table text, parent_columns text[], cardinality text, parent_cardinality text, through text, virtual boolean, strategy text, cycle integer, on_delete text, on_update text, \"deferrable\" boolean, validated boolean) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
}

relationships_form! {
    relationships_of_text(schemas: Text) = list(schemas),
    "CREATE FUNCTION pgmeta_relationships(schemas text, options jsonb DEFAULT '{}') RETURNS TABLE(name text, kind text, schema text, table_name text, columns text[], parent_schema text, parent_table text, parent_columns text[], cardinality text, parent_cardinality text, through text, virtual boolean, strategy text, cycle integer, on_delete text, on_update text, \"deferrable\" boolean, validated boolean) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
}

/// A row of `pgmeta_relationships`.
type Row = (
    Text,
    Text,
    Text,
    Text,
    Texts,
    Text,
    Text,
    Texts,
    Text,
    Text,
    Option<Text>,
    bool,
    Option<Text>,
    Option<i32>,
    Option<Text>,
    Option<Text>,
    Option<bool>,
    Option<bool>,
);

fn related(schemas: Option<Texts>, options: Option<Document>) -> Result<impl Iterator<Item = Row>, Error> {
    let options = parse_options(options)?;
    let schemas = read_schemas(schemas)?;
    let (found, cached) = live(schemas.as_ref(), &options)?;
    let began = Instant::now();
    let all = relationships(&ModelIndex::of(&found.model), &options.strategies);
    discovery::count(SectionName::Relationships.word(), all.len(), began.elapsed(), cached);
    Ok(all.into_iter().map(row))
}

fn row(own: Relationship) -> Row {
    let text = |name: &str| Text::from(name);
    let texts = |names: Vec<pgmeta_core::ident::Name>| Texts(names.iter().map(|name| Some(name.to_string())).collect());
    let action = |action: Option<ForeignKeyAction>| action.map(|action| Text::from(action.word()));
    (
        text(&own.name),
        text(own.kind.word()),
        text(&own.schema),
        text(&own.table_name),
        texts(own.columns),
        text(&own.parent_schema),
        text(&own.parent_table),
        texts(own.parent_columns),
        text(own.cardinality.word()),
        text(own.parent_cardinality.word()),
        own.through.map(Text::from),
        own.implied,
        own.strategy.map(Strategy::word).map(Text::from),
        own.cycle,
        action(own.on_delete),
        action(own.on_update),
        own.deferrable,
        own.validated,
    )
}
