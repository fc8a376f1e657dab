//! The model being built from rows beside the reading of further rows: on a thread of its own for whole schemas, at once
//! for single objects. Reads nothing.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use pgmeta_core::catalog_rows::{Builder, Ingest, RowBuffer, SpelledTypes};
use pgmeta_core::cells::RowError;
use pgmeta_core::interrupt::check_now;

use crate::error::Error;
use crate::threads::{self, Running};

/// Batches of rows that may wait: enough that neither side stands still for the other's pauses.
const WAITING: usize = 32;

/// How often a thread without work looks whether the backend is about to exit.
const LOOK: Duration = Duration::from_millis(20);

/// Adds one batch of rows.
type Batch = Box<dyn FnOnce(&mut Builder) -> Result<(), Failed> + Send>;

/// A row that does not fit, and the query that it is from.
pub struct Failed(&'static str, RowError);

impl From<Failed> for Error {
    fn from(Failed(query, source): Failed) -> Self {
        Error::Row { query, source }
    }
}

type Thread = Running<Result<Box<Builder>, Failed>>;

/// Where rows go.
pub enum Assembly {
    Here(Box<Builder>),
    Threaded {
        /// Dropped before `thread`, which signals the end of the rows to the thread.
        batches: Option<SyncSender<Batch>>,
        /// Returns the buffers of rows for reuse: fresh memory costs more than the work with it.
        emptied: (Sender<RowBuffer>, Receiver<RowBuffer>),
        thread: Option<Thread>,
    },
}

impl Assembly {
    pub fn here(builder: Builder) -> Self {
        Self::Here(Box::new(builder))
    }

    /// Builds beside; here where no thread is to be had.
    pub fn beside(builder: Builder) -> Self {
        let (batches, waiting) = sync_channel::<Batch>(WAITING);
        let Ok(thread) = threads::spawn(move || work(&waiting)) else { return Self::here(builder) };
        let begin: Batch = Box::new(move |empty| {
            *empty = builder;
            Ok(())
        });
        // Should the thread be gone already, the first rows will tell.
        let _ = batches.send(begin);
        Self::Threaded { batches: Some(batches), emptied: channel(), thread: Some(thread) }
    }

    /// Adds rows, with the types that they name for the first time; returns where to pack further rows.
    pub fn add<R: Ingest>(&mut self, mut rows: RowBuffer, types: SpelledTypes) -> Result<RowBuffer, Error> {
        let add = move |builder: &mut Builder| {
            builder.add::<R>(&rows, types).map_err(|source| Failed(R::QUERY, source))?;
            rows.clear();
            Ok(rows)
        };
        let (batches, emptied, thread) = match self {
            Self::Here(builder) => return Ok(add(builder)?),
            Self::Threaded { batches, emptied, thread } => (batches, emptied, thread),
        };
        let give_back = emptied.0.clone();
        let add_and_give_back = move |builder: &mut Builder| {
            // Nobody asks any more once the last rows are read.
            let _ = give_back.send(add(builder)?);
            Ok(())
        };
        if batches.as_ref().is_some_and(|batches| batches.send(Box::new(add_and_give_back)).is_ok()) {
            return Ok(emptied.1.try_recv().unwrap_or_default());
        }
        // The thread has ended, which it does early for an error only.
        batches.take();
        match thread.take().map(Running::join) {
            Some(Err(failed)) => Err(failed.into()),
            Some(Ok(_)) | None => Err(Error::NoResult("the thread that builds the model")),
        }
    }

    /// Returns the builder when all rows are in it.
    pub fn finish(self) -> Result<Builder, Error> {
        match self {
            Self::Here(builder) => Ok(*builder),
            Self::Threaded { batches, thread, .. } => {
                drop(batches);
                match thread.map(Running::join) {
                    Some(result) => Ok(*result?),
                    None => Err(Error::NoResult("the thread that builds the model")),
                }
            }
        }
    }
}

/// Adds batch after batch until no more come.
fn work(waiting: &Receiver<Batch>) -> Result<Box<Builder>, Failed> {
    let mut builder = Box::<Builder>::default();
    while !threads::exiting() {
        match waiting.recv_timeout(LOOK) {
            Ok(batch) => {
                check_now();
                batch(&mut builder)?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(builder)
}
