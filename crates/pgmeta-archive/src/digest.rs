//! A digest of rows in any order: the sum of each row's XXH3, of 128 bits. Rows that are there twice count twice. It is to find
//! what has changed by accident or by others' work; against who would deceive, each file has its SHA-256.

use twox_hash::XxHash3_128;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowDigest {
    sum: u128,
    rows: u64,
}

impl RowDigest {
    pub fn add(&mut self, record: &[u8]) {
        self.sum = self.sum.wrapping_add(XxHash3_128::oneshot(record));
        self.rows += 1;
    }

    /// Adds the rows of another.
    pub fn merge(&mut self, other: Self) {
        self.sum = self.sum.wrapping_add(other.sum);
        self.rows += other.rows;
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns the sum, in hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:032x}", self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As other programs have it: xxhsum -H128.
    #[test]
    fn one_row_has_its_hash() {
        let mut digest = RowDigest::default();
        digest.add(b"{\"id\":1}\n");
        assert_eq!(digest.hex(), "b6c6d6dea7a99d358cf5a3f6d3f947f9");
    }

    #[test]
    fn order_does_not_count_and_repetition_does() {
        let of = |rows: &[&str]| {
            let mut digest = RowDigest::default();
            rows.iter().for_each(|row| digest.add(row.as_bytes()));
            digest.hex()
        };
        assert_eq!(of(&["a", "b", "c"]), of(&["c", "a", "b"]));
        assert_ne!(of(&["a", "a", "b", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "a"]), of(&["b", "b"]));
        assert_eq!(of(&[]), "0".repeat(32));
    }
}
