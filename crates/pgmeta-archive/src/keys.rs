//! Keys (names) of the files of one archive: data files, and the manifest beside them, which readers of folders ignore.

use crate::template::escaped;

const MANIFEST: &str = ".manifest.json";

/// Returns the prefix of the keys of an attempt's data files. It is unique to the attempt.
pub fn stem(folder: &str, partition: &str, attempt: &str) -> String {
    let separator = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{separator}{}-{attempt}", escaped(partition))
}

/// Returns the key of an attempt's manifest. Spark, Hive, Athena, Trino and pyarrow ignore files with a leading `_`.
pub fn manifest(stem: &str) -> String {
    format!("{}{MANIFEST}", hidden(stem))
}

/// Returns whether a key is a manifest's. Up to version 0.1 manifests had no leading `_`.
pub fn is_manifest(key: &str) -> bool {
    key.strip_suffix(MANIFEST).is_some_and(|rest| {
        let (folder, name) = rest.rsplit_once('/').map_or(("", rest), |(folder, name)| (folder, name));
        is_stem(&format!("{folder}/{}", name.strip_prefix('_').unwrap_or(name)))
    })
}

/// Returns the prefixes of the keys of all files of an attempt.
pub fn prefixes(stem: &str) -> [String; 2] {
    [stem.to_owned(), hidden(stem)]
}

/// Returns whether a text is the stem of exactly one attempt: it ends with the attempt's ID, `-xxxxxxxx-xxxx`. Code that
/// deletes all keys of a stem must check this first.
pub fn is_stem(text: &str) -> bool {
    let hex = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut parts = text.rsplitn(3, '-');
    parts.next().is_some_and(|part| hex(part, 4))
        && parts.next().is_some_and(|part| hex(part, 8))
        && parts.next().is_some_and(|name| !name.is_empty() && !name.ends_with('/'))
}

fn hidden(stem: &str) -> String {
    match stem.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_{name}"),
        None => format!("_{stem}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_identifies_one_attempt() {
        assert!(is_stem("schema=s/table=a.b/a.b-1a2b3c4d-5e6f"));
        for text in [
            "",
            "schema=s/table=a",
            "a-1a2b3c4d",
            "-1a2b3c4d-5e6f",
            "x/-1a2b3c4d-5e6f",
            "a-1a2b3c4d-5e6",
            "a-1a2b3c4d-5e6f.csv",
        ] {
            assert!(!is_stem(text), "{text}");
        }
    }

    #[test]
    fn manifests_have_names_that_folder_readers_ignore() {
        for (folder, partition, expected) in [
            ("a/b", "t", "a/b/_t-1a2b3c4d-5e6f.manifest.json"),
            ("", "t", "_t-1a2b3c4d-5e6f.manifest.json"),
            ("a", "_t", "a/_%5Ft-1a2b3c4d-5e6f.manifest.json"),
        ] {
            let stem = stem(folder, partition, "1a2b3c4d-5e6f");
            assert!(is_stem(&stem), "{stem}");
            let key = manifest(&stem);
            assert_eq!(key, expected);
            assert!(is_manifest(&key) && prefixes(&stem).iter().any(|prefix| key.starts_with(prefix)), "{key}");
            // A data file is never hidden.
            assert!(!stem.rsplit('/').next().is_some_and(|name| name.starts_with(['_', '.'])), "{stem}");
        }
    }

    #[test]
    fn old_manifest_names_are_recognized() {
        assert!(is_manifest("schema=s/table=t/t-1a2b3c4d-5e6f.manifest.json"));
        assert!(is_manifest("t-1a2b3c4d-5e6f.manifest.json"));
        for key in
            ["t/manifest.json", "t-1a2b3c4d-5e6f.parquet", "other.manifest.json", "_-1a2b3c4d-5e6f.manifest.json"]
        {
            assert!(!is_manifest(key), "{key}");
        }
    }
}
