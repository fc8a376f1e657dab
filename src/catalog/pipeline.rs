//! Builds the model from rows while further rows are read: on a separate thread for whole schemas, inline for single
//! objects. Reads nothing.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use pgmeta_core::catalog_rows::{Builder, Ingest, RowBuffer, SpelledTypes};
use pgmeta_core::cells::RowError;
use pgmeta_core::interrupt::check_now;

use crate::error::Error;
use crate::threads::{self, Running};

/// Maximum number of batches in the queue: enough to even out the speeds of both sides.
const WAITING: usize = 32;

/// Interval at which an idle thread checks whether the backend is about to exit.
const LOOK: Duration = Duration::from_millis(20);

/// Adds one batch of rows.
type Batch = Box<dyn FnOnce(&mut Builder) -> Result<(), Failed> + Send>;

/// A row that does not fit its query, with the query's name.
pub struct Failed(&'static str, RowError);

impl From<Failed> for Error {
    fn from(Failed(query, source): Failed) -> Self {
        Error::Row { query, source }
    }
}

type Thread = Running<Result<Box<Builder>, Failed>>;

/// The destination of rows.
pub enum Pipeline {
    Inline(Box<Builder>),
    Threaded {
        /// Dropped before `thread`, which signals the end of the rows to the thread.
        batches: Option<SyncSender<Batch>>,
        /// The channel on which buffers of rows come back for reuse: fresh memory would cost more than the work.
        emptied: (Sender<RowBuffer>, Receiver<RowBuffer>),
        thread: Option<Thread>,
    },
}

impl Pipeline {
    pub fn inline(builder: Builder) -> Self {
        Self::Inline(Box::new(builder))
    }

    /// Builds on a thread, or inline if no thread can be started.
    pub fn threaded(builder: Builder) -> Self {
        let (batches, waiting) = sync_channel::<Batch>(WAITING);
        let Ok(thread) = threads::spawn(move || work(&waiting)) else { return Self::inline(builder) };
        let begin: Batch = Box::new(move |empty| {
            *empty = builder;
            Ok(())
        });
        // If the thread has ended, the first batch of rows returns an error.
        let _ = batches.send(begin);
        Self::Threaded { batches: Some(batches), emptied: channel(), thread: Some(thread) }
    }

    /// Adds rows, and the types that occur in them for the first time; returns an empty buffer for further rows.
    pub fn add<R: Ingest>(&mut self, mut rows: RowBuffer, types: SpelledTypes) -> Result<RowBuffer, Error> {
        let add = move |builder: &mut Builder| {
            builder.add::<R>(&rows, types).map_err(|source| Failed(R::QUERY, source))?;
            rows.clear();
            Ok(rows)
        };
        let (batches, emptied, thread) = match self {
            Self::Inline(builder) => return Ok(add(builder)?),
            Self::Threaded { batches, emptied, thread } => (batches, emptied, thread),
        };
        let give_back = emptied.0.clone();
        let add_and_give_back = move |builder: &mut Builder| {
            // The receiver no longer exists once the last rows are read.
            let _ = give_back.send(add(builder)?);
            Ok(())
        };
        if batches.as_ref().is_some_and(|batches| batches.send(Box::new(add_and_give_back)).is_ok()) {
            return Ok(emptied.1.try_recv().unwrap_or_default());
        }
        // The thread has ended. It ends early only after an error.
        batches.take();
        match thread.take().map(Running::join) {
            Some(Err(failed)) => Err(failed.into()),
            Some(Ok(_)) | None => Err(Error::NoResult("the thread that builds the model")),
        }
    }

    /// Returns the builder after all rows were added.
    pub fn finish(self) -> Result<Builder, Error> {
        match self {
            Self::Inline(builder) => Ok(*builder),
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

/// Adds batches until the channel is closed.
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
