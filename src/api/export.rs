//! Whole exports: rows, text, JSON, files, tar, and files on the server.

use pgmeta_core::ddl::{self, File, Item};
use pgmeta_core::fingerprint::fingerprint;
use pgmeta_core::model::{Model, ObjectKey};
use pgmeta_core::parallel::Executor;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::args::{Args, list};
use crate::api::directory::{Selection, Target};
use crate::catalog::{Failure, Outcome};
use crate::document::Document;
use crate::encoding::{Text, Texts};
use crate::error::{Error, sqlstate};
use crate::interrupt;
use crate::memory;
use crate::message::tell;
use crate::threads::Threads;

/// What a `text` or `bytea` value can hold.
const LARGEST: usize = 0x3fff_ff00;

/// Steps between two INFO messages.
const PROGRESS: usize = 1000;

/// Declares a function in its three forms: with an array of schemas, with a text, and with types as a text too.
macro_rules! all_forms {
    (
        $sql:tt: $array:ident, $text:ident, $texts:ident, [$($first:tt)*], [$($last:tt)*] -> [$($returns:tt)*],
        $volatility:ident, |$args:ident| $body:expr
    ) => {
        #[pg_extern(name = $sql, $volatility, parallel_unsafe)]
        fn $array(
            $($first)*
            schemas: default!(Option<Texts>, "NULL"),
            types: default!(Option<Texts>, "NULL"),
            name_pattern: default!(Option<Text>, "NULL"),
            on_error: default!(Option<Text>, "'fail'"),
            options: default!(Option<Document>, "'{}'"),
            $($last)*
        ) -> Result<$($returns)*, ErrorReport> {
            let $args = Args::new(schemas, types, name_pattern, on_error, options)?;
            Ok($body?)
        }

        #[pg_extern(name = $sql, $volatility, parallel_unsafe)]
        fn $text(
            $($first)*
            schemas: Option<Text>,
            types: default!(Option<Texts>, "NULL"),
            name_pattern: default!(Option<Text>, "NULL"),
            on_error: default!(Option<Text>, "'fail'"),
            options: default!(Option<Document>, "'{}'"),
            $($last)*
        ) -> Result<$($returns)*, ErrorReport> {
            let $args = Args::new(list(schemas), types, name_pattern, on_error, options)?;
            Ok($body?)
        }

        #[pg_extern(name = $sql, $volatility, parallel_unsafe)]
        fn $texts(
            $($first)*
            schemas: Option<Text>,
            types: Option<Text>,
            name_pattern: default!(Option<Text>, "NULL"),
            on_error: default!(Option<Text>, "'fail'"),
            options: default!(Option<Document>, "'{}'"),
            $($last)*
        ) -> Result<$($returns)*, ErrorReport> {
            let $args = Args::new(list(schemas), list(types), name_pattern, on_error, options)?;
            Ok($body?)
        }
    };
}

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
        i32::try_from(at + 1).unwrap_or(i32::MAX), row.kind.into(), row.schema.map(Text::from), row.name.map(Text::from),
        row.identity.into(), row.parent.map(Text::from), row.class, row.oid, row.class.map(|_| 0),
        row.path.map(Text::from), row.ddl.map(Text::from), row.fingerprint.map(Text::from), row.error.map(Text::from),
    ))))
}

all_forms! {
    "pgmeta_export": export_of_array, export_of_text, export_of_texts, [], [format: default!(Option<Text>, "'sql'"),] -> [Text],
    stable, |args| export(&args, format.as_deref()).map(Text::from)
}

all_forms! {
    "pgmeta_export_files": files_of_array, files_of_text, files_of_texts, [], [] -> [TableIterator<
        'static, (name!(path, Text), name!(content, Text), name!(fingerprint, Text)),
    >],
    stable, |args| files(&args).map(|files| TableIterator::new(files.into_iter().map(|file| {
        let fingerprint = fingerprint(&file.content);
        (file.path.into(), file.content.into(), fingerprint.into())
    })))
}

all_forms! {
    "pgmeta_export_tar": tar_of_array, tar_of_text, tar_of_texts, [], [] -> [Vec<u8>],
    stable, |args| tar(&args)
}

all_forms! {
    "pgmeta_export_to_directory": directory_of_array, directory_of_text, directory_of_texts, [directory: Option<Text>,], [] -> [TableIterator<
        'static, (name!(path, Text), name!(action, Text)),
    >],
    volatile, |args| to_directory(directory.as_deref(), &args).map(|rows| {
        TableIterator::new(rows.into_iter().map(|(path, action)| (path.into(), action.into())))
    })
}

/// Returns the SHA-256 of the canonical DDL of schemas, or of the whole database.
#[pg_extern(name = "pgmeta_fingerprint", stable, parallel_unsafe)]
fn fingerprint_of_array(schemas: default!(Option<Texts>, "NULL")) -> Result<Text, ErrorReport> {
    Ok(whole_fingerprint(schemas)?.into())
}

#[pg_extern(name = "pgmeta_fingerprint", stable, parallel_unsafe)]
fn fingerprint_of_text(schemas: Option<Text>) -> Result<Text, ErrorReport> {
    Ok(whole_fingerprint(list(schemas))?.into())
}

pub(super) fn whole_fingerprint(schemas: Option<Texts>) -> Result<String, Error> {
    let args = Args::new(schemas, None, None, None, None)?;
    export(&args, None).map(|text| fingerprint(&text))
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
    warn(&outcome);
    let items = items(&outcome, args)?;
    let entries: Vec<_> = items.iter().map(|item| item.entry.clone()).collect();
    let paths = ddl::paths(&entries);
    let rows = items.into_iter().zip(paths).map(|(item, path)| Row::of(item, path, &outcome));
    Ok(rows.chain(outcome.failures.iter().map(Row::failed)).collect())
}

fn export(args: &Args, format: Option<&str>) -> Result<String, Error> {
    let json = match format {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("sql") => false,
        Some(word) if word.eq_ignore_ascii_case("json") => true,
        Some(other) => {
            let hint = "Supported formats are 'sql' and 'json'.".to_owned();
            return Err(Error::BadArgument { name: "format", value: other.to_owned(), hint });
        }
    };
    let outcome = args.read()?;
    warn(&outcome);
    let mut done = 0;
    let text = if json {
        outcome.model.to_json()?
    } else {
        ddl::export(&outcome.model, &args.options, || progress(args, &mut done), &Threads)?
    };
    discard(outcome.model);
    fits("pgmeta_export", text.len())?;
    Ok(text)
}

/// Drops a model, which is many small pieces, half of it beside the other half.
fn discard(mut model: Model) {
    const MINIMUM_FOR_A_THREAD: usize = 4_000;
    if model.len() >= MINIMUM_FOR_A_THREAD {
        let tables = std::mem::take(&mut model.tables);
        Threads.join(|| drop(tables), || drop(model));
    }
}

fn files(args: &Args) -> Result<Vec<File>, Error> {
    let outcome = args.read()?;
    warn(&outcome);
    Ok(ddl::files(items(&outcome, args)?))
}

fn tar(args: &Args) -> Result<Vec<u8>, Error> {
    let files = files(args)?;
    let archive =
        ddl::archive(&files).map_err(|source| Error::Io { action: "write", path: "tar archive".into(), source })?;
    fits("pgmeta_export_tar", archive.len())?;
    Ok(archive)
}

fn to_directory(directory: Option<&str>, args: &Args) -> Result<Vec<(String, String)>, Error> {
    let directory = directory.ok_or_else(|| Error::BadArgument {
        name: "directory",
        value: "NULL".into(),
        hint: "Pass the absolute path of a folder on the server.".into(),
    })?;
    let target = Target::open(directory)?;
    target.write(&files(args)?, &Selection::of(args))
}

fn items(outcome: &Outcome, args: &Args) -> Result<Vec<Item>, Error> {
    let mut items = Vec::with_capacity(outcome.model.len());
    let mut done = 0;
    ddl::items(
        &outcome.model,
        &args.options,
        || progress(args, &mut done),
        |item| {
            items.push(item);
            Ok(())
        },
    )?;
    Ok(items)
}

/// Handles a cancel, and reports the progress if that is requested.
fn progress(args: &Args, done: &mut usize) -> Result<(), Error> {
    interrupt::look();
    *done += 1;
    if args.options.progress && done.is_multiple_of(PROGRESS) {
        tell(PgLogLevel::INFO, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, format!("pgmeta: {done} steps printed"));
    }
    Ok(())
}

fn warn(outcome: &Outcome) {
    for failure in &outcome.failures {
        let code = sqlstate(failure.code);
        let message = format!("could not read {} {}: {} ({code})", failure.kind, failure.identity, failure.message);
        tell(PgLogLevel::WARNING, PgSqlErrorCode::ERRCODE_WARNING, message);
    }
}

/// Returns an error where a result is more than a value, or than the server's memory, can hold.
fn fits(what: &'static str, bytes: usize) -> Result<(), Error> {
    if bytes > LARGEST {
        return Err(Error::TooLong { what, bytes });
    }
    memory::require_of_server(bytes);
    Ok(())
}
