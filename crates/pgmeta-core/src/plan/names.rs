//! Temporary names in a plan. They must not be too long, and they must differ from each other.

use crate::fingerprint::fingerprint;

/// The maximum length of PostgreSQL's names, in bytes.
const LENGTH: usize = 63;

/// Returns a name made of parts and a suffix. A long name is cut, and a hash keeps it unique.
pub fn helper(parts: &[&str], suffix: &str) -> String {
    let whole = format!("{}_{suffix}", parts.join("_"));
    if whole.len() <= LENGTH {
        return whole;
    }
    let hash = fingerprint(&whole);
    let hash = &hash[..8];
    let mut end = LENGTH - suffix.len() - hash.len() - 2;
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}_{suffix}", &whole[..end])
}

/// Returns the temporary name of an object that is replaced.
pub fn former(name: &str) -> String {
    let hash = fingerprint(name);
    let mut end = name.len().min(30);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{}_old", &name[..end], &hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_and_stay_unique() {
        let long = "é".repeat(40);
        let (one, other) = (helper(&[&long, "a"], "check"), helper(&[&long, "b"], "check"));
        assert!(one.len() <= 63 && one != other, "{one} {other}");
        assert_eq!(helper(&["t", "c"], "check"), "t_c_check");
    }
}
