//! Golden folders: a snapshot and its text and losses in each dialect. PGMETA_ACCEPT=1 writes them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use pgmeta_core::model::Model;
use pgmeta_dialect::{Dialect, Options, Output, convert};
use serde_json::Value;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn snapshot(folder: &Path) -> Model {
    let own = folder.join("snapshot.json");
    // The fixtures of the repository are not copied.
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/fixtures/snapshots/{name}.json"));
    Model::from_json(&fs::read_to_string(if own.exists() { own } else { shared }).unwrap()).unwrap()
}

fn losses(output: &Output) -> String {
    let line = |own: &pgmeta_dialect::Loss| {
        format!("{} | {} | {} | {}\n", own.path, own.feature, own.action.word(), own.detail)
    };
    output.losses.iter().map(|own| line(own).replace("\n", " ") + "\n").collect()
}

#[test]
fn every_folder_is_as_expected() {
    let mut folders: Vec<PathBuf> = fs::read_dir(golden()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let model = snapshot(&folder);
        let options = match fs::read_to_string(folder.join("options.json")) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => Value::Object(serde_json::Map::new()),
        };
        let options = Options::from_value(&options).unwrap();
        for dialect in Dialect::ALL {
            let output = convert(&model, dialect, &options);
            for (file, text) in [("sql", output.sql.clone()), ("losses.txt", losses(&output))] {
                let path = folder.join(format!("{}.{file}", dialect.word()));
                if std::env::var_os("PGMETA_ACCEPT").is_some() {
                    fs::write(&path, text).unwrap();
                    continue;
                }
                let expected = fs::read_to_string(&path).unwrap_or_default();
                assert_eq!(text, expected, "{}: accept with PGMETA_ACCEPT=1", path.display());
            }
        }
    }
}
