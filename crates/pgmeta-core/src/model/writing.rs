//! Text that is written piece by piece, interrupted where whoever waits for it does no more: a document may be hundreds of
//! megabytes.

use std::io::{self, Write};

use crate::interrupt::check;

/// Collects what is written.
#[derive(Debug, Default)]
pub(super) struct Written(pub Vec<u8>);

impl Write for Written {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        check();
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Called for each attribute that is written, so that writing a document can be interrupted.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    crate::interrupt::check();
    *value == T::default()
}

/// The same for lists that are no `Vec`.
pub(crate) fn is_empty<T>(list: &[T]) -> bool {
    crate::interrupt::check();
    list.is_empty()
}
