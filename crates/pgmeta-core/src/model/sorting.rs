//! One list of the model put in order. Knows no object kind.

use crate::model::{Object, ObjectKey};

/// Sorts by key, which is made once for an object and shown to `visit` with it.
pub(super) fn sort_visited<T: Object>(list: &mut [T], visit: &dyn Fn(&ObjectKey, &mut dyn Object)) {
    let mut order: Vec<(ObjectKey, usize)> = Vec::with_capacity(list.len());
    for (at, object) in list.iter_mut().enumerate() {
        let key = object.key();
        visit(&key, object);
        order.push((key, at));
    }
    order.sort_unstable();
    for at in 0..list.len() {
        let mut from = order[at].1;
        // What was there has been swapped away, perhaps more than once.
        while from < at {
            from = order[from].1;
        }
        order[at].1 = from;
        list.swap(at, from);
    }
}
