//! The model being built from rows beside the reading of further rows: on a thread of its own for whole schemas, at once
//! for single objects. Reads nothing.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use pgmeta_core::rows::{AddTo, Builder, RowError, SpelledTypes};

use crate::error::Error;
use crate::threads;

/// Batches of rows that may wait: enough that neither side stands still for the other's pauses.
const WAITING: usize = 32;

/// Adds one batch of rows.
type Batch = Box<dyn FnOnce(&mut Builder) -> Result<(), Failed> + Send>;

/// A row that does not fit, and the query that it is from.
pub struct Failed(&'static str, RowError);

impl From<Failed> for Error {
    fn from(Failed(query, source): Failed) -> Self {
        Error::Row { query, source }
    }
}

/// Where rows go.
pub enum Assembly {
    Here(Box<Builder>),
    Beside {
        /// Taken to tell the thread that no more comes.
        batches: Option<SyncSender<Batch>>,
        thread: Option<JoinHandle<Result<Box<Builder>, Failed>>>,
    },
}

impl Assembly {
    pub fn here(builder: Builder) -> Self {
        Self::Here(Box::new(builder))
    }

    /// Builds beside; here where no thread is to be had.
    pub fn beside(builder: Builder) -> Self {
        let (batches, waiting) = sync_channel::<Batch>(WAITING);
        let work = move || {
            let mut builder = Box::<Builder>::default();
            waiting.into_iter().try_for_each(|batch| batch(&mut builder)).map(|()| builder)
        };
        let Ok(thread) = threads::spawn("pgmeta model", work) else { return Self::here(builder) };
        let begin: Batch = Box::new(move |empty| {
            *empty = builder;
            Ok(())
        });
        // Should the thread be gone already, the first rows will tell.
        let _ = batches.send(begin);
        Self::Beside { batches: Some(batches), thread: Some(thread) }
    }

    /// Adds rows, with the types that they name for the first time.
    pub fn add<R: AddTo>(&mut self, rows: Vec<R>, types: SpelledTypes) -> Result<(), Error> {
        let add = move |builder: &mut Builder| builder.add(rows, types).map_err(|source| Failed(R::QUERY, source));
        match self {
            Self::Here(builder) => Ok(add(builder)?),
            Self::Beside { batches: Some(batches), .. } if batches.send(Box::new(add)).is_ok() => Ok(()),
            // The thread has ended, which it does early for an error only.
            Self::Beside { batches, thread } => {
                batches.take();
                joined(thread).and(Err(Error::Spi(0)))
            }
        }
    }

    /// Returns the builder when all rows are in it.
    pub fn finish(mut self) -> Result<Builder, Error> {
        match &mut self {
            Self::Here(builder) => Ok(std::mem::take(builder)),
            Self::Beside { batches, thread } => {
                batches.take();
                joined(thread)
            }
        }
        .map(|builder| *builder)
    }
}

impl Drop for Assembly {
    /// Ends the thread before what it works on goes, also while an error unwinds.
    fn drop(&mut self) {
        if let Self::Beside { batches, thread } = self {
            batches.take();
            let _ = joined(thread);
        }
    }
}

fn joined(thread: &mut Option<JoinHandle<Result<Box<Builder>, Failed>>>) -> Result<Box<Builder>, Error> {
    match thread.take().map(JoinHandle::join) {
        Some(Ok(result)) => Ok(result?),
        // A panic is a bug: let it show as one, on the backend's own thread.
        Some(Err(panic)) if !std::thread::panicking() => std::panic::resume_unwind(panic),
        Some(Err(_)) | None => Err(Error::Spi(0)),
    }
}
