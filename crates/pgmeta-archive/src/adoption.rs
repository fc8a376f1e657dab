//! Checks a manifest that was found in a storage: anybody who can write to the storage can forge one. Checks no data files:
//! `reader` does. Checks no types: only the server knows them.

use std::collections::BTreeSet;

use crate::bound;
use crate::keys::is_stem;
use crate::manifest::Manifest;

/// Longer manifests, in bytes, are not read.
pub const LONGEST: u64 = 32 << 20;

const ENDING: &str = ".manifest.json";

/// PostgreSQL's maximum length of a name, in bytes.
const NAME: usize = 63;
const COLUMNS: usize = 1600;

/// Maximum length of a key value as text: dates, times, integers and UUIDs are shorter.
const KEY: usize = 64;

/// Why a manifest is rejected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdoptionError {
    #[error("file name is not that of a manifest")]
    Location,
    #[error("manifest names a file outside of its folder: \"{0}\"")]
    File(String),
    #[error("manifest names file \"{0}\" more than once")]
    Twice(String),
    #[error("invalid name of a schema, partition or column in manifest: \"{0}\"")]
    Name(String),
    #[error("manifest names column \"{0}\" more than once")]
    Column(String),
    #[error("manifest has {0} columns")]
    Columns(usize),
    #[error("partition bound in manifest is not as the server prints it")]
    Bound,
    #[error("slice in manifest is not of a DEFAULT partition")]
    Slice,
    #[error("invalid {0} in manifest")]
    Text(&'static str),
    #[error("numbers of rows or bytes in manifest do not match")]
    Numbers,
}

/// Returns the key of a manifest without its ending.
fn whole(location: &str) -> Option<String> {
    let whole = location.strip_suffix(ENDING)?;
    let (folder, name) = whole.rsplit_once('/').map_or(("", whole), |(folder, name)| (folder, name));
    let separator = if folder.is_empty() { "" } else { "/" };
    let stem = format!("{folder}{separator}{name}");
    is_stem(&stem).then_some(stem)
}

/// Checks a manifest against its own key and for consistency; returns the stem of its files.
pub fn check(manifest: &Manifest, location: &str) -> Result<String, AdoptionError> {
    let whole = whole(location).ok_or(AdoptionError::Location)?;
    let stem = stem_of_files(manifest, &whole)?;
    let mut names = BTreeSet::new();
    for name in [&manifest.schema, &manifest.partition] {
        require_name(name)?;
    }
    if manifest.columns.len() > COLUMNS {
        return Err(AdoptionError::Columns(manifest.columns.len()));
    }
    for column in &manifest.columns {
        require_name(&column.name)?;
        if !names.insert(&column.name) {
            return Err(AdoptionError::Column(column.name.clone()));
        }
        if column.data_type.contains('\0') {
            return Err(AdoptionError::Text("column type"));
        }
    }
    for composite in &manifest.composites {
        let attributes = &composite.attributes;
        if composite.name.contains('\0') || attributes.iter().any(|attribute| attribute.data_type.contains('\0')) {
            return Err(AdoptionError::Text("column type"));
        }
        for name in attributes.iter().map(|attribute| &attribute.name) {
            require_name(name)?;
        }
    }
    if let Some(values) = &manifest.values {
        if let Some(name) = values.columns.iter().find(|name| !names.contains(name)) {
            return Err(AdoptionError::Name(name.clone()));
        }
        if !is_hex(&values.digest, 32) {
            return Err(AdoptionError::Text("digest"));
        }
    }
    if manifest.bound.as_deref().is_some_and(|text| !bound::is_printed(text)) {
        return Err(AdoptionError::Bound);
    }
    if manifest.slice.is_some() != manifest.snapshot.is_some() {
        return Err(AdoptionError::Slice);
    }
    if let (Some(slice), Some(snapshot)) = (&manifest.slice, &manifest.snapshot) {
        require_name(&slice.column)?;
        let is_key = |text: &String| (1..=KEY).contains(&text.len()) && !text.contains('\0');
        let is_snapshot = snapshot.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b','));
        if !is_key(&slice.lower)
            || !is_key(&slice.upper)
            || !is_snapshot
            || manifest.bound.as_deref() != Some("DEFAULT")
        {
            return Err(AdoptionError::Slice);
        }
    }
    let is_word = |text: &str| {
        (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !is_word(&manifest.encoding) {
        return Err(AdoptionError::Text("encoding"));
    }
    if !is_hex(&manifest.row_digest, 32) {
        return Err(AdoptionError::Text("digest"));
    }
    if manifest.ddl.contains('\0') || manifest.parent.as_deref().is_some_and(|parent| parent.contains('\0')) {
        return Err(AdoptionError::Text("DDL or parent"));
    }
    let sum = |of: fn(&crate::manifest::DataFile) -> u64| {
        let total = manifest.files.iter().try_fold(0u64, |sum, file| sum.checked_add(of(file)));
        total.filter(|total| i64::try_from(*total).is_ok()).ok_or(AdoptionError::Numbers)
    };
    sum(|file| file.bytes)?;
    if sum(|file| file.rows)? != manifest.rows {
        return Err(AdoptionError::Numbers);
    }
    Ok(stem)
}

/// Returns the stem of all files: that of the manifest's key, without the `_` that hides the manifest. Partitions could
/// have a leading `_` in their key up to version 0.1: the keys of the data files decide.
fn stem_of_files(manifest: &Manifest, whole: &str) -> Result<String, AdoptionError> {
    let (folder, name) = whole.rsplit_once('/').map_or(("", whole), |(folder, name)| (folder, name));
    let separator = if folder.is_empty() { "" } else { "/" };
    let shown = name.strip_prefix('_').map(|name| format!("{folder}{separator}{name}")).filter(|stem| is_stem(stem));
    let is_shown = |stem: &String| manifest.files.iter().all(|file| is_file_of(stem, &file.key));
    let stem = shown.filter(is_shown).unwrap_or_else(|| whole.to_owned());
    let mut seen = BTreeSet::new();
    for file in &manifest.files {
        if !is_file_of(&stem, &file.key) {
            return Err(AdoptionError::File(file.key.clone()));
        }
        if !seen.insert(&file.key) {
            return Err(AdoptionError::Twice(file.key.clone()));
        }
        if !is_hex(&file.sha256, 64) {
            return Err(AdoptionError::Text("SHA-256"));
        }
    }
    Ok(stem)
}

/// Returns whether a key is that of a data file of an attempt: stem, number (except for the first file) and ending.
fn is_file_of(stem: &str, key: &str) -> bool {
    let Some(rest) = key.strip_prefix(stem) else { return false };
    let Some((number, ending)) = rest.split_once('.') else { return false };
    let is_number = number.is_empty()
        || number
            .strip_prefix('-')
            .is_some_and(|digits| (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_number
        && (1..=32).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        && !ending.ends_with("json")
}

fn require_name(name: &str) -> Result<(), AdoptionError> {
    // A name can be longer in UTF-8 than in the encoding of its database.
    if name.is_empty() || name.len() > NAME * 4 || name.contains('\0') {
        return Err(AdoptionError::Name(name.chars().take(NAME).collect()));
    }
    Ok(())
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const AT: &str = "schema=app/table=t/t_1-1a2b3c4d-5e6f.manifest.json";

    fn manifest(change: impl FnOnce(&mut serde_json::Value)) -> Manifest {
        let mut value = serde_json::json!({
            "format_version": 1, "pgmeta_version": "0.1.0", "server_version_num": 150000, "database": "shop",
            "encoding": "UTF8", "schema": "app", "partition": "t_1", "parent": "app.t",
            "bound": "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')",
            "columns": [{"name": "id", "data_type": "integer", "kind": "int4"}],
            "ddl": "CREATE TABLE app.t_1 (id integer);", "format": "csv", "compression": "zstd", "rows": 3,
            "row_digest": "0".repeat(32), "lsn": "0/0", "written_at": "2024-03-01 00:00:00+00",
            "files": [
                {"key": "schema=app/table=t/t_1-1a2b3c4d-5e6f.csv.zst", "bytes": 10, "sha256": "a".repeat(64), "rows": 1},
                {"key": "schema=app/table=t/t_1-1a2b3c4d-5e6f-2.csv.zst", "bytes": 10, "sha256": "a".repeat(64), "rows": 2}
            ]
        });
        change(&mut value);
        Manifest::from_json(&value.to_string()).unwrap()
    }

    #[test]
    fn valid_manifests_are_accepted() {
        let stem = "schema=app/table=t/t_1-1a2b3c4d-5e6f";
        assert_eq!(check(&manifest(|_| {}), AT).as_deref(), Ok(stem));
        assert_eq!(check(&manifest(|_| {}), &AT.replace("/t_1", "/_t_1")).as_deref(), Ok(stem));
        assert_eq!(check(&manifest(|value| value["files"] = serde_json::json!([])), AT), Err(AdoptionError::Numbers));
        // The partition's name begins with `_`, and the manifest is not hidden, as in version 0.1.
        let own = manifest(|value| {
            for at in 0..2 {
                let key = value["files"][at]["key"].as_str().unwrap().replace("t_1-", "_t_1-");
                value["files"][at]["key"] = key.into();
            }
        });
        assert_eq!(check(&own, &AT.replace("/t_1", "/_t_1")).as_deref(), Ok("schema=app/table=t/_t_1-1a2b3c4d-5e6f"));
    }

    #[test]
    fn a_slice_requires_a_default_partition() {
        let slice = manifest(|value| {
            value["format_version"] = 3.into();
            value["bound"] = "DEFAULT".into();
            value["slice"] = serde_json::json!({"column": "id", "lower": "1", "upper": "9"});
            value["snapshot"] = "10:20:11,12".into();
        });
        assert_eq!(check(&slice, AT).as_deref(), Ok("schema=app/table=t/t_1-1a2b3c4d-5e6f"));
    }

    #[test]
    fn forged_manifests_are_rejected() {
        type Change = fn(&mut serde_json::Value);
        let cases: &[(Change, AdoptionError)] = &[
            (|value| value["files"][0]["key"] = "../x.csv".into(), AdoptionError::File("../x.csv".into())),
            (
                |value| value["files"][0]["key"] = "schema=app/table=t/t_2-1a2b3c4d-5e6f.csv".into(),
                AdoptionError::File("schema=app/table=t/t_2-1a2b3c4d-5e6f.csv".into()),
            ),
            (
                |value| value["files"][0]["key"] = "schema=app/table=t/t_1-1a2b3c4d-5e6f.x/../../y".into(),
                AdoptionError::File("schema=app/table=t/t_1-1a2b3c4d-5e6f.x/../../y".into()),
            ),
            (
                |value| value["files"][1]["key"] = value["files"][0]["key"].clone(),
                AdoptionError::Twice("schema=app/table=t/t_1-1a2b3c4d-5e6f.csv.zst".into()),
            ),
            (|value| value["rows"] = 4.into(), AdoptionError::Numbers),
            (|value| value["files"][0]["bytes"] = u64::MAX.into(), AdoptionError::Numbers),
            (|value| value["bound"] = "FOR VALUES IN (x', '); DROP TABLE t; --')".into(), AdoptionError::Bound),
            (
                |value| {
                    value["slice"] = serde_json::json!({"column": "id", "lower": "1", "upper": "9"});
                    value["snapshot"] = "1:1:".into();
                },
                AdoptionError::Slice,
            ),
            (
                |value| {
                    value["bound"] = "DEFAULT".into();
                    value["slice"] = serde_json::json!({"column": "id", "lower": "1", "upper": "9"});
                    value["snapshot"] = "1:1:'; --".into();
                },
                AdoptionError::Slice,
            ),
            (|value| value["snapshot"] = "1:1:".into(), AdoptionError::Slice),
            (|value| value["schema"] = "".into(), AdoptionError::Name(String::new())),
            (|value| value["partition"] = "a\0b".into(), AdoptionError::Name("a\0b".into())),
            (
                |value| {
                    let attribute = serde_json::json!({"name": "", "data_type": "integer"});
                    value["composites"] =
                        serde_json::json!([{"name": "app.pair", "columns": ["id"], "attributes": [attribute]}]);
                },
                AdoptionError::Name(String::new()),
            ),
            (|value| value["encoding"] = "x'; --".into(), AdoptionError::Text("encoding")),
            (|value| value["row_digest"] = "x".into(), AdoptionError::Text("digest")),
            (|value| value["files"][0]["sha256"] = "x".into(), AdoptionError::Text("SHA-256")),
            (
                |value| {
                    let column = value["columns"][0].clone();
                    value["columns"] = vec![column.clone(), column].into();
                },
                AdoptionError::Column("id".into()),
            ),
        ];
        for (change, why) in cases {
            assert_eq!(check(&manifest(change), AT).as_ref(), Err(why));
        }
        for at in
            ["x.manifest.json", "a/b.json", "t_1-1a2b3c4d-5e6f.manifest.json.part", "a/-1a2b3c4d-5e6f.manifest.json"]
        {
            assert_eq!(check(&manifest(|_| {}), at), Err(AdoptionError::Location), "{at}");
        }
    }
}
