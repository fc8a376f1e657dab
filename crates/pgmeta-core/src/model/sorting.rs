//! Sorts lists without moving large elements often. Knows no object kind.

use crate::interrupt::{check, check_now};
use crate::model::{Object, ObjectKey};

/// Sorts by key, and returns the first duplicate key. A sorted list, as in documents, needs no list of keys.
pub(super) fn sort<T: Object>(list: &mut [T]) -> Option<ObjectKey> {
    let in_order = list.is_sorted_by(|one, other| {
        check();
        one.key() < other.key()
    });
    if in_order {
        return None;
    }
    let keys = list.iter().inspect(|_| check()).map(Object::key);
    let order = keys.enumerate().map(|(at, key)| (key, at)).collect();
    check_now();
    put_in_order(list, order);
    check_now();
    let twice = list.windows(2).find(|two| {
        check();
        matches!(two, [one, other] if one.key() == other.key())
    });
    twice.and_then(<[T]>::first).map(Object::key)
}

/// Sorts by key. Each key is computed once, and passed to `visit` with its object.
pub(super) fn sort_visited<T: Object>(list: &mut [T], visit: &dyn Fn(&ObjectKey, &mut dyn Object)) {
    let mut order: Vec<(ObjectKey, usize)> = Vec::with_capacity(list.len());
    for (at, object) in list.iter_mut().enumerate() {
        check();
        let key = object.key();
        visit(&key, object);
        order.push((key, at));
    }
    put_in_order(list, order);
}

/// Sorts by a list of keys and positions. Each large element moves once or twice.
pub(crate) fn put_in_order<T, K: Ord>(list: &mut [T], mut order: Vec<(K, usize)>) {
    order.sort_unstable();
    for at in 0..order.len() {
        let mut from = order[at].1;
        // The element there was moved, perhaps more than once.
        while from < at {
            from = order[from].1;
        }
        order[at].1 = from;
        list.swap(at, from);
    }
}
