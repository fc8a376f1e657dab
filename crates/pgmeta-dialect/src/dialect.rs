//! The dialects by name. Knows nothing of what they can do.

/// A dialect that a schema can be printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.40 and later.
    Sqlite,
    /// MySQL 8 with InnoDB.
    Mysql,
    /// MariaDB 10.11 with InnoDB.
    Mariadb,
    /// SQL Server 2019.
    Mssql,
}

/// No dialect has the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unrecognized SQL dialect \"{0}\"")]
pub struct UnknownDialect(pub String);

impl UnknownDialect {
    /// Returns what the caller can do.
    pub fn hint(&self) -> String {
        format!("SQL dialects are: {}.", Dialect::ALL.map(Dialect::word).join(", "))
    }
}

impl Dialect {
    /// All dialects.
    pub const ALL: [Dialect; 4] = [Dialect::Sqlite, Dialect::Mysql, Dialect::Mariadb, Dialect::Mssql];

    /// Returns the word by which a caller names it.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Sqlite => "sqlite",
            Dialect::Mysql => "mysql",
            Dialect::Mariadb => "mariadb",
            Dialect::Mssql => "mssql",
        }
    }

    /// Returns the dialect with a word, in any letter case.
    pub fn from_word(word: &str) -> Result<Self, UnknownDialect> {
        let named = |own: &Dialect| own.word().eq_ignore_ascii_case(word.trim());
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownDialect(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_have_words() {
        for dialect in Dialect::ALL {
            assert_eq!(Dialect::from_word(dialect.word()), Ok(dialect));
        }
        assert_eq!(Dialect::from_word(" SQLite "), Ok(Dialect::Sqlite));
        let error = Dialect::from_word("oracle").map_err(|error| (error.to_string(), error.hint()));
        let words = "SQL dialects are: sqlite, mysql, mariadb, mssql.".to_owned();
        assert_eq!(error, Err(("unrecognized SQL dialect \"oracle\"".to_owned(), words)));
    }
}
