//! Runs the catalog queries in the caller's snapshot and builds the model from the rows. Prints nothing.

use std::collections::BTreeSet;

use pgmeta_core::catalog_rows::{Builder, Ingest, Reading, RowBuffer, Speller, Visitor, Wanted, class, visit_all};
use pgmeta_core::cells::{Cell, Cells, take};
use pgmeta_core::model::{Model, ObjectKey, ObjectRef};
use rustc_hash::FxHashSet;

use crate::catalog::bisect::{self, FailedQuery, Failure};
use crate::catalog::outcome::Outcome;
use crate::catalog::pipeline::Pipeline;
use crate::catalog::query_options::{Expressions, apply_options};
use crate::catalog::schemas::schemas;
use crate::catalog::{column_privileges, queries, version_differences};
use crate::deparse;
use crate::encoding;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::interrupt;
use crate::memory;
use crate::server;
use crate::spi::{Arg, Connection, attempt};
use crate::threads::Threads;

/// The part of the database to read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The names of schemas; `None`: all except the system's.
    pub schemas: Option<Vec<String>>,
    /// Further relations to read, by OID.
    pub relations: Vec<u32>,
    pub wanted: Wanted,
    /// Whether to omit objects that cannot be read, with a warning, instead of failing.
    pub tolerant: bool,
}

impl Scope {
    /// All objects of these schemas; `None`: of the whole database. `cluster`: also roles and the like.
    pub fn of_schemas(schemas: Option<Vec<String>>, cluster: bool) -> Self {
        let global = schemas.is_none();
        let wanted = Wanted { in_schemas: true, relations: true, global, cluster, dependencies: true };
        Self { schemas, wanted, ..Self::default() }
    }
}

/// Reads the model in one snapshot: that of the query that calls the function.
pub fn read(scope: &Scope) -> Result<Outcome, Error> {
    let mut outcome = read_around(scope)?;
    outcome.remove_invalid_text(scope.tolerant)?;
    Ok(outcome)
}

/// Reads the model for a caller that keeps a part of it and then checks only that part for invalid text.
pub fn read_around(scope: &Scope) -> Result<Outcome, Error> {
    encoding::take_marked();
    let bulk = scope.wanted.in_schemas && scope.wanted.relations;
    let _pinned = GucGuard::new();
    if bulk {
        memory::give_back_at_end();
    }
    let connection = Connection::open()?;
    let version = server::version_num();
    let schemas = schemas(&connection, scope.schemas.as_deref())?;
    let partial = scope.schemas.is_some();
    let related = if partial { related(&connection, &schemas, &scope.relations)? } else { Related::default() };
    let relations: Vec<u32> = scope.relations.iter().chain(&related.oids).copied().collect();
    let args = [Arg::Oids(&schemas), Arg::Oids(&relations)];
    let mut failures: Vec<Failure> = Vec::new();
    let mut careful = BTreeSet::new();
    // If a query fails, find the objects on which it fails, and read everything again without them.
    loop {
        let mut builder = Builder::new(version);
        failures.iter().for_each(|failure| builder.leave_out(failure.class, failure.oid));
        related.oids.iter().for_each(|&oid| builder.leave_out(class::CLASS, oid));
        let pipeline = if bulk { Pipeline::threaded(builder) } else { Pipeline::inline(builder) };
        let mut reader = Reader {
            connection: &connection,
            version,
            partial,
            args: &args,
            failures: &failures,
            type_names: Speller::new(deparse::SERVER),
            pipeline,
            failed: None,
        };
        let result = visit_all(&mut reader, scope.wanted);
        let Some(query) = reader.failed else {
            result?;
            let Reading { mut model, addresses, members, unclaimed } = reader.pipeline.finish()?.finish(&Threads);
            related.remove_from(&mut model);
            let has_marks = encoding::take_marked();
            return Ok(Outcome { model, addresses, members, failures, unclaimed, has_marks });
        };
        let sql = apply_options(&adapted(&connection, query.name, version)?, Expressions::Texts, partial);
        // A query that fails again has another problem than single objects.
        let found = match careful.insert(query.name) {
            true => bisect::find_failing_rows(&connection, query, &sql, &args)?,
            false => Vec::new(),
        };
        if found.is_empty() {
            return Err(result.err().unwrap_or(Error::NoResult("the reader of the catalog")));
        }
        if let Some(failure) = found.first()
            && !scope.tolerant
        {
            return Err(failure.clone().into_error());
        }
        failures.extend(found);
    }
}

/// Relations outside of the scope that objects in the scope reference: their columns are needed, but they are not exported.
#[derive(Default)]
struct Related {
    oids: Vec<u32>,
    names: FxHashSet<(String, String)>,
}

impl Related {
    /// Removes objects that were read only because they belong to one of these relations.
    fn remove_from(&self, model: &mut Model) {
        if self.oids.is_empty() {
            return;
        }
        let on_related = |parent: ObjectKey| match &*parent.names {
            [schema, name] => self.names.contains(&(schema.to_string(), name.to_string())),
            _ => false,
        };
        let own = model.objects().filter(|object| !object.parent().is_some_and(on_related));
        // A partition does not belong to its parent in this sense.
        let partitions = model.objects().filter(|object| matches!(object, ObjectRef::Table(_)));
        let keys = own.chain(partitions).map(|object| object.object().key()).collect();
        model.keep(&keys);
    }
}

fn related(connection: &Connection, schemas: &[u32], relations: &[u32]) -> Result<Related, Error> {
    let mut related = Related::default();
    let args = [Arg::Oids(schemas), Arg::Oids(relations)];
    connection.read_marked(
        include_str!("queries/related_relations.sql"),
        &args,
        &["oid", "schema", "name"],
        |cells| {
            related.oids.push(take(cells, "oid")?);
            related.names.insert((take(cells, "schema")?, take(cells, "name")?));
            Ok(())
        },
    )?;
    Ok(related)
}

pub(super) fn adapted(connection: &Connection, query: &str, version: u32) -> Result<String, Error> {
    let text = queries::text(query).ok_or_else(|| Error::QueryShape(query.into()))?;
    column_privileges::adapt(version_differences::adapt(text, version), connection)
}

/// Size of a batch of rows, in bytes.
const BATCH: usize = 32 * 1024;

/// Runs the queries one after the other.
struct Reader<'a> {
    connection: &'a Connection,
    version: u32,
    partial: bool,
    args: &'a [Arg<'a>],
    failures: &'a [Failure],
    type_names: Speller,
    pipeline: Pipeline,
    failed: Option<FailedQuery>,
}

impl Visitor for Reader<'_> {
    type Error = Error;

    fn visit<R: Ingest>(&mut self) -> Result<(), Error> {
        let sql = adapted(self.connection, R::QUERY, self.version)?;
        let mut sql = apply_options(&sql, Expressions::Trees, self.partial);
        let mut args = self.args.to_vec();
        let first = R::COLUMNS.first().copied().unwrap_or("oid");
        let excluded: Vec<u32> =
            self.failures.iter().filter(|failure| failure.query == R::QUERY).map(|failure| failure.row).collect();
        if !excluded.is_empty() {
            sql = bisect::restrict_rows(&sql, first, "<> ALL");
            args.push(Arg::Oids(&excluded));
        }
        let Self { connection, type_names, pipeline, .. } = self;
        let mut rows = RowBuffer::default();
        let relation_at = R::COLUMNS.iter().position(|column| *column == "relation");
        // An error of the pipeline about rows, kept apart from errors of reading.
        let mut refused = Ok(());
        let result = attempt(|| {
            connection.read_marked(&sql, &args, R::COLUMNS, |cells| {
                R::show(&mut { *cells }, type_names)?;
                let mut relation = 0;
                for at in 0..R::COLUMNS.len() {
                    match cells.next_cell()? {
                        Cell::Tree(tree) => {
                            let text = type_names.expression(tree, relation);
                            rows.push(&text.as_deref().map_or(Cell::Null, Cell::Text));
                        }
                        cell => {
                            if let Cell::Oid(oid) = cell
                                && Some(at) == relation_at
                            {
                                relation = oid;
                            }
                            rows.push(&cell);
                        }
                    }
                }
                rows.end_row();
                if rows.len() >= BATCH && refused.is_ok() {
                    interrupt::look();
                    match pipeline.add::<R>(std::mem::take(&mut rows), type_names.drain_types()) {
                        Ok(emptied) => rows = emptied,
                        Err(error) => refused = Err(error),
                    }
                }
                Ok(())
            })
        });
        refused?;
        match result {
            Ok(()) => self.pipeline.add::<R>(rows, self.type_names.drain_types()).map(drop),
            Err(Error::BareRow(source)) => Err(Error::Row { query: R::QUERY, source }),
            Err(error @ Error::Server { .. }) => {
                self.failed = Some(FailedQuery { name: R::QUERY, first_column: first, catalog: R::CATALOG });
                Err(error)
            }
            Err(other) => Err(other),
        }
    }
}
