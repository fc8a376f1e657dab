//! What every kind of object has: a key, and the attributes that all share.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, SecurityLabel};

/// What every kind of object offers.
pub trait Object {
    fn key(&self) -> ObjectKey;
    fn shared(&self) -> Shared<'_>;
    fn shared_mut(&mut self) -> SharedMut<'_>;
}

/// The attributes that every object has.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'m> {
    pub owner: Option<&'m Name>,
    pub comment: Option<&'m str>,
    pub privileges: Option<&'m [Grant]>,
    pub security_labels: &'m [SecurityLabel],
    pub depends_on: &'m [ObjectKey],
    pub depends_on_extensions: &'m [Name],
}

/// The same, to be filled in.
pub struct SharedMut<'m> {
    pub owner: &'m mut Option<Name>,
    pub comment: &'m mut Option<String>,
    pub privileges: &'m mut Option<Vec<Grant>>,
    pub security_labels: &'m mut Vec<SecurityLabel>,
    pub depends_on: &'m mut Vec<ObjectKey>,
    pub depends_on_extensions: &'m mut Vec<Name>,
}
