//! Where a storage is, and how it is reached: the options of a foreign server and of a user mapping, checked.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// What a storage's URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A folder of the server's file system.
    Folder(PathBuf),
    Bucket(Bucket),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    S3,
    Gs,
    Az,
}

/// A bucket, or container, of an object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub scheme: Scheme,
    pub name: String,
    /// What all keys begin with, without a slash at either end.
    pub prefix: String,
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub account_name: Option<String>,
    pub allow_http: bool,
    pub virtual_hosted_style: bool,
}

/// The keys of a user mapping, by the names of its options.
pub type Credentials = BTreeMap<String, String>;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    #[error("invalid option \"{0}\"")]
    UnknownOption(String, &'static [&'static str]),
    #[error("option \"url\" is missing")]
    NoUrl,
    #[error("URL \"{0}\" has no scheme that pgmeta stores to")]
    Scheme(String),
    #[error("URL \"{0}\" does not name a folder by its absolute path")]
    Path(String),
    #[error("URL \"{0}\" does not name a bucket and a prefix below it")]
    Bucket(String),
    #[error("option \"{0}\" is not for URLs of scheme {1}")]
    Unfit(&'static str, &'static str),
    #[error("option \"{0}\" is missing")]
    Missing(&'static str),
    #[error("option \"{0}\" is neither true nor false")]
    NotBoolean(&'static str),
    #[error("endpoint \"{0}\" is no URL of scheme https, or of http with the option allow_http")]
    Endpoint(String),
}

pub const OPTIONS: &[&str] = &["url", "endpoint", "region", "account_name", "allow_http", "virtual_hosted_style"];

impl Scheme {
    pub fn word(self) -> &'static str {
        match self {
            Scheme::S3 => "s3",
            Scheme::Gs => "gs",
            Scheme::Az => "az",
        }
    }

    /// Returns the options that a user mapping may have.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Scheme::S3 => &["access_key_id", "secret_access_key", "session_token"],
            Scheme::Gs => &["service_account_key"],
            Scheme::Az => &["account_key", "sas_token", "client_id", "client_secret", "tenant_id"],
        }
    }
}

/// The options of user mappings of all schemes: a mapping is made without its server being known.
pub const KEYS: &[&str] = &[
    "access_key_id",
    "secret_access_key",
    "session_token",
    "service_account_key",
    "account_key",
    "sas_token",
    "client_id",
    "client_secret",
    "tenant_id",
];

/// Reads the options of a server.
pub fn parse<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Location, StorageError> {
    let mut given: BTreeMap<&'static str, &str> = BTreeMap::new();
    for (name, value) in options {
        let known = OPTIONS.iter().find(|option| **option == name);
        given.insert(known.ok_or_else(|| StorageError::UnknownOption(name.to_owned(), OPTIONS))?, value);
    }
    let url = given.remove("url").ok_or(StorageError::NoUrl)?;
    match url.split_once("://") {
        Some(("file", path)) => {
            if let Some(&name) = given.keys().next() {
                return Err(StorageError::Unfit(name, "file"));
            }
            folder(url, path).map(Location::Folder)
        }
        Some(("s3", rest)) => bucket(Scheme::S3, url, rest, &given).map(Location::Bucket),
        Some(("gs", rest)) => bucket(Scheme::Gs, url, rest, &given).map(Location::Bucket),
        Some(("az", rest)) => bucket(Scheme::Az, url, rest, &given).map(Location::Bucket),
        _ => Err(StorageError::Scheme(without_secrets(url))),
    }
}

/// Reads the options of a user mapping; for no scheme, those of all.
pub fn parse_keys<'a>(
    scheme: Option<Scheme>,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Credentials, StorageError> {
    let known = scheme.map_or(KEYS, Scheme::keys);
    let mut keys = Credentials::new();
    for (name, value) in options {
        if !known.contains(&name) {
            return Err(StorageError::UnknownOption(name.to_owned(), known));
        }
        keys.insert(name.to_owned(), value.to_owned());
    }
    Ok(keys)
}

fn folder(url: &str, path: &str) -> Result<PathBuf, StorageError> {
    let folder = Path::new(path);
    let below = folder.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    if !folder.is_absolute() || !below || folder.parent().is_none() || path.contains('\0') {
        return Err(StorageError::Path(url.to_owned()));
    }
    Ok(folder.to_owned())
}

fn bucket(
    scheme: Scheme,
    url: &str,
    rest: &str,
    options: &BTreeMap<&'static str, &str>,
) -> Result<Bucket, StorageError> {
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains(['\\', '?', '#', '\0']);
    if name.is_empty() || !name.bytes().all(plain) || (!prefix.is_empty() && prefix.split('/').any(bad)) {
        return Err(StorageError::Bucket(without_secrets(url)));
    }
    for (&option, fits) in [
        ("region", scheme == Scheme::S3),
        ("virtual_hosted_style", scheme == Scheme::S3),
        ("account_name", scheme == Scheme::Az),
    ]
    .iter()
    .map(|(option, fits)| (option, *fits))
    {
        if options.contains_key(option) && !fits {
            return Err(StorageError::Unfit(option, scheme.word()));
        }
    }
    let boolean = |option: &'static str| match options.get(option).copied() {
        None | Some("false" | "off") => Ok(false),
        Some("true" | "on") => Ok(true),
        Some(_) => Err(StorageError::NotBoolean(option)),
    };
    let allow_http = boolean("allow_http")?;
    let owned = |option: &str| options.get(option).map(|value| (*value).to_owned());
    let endpoint = owned("endpoint");
    if let Some(endpoint) = &endpoint {
        let secure = endpoint.strip_prefix("https://");
        let host = secure.or(if allow_http { endpoint.strip_prefix("http://") } else { None });
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['@', '?', '#'])) {
            return Err(StorageError::Endpoint(without_secrets(endpoint)));
        }
    }
    let account_name = owned("account_name");
    if scheme == Scheme::Az && account_name.is_none() {
        return Err(StorageError::Missing("account_name"));
    }
    Ok(Bucket {
        scheme,
        name: name.to_owned(),
        prefix: prefix.to_owned(),
        endpoint,
        region: owned("region"),
        account_name,
        allow_http,
        virtual_hosted_style: boolean("virtual_hosted_style")?,
    })
}

/// What stands before an `@` or after a `?` may be a password.
fn without_secrets(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked() {
        assert_eq!(parse([("url", "file:///a/b")]), Ok(Location::Folder("/a/b".into())));
        assert_eq!(parse([]), Err(StorageError::NoUrl));
        assert_eq!(parse([("uri", "x")]), Err(StorageError::UnknownOption("uri".into(), OPTIONS)));
        assert_eq!(parse([("url", "ftp://u:secret@h/x")]), Err(StorageError::Scheme("ftp://…@h/x".into())));
        for url in ["file://a", "file:///", "file:///a/../b", "file://"] {
            assert_eq!(parse([("url", url)]), Err(StorageError::Path(url.into())));
        }
        for url in ["s3://", "s3:///x", "s3://a/../b", "gs://a//b", "s3://a/b?c", "az://a b"] {
            assert!(matches!(parse([("url", url)]), Err(StorageError::Bucket(_))), "{url}");
        }
        assert_eq!(parse([("url", "file:///a"), ("region", "x")]), Err(StorageError::Unfit("region", "file")));
    }

    #[test]
    fn buckets_have_their_options() {
        let bucket = Bucket {
            scheme: Scheme::S3,
            name: "b".into(),
            prefix: "a/c".into(),
            endpoint: None,
            region: Some("eu-1".into()),
            account_name: None,
            allow_http: false,
            virtual_hosted_style: false,
        };
        assert_eq!(parse([("url", "s3://b/a/c/"), ("region", "eu-1")]), Ok(Location::Bucket(bucket)));
        let http = ("endpoint", "http://127.0.0.1:9");
        assert!(matches!(parse([("url", "s3://b"), http]), Err(StorageError::Endpoint(_))));
        assert!(parse([("url", "s3://b"), http, ("allow_http", "true")]).is_ok());
        assert_eq!(parse([("url", "s3://b"), ("allow_http", "1")]), Err(StorageError::NotBoolean("allow_http")));
        assert_eq!(parse([("url", "az://b")]), Err(StorageError::Missing("account_name")));
        assert_eq!(parse([("url", "gs://b"), ("region", "x")]), Err(StorageError::Unfit("region", "gs")));
        assert!(parse_keys(None, [("account_key", "x")]).is_ok());
        let unknown = parse_keys(Some(Scheme::S3), [("account_key", "x")]).unwrap_err();
        assert_eq!(unknown, StorageError::UnknownOption("account_key".into(), Scheme::S3.keys()));
        let all: Vec<&str> =
            [Scheme::S3, Scheme::Gs, Scheme::Az].iter().flat_map(|scheme| scheme.keys()).copied().collect();
        assert_eq!(all, KEYS);
    }
}
