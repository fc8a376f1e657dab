//! The trait of all kinds of objects: a key, and the shared attributes.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, ObjectKind, SecurityLabel};

/// An object of any kind.
pub trait Object {
    /// Returns its address.
    fn key(&self) -> ObjectKey;
    /// Returns the attributes that every object has.
    fn shared(&self) -> Shared<'_>;
    /// Returns the attributes that every object has, for changes.
    fn shared_mut(&mut self) -> SharedMut<'_>;
}

/// The attributes that every object has.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'m> {
    /// The role that owns it.
    pub owner: Option<&'m Name>,
    /// Its comment.
    pub comment: Option<&'m str>,
    /// Its access privileges. Absent: the default of its kind.
    pub privileges: Option<&'m [Grant]>,
    /// Its security labels, one for each provider.
    pub security_labels: &'m [SecurityLabel],
    /// The objects that must exist before it, besides those in its attributes.
    pub depends_on: &'m [ObjectKey],
    /// The extensions whose drop also drops it.
    pub depends_on_extensions: &'m [Name],
}

impl Shared<'_> {
    /// Returns the privileges on an object of the kind: those granted, or the default ones.
    pub fn grants(&self, kind: ObjectKind, server_version_num: u32) -> Vec<Grant> {
        match (self.privileges, self.owner) {
            (Some(grants), _) => grants.to_vec(),
            (None, Some(owner)) => kind.default_privileges(owner, server_version_num),
            (None, None) => Vec::new(),
        }
    }
}

/// The attributes that every object has, for changes.
pub struct SharedMut<'m> {
    /// The role that owns it.
    pub owner: &'m mut Option<Name>,
    /// Its comment.
    pub comment: &'m mut Option<String>,
    /// Its access privileges. Absent: the default of its kind.
    pub privileges: &'m mut Option<Vec<Grant>>,
    /// Its security labels, one for each provider.
    pub security_labels: &'m mut Vec<SecurityLabel>,
    /// The objects that must exist before it, besides those in its attributes.
    pub depends_on: &'m mut Vec<ObjectKey>,
    /// The extensions whose drop also drops it.
    pub depends_on_extensions: &'m mut Vec<Name>,
}
