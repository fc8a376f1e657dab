//! Writing a file tree on the server. Touches no file that pgmeta did not write, and removes none for a choice of objects that is
//! not the last one's, unless it is told to. The psql script export.sql does the same on the client.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use pgmeta_core::ddl::{File, Options};

use crate::api::args::Args;
use crate::error::Error;
use crate::interrupt;
use crate::server;

/// Lists the files that pgmeta wrote, so that those of vanished objects can be told from the user's own.
const MANIFEST: &str = ".pgmeta-files";

/// Its first line.
const TITLE: &str = "# Files written by pgmeta_export_to_directory; it removes those whose objects are gone.";

/// Which objects an export is of: lines that the manifest keeps.
#[derive(Debug)]
pub struct Selection {
    lines: Vec<String>,
    /// Remove the files of other objects too.
    prune: bool,
}

impl Selection {
    pub fn of(args: &Args) -> Self {
        let list = |mut words: Vec<&str>| {
            words.sort_unstable();
            words.dedup();
            words.join(", ")
        };
        let Options { exclude, sections, cluster, own, prune, .. } = &args.options;
        let schemas = args.schemas.as_ref().map(|names| list(names.iter().map(String::as_str).collect()));
        let types = args.types.as_ref().map(|types| list(types.iter().flatten().map(String::as_str).collect()));
        let exclude = (!exclude.is_empty()).then(|| list(exclude.iter().map(String::as_str).collect()));
        let section = match sections.as_slice() {
            [first, rest @ ..] if rest.iter().all(|section| section == first) => Some(first.word().to_owned()),
            _ => None,
        };
        let said = [
            ("schemas", schemas),
            ("types", types),
            ("name_pattern", args.name_pattern.clone()),
            ("exclude", exclude),
            ("sections", section),
        ];
        let said =
            said.into_iter().filter_map(|(name, value)| Some(format!("# {name}: {}", value?.replace('\n', " "))));
        let set = [("cluster", cluster), ("self", own)];
        let set = set.into_iter().filter(|(_, set)| **set).map(|(name, _)| format!("# {name}"));
        Self { lines: said.chain(set).collect(), prune: *prune }
    }
}

/// What a folder holds of pgmeta's.
#[derive(Default)]
struct Manifest {
    paths: BTreeSet<String>,
    selection: Vec<String>,
}

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
                hint: "Pass an absolute path on the server.".into(),
            });
        }
        Ok(Self { root })
    }

    /// Brings the folder, which need not exist, to hold exactly these of pgmeta's files; returns what was done to each.
    pub fn write(&self, files: &[File], selection: &Selection) -> Result<Vec<(String, String)>, Error> {
        fs::create_dir_all(&self.root).map_err(|source| failed("create directory", &self.root, source))?;
        let Manifest { paths: before, selection: last } = self.manifest()?;
        let now: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        self.refuse_foreign(files, &before)?;
        if !selection.prune && last != selection.lines {
            self.refuse_loss(before.iter().map(String::as_str).filter(|path| !now.contains(path)))?;
        }
        let listing = |paths: &mut dyn Iterator<Item = &str>| listing(paths, &selection.lines);
        // Listed before they exist: after a crash no file is left that nobody owns.
        self.replace(MANIFEST, &listing(&mut before.iter().map(String::as_str).chain(now.iter().copied())))?;
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
        self.replace(MANIFEST, &listing(&mut now.into_iter()))?;
        actions.sort();
        Ok(actions)
    }

    /// Refuses files that pgmeta did not write, unless their content is that of the export.
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

    /// Refuses to remove files of objects that this export was not asked for.
    fn refuse_loss<'a>(&self, paths: impl Iterator<Item = &'a str>) -> Result<(), Error> {
        let mut lost = Vec::new();
        for path in paths {
            if fs::symlink_metadata(self.checked(path)?).is_ok() {
                lost.push(path.to_owned());
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

    fn manifest(&self) -> Result<Manifest, Error> {
        let path = self.root.join(MANIFEST);
        match fs::read_to_string(&path) {
            Ok(text) => {
                let (said, paths) =
                    text.lines().map(str::to_owned).partition::<Vec<_>, _>(|line| line.starts_with('#'));
                let selection = said.into_iter().filter(|line| line != TITLE).collect();
                Ok(Manifest { paths: paths.into_iter().collect(), selection })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
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

fn listing(paths: &mut dyn Iterator<Item = &str>, selection: &[String]) -> String {
    let unique: BTreeSet<&str> = paths.collect();
    let lines = [TITLE].into_iter().chain(selection.iter().map(String::as_str)).chain(unique);
    lines.map(|line| format!("{line}\n")).collect()
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Io { action, path: path.display().to_string(), source }
}
