//! Prints `jsonb` from the server's internal format, byte for byte as `jsonb_out` does.

use crate::json::json_string;
use crate::numeric;

const COUNT: u32 = 0x0FFF_FFFF;
const SCALAR: u32 = 0x1000_0000;
const OBJECT: u32 = 0x2000_0000;

/// Bit of an entry: its number is an end offset if set, otherwise a length.
const IS_END: u32 = 0x8000_0000;

/// An object or array that is partly printed.
struct Container<'a> {
    bytes: &'a [u8],
    count: usize,
    is_object: bool,
    is_scalar: bool,
    /// Index of the first value's entry: in an object, the entries of the keys come before.
    first: usize,
    next: usize,
    /// Offsets of the next key and the next value, after the entries.
    key: usize,
    value: usize,
}

enum Item<'a> {
    Printed,
    Inner(Container<'a>),
}

impl<'a> Container<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let head = word(bytes, 0)?;
        let count = usize::try_from(head & COUNT).ok()?;
        let is_object = head & OBJECT != 0;
        let first = if is_object { count } else { 0 };
        let mut container =
            Self { bytes, count, is_object, is_scalar: head & SCALAR != 0, first, next: 0, key: 0, value: 0 };
        for at in 0..first {
            container.value = container.end(at, container.value)?;
        }
        Some(container)
    }

    fn entry(&self, at: usize) -> Option<u32> {
        word(self.bytes, 4 + 4 * at)
    }

    /// Returns the end offset of an entry that begins at `begin`.
    fn end(&self, at: usize, begin: usize) -> Option<usize> {
        let entry = self.entry(at)?;
        let number = usize::try_from(entry & COUNT).ok()?;
        Some(if entry & IS_END != 0 { number } else { begin + number })
    }

    fn data(&self, begin: usize, end: usize) -> Option<&'a [u8]> {
        let data = 4 + 4 * (self.first + self.count);
        self.bytes.get(data + begin..data + end)
    }

    /// Prints the next key and its value; returns the value instead if it is an object or array.
    fn print_next(&mut self, out: &mut Vec<u8>) -> Option<Item<'a>> {
        let at = self.next;
        self.next += 1;
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        if self.is_object {
            let end = self.end(at, self.key)?;
            json_string(self.data(self.key, end)?, out);
            out.extend_from_slice(b": ");
            self.key = end;
        }
        let (begin, end) = (self.value, self.end(self.first + at, self.value)?);
        self.value = end;
        match self.entry(self.first + at)? >> 28 & 7 {
            0 => json_string(self.data(begin, end)?, out),
            1 => numeric::write_text(varlena(self.data(aligned(begin), end)?)?, out)?,
            2 => out.extend_from_slice(b"false"),
            3 => out.extend_from_slice(b"true"),
            4 => out.extend_from_slice(b"null"),
            5 => return Some(Item::Inner(Container::of(self.data(aligned(begin), end)?)?)),
            _ => return None,
        }
        Some(Item::Printed)
    }

    fn open(&self, out: &mut Vec<u8>) {
        if !self.is_scalar {
            out.push(if self.is_object { b'{' } else { b'[' });
        }
    }

    fn close(&self, out: &mut Vec<u8>) {
        if !self.is_scalar {
            out.push(if self.is_object { b'}' } else { b']' });
        }
    }
}

/// Appends the text; `None` if the bytes are not jsonb. `kept`: the value without its varlena header.
pub fn write_text(kept: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut container = Container::of(kept)?;
    // No recursion: the server accepts values nested as deep as its own stack allows.
    let mut outer = Vec::new();
    container.open(out);
    loop {
        if container.next < container.count {
            if let Item::Inner(inner) = container.print_next(out)? {
                inner.open(out);
                outer.push(std::mem::replace(&mut container, inner));
            }
        } else {
            container.close(out);
            match outer.pop() {
                Some(container_outside) => container = container_outside,
                None => return Some(()),
            }
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map(|bytes| u32::from_ne_bytes(*bytes))
}

fn aligned(at: usize) -> usize {
    at.next_multiple_of(4)
}

/// Returns a varlena without its header of one or four bytes.
fn varlena(bytes: &[u8]) -> Option<&[u8]> {
    let is_short = match cfg!(target_endian = "little") {
        true => bytes.first()? & 1 != 0,
        false => bytes.first()? & 0x80 != 0,
    };
    bytes.get(if is_short { 1 } else { 4 }..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[u32], data: &[u8]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_ne_bytes()).chain(data.iter().copied()).collect()
    }

    fn text(kept: &[u8]) -> Option<String> {
        let mut out = Vec::new();
        write_text(kept, &mut out)?;
        Some(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn values_are_printed_as_the_server_does() {
        // {"a": [true, "x\""], "b": null}: the first of every 32 entries stores an end offset.
        let array = words(&[0x4000_0002, 0x3000_0000 | IS_END, 2], b"x\"");
        let length = u32::try_from(array.len()).unwrap_or(0);
        let mut object = words(&[0x2000_0002, 1 | IS_END, 1, 0x5000_0000 | (length + 2), 0x4000_0000], b"ab\0\0");
        object.extend_from_slice(&array);
        assert_eq!(text(&object).as_deref(), Some("{\"a\": [true, \"x\\\"\"], \"b\": null}"));
        assert_eq!(text(&words(&[0x4000_0000], b"")).as_deref(), Some("[]"));
        assert_eq!(text(&words(&[0x2000_0000], b"")).as_deref(), Some("{}"));
        assert_eq!(text(&words(&[0x5000_0001, 3 | IS_END], b"a\nb")).as_deref(), Some("\"a\\nb\""));
        assert_eq!(text(&words(&[0x5000_0001, 0x2000_0000 | IS_END], b"")).as_deref(), Some("false"));
    }

    #[test]
    fn invalid_jsonb_is_not_printed() {
        assert_eq!(text(b""), None);
        assert_eq!(text(&words(&[0x4000_0002, 3 | IS_END], b"abc")), None);
        assert_eq!(text(&words(&[0x4000_0001, 9 | IS_END], b"abc")), None);
        assert_eq!(text(&words(&[0x4000_0001, 0x7000_0000 | IS_END], b"")), None);
    }
}
