//! Checks the sources of catalog queries for each major version: they use nothing that the major lacks, and every
//! `{{name}}` has an entry. The queries themselves run in the tests of each major.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Outcome, repository};

#[path = "../../../src/catalog/version_differences.rs"]
mod version_differences;

use version_differences::{DIFFERENCES, adapt};

/// The placeholders of each query that has any.
const USES: &[(&str, &[&str])] = &[
    ("collations", &["collicurules", "colllocale"]),
    (
        "columns",
        &[
            "attstattarget",
            "join_not_null",
            "not_null_local",
            "not_null_name",
            "not_null_no_inherit",
            "not_null_oid",
            "not_null_valid",
        ],
    ),
    ("constraints", &["condition", "conenforced", "confdelsetcols", "conperiod"]),
    ("coverage", &["parameter_acl", "parameter_acl_class", "publication_namespace"]),
    ("databases", &["daticurules", "datlocale", "datlocprovider"]),
    ("defaults", &["default", "relations_in_scope"]),
    ("dependencies", &["generated_columns"]),
    ("index_statistics", &["last_scan"]),
    ("indexes", &["attstattarget", "indnullsnotdistinct", "predicate"]),
    ("parameter_privileges", &["parameter_acl"]),
    ("publication_tables", &["prattrs", "prqual"]),
    ("publications", &["pg_publication_namespace", "pubgencols"]),
    ("role_memberships", &["granted_through", "inherit_option", "membership_oid", "set_option"]),
    ("roles", &["password_hidden", "rolpassword"]),
    ("sequences", &["partial"]),
    ("statistics_objects", &["stxstattarget"]),
    (
        "subscriptions",
        &[
            "subconninfo",
            "subdisableonerr",
            "subfailover",
            "suborigin",
            "subpasswordrequired",
            "subrunasowner",
            "substream",
            "subtwophasestate",
        ],
    ),
    ("view_relations", &["join_not_null", "not_null_valid"]),
];

/// Names in the queries that are new in a major version.
const NEW: &[(u32, &[&str])] = &[
    (
        15,
        &[
            "indnullsnotdistinct",
            "confdelsetcols",
            "prqual",
            "prattrs",
            "pg_publication_namespace",
            "pnpubid",
            "pnnspid",
            "pg_parameter_acl",
            "parname",
            "paracl",
            "datlocprovider",
            "subtwophasestate",
            "subdisableonerr",
            "pg_get_publication_tables",
            "has_parameter_privilege",
        ],
    ),
    (
        16,
        &[
            "collicurules",
            "daticurules",
            "subpasswordrequired",
            "subrunasowner",
            "suborigin",
            "inherit_option",
            "set_option",
        ],
    ),
    (17, &["colllocale", "datlocale", "subfailover", "dathasloginevt"]),
    (18, &["conenforced", "conperiod", "pubgencols", "relallfrozen"]),
];

/// Names that a major version no longer has.
const GONE: &[(u32, &[&str])] = &[(17, &["colliculocale", "daticulocale"])];

fn queries() -> Result<BTreeMap<String, String>> {
    let mut queries = BTreeMap::new();
    for entry in fs::read_dir(repository().join("src/catalog/queries"))? {
        let path = entry?.path();
        let name = path.file_stem().context("a file without a name")?.to_string_lossy().into_owned();
        queries.insert(name, fs::read_to_string(&path)?);
    }
    Ok(queries)
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let found = text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0));
    found.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).collect()
}

/// Returns the placeholders that depend on the caller's privileges or the reader's choice, not on the major.
fn guarded() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (file, words) in [("column_privileges.rs", &["name: \""][..]), ("query_options.rs", &["name: \"", "put(\""])] {
        let source = fs::read_to_string(repository().join("src/catalog").join(file))?;
        let entries = words
            .iter()
            .flat_map(|word| source.split(word).skip(1))
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
        names.extend(entries);
    }
    Ok(names)
}

fn words(sql: &str) -> BTreeSet<&str> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect()
}

#[test]
fn every_placeholder_is_listed() -> Outcome {
    let queries = queries()?;
    let found: Vec<(&str, Vec<&str>)> = queries
        .iter()
        .map(|(name, text)| (name.as_str(), placeholders(text).into_iter().collect::<Vec<_>>()))
        .filter(|(_, names)| !names.is_empty())
        .collect();
    let listed: Vec<(&str, Vec<&str>)> = USES.iter().map(|(name, names)| (*name, names.to_vec())).collect();
    ensure!(found == listed, "the queries use:\n{found:#?}");
    Ok(())
}

#[test]
fn every_placeholder_has_an_entry_and_every_entry_is_used() -> Outcome {
    let queries = queries()?;
    let guarded = guarded()?;
    let mut used: BTreeSet<&str> = queries.values().flat_map(|text| placeholders(text)).collect();
    used.extend(
        DIFFERENCES.iter().flat_map(|difference| [difference.then, difference.otherwise]).flat_map(placeholders),
    );
    let known: BTreeSet<&str> = DIFFERENCES.iter().map(|difference| difference.name).collect();
    ensure!(known.len() == DIFFERENCES.len(), "a name has two entries");
    let missing: Vec<_> = used.iter().filter(|name| !known.contains(*name) && !guarded.contains(**name)).collect();
    ensure!(missing.is_empty(), "no entry for {missing:?}");
    let unused: Vec<_> = known.difference(&used).collect();
    ensure!(unused.is_empty(), "no query uses {unused:?}");
    Ok(())
}

#[test]
fn no_query_uses_names_that_a_major_lacks() -> Outcome {
    let guarded = guarded()?;
    for major in 14..=18 {
        for (name, text) in &queries()? {
            let sql = adapt(text, major * 10_000);
            let left: Vec<_> = placeholders(&sql).into_iter().filter(|name| !guarded.contains(*name)).collect();
            ensure!(left.is_empty(), "{name} on {major}: {left:?}");
            // The expression for a missing catalog defines names for its columns.
            let defined: BTreeSet<&str> =
                sql.split(" AS ").skip(1).map(|rest| rest.split([',', ' ', '\n', ')']).next().unwrap_or("")).collect();
            let words = words(&sql);
            let absent = |list: &[&'static str]| -> Vec<&'static str> {
                list.iter().copied().filter(|word| words.contains(word) && !defined.contains(word)).collect()
            };
            for (since, list) in NEW.iter().filter(|(since, _)| *since > major) {
                ensure!(absent(list).is_empty(), "{name} on {major}: {:?}, which came with {since}", absent(list));
            }
            for (until, list) in GONE.iter().filter(|(until, _)| *until <= major) {
                ensure!(absent(list).is_empty(), "{name} on {major}: {:?}, which went with {until}", absent(list));
            }
        }
    }
    Ok(())
}
