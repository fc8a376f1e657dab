//! What a role may do with a definition.

/// A right on a definition. Every right includes the right to read; `Admin` includes all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Read,
    /// Add versions.
    Write,
    /// Deploy, roll back and undeploy.
    Deploy,
    /// Share, rename, delete, restore and purge.
    Admin,
}

impl Right {
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Deploy, Self::Admin];

    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Deploy => "deploy",
            Self::Admin => "admin",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}
