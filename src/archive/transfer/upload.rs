//! Compresses and stores data files on a thread, while the backend reads rows. So the backend can be cancelled even if the
//! storage is slow.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use pgmeta_archive::digest::RowDigest;
use pgmeta_archive::manifest::DataFile;
use pgmeta_archive::{Batch, DataFileWriter, FileOptions, WriteProgress};

use crate::archive::records::progress;
use crate::archive::transfer::store_client::{CancelOnDrop, StoreClient};
use crate::guc;
use crate::interrupt;
use crate::memory;
use crate::threads::{self, Running};

/// The queue may use 1/QUEUE_FRACTION of `pgmeta.archive_memory`; the compressor and the upload buffers use the rest.
const QUEUE_FRACTION: usize = 8;

/// Interval at which each side checks whether to stop.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
const PAUSE: Duration = Duration::from_micros(500);

enum Message {
    Batch(Batch),
    /// There are no more batches.
    End,
}

type Outcome = io::Result<(Vec<DataFile>, RowDigest)>;

pub struct Uploader {
    messages: SyncSender<Message>,
    /// Dropped before the thread, which is joined when it is dropped.
    guard: CancelOnDrop,
    thread: Running<Outcome>,
    written: Arc<WriteProgress>,
}

impl Uploader {
    /// `stem`: the prefix of the keys of the files.
    pub fn start(client: &StoreClient, stem: &str, options: FileOptions) -> io::Result<Self> {
        let (messages, waiting) = sync_channel(match options.format.is_stream() {
            true => guc::archive_memory() / QUEUE_FRACTION / Batch::RECORDS,
            // A group is filled while the previous one is written.
            false => 0,
        });
        let written = Arc::new(WriteProgress::default());
        let files = DataFileWriter::new(client.store(), stem.to_owned(), options, Arc::clone(&written));
        let guard = client.guard();
        let stop = guard.cancel_check();
        let thread = threads::spawn(move || work(files, &waiting, stop))?;
        Ok(Self { messages, guard, thread, written })
    }

    /// Sends a batch. Errors of the thread are returned by `finish`.
    pub fn send(&self, batch: Batch) {
        self.deliver(Message::Batch(batch));
        progress::written(self.written.rows.load(Ordering::Relaxed), self.written.bytes.load(Ordering::Relaxed));
    }

    /// Waits until all is stored.
    pub fn finish(self, last: Batch) -> Outcome {
        self.send(last);
        self.deliver(Message::End);
        self.guard.wait(self.thread)
    }

    fn deliver(&self, mut message: Message) {
        loop {
            match self.messages.try_send(message) {
                Err(TrySendError::Full(back)) => message = back,
                Ok(()) | Err(TrySendError::Disconnected(_)) => return,
            }
            interrupt::look();
            std::thread::sleep(PAUSE);
        }
    }
}

/// Stores the batches. Without a final message the backend has failed, and this returns an error: there is no file.
fn work(mut files: DataFileWriter, waiting: &Receiver<Message>, stop: impl Fn() -> bool) -> Outcome {
    loop {
        let message = waiting.recv_timeout(POLL_INTERVAL);
        match message {
            _ if stop() => break,
            Ok(Message::Batch(batch)) => {
                let is_group = matches!(batch, Batch::Columns { .. });
                files.write(batch)?;
                // A row group uses much memory, which the allocator would otherwise keep.
                if is_group {
                    memory::give_back();
                }
            }
            Ok(Message::End) => return files.finish(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Err(io::ErrorKind::Interrupted.into())
}
