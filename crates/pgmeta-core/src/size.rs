//! Sizes as people read them. Knows no object.

/// Returns a number of bytes as `pg_size_pretty` prints it.
pub fn pretty_size(bytes: i64) -> String {
    let (mut size, mut unit) = (bytes, "bytes");
    for larger in ["kB", "MB", "GB", "TB", "PB"] {
        if size < 10_240 {
            break;
        }
        (size, unit) = ((size + 512) / 1024, larger);
    }
    format!("{size} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_printed_as_the_server_does() {
        let cases = [
            (0, "0 bytes"),
            (8192, "8192 bytes"),
            (10_239, "10239 bytes"),
            (10_240, "10 kB"),
            (16_384, "16 kB"),
            (10_485_760, "10 MB"),
            (25 << 20, "25 MB"),
            (1 << 40, "1024 GB"),
            (3 << 40, "3072 GB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(pretty_size(bytes), text);
        }
    }
}
