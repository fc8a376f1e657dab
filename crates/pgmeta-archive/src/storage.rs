//! Where a storage is: the options of a foreign server, checked.

use std::path::{Component, Path, PathBuf};

/// A folder of the server's file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    pub folder: PathBuf,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    #[error("invalid option \"{0}\"")]
    UnknownOption(String),
    #[error("option \"url\" is missing")]
    NoUrl,
    #[error("URL \"{0}\" has no scheme that pgmeta stores to")]
    Scheme(String),
    #[error("URL \"{0}\" does not name a folder by its absolute path")]
    Path(String),
}

pub const OPTIONS: &[&str] = &["url"];

/// Reads the options of a server.
pub fn parse<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Location, StorageError> {
    let mut url = None;
    for (name, value) in options {
        match name {
            "url" => url = Some(value),
            other => return Err(StorageError::UnknownOption(other.to_owned())),
        }
    }
    let url = url.ok_or(StorageError::NoUrl)?;
    let path = url.strip_prefix("file://").ok_or_else(|| StorageError::Scheme(without_secrets(url)))?;
    let folder = Path::new(path);
    let below = folder.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    if !folder.is_absolute() || !below || folder.parent().is_none() || path.contains('\0') {
        return Err(StorageError::Path(url.to_owned()));
    }
    Ok(Location { folder: folder.to_owned() })
}

/// What stands before an `@` may be a password.
fn without_secrets(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked() {
        assert_eq!(parse([("url", "file:///a/b")]), Ok(Location { folder: "/a/b".into() }));
        assert_eq!(parse([]), Err(StorageError::NoUrl));
        assert_eq!(parse([("uri", "x")]), Err(StorageError::UnknownOption("uri".into())));
        assert_eq!(parse([("url", "ftp://u:secret@h/x")]), Err(StorageError::Scheme("ftp://…@h/x".into())));
        for url in ["file://a", "file:///", "file:///a/../b", "file://"] {
            assert_eq!(parse([("url", url)]), Err(StorageError::Path(url.into())));
        }
    }
}
