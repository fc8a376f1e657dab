//! The statements of a plan as records: their effects on a database in use, and their transactions. Knows no object kind.

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
    /// Possible effects of a statement on a database in use. The names are those of stripe/pg-schema-diff, where it has one.
    pub enum Hazard {
        /// No other session can read or write the table meanwhile.
        AcquiresAccessExclusiveLock "ACQUIRES_ACCESS_EXCLUSIVE_LOCK",
        /// No other session can write the table meanwhile.
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
        /// The statement fails if rows do not satisfy it.
        MayFailOnData "MAY_FAIL_ON_DATA",
        /// The object is absent between two transactions: one drops it, and a later one creates it again.
        LeavesGap "LEAVES_GAP",
    }
}

words! {
    /// The strongest lock that a statement takes on an existing table.
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

/// Which other statements run in the same transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// In one transaction with its neighbours.
    #[default]
    Together,
    /// In a transaction of its own: both what comes before and the statement itself are committed before anything follows.
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
    /// Its duration depends on the size of a table, so it gets the long statement timeout.
    pub slow: bool,
    /// The tables that it rewrites, by identity.
    pub rewrites: Vec<String>,
    /// Why the statement exists, or has this form. Empty if the SQL is clear.
    pub reason: String,
    /// The object that it changes.
    pub key: ObjectKey,
    /// The parent, if the statement attaches a partition.
    pub attaches_to: Option<ObjectKey>,
    /// The former owner, if the statement recreates an object.
    pub former_owner: Option<Name>,
    /// Where the action begins in `sql`, if it may be one of several actions of one ALTER TABLE.
    pub action: Option<usize>,
    /// The columns of the table that it changes. Empty: other properties of the table, or the object as a whole.
    pub columns: Vec<Name>,
    /// It changes only whether its columns may be null.
    pub of_nullability: bool,
    /// It needs all columns of the table in their state at this point.
    pub of_all_columns: bool,
    /// The object whose needs it has, if not its own.
    pub needs_of: Option<ObjectKey>,
    /// Objects that it needs, besides those that its object needs.
    pub needs: Vec<ObjectKey>,
    /// It only adds: users of the object are not affected.
    pub adds: bool,
    /// Its units: the statements of one unit are committed together, so that no session sees a half of them.
    pub units: Vec<ObjectKey>,
    /// Values that it changes, to be counted before it runs.
    pub counts: Vec<Count>,
}

/// The beginning of a statement that only reports something.
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

    /// Returns whether it inserts rows into a relation that may be new.
    pub fn fills_relation(&self) -> bool {
        self.copies_rows() || self.sql.starts_with("REFRESH ")
    }

    /// Returns whether it does nothing, and only reports what is omitted.
    pub fn is_note(&self) -> bool {
        self.note().is_some()
    }

    /// Returns the report of a statement that does nothing else.
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

    /// Marks a statement that reads the table and fails if a row does not satisfy it.
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

    /// Marks the text after `alter` as an action that may be one of several of one statement.
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

    /// Adds a unit: no session may see the object half changed.
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
    /// Steps with the same number run in one transaction. `None`: outside of any transaction.
    pub transaction: Option<i32>,
    pub statement: Statement,
    pub lock_timeout_ms: i32,
    pub statement_timeout_ms: i32,
}

/// Time limits of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub lock_ms: i32,
    pub statement_ms: i32,
    /// For statements that read or write whole tables.
    pub slow_statement_ms: i32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { lock_ms: 3_000, statement_ms: 15_000, slow_statement_ms: 1_200_000 }
    }
}

impl Timeouts {
    /// Returns the lock timeout and the statement timeout of a statement; 0 means none.
    fn of(self, statement: &Statement) -> (i32, i32) {
        if statement.run == Run::Outside {
            // It waits for all older transactions, and blocks no session meanwhile.
            return (self.slow_statement_ms, 0);
        }
        let limit = if statement.slow { self.slow_statement_ms } else { self.statement_ms };
        // The lock timeout is the shorter one, so that the error names the lock.
        let lock = if limit > 0 && self.lock_ms >= limit { (limit / 2).max(1) } else { self.lock_ms };
        (lock, limit)
    }
}

/// Numbers the statements and assigns them to transactions.
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
    fn adjacent_steps_share_a_transaction_until_one_runs_outside() {
        let key = ObjectKey::default();
        let runs = [Run::Together, Run::Together, Run::Alone, Run::Together, Run::Outside, Run::Together];
        let statements = runs.map(|run| Statement::new(&key, "SELECT").run(run)).to_vec();
        let numbers: Vec<_> =
            numbered(statements, Timeouts::default()).into_iter().map(|step| step.transaction).collect();
        assert_eq!(numbers, [Some(1), Some(1), Some(2), Some(3), None, Some(4)]);
    }
}
