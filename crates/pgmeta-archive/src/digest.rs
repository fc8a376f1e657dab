//! A digest of rows that does not depend on their order: the sum of the 128-bit XXH3 of each row. A repeated row counts
//! each time. Detects accidental changes, not forgery: each file has a SHA-256 for that.

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

    /// Adds the rows of another digest.
    pub fn merge(&mut self, other: Self) {
        self.sum = self.sum.wrapping_add(other.sum);
        self.rows += other.rows;
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns the sum as hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:032x}", self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `xxhsum -H128` prints the same.
    #[test]
    fn digest_of_one_row_is_its_hash() {
        let mut digest = RowDigest::default();
        digest.add(b"{\"id\":1}\n");
        assert_eq!(digest.hex(), "b6c6d6dea7a99d358cf5a3f6d3f947f9");
    }

    #[test]
    fn digest_ignores_order_and_counts_repetitions() {
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
