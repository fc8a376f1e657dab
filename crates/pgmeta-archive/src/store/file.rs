//! Files below a folder. A file is written under a temporary name, flushed to disk, and then linked to its name, which
//! fails if that exists.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::interface::{ObjectWriter, Store};

pub struct FileStore {
    folder: PathBuf,
}

impl FileStore {
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn path(&self, key: &str) -> io::Result<PathBuf> {
        let bad = |part: &str| part.is_empty() || part == "." || part == "..";
        if key.split('/').any(bad) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("invalid key \"{key}\"")));
        }
        Ok(self.folder.join(key))
    }

    /// Returns an error if the storage's own folder does not exist.
    fn require_folder(&self) -> io::Result<()> {
        let name =
            |error: io::Error| io::Error::new(error.kind(), format!("folder \"{}\": {error}", self.folder.display()));
        fs::metadata(&self.folder).map(drop).map_err(name)
    }
}

impl Store for FileStore {
    fn create(&self, key: &str) -> io::Result<Box<dyn ObjectWriter>> {
        let path = self.path(key)?;
        let parent = path.parent().unwrap_or(&self.folder).to_owned();
        self.require_folder()?;
        fs::create_dir_all(&parent)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = parent.join(format!(".{name}.part"));
        let file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        let inner = BufWriter::with_capacity(256 * 1024, file);
        Ok(Box::new(FileWriter { inner, beside, path, folder: self.folder.clone() }))
    }

    fn open(&self, key: &str) -> io::Result<Box<dyn BufRead + Send>> {
        Ok(Box::new(BufReader::with_capacity(256 * 1024, File::open(self.path(key)?)?)))
    }

    fn size(&self, key: &str) -> io::Result<u64> {
        Ok(fs::metadata(self.path(key)?)?.len())
    }

    fn read_at(&self, key: &str, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        File::open(self.path(key)?)?.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        match fs::remove_file(self.path(key)?) {
            // If the folder of the storage is missing (not mounted, for example), its files may still exist.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.require_folder(),
            other => other,
        }
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        let (folder, name) = prefix.rsplit_once('/').map_or(("", prefix), |(folder, name)| (folder, name));
        let path = if folder.is_empty() { self.folder.clone() } else { self.path(folder)? };
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?.file_name().to_string_lossy().into_owned();
            let own = entry.strip_prefix('.').filter(|rest| rest.ends_with(".part")).unwrap_or(&entry);
            if own.starts_with(name) {
                found.push(if folder.is_empty() { entry } else { format!("{folder}/{entry}") });
            }
        }
        Ok(found)
    }

    fn walk(&self, prefix: &str, visit: &mut dyn FnMut(&str) -> bool) -> io::Result<()> {
        self.require_folder()?;
        let (folder, _) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            let path = if folder.is_empty() { self.folder.clone() } else { self.path(&folder)? };
            let entries = match fs::read_dir(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            for entry in entries {
                let entry = entry?;
                // A name that is not UTF-8 cannot be a key. Links may lead out of the storage or form cycles.
                let (Ok(own), kind) = (entry.file_name().into_string(), entry.file_type()?) else { continue };
                let key = if folder.is_empty() { own } else { format!("{folder}/{own}") };
                if !key.starts_with(prefix) {
                    continue;
                }
                if kind.is_dir() {
                    waiting.push(key);
                } else if kind.is_file() && !visit(&key) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

struct FileWriter {
    inner: BufWriter<File>,
    beside: PathBuf,
    path: PathBuf,
    folder: PathBuf,
}

impl Write for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl ObjectWriter for FileWriter {
    fn commit(mut self: Box<Self>) -> io::Result<()> {
        self.inner.flush()?;
        self.inner.get_ref().sync_all()?;
        fs::hard_link(&self.beside, &self.path)?;
        // Flush every folder that may be new, so that the names survive a crash.
        for folder in self.path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.folder)) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.beside);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn files_appear_completely_and_never_overwrite() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::new(folder.path());
        let mut pending = store.create("a/b/c").unwrap();
        pending.write_all(b"text").unwrap();
        assert!(store.open("a/b/c").is_err());
        pending.commit().unwrap();
        let mut text = String::new();
        store.open("a/b/c").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), store.size("a/b/c").unwrap()), ("text", 4));
        assert_eq!(store.create("a/b/c").unwrap().commit().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        drop(store.create("a/b/d").unwrap());
        let names: Vec<_> =
            fs::read_dir(folder.path().join("a/b")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["c"]);
        let keys = |prefix: &str| {
            let mut keys = Vec::new();
            store.walk(prefix, &mut |key| {
                keys.push(key.to_owned());
                true
            })?;
            keys.sort();
            io::Result::Ok(keys)
        };
        store.create("x").unwrap().commit().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/link")).unwrap();
        assert_eq!(keys("").unwrap(), ["a/b/c", "x"]);
        assert_eq!(keys("a/").unwrap(), ["a/b/c"]);
        assert_eq!(keys("a/b/c").unwrap(), ["a/b/c"]);
        assert_eq!(keys("a/c").unwrap(), [""; 0]);
        assert_eq!(keys("../").unwrap_err().kind(), io::ErrorKind::InvalidInput);
        store.delete("a/b/c").unwrap();
        for key in ["../x", "/x", "a//b", ""] {
            assert_eq!(store.create(key).err().unwrap().kind(), io::ErrorKind::InvalidInput);
        }
        let none = FileStore::new(&folder.path().join("none"));
        assert_eq!(none.create("x").err().unwrap().kind(), io::ErrorKind::NotFound);
        assert_eq!(none.delete("x").err().unwrap().kind(), io::ErrorKind::NotFound);
        assert_eq!(none.walk("", &mut |_| true).err().unwrap().kind(), io::ErrorKind::NotFound);
    }
}
