//! Diffs and plans: rows of what differs between two snapshots, and of the statements that lead from one to the other.

use pgmeta_core::cells::take;
use pgmeta_core::diff::{Change, ChangeKind, Rename, Renamed, diff, inverse, rename};
use pgmeta_core::model::{Model, ObjectKey};
use pgmeta_core::parallel::Executor;
use pgmeta_core::plan::format::{Format, Migration, migration};
use pgmeta_core::plan::{self, Hazard, Options, Step};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::json;

use crate::api::args::{filter, known_types, schema_names};
use crate::api::options;
use crate::api::side::{Side, join_sides};
use crate::document::{Document, Given, JsonB};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::spi::Connection;
use crate::threads::Threads;

#[pg_extern(stable, parallel_unsafe)]
#[allow(clippy::type_complexity)]
fn pgmeta_diff(
    source: Option<Given>,
    target: Option<Given>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(ordinal, i32),
            name!(change, Text),
            name!(type, Text),
            name!(schema, Option<Text>),
            name!(name, Option<Text>),
            name!(identity, Text),
            name!(detail, JsonB),
        ),
    >,
    ErrorReport,
> {
    let options = parse_options(options)?;
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(TableIterator::empty());
    };
    let Sides { source, target, renames } = Sides::read(source, target, &options)?;
    Ok(TableIterator::new(rows(&renames, &source, &target, &options)))
}

/// A row of `pgmeta_diff`.
pub(super) type Row = (i32, Text, Text, Option<Text>, Option<Text>, Text, JsonB);

/// Returns renames and changes as rows of `pgmeta_diff`.
pub(super) fn rows(renames: &[Rename], old: &Model, new: &Model, options: &Options) -> Vec<Row> {
    let changes = diff(old, new);
    let replaced = plan::replaced(old, new, &changes, options);
    let renames = renames.iter().map(|rename| {
        let schema = rename.key.schema().filter(|_| rename.what != Renamed::Schema);
        let detail = json!({"name": {"old": rename.from, "new": rename.to}});
        ("rename", rename.word(), schema.cloned(), rename.from.to_string(), rename.identity(), detail)
    });
    let changes = changes.iter().map(|change| {
        let Change { kind, key, .. } = change;
        let kind = match kind {
            ChangeKind::Create => "create",
            ChangeKind::Drop => "drop",
            ChangeKind::Alter if replaced.contains(key) => "replace",
            ChangeKind::Alter => "alter",
        };
        (
            kind,
            key.kind.word().to_owned(),
            key.schema().cloned(),
            key.name().to_owned(),
            key.identity(),
            change.detail(),
        )
    });
    renames
        .chain(changes)
        .enumerate()
        .map(|(at, (change, of, schema, name, identity, detail))| {
            let ordinal = i32::try_from(at + 1).unwrap_or(i32::MAX);
            let schema = schema.map(|schema| Text::from(&*schema));
            (ordinal, change.into(), of.into(), schema, Some(name.into()), identity.into(), JsonB(detail))
        })
        .collect()
}

#[pg_extern(stable, parallel_unsafe)]
#[allow(clippy::type_complexity)]
fn pgmeta_plan(
    source: Option<Given>,
    target: Option<Given>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(step, i32),
            name!(transaction, Option<i32>),
            name!(statement, Text),
            name!(hazards, Texts),
            name!(lock_level, Option<Text>),
            name!(lock_timeout_ms, i32),
            name!(statement_timeout_ms, i32),
            name!(rewrites, Texts),
            name!(reason, Option<Text>),
            name!(type, Text),
            name!(identity, Text),
        ),
    >,
    ErrorReport,
> {
    let options = parse_options(options)?;
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(TableIterator::empty());
    };
    let Sides { source, target, renames } = Sides::read(source, target, &options)?;
    let steps = plan::plan(&source, &target, &renames, &options).map_err(Error::from)?;
    Ok(TableIterator::new(steps.into_iter().map(step_row)))
}

/// A row of `pgmeta_plan`.
pub(super) type StepRow = (i32, Option<i32>, Text, Texts, Option<Text>, i32, i32, Texts, Option<Text>, Text, Text);

pub(super) fn step_row(step: Step) -> StepRow {
    let Step { step, transaction, statement, lock_timeout_ms, statement_timeout_ms } = step;
    (
        step,
        transaction,
        statement.sql.into(),
        Texts(statement.hazards.iter().map(|hazard| Some(hazard.word().to_owned())).collect()),
        statement.lock.map(|lock| lock.word().into()),
        lock_timeout_ms,
        statement_timeout_ms,
        statement.rewrites.into(),
        (!statement.reason.is_empty()).then(|| statement.reason.into()),
        statement.key.kind.word().into(),
        statement.key.identity().into(),
    )
}

/// Files for a migration tool, up and down.
#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_migration(
    source: Option<Given>,
    target: Option<Given>,
    format: default!(Option<Text>, "'plain'"),
    name: default!(Option<Text>, "'migration'"),
    version: default!(Option<Text>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<TableIterator<'static, (name!(path, Text), name!(content, Text))>, ErrorReport> {
    let options = parse_options(options)?;
    let format = format.as_deref().unwrap_or("plain");
    let format = Format::from_word(format).ok_or_else(|| Error::BadArgument {
        name: "format",
        value: format.to_owned(),
        hint: format!(
            "Supported formats are: {}.",
            Format::ALL.iter().map(|format| format.word()).collect::<Vec<_>>().join(", ")
        ),
    })?;
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(TableIterator::empty());
    };
    let (old, new) = join_sides(Side::of(source)?, Side::of(target)?, &options)?;
    let (mut renamed, mut back) = (old.clone(), new.clone());
    let renames = rename(&mut renamed, &new, &options.renames).map_err(Error::from)?;
    let backward = rename(&mut back, &old, &inverse(&renames)).map_err(Error::from)?;
    // Expressions lead one way.
    let options_back = Options { using: Default::default(), ..options.clone() };
    let up = plan::plan(&renamed, &new, &renames, &options).map_err(Error::from)?;
    let down = plan::plan(&back, &old, &backward, &options_back).map_err(Error::from)?;
    // The core has no clock.
    let now = now()?;
    let version = version.as_deref().or(Some(&now));
    let name = name.as_deref().unwrap_or("migration");
    let files = migration(format, &Migration { name, version, up: &up, down: &down }).map_err(Error::from)?;
    Ok(TableIterator::new(files.into_iter().map(|file| (file.path.into(), file.content.into()))))
}

/// Returns the transaction's time as migration tools number their files.
fn now() -> Result<String, Error> {
    let sql = "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') AS version";
    let mut version = String::new();
    Connection::open()?.read(sql, &[], &["version"], |cells| {
        version = take(cells, "version")?;
        Ok(())
    })?;
    Ok(version)
}

/// Both sides of a diff, the old one renamed as the options say.
pub(super) struct Sides {
    pub source: Model,
    pub target: Model,
    pub renames: Vec<Rename>,
}

impl Sides {
    fn read(source: Given, target: Given, options: &Options) -> Result<Self, Error> {
        Self::of(Side::of(source)?, Side::of(target)?, options)
    }

    pub fn of(source: Side, target: Side, options: &Options) -> Result<Self, Error> {
        let (mut source, target) = join_sides(source, target, options)?;
        let renames = rename(&mut source, &target, &options.renames)?;
        Ok(Self { source, target, renames })
    }
}

/// Reads both sides at once.
pub(super) fn read_both(source: &Document, target: &Document, options: &Options) -> Result<(Model, Model), Error> {
    let (source, target) = Threads.join(|| source.model(), || target.model());
    let (mut source, mut target) = (source?, target?);
    restrict(&mut source, options)?;
    restrict(&mut target, options)?;
    Ok((source, target))
}

/// Reads a side, and leaves out of it what the options leave out.
pub(super) fn read(document: &Document, options: &Options) -> Result<Model, Error> {
    let mut model = document.model()?;
    restrict(&mut model, options)?;
    Ok(model)
}

/// Leaves out of a side what the options leave out.
pub(super) fn restrict(model: &mut Model, options: &Options) -> Result<(), Error> {
    if !options.own {
        model.remove_own();
    }
    if let Some(schemas) = &options.schemas {
        let wanted = |key: &ObjectKey| key.schema().is_some_and(|schema| schemas.iter().any(|name| **name == **schema));
        let keys = model.objects().map(|object| object.object().key()).filter(wanted).collect();
        model.keep(&keys);
    }
    let types = options.types.clone().map(|types| types.into_iter().map(Some).collect::<Vec<_>>());
    let types = types.map(|types| known_types(&types)).transpose()?;
    filter(model, types.as_ref(), None, &options.exclude)
}

/// Reads options; NULL stands for none.
pub(super) fn parse_options(options: Option<Document>) -> Result<Options, Error> {
    let mut options = Options::from_value(options::read(options, r#"{"drops": false}"#)?).map_err(Error::Options)?;
    options.schemas = options.schemas.map(|names| schema_names(names.into())).transpose()?.flatten();
    match options.allow_hazards.iter().find(|word| Hazard::from_word(word).is_none()) {
        Some(word) => Err(Error::UnknownHazard(word.clone())),
        None => Ok(options),
    }
}
