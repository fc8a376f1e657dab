//! Checks the options of a foreign server and of a user mapping: the location of a storage and its keys.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The location that a storage's URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A folder on the server.
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
    /// The prefix of all keys, without a slash at either end.
    pub prefix: String,
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub account_name: Option<String>,
    pub allow_http: bool,
    pub virtual_hosted_style: bool,
}

/// The options of a user mapping: name and value.
pub type Credentials = BTreeMap<String, String>;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    #[error("invalid option \"{0}\"")]
    UnknownOption(String, &'static [&'static str]),
    #[error("option \"url\" is required")]
    NoUrl,
    #[error("unsupported URL scheme in \"{0}\"")]
    Scheme(String),
    #[error("URL \"{0}\" does not name a folder by its absolute path")]
    Path(String),
    #[error("URL \"{0}\" does not name a bucket and a prefix below it")]
    Bucket(String),
    #[error("option \"{0}\" is not supported for scheme \"{1}\"")]
    UnsupportedOption(&'static str, &'static str),
    #[error("option \"{0}\" is required")]
    Missing(&'static str),
    #[error("option \"{0}\" requires a Boolean value")]
    NotBoolean(&'static str),
    #[error("user mapping does not have the keys for scheme \"{}\"", .0.word())]
    Keys(Scheme),
    /// The value is not shown: it is a key.
    #[error("invalid value for option \"{0}\"")]
    Key(&'static str),
    #[error("endpoint \"{0}\" must be an https URL")]
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

    /// Returns the sets of keys: a user mapping must have one complete set. With an incomplete set, a client would use the
    /// credentials of the machine.
    pub fn sets(self) -> &'static [&'static [&'static str]] {
        match self {
            Scheme::S3 => &[&["access_key_id", "secret_access_key"]],
            Scheme::Gs => &[&["service_account_key"]],
            Scheme::Az => &[&["account_key"], &["sas_token"], &["client_id", "client_secret", "tenant_id"]],
        }
    }
}

/// The options of user mappings for all schemes: when a mapping is created, the scheme of its server is unknown.
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

/// Reads the options of a foreign server.
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
                return Err(StorageError::UnsupportedOption(name, "file"));
            }
            folder(url, path).map(Location::Folder)
        }
        Some(("s3", rest)) => bucket(Scheme::S3, url, rest, &given).map(Location::Bucket),
        Some(("gs", rest)) => bucket(Scheme::Gs, url, rest, &given).map(Location::Bucket),
        Some(("az", rest)) => bucket(Scheme::Az, url, rest, &given).map(Location::Bucket),
        _ => Err(StorageError::Scheme(without_secrets(url))),
    }
}

/// Reads the options of a user mapping. Without a scheme, accepts those of all schemes.
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
        let value = match name {
            "service_account_key" => service_account(value)?,
            "tenant_id" if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) => {
                return Err(StorageError::Key("tenant_id"));
            }
            _ => value.to_owned(),
        };
        keys.insert(name.to_owned(), value);
    }
    if let Some(scheme) = scheme {
        let has = |name: &&str| keys.get(*name).is_some_and(|value| !value.is_empty());
        if !scheme.sets().iter().any(|set| set.iter().all(has)) {
            return Err(StorageError::Keys(scheme));
        }
    }
    Ok(keys)
}

/// Reduces the key of a service account to the parts that sign requests. Other parts could lead the client to another
/// address, or make it skip signatures.
fn service_account(key: &str) -> Result<String, StorageError> {
    const PARTS: [&str; 3] = ["client_email", "private_key", "private_key_id"];
    let bad = || StorageError::Key("service_account_key");
    let given: serde_json::Map<String, serde_json::Value> = serde_json::from_str(key).map_err(|_| bad())?;
    let mut made = serde_json::Map::new();
    for part in PARTS {
        let text =
            given.get(part).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty()).ok_or_else(bad)?;
        made.insert(part.to_owned(), text.into());
    }
    Ok(serde_json::Value::Object(made).to_string())
}

/// Returns the texts that no message may contain: the keys, and the parts of them that a store may repeat.
pub fn secrets(keys: &Credentials) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (name, value) in keys {
        all.push(value.clone());
        match name.as_str() {
            "sas_token" => {
                let parts = value.trim_start_matches('?').split('&').filter_map(|part| part.split_once('='));
                for (_, signature) in parts.filter(|(name, _)| name.eq_ignore_ascii_case("sig")) {
                    all.extend([signature.to_owned(), decoded(signature)]);
                }
            }
            "service_account_key" => {
                let key: BTreeMap<String, String> = serde_json::from_str(value).unwrap_or_default();
                for part in ["private_key", "private_key_id"].iter().filter_map(|part| key.get(*part)) {
                    all.extend([part.clone(), part.replace('\n', "\\n")]);
                    // An answer can have other line ends.
                    all.extend(part.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned));
                }
            }
            _ => {}
        }
        all.push(encoded(value));
    }
    all.retain(|secret| !secret.is_empty());
    // If a secret contains another one, the longer one is masked first.
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all.dedup();
    all
}

/// Decodes percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(code) if byte == b'%' => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Encodes a text for a URL.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
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
            return Err(StorageError::UnsupportedOption(option, scheme.word()));
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

/// Masks text before an `@` and after a `?`: it may be a password.
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
    fn invalid_urls_are_errors() {
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
        assert_eq!(
            parse([("url", "file:///a"), ("region", "x")]),
            Err(StorageError::UnsupportedOption("region", "file"))
        );
    }

    #[test]
    fn each_scheme_has_its_own_options() {
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
        assert_eq!(parse([("url", "gs://b"), ("region", "x")]), Err(StorageError::UnsupportedOption("region", "gs")));
        assert!(parse_keys(None, [("account_key", "x")]).is_ok());
        let unknown = parse_keys(Some(Scheme::S3), [("account_key", "x")]).unwrap_err();
        assert_eq!(unknown, StorageError::UnknownOption("account_key".into(), Scheme::S3.keys()));
        let all: Vec<&str> =
            [Scheme::S3, Scheme::Gs, Scheme::Az].iter().flat_map(|scheme| scheme.keys()).copied().collect();
        assert_eq!(all, KEYS);
    }
    /// Configuration keys of the clients in object_store 0.14, for all clouds and the connection.
    const CONFIGURATION: &[&str] = &[
        "access_key",
        "access_key_id",
        "account_key",
        "account_name",
        "allow_http",
        "allow_invalid_certificates",
        "application_credentials",
        "authority_host",
        "authority_id",
        "base_url",
        "bearer_token",
        "bucket",
        "bucket_name",
        "checksum_algorithm",
        "client_id",
        "client_secret",
        "conditional_put",
        "connect_timeout",
        "container_name",
        "container_authorization_token_file",
        "container_credentials_full_uri",
        "container_credentials_relative_uri",
        "copy_if_not_exists",
        "credential_type",
        "credentials",
        "default_content_type",
        "default_region",
        "disable_bulk_delete",
        "disable_oauth",
        "disable_tagging",
        "encryption_key",
        "endpoint",
        "endpoint_url",
        "endpoint_url_s3",
        "endpoint_url_sts",
        "fabric_cluster_identifier",
        "fabric_session_token",
        "fabric_token_service_url",
        "fabric_workload_host",
        "federated_token_file",
        "gcs_base_url",
        "http1_only",
        "http2_only",
        "identity_endpoint",
        "imdsv1_fallback",
        "master_key",
        "metadata_endpoint",
        "msi_endpoint",
        "msi_resource_id",
        "object_id",
        "proxy_ca_certificate",
        "proxy_excludes",
        "proxy_url",
        "region",
        "request_payer",
        "role_arn",
        "role_session_name",
        "s3_express",
        "sas_key",
        "sas_token",
        "secret_access_key",
        "server_side_encryption",
        "service_account",
        "service_account_key",
        "service_account_path",
        "session_token",
        "skip_signature",
        "sse_bucket_key_enabled",
        "sse_customer_key_base64",
        "sse_kms_key_id",
        "tenant_id",
        "timeout",
        "token",
        "unsigned_payload",
        "use_azure_cli",
        "use_emulator",
        "use_fabric_endpoint",
        "user_agent",
        "virtual_hosted_style_request",
        "web_identity_token_file",
    ];

    /// Other parts of the keys of service accounts, and further keys that Google's libraries support.
    const PARTS: &[&str] = &[
        "auth_provider_x509_cert_url",
        "auth_uri",
        "client_x509_cert_url",
        "delegates",
        "project_id",
        "quota_project_id",
        "refresh_token",
        "service_account_impersonation_url",
        "token_uri",
        "token_url",
        "type",
        "universe_domain",
    ];

    const ACCOUNT: &str = "\"client_email\": \"a\", \"private_key\": \"b\", \"private_key_id\": \"c\"";

    #[test]
    fn a_user_mapping_accepts_keys_only() {
        for name in CONFIGURATION {
            for prefix in ["", "aws_", "AWS_", "azure_", "azure_storage_", "google_"] {
                let name = format!("{prefix}{name}");
                let is_key = KEYS.contains(&name.as_str());
                for scheme in [None, Some(Scheme::S3), Some(Scheme::Gs), Some(Scheme::Az)] {
                    let read = parse_keys(scheme, [(name.as_str(), "http://127.0.0.1:1/")]);
                    let refused = matches!(read, Err(StorageError::UnknownOption(..)));
                    let known = is_key && scheme.is_none_or(|scheme| scheme.keys().contains(&name.as_str()));
                    assert_eq!(refused, !known, "{name} {scheme:?}");
                }
            }
        }
    }

    #[test]
    fn service_account_keys_are_reduced_to_signing_parts() {
        for name in CONFIGURATION.iter().chain(PARTS) {
            for value in ["\"http://127.0.0.1:1\"", "true", "null", "{}"] {
                for key in
                    [format!("{{\"{name}\": {value}, {ACCOUNT}}}"), format!("{{{ACCOUNT}, \"{name}\": {value}}}")]
                {
                    let keys = parse_keys(Some(Scheme::Gs), [("service_account_key", key.as_str())]).unwrap();
                    let made: BTreeMap<String, String> = serde_json::from_str(&keys["service_account_key"]).unwrap();
                    assert_eq!(made.keys().collect::<Vec<_>>(), ["client_email", "private_key", "private_key_id"]);
                }
            }
        }
        for key in
            ["", "x", "[]", "{}", "{\"client_email\": \"a\", \"private_key\": \"SECRET\"}", "{\"private_key\": 1}"]
        {
            let error = parse_keys(None, [("service_account_key", key)]).unwrap_err();
            assert_eq!(error, StorageError::Key("service_account_key"));
            assert!(!error.to_string().contains("SECRET"));
        }
        let tenant = |id| parse_keys(None, [("tenant_id", id)]).is_ok();
        assert!(tenant("72f988bf-86f1-41af-91ab-2d7cd011db47") && tenant("company.example"));
        assert!(!tenant("../x") && !tenant("x/y") && !tenant("x?y") && !tenant("@h"));
    }

    /// With an incomplete set of keys, a client would ask the machine's metadata service.
    #[test]
    fn incomplete_keys_are_errors() {
        for scheme in [Scheme::S3, Scheme::Gs, Scheme::Az] {
            let keys = scheme.keys();
            for chosen in 0..1_u32 << keys.len() {
                let given: Vec<&str> =
                    keys.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0).map(|(_, key)| *key).collect();
                let account = format!("{{{ACCOUNT}}}");
                let value = |name: &str| if name == "service_account_key" { account.as_str() } else { "x" };
                let read = parse_keys(Some(scheme), given.iter().map(|name| (*name, value(name))));
                let whole = scheme.sets().iter().any(|set| set.iter().all(|key| given.contains(key)));
                assert_eq!(read.is_ok(), whole, "{given:?}");
                let names = given.iter().copied().filter(|name| *name != "service_account_key");
                let empty = parse_keys(Some(scheme), names.map(|name| (name, "")));
                assert_eq!(empty, Err(StorageError::Keys(scheme)));
            }
        }
    }

    #[test]
    fn parts_of_keys_are_secrets() {
        let account = "{\"client_email\": \"mail\", \"private_key\": \"BEGIN\\nKEY\", \"private_key_id\": \"number\"}";
        let keys = parse_keys(
            None,
            [("sas_token", "?sv=1&se=2&sig=a%2Bb%3D"), ("service_account_key", account), ("account_key", "x+/=")],
        )
        .unwrap();
        let secrets = secrets(&keys);
        for secret in
            ["a%2Bb%3D", "a+b=", "sv=1&se=2&sig=a%2Bb%3D", "BEGIN\nKEY", "BEGIN\\nKEY", "number", "x+/=", "x%2B%2F%3D"]
        {
            assert!(secrets.iter().any(|known| known.contains(secret)), "{secret} {secrets:?}");
        }
        assert!(!secrets.iter().any(|secret| secret == "mail" || secret.is_empty()));
        assert!(secrets.is_sorted_by(|a, b| a.len() >= b.len()));
    }
}
