//! Reads and decodes stored records on a thread, while the backend loads them into a table. So the backend can be cancelled
//! even if the storage is slow.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, TrySendError, sync_channel};
use std::time::Duration;

use pgmeta_archive::VerifyError;
use pgmeta_archive::store::Store;

use crate::archive::policy::storage::failed;
use crate::archive::transfer::store_client::{CancelOnDrop, StoreClient};
use crate::archive::transfer::verify::Flaw;
use crate::error::Error;
use crate::interrupt;
use crate::threads::{self, Running};

/// Maximum number of batches in the queue.
const WAITING: usize = 4;
const PAUSE: Duration = Duration::from_micros(200);

/// The records of one file.
pub struct Downloader {
    key: String,
    batches: Receiver<Vec<u8>>,
    /// Dropped before the thread, which is joined when it is dropped.
    running: Option<(CancelOnDrop, Running<Result<(), VerifyError>>)>,
}

impl Downloader {
    /// Starts a thread that passes batches on until the receiver accepts no more.
    pub fn start(
        client: &StoreClient,
        key: &str,
        read: impl FnOnce(&Arc<dyn Store>, &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), VerifyError> + Send + 'static,
    ) -> Result<Self, Error> {
        let (sender, batches) = sync_channel::<Vec<u8>>(WAITING);
        let store = client.store();
        let guard = client.guard();
        let stop = guard.cancel_check();
        let thread = threads::spawn(move || {
            read(&store, &mut |mut batch| {
                loop {
                    match sender.try_send(batch) {
                        Ok(()) => return true,
                        Err(TrySendError::Full(back)) if !stop() => batch = back,
                        Err(_) => return false,
                    }
                    std::thread::sleep(PAUSE);
                }
            })
        });
        let thread = thread.map_err(failed("read", key))?;
        Ok(Self { key: key.to_owned(), batches, running: Some((guard, thread)) })
    }

    /// Returns the next batch; `None` at the end.
    pub fn next_batch(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.wait_for_next().map_err(|error| Flaw::of(&self.key, error).error(&self.key))
    }

    fn wait_for_next(&mut self) -> Result<Option<Vec<u8>>, VerifyError> {
        loop {
            interrupt::look();
            match self.batches.try_recv() {
                Ok(batch) => return Ok(Some(batch)),
                Err(TryRecvError::Empty) => std::thread::sleep(PAUSE),
                Err(TryRecvError::Disconnected) => {
                    return match self.running.take() {
                        Some((guard, thread)) => guard.wait(thread).map(|()| None),
                        None => Ok(None),
                    };
                }
            }
        }
    }
}
