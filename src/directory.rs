//! Writes a file tree on the server. Changes only files that pgmeta wrote. Removes files of another selection of objects
//! only with the option `prune`. The psql script export.sql does the same on the client.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use pgmeta_core::ddl::{File, MANIFEST, Manifest};

use crate::error::Error;
use crate::interrupt;
use crate::server;

/// A folder that the caller may write to.
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Opens the folder that an argument names.
    pub fn of_argument(directory: Option<&str>) -> Result<Self, Error> {
        Self::open(directory.ok_or_else(|| Error::BadArgument {
            name: "directory",
            value: "NULL".into(),
            hint: "Pass the absolute path of a folder on the server.".into(),
        })?)
    }

    /// Checks the caller's privilege and the path.
    fn open(directory: &str) -> Result<Self, Error> {
        if !server::may_write_files() {
            return Err(Error::Privilege("write files on the server".into()));
        }
        let root = PathBuf::from(directory);
        if !root.is_absolute() {
            return Err(Error::BadArgument {
                name: "directory",
                value: directory.to_owned(),
                hint: "Pass an absolute path on the server.".into(),
            });
        }
        Ok(Self { root })
    }

    /// Writes the files, creates the folder if necessary, and removes old files of pgmeta; returns the action for each
    /// file. `selection`: describes the exported objects. `prune`: remove files of other objects too.
    pub fn write(&self, files: &[File], selection: Vec<String>, prune: bool) -> Result<Vec<(String, String)>, Error> {
        fs::create_dir_all(&self.root).map_err(|source| failed("create directory", &self.root, source))?;
        let Manifest { paths: before, selection: last } = self.manifest()?;
        let now: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
        self.refuse_foreign(files, &before)?;
        if !prune && last != selection {
            self.refuse_loss(before.difference(&now))?;
        }
        let mut manifest = Manifest { paths: before.union(&now).cloned().collect(), selection };
        // Write the manifest first: after a crash every file is listed in it.
        self.replace(MANIFEST, &manifest.to_text())?;
        let mut actions = Vec::with_capacity(files.len());
        for file in files {
            interrupt::look();
            actions.push((file.path.clone(), self.bring(file)?.to_owned()));
        }
        for path in before.difference(&now) {
            interrupt::look();
            if self.remove(path)? {
                actions.push((path.clone(), "deleted".to_owned()));
            }
        }
        manifest.paths = now;
        self.replace(MANIFEST, &manifest.to_text())?;
        actions.sort();
        Ok(actions)
    }

    /// Returns an error if a file exists that pgmeta did not write and that has another content.
    fn refuse_foreign(&self, files: &[File], own: &BTreeSet<String>) -> Result<(), Error> {
        let mut foreign = Vec::new();
        for file in files.iter().filter(|file| !own.contains(&file.path)) {
            interrupt::look();
            let path = self.checked(&file.path)?;
            let same = || fs::read(&path).is_ok_and(|content| content == file.content.as_bytes());
            if fs::symlink_metadata(&path).is_ok() && !same() {
                foreign.push(path.display().to_string());
            }
        }
        if foreign.is_empty() { Ok(()) } else { Err(Error::ForeignFiles(foreign)) }
    }

    /// Returns an error if files of objects outside of the selection would be removed.
    fn refuse_loss<'a>(&self, paths: impl Iterator<Item = &'a String>) -> Result<(), Error> {
        let mut lost = Vec::new();
        for path in paths {
            if fs::symlink_metadata(self.checked(path)?).is_ok() {
                lost.push(path.clone());
            }
        }
        if lost.is_empty() { Ok(()) } else { Err(Error::FilesOfOthers(lost)) }
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

    /// Replaces a file atomically, so that no reader sees a part of it.
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

    /// Removes a file, and its folders if they are empty.
    fn remove(&self, relative: &str) -> Result<bool, Error> {
        let path = self.checked(relative)?;
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(source) => return Err(failed("remove", &path, source)),
        }
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        // A folder with other files stays.
        let _ = folders.map(fs::remove_dir).take_while(Result::is_ok).count();
        Ok(true)
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        let path = self.root.join(MANIFEST);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Manifest::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
            Err(source) => Err(failed("read", &path, source)),
        }
    }

    /// Returns the path of a file in the folder; an error if a symbolic link could lead out of it.
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

fn failed(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Io { action, path: path.display().to_string(), source }
}
