//! The keys of an object of a source. What nobody reads is reported: a key counts as read only if its value was of use.

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::{Imported, escaped};
use crate::validate::Level;

/// An object while it is read.
pub struct Keys<'v> {
    own: &'v Value,
    /// Where it is in the source, as a JSON pointer.
    pub path: String,
    read: FxHashSet<&'v str>,
}

impl<'v> Keys<'v> {
    pub fn of(own: &'v Value, path: String) -> Self {
        Self { own, path, read: FxHashSet::default() }
    }

    /// Returns a value, whether it will be of use or not.
    pub fn peek(&self, key: &str) -> Option<&'v Value> {
        self.own.get(key)
    }

    /// Marks a key as read.
    pub fn mark(&mut self, key: &'v str) {
        self.read.insert(key);
    }

    /// Returns what a function finds in a value, and marks the key if that is something.
    pub fn find<T>(&mut self, key: &'v str, find: impl FnOnce(&'v Value) -> Option<T>) -> Option<T> {
        let found = find(self.own.get(key)?);
        if found.is_some() {
            self.mark(key);
        }
        found
    }

    /// As `find`; null and the empty text say nothing, and are read.
    fn said<T>(&mut self, key: &'v str, find: impl FnOnce(&'v Value) -> Option<T>) -> Option<T> {
        if matches!(self.own.get(key)?, Value::Null) || self.own.get(key)?.as_str() == Some("") {
            self.mark(key);
            return None;
        }
        self.find(key, find)
    }

    /// Returns a text, if it is not empty.
    pub fn text(&mut self, key: &'v str) -> Option<&'v str> {
        self.said(key, Value::as_str)
    }

    pub fn flag(&mut self, key: &'v str) -> Option<bool> {
        self.said(key, Value::as_bool)
    }

    /// Returns a whole number between two others. Some tools write it as a text.
    pub fn number(&mut self, key: &'v str, least: u64, most: u64) -> Option<u64> {
        let number = |own: &Value| own.as_u64().or_else(|| own.as_str()?.trim().parse().ok());
        self.said(key, |own| number(own).filter(|number| (least..=most).contains(number)))
    }

    /// Returns the elements of a list, each with its path.
    pub fn list(&mut self, key: &'v str) -> Vec<(String, &'v Value)> {
        let list = self.said(key, Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().map(|(at, own)| (format!("{}/{key}/{at}", self.path), own)).collect()
    }

    /// Reports the keys that were not read.
    pub fn report(&self, imported: &mut Imported) {
        for key in self.own.as_object().into_iter().flat_map(serde_json::Map::keys) {
            if !self.read.contains(key.as_str()) {
                let path = format!("{}/{}", self.path, escaped(key));
                imported.remark(&path, "NOT_TAKEN", Level::Warning, format!("Key \"{key}\" is not taken."));
            }
        }
    }
}
