//! One classification for errors of stores and for SQLSTATEs, by what can be done about them. Knows no store.

/// The cause of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// The storage cannot be reached, or does not answer in time.
    Network,
    /// The storage or the server denies access.
    Permission,
    /// The storage does not have the object.
    Missing,
    /// The storage or the server's disk is full.
    Full,
    /// The process cannot get memory or another thread.
    Memory,
    /// Any other error of the storage.
    Storage,
    /// The options of the storage or the policy are wrong.
    Configuration,
    /// Values cannot be archived, or files are damaged.
    Data,
    /// The worker, the session or the server terminated without an error.
    Lost,
    /// A user cancelled the attempt, or the server shuts down.
    Interrupted,
    /// Any other error of the server.
    Database,
}

impl ErrorClass {
    pub const ALL: [ErrorClass; 11] = [
        ErrorClass::Network,
        ErrorClass::Permission,
        ErrorClass::Missing,
        ErrorClass::Full,
        ErrorClass::Memory,
        ErrorClass::Storage,
        ErrorClass::Configuration,
        ErrorClass::Data,
        ErrorClass::Lost,
        ErrorClass::Interrupted,
        ErrorClass::Database,
    ];

    /// The SQLSTATE of an attempt whose worker, session or server terminated without an error: crash_shutdown.
    pub const LOST_SQLSTATE: &'static str = "57P02";

    /// Returns the value of the column `class` of pgmeta.archives. It has one value for all errors of a storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorClass::Network => "network",
            ErrorClass::Permission => "permission",
            ErrorClass::Missing | ErrorClass::Full | ErrorClass::Memory | ErrorClass::Storage => "storage",
            ErrorClass::Configuration => "configuration",
            ErrorClass::Data => "data",
            ErrorClass::Lost => "lost",
            ErrorClass::Interrupted => "interrupted",
            ErrorClass::Database => "database",
        }
    }

    /// Returns the class of an error that has this SQLSTATE.
    pub fn of_sqlstate(sqlstate: &str) -> Self {
        match (sqlstate.get(..2).unwrap_or_default(), sqlstate) {
            ("08", _) => ErrorClass::Network,
            (_, "58P01") => ErrorClass::Missing,
            (_, "53100") => ErrorClass::Full,
            (_, "53200") => ErrorClass::Memory,
            ("58" | "53", _) => ErrorClass::Storage,
            (_, "42501") | ("28", _) => ErrorClass::Permission,
            (_, "XX001") | ("0A" | "22" | "21", _) => ErrorClass::Data,
            ("42" | "HV" | "3F", _) => ErrorClass::Configuration,
            (_, Self::LOST_SQLSTATE) => ErrorClass::Lost,
            ("57", _) => ErrorClass::Interrupted,
            _ => ErrorClass::Database,
        }
    }

    /// Returns whether the cause is outside of the attempt: such an error does not count as a failure of the partition.
    pub fn is_interruption(self) -> bool {
        matches!(self, ErrorClass::Lost | ErrorClass::Interrupted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlstates_map_to_classes() {
        for (sqlstate, word) in [
            ("08006", "network"),
            ("58030", "storage"),
            ("58P01", "storage"),
            ("53100", "storage"),
            ("53200", "storage"),
            ("42501", "permission"),
            ("28000", "permission"),
            ("XX001", "data"),
            ("0A000", "data"),
            ("22P02", "data"),
            ("42P01", "configuration"),
            ("HV00D", "configuration"),
            ("57P02", "lost"),
            ("57P01", "interrupted"),
            ("57014", "interrupted"),
            ("40001", "database"),
            ("XX000", "database"),
            ("", "database"),
        ] {
            assert_eq!(ErrorClass::of_sqlstate(sqlstate).as_str(), word, "{sqlstate}");
        }
        let interruptions: Vec<&str> =
            ErrorClass::ALL.iter().filter(|class| class.is_interruption()).map(|class| class.as_str()).collect();
        assert_eq!(interruptions, ["lost", "interrupted"]);
    }
}
