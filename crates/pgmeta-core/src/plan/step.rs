//! The statements of a plan as records: what each does to a busy server, and in which transaction it runs.
//! Knows no object kind.

use std::collections::BTreeSet;

use crate::ident::Name;
use crate::interrupt::check;
use crate::model::ObjectKey;
use crate::plan::conversion::Count;

macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word().eq_ignore_ascii_case(word))
            }
        }
    };
}

words! {
    /// What may go wrong when a statement runs on a database that is in use. The names are stripe/pg-schema-diff's
    /// where it has one.
    pub enum Hazard {
        /// Nobody can read or write the table meanwhile.
        AcquiresAccessExclusiveLock "ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
        /// Nobody can write the table meanwhile.
        AcquiresShareLock "ACQUIRES_SHARE_LOCK",
        AcquiresShareRowExclusiveLock "ACQUIRES_SHARE_ROW_EXCLUSIVE_LOCK",
        DeletesData "DELETES_DATA",
        IndexBuild "INDEX_BUILD",
        IndexDropped "INDEX_DROPPED",
        ImpactsDatabasePerformance "IMPACTS_DATABASE_PERFORMANCE",
        AuthzUpdate "AUTHZ_UPDATE",
        Correctness "CORRECTNESS",
        HasUntrackableDependencies "HAS_UNTRACKABLE_DEPENDENCIES",
        UpgradingExtensionVersion "UPGRADING_EXTENSION_VERSION",
        RewritesTable "REWRITES_TABLE",
        FullTableScan "FULL_TABLE_SCAN",
        /// It fails where rows do not satisfy it.
        MayFailOnData "MAY_FAIL_ON_DATA",
        /// What it drops is committed as dropped, and comes back in a later transaction.
        LeavesGap "LEAVES_GAP",
    }
}

words! {
    /// The strongest lock that a statement takes on a table that was there before.
    pub enum LockLevel {
        AccessShare "ACCESS SHARE",
        RowShare "ROW SHARE",
        RowExclusive "ROW EXCLUSIVE",
        ShareUpdateExclusive "SHARE UPDATE EXCLUSIVE",
        Share "SHARE",
        ShareRowExclusive "SHARE ROW EXCLUSIVE",
        Exclusive "EXCLUSIVE",
        AccessExclusive "ACCESS EXCLUSIVE",
    }
}

/// With which other statements one runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// In one transaction with its neighbours.
    #[default]
    Together,
    /// In a transaction of its own: what comes before is committed, and so is this before anything follows.
    Alone,
    /// Outside of any transaction, because the server refuses it inside one.
    Outside,
}

/// One statement, before the plan has numbered it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Without a semicolon.
    pub sql: String,
    pub run: Run,
    pub hazards: BTreeSet<Hazard>,
    pub lock: Option<LockLevel>,
    /// It takes as long as the table is large, so it gets the long statement timeout.
    pub slow: bool,
    /// The tables that it rewrites, by identity.
    pub rewrites: Vec<String>,
    /// Why it is there, or why it is done this way; empty where the statement says it all.
    pub reason: String,
    /// What it is about.
    pub key: ObjectKey,
    /// The table that it makes a partition of.
    pub attaches_to: Option<ObjectKey>,
    /// The owner of the object, where it recreates one.
    pub former_owner: Option<Name>,
    /// Where its action begins, if it may be one of several actions of one ALTER TABLE.
    pub action: Option<usize>,
    /// The columns of the table that it changes; none: what the table has beside columns, or the object as a whole.
    pub columns: Vec<Name>,
    /// Of its columns it changes only whether they may be null.
    pub of_nullability: bool,
    /// It needs all columns of the table to be what they are then.
    pub of_all_columns: bool,
    /// The object whose needs it has, where that is not its own.
    pub needs_of: Option<ObjectKey>,
    /// What it needs beside what its object needs.
    pub needs: Vec<ObjectKey>,
    /// It only adds: who uses the object is not disturbed.
    pub adds: bool,
    /// What must not be seen half changed: the statements of one unit are committed together.
    pub units: Vec<ObjectKey>,
    /// What to count before it runs: values that it changes.
    pub counts: Vec<Count>,
}

/// How a statement that is left out begins.
const LEFT_OUT: &str = "-- ";

impl Statement {
    pub fn new(key: &ObjectKey, sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            run: Run::Together,
            hazards: BTreeSet::new(),
            lock: None,
            slow: false,
            rewrites: Vec::new(),
            reason: String::new(),
            key: key.clone(),
            attaches_to: None,
            former_owner: None,
            action: None,
            columns: Vec::new(),
            of_nullability: false,
            of_all_columns: false,
            needs_of: None,
            needs: Vec::new(),
            adds: false,
            units: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// Returns the step that reports an omitted statement, because of the option `drops`: a comment, which does nothing.
    pub fn left_out(key: &ObjectKey, sql: &str) -> Self {
        let sql = sql.replace(['\n', '\r'], " ");
        Self::new(key, format!("{LEFT_OUT}{sql}")).adds().reason("left out: the option \"drops\" is false")
    }

    /// Returns the step that reports a remaining difference, because no statement makes it: a comment, which does nothing.
    pub fn unplanned(key: &ObjectKey, what: &str, reason: impl Into<String>) -> Self {
        let what = what.replace(['\n', '\r'], " ");
        Self::new(key, format!("{LEFT_OUT}{what}")).adds().reason(reason)
    }

    /// Returns whether it copies the rows of one table into another.
    pub fn copies_rows(&self) -> bool {
        self.sql.starts_with("INSERT INTO ")
    }

    /// Returns whether it attaches an index to that of a partitioned table.
    pub fn attaches_index(&self) -> bool {
        self.sql.starts_with("ALTER INDEX ") && self.sql.contains(" ATTACH PARTITION ")
    }

    /// Returns whether it puts rows into a relation that may be new.
    pub fn fills_relation(&self) -> bool {
        self.copies_rows() || self.sql.starts_with("REFRESH ")
    }

    /// Returns whether it does nothing, and only reports what is omitted.
    pub fn is_note(&self) -> bool {
        self.note().is_some()
    }

    /// Returns what is told of what is left out, where it does nothing else.
    pub fn note(&self) -> Option<&str> {
        self.sql.strip_prefix(LEFT_OUT)
    }

    pub fn run(mut self, run: Run) -> Self {
        self.run = run;
        self
    }

    pub fn hazard(mut self, hazard: Hazard) -> Self {
        self.hazards.insert(hazard);
        self
    }

    /// Sets the lock, and the hazard of this lock.
    pub fn lock(mut self, lock: LockLevel) -> Self {
        self.lock = self.lock.max(Some(lock));
        let hazard = match lock {
            LockLevel::AccessExclusive => Some(Hazard::AcquiresAccessExclusiveLock),
            LockLevel::Share => Some(Hazard::AcquiresShareLock),
            LockLevel::ShareRowExclusive => Some(Hazard::AcquiresShareRowExclusiveLock),
            _ => None,
        };
        self.hazards.extend(hazard);
        self
    }

    pub fn slow(mut self) -> Self {
        self.slow = true;
        self
    }

    /// Notes that the statement reads the table and fails where a row is not as it asks.
    pub fn checks_rows(self) -> Self {
        self.hazard(Hazard::FullTableScan).hazard(Hazard::MayFailOnData).slow()
    }

    pub fn rewrites(mut self, table: impl Into<String>) -> Self {
        self.rewrites.push(table.into());
        self.hazard(Hazard::RewritesTable).slow()
    }

    pub fn attaches_to(mut self, parent: ObjectKey) -> Self {
        self.attaches_to = Some(parent);
        self
    }

    /// Notes that what follows `alter` may be one of several actions of one statement.
    pub fn one_of(mut self, alter: &str) -> Self {
        self.action = self.sql.strip_prefix(alter).filter(|rest| rest.starts_with(' ')).map(|_| alter.len() + 1);
        self
    }

    pub fn of_nullability(mut self) -> Self {
        self.of_nullability = true;
        self
    }

    pub fn of_all_columns(mut self) -> Self {
        self.of_all_columns = true;
        self
    }

    pub fn needs_of(mut self, key: ObjectKey) -> Self {
        self.needs_of = Some(key);
        self
    }

    pub fn needs(mut self, key: ObjectKey) -> Self {
        self.needs.push(key);
        self
    }

    pub fn adds(mut self) -> Self {
        self.adds = true;
        self
    }

    /// Notes that the object must not be seen half changed.
    pub fn unit(mut self, key: ObjectKey) -> Self {
        self.units.push(key);
        self
    }

    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }
}

/// One row of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// From 1.
    pub step: i32,
    /// The steps of one number run in one transaction; `None` runs alone, outside of any.
    pub transaction: Option<i32>,
    pub statement: Statement,
    pub lock_timeout_ms: i32,
    pub statement_timeout_ms: i32,
}

/// How long statements may wait and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub lock_ms: i32,
    pub statement_ms: i32,
    /// Of statements that read or write whole tables.
    pub slow_statement_ms: i32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { lock_ms: 3_000, statement_ms: 15_000, slow_statement_ms: 1_200_000 }
    }
}

impl Timeouts {
    /// Returns the lock timeout and the statement timeout of a statement; 0 is none.
    fn of(self, statement: &Statement) -> (i32, i32) {
        if statement.run == Run::Outside {
            // It waits for all transactions that are older than it, and blocks nobody meanwhile.
            return (self.slow_statement_ms, 0);
        }
        let limit = if statement.slow { self.slow_statement_ms } else { self.statement_ms };
        // Who waits for a lock is to learn that it was the lock.
        let lock = if limit > 0 && self.lock_ms >= limit { (limit / 2).max(1) } else { self.lock_ms };
        (lock, limit)
    }
}

/// Numbers the statements and puts them into transactions.
pub fn numbered(statements: Vec<Statement>, timeouts: Timeouts) -> Vec<Step> {
    let mut steps = Vec::with_capacity(statements.len());
    let (mut transaction, mut open) = (0, false);
    for (at, statement) in statements.into_iter().enumerate() {
        check();
        let own = match statement.run {
            Run::Together => {
                if !open {
                    transaction += 1;
                }
                open = true;
                Some(transaction)
            }
            Run::Alone => {
                transaction += 1;
                open = false;
                Some(transaction)
            }
            Run::Outside => {
                open = false;
                None
            }
        };
        let (lock_timeout_ms, statement_timeout_ms) = timeouts.of(&statement);
        let step = i32::try_from(at + 1).unwrap_or(i32::MAX);
        steps.push(Step { step, transaction: own, statement, lock_timeout_ms, statement_timeout_ms });
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_transaction_and_what_runs_alone_ends_it() {
        let key = ObjectKey::default();
        let runs = [Run::Together, Run::Together, Run::Alone, Run::Together, Run::Outside, Run::Together];
        let statements = runs.map(|run| Statement::new(&key, "SELECT").run(run)).to_vec();
        let numbers: Vec<_> =
            numbered(statements, Timeouts::default()).into_iter().map(|step| step.transaction).collect();
        assert_eq!(numbers, [Some(1), Some(1), Some(2), Some(3), None, Some(4)]);
    }
}
