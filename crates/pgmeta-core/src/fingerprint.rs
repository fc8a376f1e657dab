//! Fingerprints of texts. Knows no object.

use sha2::{Digest, Sha256};

use crate::interrupt::check_now;

/// The number of bytes that are hashed between two checks for interrupts.
const CHUNK: usize = 1 << 20;

/// Returns the SHA-256 of a text in hexadecimal.
pub fn fingerprint(text: &str) -> String {
    let mut digest = Sha256::new();
    for chunk in text.as_bytes().chunks(CHUNK) {
        check_now();
        digest.update(chunk);
    }
    base16ct::lower::encode_string(&digest.finalize())
}

/// Returns the first eight digits of the fingerprint: enough to keep names apart that would be equal otherwise.
pub fn short_fingerprint(text: &str) -> String {
    let mut digits = fingerprint(text);
    digits.truncate(8);
    digits
}
