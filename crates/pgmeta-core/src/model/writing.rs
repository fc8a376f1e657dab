//! Writes text in pieces, and checks for interrupts: a document may have hundreds of megabytes.

use std::io::{self, Write};

use crate::interrupt::check;

/// Collects the pieces.
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

/// Called for each attribute, so that the writing of a document can be interrupted.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    crate::interrupt::check();
    *value == T::default()
}

/// The same for lists other than `Vec`.
pub(crate) fn is_empty<T>(list: &[T]) -> bool {
    crate::interrupt::check();
    list.is_empty()
}
