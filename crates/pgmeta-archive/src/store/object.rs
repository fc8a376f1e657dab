//! Objects in a bucket. Large objects are uploaded in parts, some in parallel; small ones in one request that fails if the
//! key exists. Runs requests on its own threads; checks for cancellation while it waits.

use std::future::Future;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Error, ObjectStore as Client, ObjectStoreExt, PutMode, PutOptions, WriteMultipart};
use tokio::runtime::{Builder, Handle, Runtime};

use super::cloud;
use super::error::StoreError;
use super::interface::{CancelCheck, ObjectWriter, Store, StoreOptions};
use crate::error_class::ErrorClass;
use crate::storage::{Bucket, Credentials, secrets};

/// Minimum size of a part: stores require 5 MiB.
const PART: usize = 6 * MIB;
const MIB: usize = 1024 * 1024;
/// Stores allow 10,000 parts of equal size (except the last). Less than that, because a file may exceed its expected size.
const MOST_PARTS: u64 = 9_000;
/// Number of parts that are uploaded at the same time.
const PARTS: usize = 2;
/// Interval at which waits check for cancellation.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// Time limit for aborting an upload at the store.
const ABORT_TIMEOUT: Duration = Duration::from_millis(600);

pub struct ObjectStore {
    shared: Arc<Shared>,
    prefix: String,
}

struct Shared {
    client: Arc<dyn Client>,
    /// Created by the first request: its threads inherit the signal mask of that thread.
    runtime: Mutex<Option<Runtime>>,
    stop: CancelCheck,
    secrets: Vec<String>,
}

impl ObjectStore {
    pub fn new(bucket: &Bucket, keys: Option<&Credentials>, options: &StoreOptions) -> io::Result<Self> {
        // Fails only if it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let secrets = keys.map(secrets).unwrap_or_default();
        let client = cloud::client(bucket, keys, options.timeout);
        let client = client.map_err(|error| failure(&error, &secrets))?;
        let shared = Shared { client, runtime: Mutex::new(None), stop: Arc::clone(&options.stop), secrets };
        Ok(Self { shared: Arc::new(shared), prefix: bucket.prefix.clone() })
    }

    fn path(&self, key: &str) -> io::Result<Path> {
        let bad = |part: &str| part.is_empty() || part == "." || part == "..";
        if key.split('/').any(bad) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("invalid key \"{key}\"")));
        }
        let separator = if self.prefix.is_empty() { "" } else { "/" };
        Path::parse(format!("{}{separator}{key}", self.prefix))
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))
    }
}

impl Shared {
    fn handle(&self) -> io::Result<Handle> {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        match &*runtime {
            Some(runtime) => Ok(runtime.handle().clone()),
            None => {
                let made = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
                Ok(runtime.insert(made).handle().clone())
            }
        }
    }

    /// Waits for an answer until the caller cancels.
    fn wait<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> io::Result<T> {
        let stopped = async {
            while !(self.stop)() {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        let both = async {
            let (answer, stopped) = (std::pin::pin!(answer), std::pin::pin!(stopped));
            match futures_util::future::select(answer, stopped).await {
                futures_util::future::Either::Left((answer, _)) => {
                    answer.map_err(|error| failure(&error, &self.secrets))
                }
                futures_util::future::Either::Right(_) => Err(given_up()),
            }
        };
        Ok(self.handle()?.block_on(both)?)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let runtime = self.runtime.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = runtime.take() {
            runtime.shutdown_timeout(Duration::from_millis(200));
        }
    }
}

fn given_up() -> StoreError {
    StoreError { class: ErrorClass::Interrupted, message: "the request was given up".into() }
}

/// Converts the error of a client, without keys that a store's answer may repeat.
fn failure(error: &Error, secrets: &[String]) -> StoreError {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let text = error.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        source = error.source();
    }
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let class = match error {
        Error::NotFound { .. } => ErrorClass::Missing,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => ErrorClass::Permission,
        Error::InvalidPath { .. } | Error::UnknownConfigurationKey { .. } | Error::NotSupported { .. } => {
            ErrorClass::Configuration
        }
        Error::Generic { .. }
            if says(&["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "403 Forbidden"]) =>
        {
            ErrorClass::Permission
        }
        Error::Generic { .. } if says(&["error sending request", "timed out", "Connect", "connection"]) => {
            ErrorClass::Network
        }
        _ => ErrorClass::Storage,
    };
    for secret in secrets {
        message = message.replace(secret.as_str(), "…");
    }
    StoreError { class, message: shortened(&message) }
}

/// Shortens a message: answers of stores can be pages of XML, and the query of a URL can contain a signature.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 600;
    let plain = |word: &str| match word.split_once('?') {
        Some((url, _)) if url.contains("://") => url.to_owned(),
        _ => word.to_owned(),
    };
    let mut message = message.split_whitespace().map(plain).collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(at);
        message.push('…');
    }
    message
}

impl Store for ObjectStore {
    fn create(&self, key: &str) -> io::Result<Box<dyn ObjectWriter>> {
        self.create_large(key, 0)
    }

    fn create_large(&self, key: &str, bytes: u64) -> io::Result<Box<dyn ObjectWriter>> {
        let path = self.path(key)?;
        let part = part_for(bytes);
        Ok(Box::new(PartWriter { shared: Arc::clone(&self.shared), path, part, waiting: Vec::new(), upload: None }))
    }

    fn open(&self, key: &str) -> io::Result<Box<dyn BufRead + Send>> {
        let path = self.path(key)?;
        let client = Arc::clone(&self.shared.client);
        let stream = self.shared.wait(async { Ok(client.get(&path).await?.into_stream()) })?;
        let reader = Reader { shared: Arc::clone(&self.shared), stream, chunk: Bytes::new() };
        Ok(Box::new(BufReader::with_capacity(256 * 1024, reader)))
    }

    fn read_at(&self, key: &str, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let path = self.path(key)?;
        let bytes = self.shared.wait(self.shared.client.get_range(&path, start..start + length as u64))?;
        Ok(bytes.into())
    }

    fn size(&self, key: &str) -> io::Result<u64> {
        let path = self.path(key)?;
        Ok(self.shared.wait(self.shared.client.head(&path))?.size)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        let path = self.path(key)?;
        match self.shared.wait(self.shared.client.delete(&path)) {
            Err(error) if ErrorClass::of_io(&error) == ErrorClass::Missing => Ok(()),
            other => other,
        }
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        // Stores list by folder.
        let (folder, _) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let below = [self.prefix.as_str(), folder].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>();
        let path = Path::parse(below.join("/")).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let found = self.shared.client.list(Some(&path)).map_ok(|object| object.location.to_string());
        let found: Vec<String> = self.shared.wait(found.try_collect())?;
        let own = |key: &String| {
            let key = key.strip_prefix(self.prefix.as_str())?;
            let key = key.strip_prefix('/').unwrap_or(key);
            key.starts_with(prefix).then(|| key.to_owned())
        };
        Ok(found.iter().filter_map(own).collect())
    }

    fn walk(&self, prefix: &str, visit: &mut dyn FnMut(&str) -> bool) -> io::Result<()> {
        let (folder, _) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let below = [self.prefix.as_str(), folder].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>();
        let path = Path::parse(below.join("/")).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let mut found = self.shared.client.list(Some(&path));
        while let Some(object) = self.shared.wait(found.try_next())? {
            let key = object.location.as_ref();
            let key = key.strip_prefix(self.prefix.as_str()).map(|key| key.strip_prefix('/').unwrap_or(key));
            if let Some(key) = key.filter(|key| key.starts_with(prefix))
                && !visit(key)
            {
                break;
            }
        }
        Ok(())
    }
}

/// Returns the size of the parts for an object of this size.
fn part_for(bytes: u64) -> usize {
    let needed = usize::try_from(bytes.div_ceil(MOST_PARTS)).unwrap_or(usize::MAX);
    needed.div_ceil(MIB).saturating_mul(MIB).max(PART)
}

struct PartWriter {
    shared: Arc<Shared>,
    path: Path,
    /// Size of a part in bytes.
    part: usize,
    waiting: Vec<u8>,
    upload: Option<WriteMultipart>,
}

impl PartWriter {
    fn send(&mut self) -> io::Result<()> {
        let part = Bytes::from(std::mem::take(&mut self.waiting));
        let (shared, path) = (Arc::clone(&self.shared), &self.path);
        let upload = match self.upload.take() {
            Some(upload) => upload,
            None => {
                let begun = shared.wait(shared.client.put_multipart(path))?;
                WriteMultipart::new_with_chunk_size(begun, self.part)
            }
        };
        // Stored before the wait, so that a cancelled wait aborts the upload.
        let upload = self.upload.insert(upload);
        shared.wait(upload.wait_for_capacity(PARTS))?;
        let handle = shared.handle()?;
        let _inside = handle.enter();
        upload.put(part);
        Ok(())
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.part - self.waiting.len();
        let taken = bytes.len().min(room);
        if self.waiting.capacity() == 0 && self.upload.is_some() {
            self.waiting.reserve_exact(self.part);
        }
        self.waiting.extend_from_slice(&bytes[..taken]);
        if self.waiting.len() == self.part {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ObjectWriter for PartWriter {
    fn commit(mut self: Box<Self>) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        if self.upload.is_none() {
            let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            let whole = Bytes::from(std::mem::take(&mut self.waiting));
            let put = shared.client.put_opts(&self.path, whole.into(), options);
            return shared.wait(put).map(drop);
        }
        if !self.waiting.is_empty() {
            self.send()?;
        }
        if let Some(upload) = &mut self.upload {
            // If a part failed, the upload is aborted on drop; `finish` would consume it.
            shared.wait(upload.wait_for_capacity(0))?;
        }
        match self.upload.take() {
            Some(upload) => shared.wait(upload.finish()).map(drop),
            None => Ok(()),
        }
    }
}

impl Drop for PartWriter {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        if let Ok(handle) = self.shared.handle() {
            let _ = handle.block_on(async { tokio::time::timeout(ABORT_TIMEOUT, upload.abort()).await });
        }
    }
}

struct Reader {
    shared: Arc<Shared>,
    stream: BoxStream<'static, Result<Bytes, Error>>,
    chunk: Bytes,
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            let next = self.stream.next();
            match self.shared.wait(async { next.await.transpose() })? {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let taken = into.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut into[..taken]);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_size_keeps_the_number_of_parts_below_the_limit() {
        assert_eq!(part_for(0), PART);
        assert_eq!(part_for(4 << 30), PART);
        for size in [50 << 30, 100 << 30, 1 << 40, 5 << 40] {
            let part = part_for(size);
            assert!((size + size / 10).div_ceil(part as u64) <= 10_000, "{size}: {part}");
            assert_eq!(part % MIB, 0);
        }
    }

    #[test]
    fn errors_contain_no_keys_or_signatures() {
        let source = "Error performing PUT https://h/c/x?sv=2021&sig=ab%2Fc in 3ms - refused: <Id>AKID</Id>";
        let error = Error::Generic { store: "X", source: source.into() };
        let text = failure(&error, &["AKID".to_owned()]).to_string();
        assert_eq!(text, "Generic X error: Error performing PUT https://h/c/x in 3ms - refused: <Id>…</Id>");
        assert!(shortened(&"x ".repeat(1000)).chars().count() < 700);
    }
}
