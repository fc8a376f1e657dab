//! A data file that is compressed and stored on a thread of its own, while the backend reads rows: the backend answers
//! cancellation however slow the storage is.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use pgmeta_archive::Sink;
use pgmeta_archive::manifest::DataFile;
use pgrx::check_for_interrupts;

use crate::threads::{self, Running};

/// Batches that may wait: a slow storage does not make the backend hold more.
const WAITING: usize = 8;

/// How often each side looks whether it should go on.
const LOOK: Duration = Duration::from_millis(20);
const PAUSE: Duration = Duration::from_micros(500);

enum Message {
    Batch(Vec<u8>),
    /// All is sent: so many rows.
    End(u64),
}

pub struct Pipe {
    messages: SyncSender<Message>,
    thread: Running<io::Result<DataFile>>,
}

impl Pipe {
    pub fn start(sink: Sink) -> io::Result<Self> {
        let (messages, waiting) = sync_channel(WAITING);
        let thread = threads::spawn(move || work(sink, &waiting))?;
        Ok(Self { messages, thread })
    }

    /// Sends a batch; that the thread has failed, `finish` tells.
    pub fn send(&self, batch: Vec<u8>) {
        self.deliver(Message::Batch(batch));
    }

    /// Waits until all is stored.
    pub fn finish(self, last: Vec<u8>, rows: u64) -> io::Result<DataFile> {
        self.send(last);
        self.deliver(Message::End(rows));
        self.thread.join()
    }

    fn deliver(&self, mut message: Message) {
        loop {
            match self.messages.try_send(message) {
                Err(TrySendError::Full(back)) => message = back,
                Ok(()) | Err(TrySendError::Disconnected(_)) => return,
            }
            check_for_interrupts!();
            std::thread::sleep(PAUSE);
        }
    }
}

/// Stores what comes. Unless the end is said, the backend has given up, and so has this: there is no file.
fn work(mut sink: Sink, waiting: &Receiver<Message>) -> io::Result<DataFile> {
    loop {
        match waiting.recv_timeout(LOOK) {
            Ok(Message::Batch(batch)) => sink.write(&batch)?,
            Ok(Message::End(rows)) => return sink.finish(rows),
            Err(RecvTimeoutError::Timeout) if !threads::exiting() => {}
            Err(_) => return Err(io::ErrorKind::Interrupted.into()),
        }
    }
}
