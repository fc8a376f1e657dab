//! The objects of an export as rows.

use pgmeta_core::ddl::{self, Item};
use pgmeta_core::fingerprint::fingerprint;
use pgmeta_core::model::ObjectKey;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::Args;
use crate::api::print::items;
use crate::api::rows::ordinal;
use crate::api::schemas::list;
use crate::catalog::{Failure, Outcome};
use crate::encoding::{Text, Texts};
use crate::error::{Error, sqlstate};
use crate::jsonb::Document;

all_forms! {
    "pgmeta_objects": objects_of_array, objects_of_text, objects_of_texts, [], [] -> [TableIterator<
        'static,
        (
            name!(ordinal, i32),
            name!(type, Text),
            name!(schema, Option<Text>),
            name!(name, Option<Text>),
            name!(identity, Text),
            name!(parent, Option<Text>),
            name!(classid, Option<pg_sys::Oid>),
            name!(objid, Option<pg_sys::Oid>),
            name!(objsubid, Option<i32>),
            name!(path, Option<Text>),
            name!(ddl, Option<Text>),
            name!(fingerprint, Option<Text>),
            name!(error, Option<Text>),
        ),
    >],
    stable, |args| objects(&args).map(|rows| TableIterator::new(rows.into_iter().enumerate().map(|(at, row)| (
        ordinal(at), row.kind.into(), row.schema.map(Text::from), row.name.map(Text::from),
        row.identity.into(), row.parent.map(Text::from), row.class, row.oid, row.class.map(|_| 0),
        row.path.map(Text::from), row.ddl.map(Text::from), row.fingerprint.map(Text::from), row.error.map(Text::from),
    ))))
}

/// A row of `pgmeta_objects`.
struct Row {
    kind: String,
    schema: Option<String>,
    name: Option<String>,
    identity: String,
    parent: Option<String>,
    class: Option<pg_sys::Oid>,
    oid: Option<pg_sys::Oid>,
    path: Option<String>,
    ddl: Option<String>,
    fingerprint: Option<String>,
    error: Option<String>,
}

impl Row {
    fn of(item: Item, path: String, outcome: &Outcome) -> Self {
        let key = item.entry.key;
        let address = outcome.addresses.get(&key);
        Self {
            kind: key.kind.word().to_owned(),
            schema: key.schema().map(|schema| schema.to_string()),
            name: Some(key.name().to_owned()),
            identity: key.identity(),
            parent: item.entry.parent.as_ref().map(ObjectKey::identity),
            class: address.map(|address| address.class.into()),
            oid: address.map(|address| address.oid.into()),
            path: Some(path),
            fingerprint: Some(fingerprint(&item.ddl)),
            ddl: Some(item.ddl),
            error: None,
        }
    }

    fn failed(failure: &Failure) -> Self {
        Self {
            kind: failure.kind.clone(),
            schema: failure.schema.clone(),
            name: failure.name.clone(),
            identity: failure.identity.clone(),
            parent: None,
            class: Some(failure.class.into()),
            oid: Some(failure.oid.into()),
            path: None,
            ddl: None,
            fingerprint: None,
            error: Some(format!("{}: {}", sqlstate(failure.code), failure.message)),
        }
    }
}

fn objects(args: &Args) -> Result<Vec<Row>, Error> {
    let outcome = args.read()?;
    let items = items(&outcome.model, &args.options)?;
    let entries: Vec<_> = items.iter().map(|item| item.entry.clone()).collect();
    let paths = ddl::paths(&entries);
    let rows = items.into_iter().zip(paths).map(|(item, path)| Row::of(item, path, &outcome));
    Ok(rows.chain(outcome.failures.iter().map(Row::failed)).collect())
}
