//! Reads attributes from a document: lists without spare capacity, equal names as one in memory. Checks for interrupts at each
//! element. Knows no kinds.

use std::cell::RefCell;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::ident::Name;
use crate::interrupt::check;

/// A list doubles up to this length, and then grows by a fraction.
const SMALL: usize = 64;
/// The divisor of the fraction by which longer lists grow.
const PART: usize = 8;

/// The maximum number of values that occurred once, and of those that occurred again.
const ONCE: usize = 1024;

/// Values that were read, for reuse.
struct Known<T: ?Sized> {
    all: FxHashSet<Arc<T>>,
    met_again: usize,
}

impl<T: ?Sized + Eq + Hash> Known<T> {
    fn get<'t>(&mut self, value: &'t T) -> Arc<T>
    where
        Arc<T>: From<&'t T>,
    {
        if let Some(known) = self.all.get(value) {
            self.met_again += 1;
            return known.clone();
        }
        let new = Arc::from(value);
        if self.all.len() <= self.met_again + ONCE {
            self.all.insert(Arc::clone(&new));
        }
        new
    }
}

impl<T: ?Sized> Default for Known<T> {
    fn default() -> Self {
        Self { all: FxHashSet::default(), met_again: 0 }
    }
}

/// Names and lists of names that were read.
#[derive(Default)]
struct Pool {
    names: Known<str>,
    lists: Known<[Name]>,
}

thread_local! {
    // Without a destructor: if memory is short, the C library cannot register one, and aborts.
    static POOL: RefCell<Option<ManuallyDrop<Pool>>> = const { RefCell::new(None) };
}

/// Reads a document in which equal names share memory.
pub fn sharing<T>(read: impl FnOnce() -> T) -> T {
    /// Empties the pool when reading ends, also after an error.
    struct Shared;
    impl Drop for Shared {
        fn drop(&mut self) {
            if let Some(pool) = POOL.take() {
                drop(ManuallyDrop::into_inner(pool));
            }
        }
    }
    POOL.set(Some(ManuallyDrop::new(Pool::default())));
    let _shared = Shared;
    read()
}

/// An attribute of any type.
pub trait Field<'de>: Deserialize<'de> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// The function for `serde` attributes.
pub fn read<'de, D: Deserializer<'de>, T: Field<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// An element of a list, read like an attribute.
struct Element<T>(T);

impl<'de, T: Field<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        check();
        T::read(deserializer).map(Self)
    }
}

impl<'de, T: Field<'de>> Field<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Field<'de>> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(Element(element)) = elements.next_element()? {
                    if list.len() == list.capacity() {
                        let more = if list.len() < SMALL { list.len().max(1) } else { list.len() / PART };
                        list.reserve_exact(more);
                    }
                    list.push(element);
                }
                list.shrink_to_fit();
                Ok(list)
            }
        }

        deserializer.deserialize_seq(List(PhantomData))
    }
}

impl<'de, T: Field<'de>> Field<'de> for Box<[T]> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::read(deserializer).map(Vec::into_boxed_slice)
    }
}

impl<'de> Field<'de> for Arc<[Name]> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Name>::read(deserializer)?;
        Ok(POOL.with_borrow_mut(|pool| match pool {
            Some(pool) => pool.lists.get(&list),
            None => list.into(),
        }))
    }
}

impl<'de> Field<'de> for Name {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(POOL.with_borrow_mut(|pool| match pool {
                    Some(pool) => pool.names.get(text),
                    None => text.into(),
                }))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl<'de, T: Field<'de>> Field<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Element<T>>::deserialize(deserializer)?.map(|Element(value)| value))
    }
}

impl<'de, T: Field<'de>> Field<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

macro_rules! plain {
    ($($type:ty),* $(,)?) => { $(impl Field<'_> for $type {})* };
}

plain! { bool, char, i16, i32, i64, u32, f64, String, Box<str> }

impl<'de, T: Deserialize<'de> + Ord> Field<'de> for std::collections::BTreeSet<T> {}

#[cfg(test)]
mod tests {
    use crate::model::Model;

    #[test]
    fn equal_names_share_memory() {
        let table = |name: &str| {
            format!(r#"{{"schema": "s", "name": "{name}", "depends_on": [{{"type": "type", "names": ["s", "t"]}}]}}"#)
        };
        let text = format!(
            r#"{{"format_version": 1, "server_version_num": 150000, "tables": [{}, {}]}}"#,
            table("a"),
            table("b")
        );
        let model = Model::from_json(&text).unwrap_or_default();
        let [a, b] = &*model.tables else { unreachable!("{model:?}") };
        assert!(std::sync::Arc::ptr_eq(&a.schema, &b.schema));
        assert!(std::sync::Arc::ptr_eq(&a.depends_on[0].names, &b.depends_on[0].names));
        assert_eq!(a.depends_on.capacity(), 1);
    }
}
