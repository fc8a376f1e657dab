//! Writes a sequence of zstd frames, which readers decode as one stream. A frame is compressed in one call, faster than a
//! stream: the codec does not search a ring buffer. Several threads compress frames in parallel.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

/// Maximum size of a frame's content, in bytes.
pub const FRAME: usize = 4 * 1024 * 1024;

/// Returns the size of a frame's content. At low levels it is the codec's window: a larger one is slower, because the
/// tables and the window no longer fit the CPU cache.
fn frame_of(level: i32) -> usize {
    if level < 10 { FRAME / 2 } else { FRAME }
}

/// Writes frames in the order of their content, in whatever order the threads finish.
pub(crate) struct Frames<W> {
    threads: Vec<Compressing>,
    /// Indexes of the threads that have a frame, in the order of the frames.
    busy: VecDeque<usize>,
    waiting: Vec<u8>,
    /// Size of a frame's content, in bytes.
    size: usize,
    begun: bool,
    out: W,
}

impl<W: Write> Frames<W> {
    pub fn new(out: W, level: i32, threads: usize) -> io::Result<Self> {
        let threads = (0..threads.max(1)).map(|_| Compressing::start(level)).collect::<io::Result<Vec<_>>>()?;
        Ok(Self { threads, busy: VecDeque::new(), waiting: Vec::new(), size: frame_of(level), begun: false, out })
    }

    pub fn out(&self) -> &W {
        &self.out
    }

    pub fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(self.size - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
            if self.waiting.len() == self.size {
                self.send()?;
            }
        }
        Ok(())
    }

    /// Writes the remaining frames. An empty file gets one empty frame, so that it is valid zstd.
    pub fn finish(mut self) -> io::Result<W> {
        if !self.waiting.is_empty() || !self.begun {
            self.send()?;
        }
        while let Some(first) = self.busy.pop_front() {
            let done = self.threads[first].wait()?;
            self.out.write_all(&done.frame)?;
        }
        Ok(self.out)
    }

    /// Passes the collected bytes to an idle thread, or else to the thread with the oldest frame.
    fn send(&mut self) -> io::Result<()> {
        self.begun = true;
        let full = std::mem::take(&mut self.waiting);
        if self.busy.len() < self.threads.len() {
            let idle = (0..self.threads.len()).find(|at| !self.busy.contains(at)).unwrap_or(0);
            self.busy.push_back(idle);
            self.waiting.reserve_exact(self.size);
            return self.threads[idle].send(full);
        }
        let Some(first) = self.busy.pop_front() else { return Ok(()) };
        let done = self.threads[first].wait()?;
        // The thread compresses the next frame while the finished one is written.
        self.threads[first].send(full)?;
        self.busy.push_back(first);
        self.waiting = done.emptied;
        self.out.write_all(&done.frame)
    }
}

struct Done {
    frame: Vec<u8>,
    /// The buffer of the frame's content, for reuse.
    emptied: Vec<u8>,
}

/// A thread that compresses one frame after another. It ends when this value is dropped.
struct Compressing {
    frames: Option<SyncSender<Vec<u8>>>,
    done: Receiver<io::Result<Done>>,
    thread: Option<JoinHandle<()>>,
}

impl Compressing {
    fn start(level: i32) -> io::Result<Self> {
        let mut compressor = Compressor::new(level)?;
        compressor.include_checksum(true)?;
        let (frames, waiting) = sync_channel::<Vec<u8>>(1);
        let (sender, done) = sync_channel(1);
        let work = move || {
            for bytes in waiting {
                if sender.send(compressed(&mut compressor, bytes)).is_err() {
                    break;
                }
            }
        };
        let thread = Builder::new().name("pgmeta zstd".into()).spawn(work).map_err(no_thread)?;
        Ok(Self { frames: Some(frames), done, thread: Some(thread) })
    }

    fn send(&self, bytes: Vec<u8>) -> io::Result<()> {
        let sent = self.frames.as_ref().is_some_and(|frames| frames.send(bytes).is_ok());
        if sent { Ok(()) } else { Err(ended()) }
    }

    fn wait(&self) -> io::Result<Done> {
        self.done.recv().map_err(|_| ended())?
    }
}

impl Drop for Compressing {
    fn drop(&mut self) {
        self.frames = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn ended() -> io::Error {
    io::Error::other("a thread that compresses has ended")
}

fn compressed(compressor: &mut Compressor<'_>, mut bytes: Vec<u8>) -> io::Result<Done> {
    let mut frame = Vec::with_capacity(compress_bound(bytes.len()));
    compressor.compress_to_buffer(&bytes, &mut frame)?;
    bytes.clear();
    Ok(Done { frame, emptied: bytes })
}

/// Replaces the error of a thread that could not start: the system reports the lack of resources with several errors.
pub(crate) fn no_thread(_: io::Error) -> io::Error {
    io::ErrorKind::OutOfMemory.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A writer that fails after so many bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|at| u8::try_from(at * at % 251).unwrap()).collect()
    }

    #[test]
    fn frames_decode_as_one_stream_in_order() {
        let size = frame_of(1);
        for length in [0, 1, size - 1, size, size + 1, 5 * size + 17] {
            let original = bytes(length);
            let mut files = Vec::new();
            for threads in [1, 2, 3, 8] {
                let mut frames = Frames::new(Vec::new(), 1, threads).unwrap();
                original.chunks(1_000_003).for_each(|part| frames.write_all(part).unwrap());
                files.push(frames.finish().unwrap());
            }
            assert!(!files[0].is_empty() && files.iter().all(|file| *file == files[0]));
            assert!(zstd::decode_all(files[0].as_slice()).unwrap() == original, "{length}");
        }
    }

    #[test]
    fn errors_end_the_threads() {
        let original = bytes(5 * FRAME);
        let mut frames = Frames::new(Full(0), 1, 3).unwrap();
        let written = frames.write_all(&original).and_then(|()| frames.finish());
        assert_eq!(written.err().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
        let mut given_up = Frames::new(Vec::new(), 1, 2).unwrap();
        given_up.write_all(&original).unwrap();
    }
}
