//! A digest of rows in any order: each row's SHA-256, of which the first 128 bits are added up. Rows that are there twice
//! count twice.

use sha2::{Digest as _, Sha256};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowDigest {
    sum: u128,
    rows: u64,
}

impl RowDigest {
    pub fn add(&mut self, record: &[u8]) {
        let hash = Sha256::digest(record);
        let mut first = [0; 16];
        first.copy_from_slice(&hash[..16]);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(first));
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

/// Returns bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
