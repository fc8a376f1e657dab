//! A plan as the files of a migration tool, up and down. Decides nothing about the plan: the steps determine the statements, their
//! order and their transactions.
//!
//! All formats keep these rules: the statements of one transaction run in one; a statement outside of transactions runs outside; a
//! transaction is committed before the next begins; timeouts are those of the steps; and the server gets the tokens of the
//! statements, whatever their names, literals, bodies and comments contain: see `hide`. A tool that has one transaction for each
//! file, or records only whole files, gets one file for each transaction, so that a failed migration continues where it failed.
//!
//! Up and down share such files: the reverse plan begins in the newest file and continues in the older ones, so that reverting all of
//! them, newest first, runs it in its order. They are still one migration: the reverse plan has no state in which some of its files
//! are reverted.

mod batches;
mod dbmate;
mod flyway;
mod golang_migrate;
mod goose;
mod hide;
mod liquibase;
mod plain;
mod sqitch;

use crate::ddl::File;
use crate::file_name::slug;
use crate::plan::Step;

/// The tool whose files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For psql.
    Plain,
    Goose,
    GolangMigrate,
    Dbmate,
    Flyway,
    Liquibase,
    Sqitch,
}

impl Format {
    pub const ALL: &'static [Format] = &[
        Format::Plain,
        Format::Goose,
        Format::GolangMigrate,
        Format::Dbmate,
        Format::Flyway,
        Format::Liquibase,
        Format::Sqitch,
    ];

    /// Returns the name of the format in options and errors.
    pub fn word(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Goose => "goose",
            Format::GolangMigrate => "golang-migrate",
            Format::Dbmate => "dbmate",
            Format::Flyway => "flyway",
            Format::Liquibase => "liquibase",
            Format::Sqitch => "sqitch",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.word().eq_ignore_ascii_case(word))
    }
}

/// The input for the files.
#[derive(Clone, Copy, Debug)]
pub struct Migration<'a> {
    /// Any text; it becomes part of file names as a slug.
    pub name: &'a str,
    /// Orders migrations. Without a clock here, the caller passes the time as `YYYYMMDDHHMMSS`, or a number; only digits are used, and
    /// `None` means [`FIRST_VERSION`]. Several files use consecutive versions: a caller who creates migrations within the same minute
    /// must prevent collisions.
    pub version: Option<&'a str>,
    pub up: &'a [Step],
    pub down: &'a [Step],
}

/// The version of a migration without one.
pub const FIRST_VERSION: &str = "0001";

/// A statement that has no form that the tool sends unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{object} contains text that {} would interpret", .format.word())]
pub struct Refusal {
    pub format: Format,
    pub object: String,
}

/// Returns the files of a migration, with relative paths, in the order in which the tool runs them.
pub fn migration(format: Format, migration: &Migration<'_>) -> Result<Vec<File>, Refusal> {
    match format {
        Format::Plain => plain::files(migration),
        Format::Goose => goose::files(migration),
        Format::GolangMigrate => Ok(golang_migrate::files(migration)),
        Format::Dbmate => dbmate::files(migration),
        Format::Flyway => flyway::files(migration),
        Format::Liquibase => liquibase::files(migration),
        Format::Sqitch => sqitch::files(migration),
    }
}

impl Migration<'_> {
    /// Returns the name in the form that every file system and every tool accepts.
    fn slug(&self) -> String {
        slug(self.name, "migration")
    }

    /// Returns the version of one of the files, for tools that use whole numbers: consecutive, and with the same length.
    fn number(&self, index: usize) -> String {
        // The maximum length of a signed 64-bit number.
        const MAX_DIGITS: usize = 18;
        let digits: String =
            self.version.unwrap_or(FIRST_VERSION).chars().filter(char::is_ascii_digit).take(MAX_DIGITS).collect();
        let digits = if digits.is_empty() { FIRST_VERSION } else { &digits };
        let number = digits.parse::<u64>().unwrap_or(1) + index as u64;
        format!("{number:0width$}", width = digits.len())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod hostile;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_files_stay_in_their_folder() {
        for format in Format::ALL {
            for file in migration(*format, &Migration { name: "../x/ y", version: None, up: &[], down: &[] }).unwrap() {
                assert!(file.path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')), "{}", file.path);
                assert!(file.path.contains("x_y") || file.path.ends_with("sqitch.plan.add"), "{}", file.path);
            }
        }
    }

    #[test]
    fn file_numbers_increase_and_keep_their_width() {
        let number = |version, index| Migration { name: "x", version, up: &[], down: &[] }.number(index);
        assert_eq!(number(None, 0), "0001");
        assert_eq!(number(None, 11), "0012");
        assert_eq!(number(Some("2024-01-31 12:00:59"), 1), "20240131120060");
        assert_eq!(number(Some("none"), 1), "0002");
        assert_eq!(number(Some(&"9".repeat(99)), 1).len(), 19);
    }

    #[test]
    fn formats_are_parsed_from_their_words() {
        for format in Format::ALL {
            assert_eq!(Format::from_word(format.word()), Some(*format));
        }
        assert_eq!(Format::from_word("Goose"), Some(Format::Goose));
        assert_eq!(Format::from_word("geese"), None);
    }
}
