//! What SQL dialects can do, and since which version. The facts are in the files beside, each with its sources.

use serde::Serialize;

/// A dialect: its name, its facts, and the numbers of versions that are called otherwise.
struct Dialect {
    name: &'static str,
    facts: &'static str,
    /// What a version calls itself, and by which number facts name it.
    numbers: &'static [(u32, u32)],
}

const DIALECTS: [Dialect; 4] = [
    Dialect { name: "postgresql", facts: include_str!("postgresql.txt"), numbers: &[] },
    Dialect { name: "sqlite", facts: include_str!("sqlite.txt"), numbers: &[] },
    Dialect { name: "mysql", facts: include_str!("mysql.txt"), numbers: &[] },
    Dialect {
        name: "mssql",
        facts: include_str!("mssql.txt"),
        numbers: &[
            (8, 2000),
            (9, 2005),
            (10, 2008),
            (11, 2012),
            (12, 2014),
            (13, 2016),
            (14, 2017),
            (15, 2019),
            (16, 2022),
            (17, 2025),
        ],
    },
];

/// A feature, as a row of `pgmeta_capabilities`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Capability {
    /// The feature.
    pub feature: &'static str,
    /// Whether the dialect supports it in the version.
    pub supported: bool,
    /// The first version that supports it. `None`: all of them, or none.
    pub since: Option<&'static str>,
    /// What is to be known about it.
    pub note: Option<&'static str>,
}

/// Why there are no capabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CapabilityError {
    /// No dialect has the name.
    UnknownDialect,
    /// The text is not the number of a version.
    InvalidVersion,
}

/// Returns the names of all dialects.
pub fn dialects() -> impl Iterator<Item = &'static str> {
    DIALECTS.iter().map(|dialect| dialect.name)
}

/// Returns what a dialect can do in a version, by default in the newest one, in the order of the facts.
pub fn capabilities(dialect: &str, version: Option<&str>) -> Result<Vec<Capability>, CapabilityError> {
    let dialect = DIALECTS.iter().find(|own| own.name.eq_ignore_ascii_case(dialect.trim()));
    let dialect = dialect.ok_or(CapabilityError::UnknownDialect)?;
    let wanted = version
        .map(|text| dialect.numbered(numbers(text)?))
        .map_or(Ok(None), |found| found.map(Some).ok_or(CapabilityError::InvalidVersion))?;
    let lines = dialect.facts.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.filter_map(|line| capability(line, wanted.as_deref())).collect())
}

impl Dialect {
    /// Returns a version by the number that facts name it.
    fn numbered(&self, mut version: Vec<u32>) -> Option<Vec<u32>> {
        let first = version.first_mut()?;
        if let Some((_, number)) = self.numbers.iter().find(|(own, _)| own == first) {
            *first = *number;
        }
        Some(version)
    }
}

fn capability(line: &'static str, wanted: Option<&[u32]>) -> Option<Capability> {
    let mut parts = line.split(" | ");
    let (feature, since) = (parts.next()?, parts.next()?);
    let note = parts.next();
    let (supported, since) = match since {
        "always" => (true, None),
        "no" => (false, None),
        since => {
            (wanted.is_none_or(|wanted| numbers(since).is_some_and(|least| is_at_least(wanted, &least))), Some(since))
        }
    };
    Some(Capability { feature, supported, since, note })
}

/// Returns whether a version is another one or later. A number that a version leaves out may be any: `8.0` has what came with
/// `8.0.16`.
fn is_at_least(version: &[u32], least: &[u32]) -> bool {
    for (at, least) in least.iter().enumerate() {
        match version.get(at) {
            Some(own) if own == least => {}
            Some(own) => return own > least,
            None => return true,
        }
    }
    true
}

/// Reads the number of a version, such as `15`, `3.8.2`, `15.18 (Debian 15.18-1)`, `8.0.36-0ubuntu0.22.04.1` or `19beta1`.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let text = text.trim_start();
    let number = &text[..text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len())];
    number.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn supported(dialect: &str, version: Option<&str>, feature: &str) -> bool {
        capabilities(dialect, version).unwrap().iter().find(|own| own.feature == feature).unwrap().supported
    }

    #[test]
    fn every_dialect_knows_the_same_features() {
        let features = |dialect: &str| -> Vec<&str> {
            capabilities(dialect, None).unwrap().iter().map(|own| own.feature).collect()
        };
        let known = features("postgresql");
        assert!(known.len() >= 50, "{}", known.len());
        for dialect in dialects() {
            assert_eq!(features(dialect), known, "{dialect}");
            let facts = DIALECTS.iter().find(|own| own.name == dialect).unwrap().facts;
            assert!(facts.lines().any(|line| line.starts_with("# Sources: https://")), "{dialect}");
            assert_eq!(facts.lines().filter(|line| !line.starts_with('#')).count(), known.len(), "{dialect}");
        }
    }

    #[test]
    fn every_version_of_the_facts_is_a_number() {
        for dialect in dialects() {
            let all = capabilities(dialect, None).unwrap();
            assert!(all.iter().filter_map(|own| own.since).all(|since| numbers(since).is_some()), "{dialect}");
        }
    }

    #[test]
    fn capabilities_depend_on_the_version() {
        assert!(supported("postgresql", None, "temporal_keys"));
        assert!(!supported("postgresql", Some("15.18 (Debian 15.18-1.pgdg12+1)"), "temporal_keys"));
        assert!(
            supported("PostgreSQL", Some("15"), "nulls_not_distinct")
                && !supported("postgresql", Some("14.9"), "nulls_not_distinct")
        );
        assert!(
            !supported("sqlite", Some("3.8.1"), "common_table_expressions")
                && supported("sqlite", Some("3.40.1"), "common_table_expressions")
        );
        assert!(
            supported("mysql", Some("8.0"), "check_constraints")
                && !supported("mysql", Some("8.0.15"), "check_constraints")
        );
        for version in ["8.0.36-0ubuntu0.22.04.1", "8.0.29-21", "8.4.0-log"] {
            assert!(supported("mysql", Some(version), "check_constraints"), "{version}");
        }
        assert!(!supported("mysql", Some("5.7.44-log"), "window_functions"));
        assert!(supported("postgresql", Some("19beta1"), "temporal_keys"));
        assert!(
            supported("mssql", Some("13.0.5026"), "row_level_security")
                && !supported("mssql", Some("2014"), "row_level_security")
        );
    }

    #[test]
    fn unknown_dialects_and_versions_are_errors() {
        assert_eq!(capabilities("oracle", None), Err(CapabilityError::UnknownDialect));
        for version in ["", "new", "8.x", "-1"] {
            assert_eq!(capabilities("mysql", Some(version)), Err(CapabilityError::InvalidVersion), "{version}");
        }
    }
}
