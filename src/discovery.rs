//! What this session has read for discovery, kept until the catalogs change, and how often that was of use. Reads nothing itself.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use pgmeta_core::model::Model;
use pgmeta_discovery::ObjectError;
use pgmeta_discovery::view_tree::Traced;

use crate::error::Error;

/// What was read, and with which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// What the catalogs hold, and who asks: see `catalog::content`.
    pub content: String,
    pub schemas: Option<Vec<String>>,
    pub exclude: Vec<String>,
    pub own: bool,
    pub tolerant: bool,
}

/// What was read.
#[derive(Debug)]
pub struct Read {
    pub model: Model,
    /// The OIDs of views and materialized views.
    pub view_oids: BTreeSet<u32>,
    /// The columns of views, or why their parse trees could not be read: only after a call needed them.
    pub views: OnceCell<Result<Traced, String>>,
    pub errors: Vec<ObjectError>,
}

/// How often a section was made, and at which cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub calls: i64,
    pub rows: i64,
    pub total: Duration,
    pub longest: Duration,
    /// The calls for which the catalogs were not read.
    pub cached: i64,
}

thread_local! {
    /// The last that was read. One is enough for calls that follow each other, and is all the memory that is held.
    static LAST: RefCell<Option<(Key, Rc<Read>)>> = const { RefCell::new(None) };
    static COUNTS: RefCell<BTreeMap<&'static str, Count>> = const { RefCell::new(BTreeMap::new()) };
}

/// Returns what was read with a key, if it was the last, or reads it. The second value: whether it was.
pub fn read(key: Key, read: impl FnOnce(&Key) -> Result<Read, Error>) -> Result<(Rc<Read>, bool), Error> {
    let last = LAST.with_borrow(|last| match last {
        Some((own, found)) if *own == key => Some(Rc::clone(found)),
        _ => None,
    });
    if let Some(found) = last {
        return Ok((found, true));
    }
    // Not two at once.
    LAST.take();
    let found = Rc::new(read(&key)?);
    LAST.set(Some((key, Rc::clone(&found))));
    Ok((found, false))
}

/// Counts that a section was made.
pub fn count(section: &'static str, rows: usize, took: Duration, cached: bool) {
    COUNTS.with_borrow_mut(|counts| {
        let own = counts.entry(section).or_default();
        own.calls += 1;
        own.rows += i64::try_from(rows).unwrap_or(i64::MAX);
        own.total += took;
        own.longest = own.longest.max(took);
        own.cached += i64::from(cached);
    });
}

/// Returns the counts of this session, by section.
pub fn counts() -> Vec<(&'static str, Count)> {
    COUNTS.with_borrow(|counts| counts.iter().map(|(section, count)| (*section, *count)).collect())
}
