//! The session's cache of models for discovery, valid until the catalogs change, and counters of its use. Reads nothing
//! itself.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use pgmeta_core::model::Model;
use pgmeta_discovery::ObjectError;
use pgmeta_discovery::view_tree::Traced;

use crate::error::Error;

/// The key of the cache: catalog contents and options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Identifies the catalog contents and the role: see `catalog::content`.
    pub content: String,
    pub schemas: Option<Vec<String>>,
    pub exclude: Vec<String>,
    pub own: bool,
    pub tolerant: bool,
}

/// A cached model.
#[derive(Debug)]
pub struct CachedModel {
    pub model: Model,
    /// The OIDs of views and materialized views.
    pub view_oids: BTreeSet<u32>,
    /// The columns of views, or the error of reading their parse trees. Filled when a call first needs it.
    pub views: OnceCell<Result<Traced, String>>,
    pub errors: Vec<ObjectError>,
}

/// Counters of a section.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub calls: i64,
    pub rows: i64,
    pub total: Duration,
    pub longest: Duration,
    /// Number of calls that used the cache.
    pub cached: i64,
}

thread_local! {
    /// The last model. One is enough for a series of calls, and limits the memory.
    static LAST: RefCell<Option<(Key, Rc<CachedModel>)>> = const { RefCell::new(None) };
    static COUNTS: RefCell<BTreeMap<&'static str, Count>> = const { RefCell::new(BTreeMap::new()) };
}

/// Returns the cached model if the key matches, or else reads it. The second value: whether it came from the cache.
pub fn read(key: Key, read: impl FnOnce(&Key) -> Result<CachedModel, Error>) -> Result<(Rc<CachedModel>, bool), Error> {
    let last = LAST.with_borrow(|last| match last {
        Some((own, found)) if *own == key => Some(Rc::clone(found)),
        _ => None,
    });
    if let Some(found) = last {
        return Ok((found, true));
    }
    // Free the old model first: two must not be in memory.
    LAST.take();
    let found = Rc::new(read(&key)?);
    LAST.set(Some((key, Rc::clone(&found))));
    Ok((found, false))
}

/// Counts a call of a section.
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
