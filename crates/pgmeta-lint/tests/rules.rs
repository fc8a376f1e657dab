//! Every rule's case, by the snapshots beside it; and the pages of docs/lint. Needs no server: the e2e test `lint::` makes the
//! snapshots. `PGMETA_ACCEPT=1` writes expected.json and the pages.

#![allow(clippy::unwrap_used, clippy::panic)]

mod cases;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cases::{Side, accepts, cases};
use pgmeta_core::model::Model;
use pgmeta_lint::{RULES, index_page, rule_page};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn rules_find_bad_and_not_good_schemas() {
    let mut wrong = Vec::new();
    for case in cases(root()) {
        for side in [Side::Bad, Side::Good] {
            let found = fs::read_to_string(case.snapshot_path(side)).map_err(|error| error.to_string());
            let model = found.and_then(|text| Model::from_json(&text).map_err(|error| error.to_string()));
            let result = model.and_then(|model| case.findings(&model, side)).and_then(|findings| match side {
                Side::Bad if findings.is_empty() => Err("no finding".to_owned()),
                Side::Bad => case.compare(&findings),
                Side::Good if findings.is_empty() => Ok(()),
                Side::Good => Err(format!("found: {}", cases::listing(&findings))),
            });
            wrong.extend(result.err().map(|error| format!("{}/{}.sql: {error}", case.rule.name, side.word())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_have_the_names_of_their_files() {
    let files = fs::read_dir(root().join("src/rules")).unwrap().map(|entry| entry.unwrap().path());
    let files: BTreeSet<String> = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let names: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).chain(["mod".to_owned()]).collect();
    assert_eq!(names, files);
    assert_eq!(names.len(), RULES.len() + 1, "a name is there twice");
}

#[test]
fn each_rule_has_a_folder_of_cases() {
    let entries = fs::read_dir(root().join("tests/rules")).unwrap();
    let folders: BTreeSet<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let with_cases = RULES.iter().filter(|rule| rule.judges_schema() || rule.judges_statements());
    let rules: BTreeSet<String> = with_cases.map(|rule| rule.name.to_owned()).collect();
    assert_eq!(folders, rules);
}

#[test]
fn findings_have_unique_cache_keys() {
    for case in cases(root()) {
        let Ok(text) = fs::read_to_string(case.snapshot_path(Side::Bad)) else { continue };
        let findings = case.findings(&Model::from_json(&text).unwrap(), Side::Bad).unwrap();
        let keys: BTreeSet<&str> = findings.iter().map(|finding| &*finding.cache_key).collect();
        assert_eq!(keys.len(), findings.len(), "{}: {keys:?}", case.rule.name);
    }
}

#[test]
fn pages_equal_the_doc_comments_of_rules() {
    let folder = root().join("../../docs/lint");
    let mut pages = vec![("README".to_owned(), index_page())];
    pages.extend(RULES.iter().map(|rule| (rule.name.to_owned(), rule_page(rule))));
    if accepts() {
        fs::create_dir_all(&folder).unwrap();
        for (name, page) in &pages {
            fs::write(folder.join(format!("{name}.md")), page).unwrap();
        }
    }
    for (name, page) in &pages {
        let found = fs::read_to_string(folder.join(format!("{name}.md"))).unwrap_or_default();
        assert!(
            found == *page,
            "docs/lint/{name}.md is not the page of the rule: run PGMETA_ACCEPT=1 cargo test -p pgmeta-lint"
        );
    }
    let files: BTreeSet<String> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let expected: BTreeSet<String> = pages.iter().map(|(name, _)| format!("{name}.md")).collect();
    assert_eq!(files, expected);
}
