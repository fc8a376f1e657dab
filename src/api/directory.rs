//! Writing a file tree on the server. Touches no file that pgmeta did not write.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use pgmeta_core::ddl::File;

use crate::error::Error;
use crate::interrupt;
use crate::server;

/// Lists the files that pgmeta wrote, so that those of vanished objects can be told from the user's own.
const MANIFEST: &str = ".pgmeta-files";

/// A folder that the caller may write to.
pub struct Target {
    root: PathBuf,
}

impl Target {
    /// Checks the caller's right and the path.
    pub fn open(directory: &str) -> Result<Self, Error> {
        if !server::may_write_files() {
            return Err(Error::Privilege("write files on the server".into()));
        }
        let root = PathBuf::from(directory);
        if !root.is_absolute() {
            return Err(Error::BadArgument {
                name: "directory",
                value: directory.to_owned(),
                hint: "Pass an absolute path; it is the server's, not the client's.".into(),
            });
        }
        Ok(Self { root })
    }

    /// Brings the folder, which need not exist, to hold exactly these of pgmeta's files; returns what was done to each.
    pub fn write(&self, files: &[File]) -> Result<Vec<(String, String)>, Error> {
        fs::create_dir_all(&self.root).map_err(|source| failed("create directory", &self.root, source))?;
        let before = self.manifest()?;
        let now: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        // Listed before they exist: after a crash no file is left that nobody owns.
        self.replace(MANIFEST, &listing(before.iter().map(String::as_str).chain(now.iter().copied())))?;
        let mut actions = Vec::with_capacity(files.len());
        for file in files {
            interrupt::look();
            actions.push((file.path.clone(), self.bring(file)?.to_owned()));
        }
        for path in before.iter().filter(|path| !now.contains(path.as_str())) {
            interrupt::look();
            if self.remove(path)? {
                actions.push((path.clone(), "deleted".to_owned()));
            }
        }
        self.replace(MANIFEST, &listing(now.into_iter()))?;
        actions.sort();
        Ok(actions)
    }

    fn bring(&self, file: &File) -> Result<&'static str, Error> {
        let path = self.checked(&file.path)?;
        match fs::read(&path) {
            Ok(content) if content == file.content.as_bytes() => Ok("unchanged"),
            Ok(_) => {
                self.replace(&file.path, &file.content)?;
                Ok("updated")
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.replace(&file.path, &file.content)?;
                Ok("created")
            }
            Err(source) => Err(failed("read", &path, source)),
        }
    }

    /// Replaces a file in one step, so that no reader sees half of it.
    fn replace(&self, relative: &str, content: &str) -> Result<(), Error> {
        let path = self.checked(relative)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| failed("create directory", folder, source))?;
        }
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        let written = fs::File::create(&temporary)
            .and_then(|mut file| file.write_all(content.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&temporary, &path));
        written.map_err(|source| {
            let _ = fs::remove_file(&temporary);
            failed("write", &path, source)
        })
    }

    /// Removes a file and the folders that it leaves empty.
    fn remove(&self, relative: &str) -> Result<bool, Error> {
        let path = self.checked(relative)?;
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(source) => return Err(failed("remove", &path, source)),
        }
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        // A folder with something else in it stays.
        let _ = folders.map(fs::remove_dir).take_while(Result::is_ok).count();
        Ok(true)
    }

    fn manifest(&self) -> Result<BTreeSet<String>, Error> {
        let path = self.root.join(MANIFEST);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
            Err(source) => Err(failed("read", &path, source)),
        }
    }

    /// Returns the path of a file in the folder; a symbolic link on the way could lead out of it.
    fn checked(&self, relative: &str) -> Result<PathBuf, Error> {
        let mut path = self.root.clone();
        for part in relative.split('/') {
            if part.is_empty() || part == "." || part == ".." {
                let source = io::Error::new(io::ErrorKind::InvalidInput, "the path leaves the directory");
                return Err(failed("use", &self.root.join(relative), source));
            }
            path.push(part);
            if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
                let source = io::Error::new(io::ErrorKind::InvalidInput, "the path is a symbolic link");
                return Err(failed("use", &path, source));
            }
        }
        Ok(path)
    }
}

fn listing<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let unique: BTreeSet<&str> = paths.collect();
    let lines: String = unique.into_iter().map(|path| format!("{path}\n")).collect();
    format!("# Files written by pgmeta_export_to_directory; it removes those whose objects are gone.\n{lines}")
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Io { action, path: path.display().to_string(), source }
}
