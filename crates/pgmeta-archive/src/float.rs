//! Floating-point numbers as PostgreSQL prints them: the shortest digits that read back equal, with an exponent where
//! `printf` would have one.

use std::io::Write;

pub fn write4(value: f32, out: &mut Vec<u8>) {
    match special(f64::from(value), out) {
        true => {}
        false => digits(&format_args!("{value:e}"), 6, out),
    }
}

pub fn write8(value: f64, out: &mut Vec<u8>) {
    match special(value, out) {
        true => {}
        false => digits(&format_args!("{value:e}"), 15, out),
    }
}

fn special(value: f64, out: &mut Vec<u8>) -> bool {
    let text: &[u8] = if value.is_nan() {
        b"NaN"
    } else if value == f64::INFINITY {
        b"Infinity"
    } else if value == f64::NEG_INFINITY {
        b"-Infinity"
    } else if value == 0.0 {
        if value.is_sign_negative() { b"-0" } else { b"0" }
    } else {
        return false;
    };
    out.extend_from_slice(text);
    true
}

/// Writes digits and exponent, as in `1.25e-7`, in the server's way; from `fixed` digits on there is an exponent.
fn digits(scientific: &std::fmt::Arguments<'_>, fixed: i32, out: &mut Vec<u8>) {
    let mut buffer = [0u8; 40];
    let room = buffer.len();
    let mut rest = &mut buffer[..];
    let _ = rest.write_fmt(*scientific);
    let length = room - rest.len();
    let text = &buffer[..length];
    let (sign, text) = match text.strip_prefix(b"-") {
        Some(text) => (true, text),
        None => (false, text),
    };
    if sign {
        out.push(b'-');
    }
    let at = text.iter().position(|&byte| byte == b'e').unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(at);
    let exponent: i32 = std::str::from_utf8(&exponent[1..]).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let (first, more) = (mantissa[0], mantissa.get(2..).unwrap_or_default());
    if exponent < -4 || exponent >= fixed {
        out.extend_from_slice(mantissa);
        let _ = write!(out, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
        return;
    }
    match usize::try_from(exponent) {
        Ok(places) => {
            out.push(first);
            let whole = more.len().min(places);
            out.extend_from_slice(&more[..whole]);
            out.extend(std::iter::repeat_n(b'0', places - whole));
            if more.len() > places {
                out.push(b'.');
                out.extend_from_slice(&more[places..]);
            }
        }
        Err(_) => {
            out.extend_from_slice(b"0.");
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            out.extend(std::iter::repeat_n(b'0', zeros));
            out.push(first);
            out.extend_from_slice(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_printed_as_the_server_does() {
        let text = |value: f64| {
            let mut out = Vec::new();
            write8(value, &mut out);
            String::from_utf8_lossy(&out).into_owned()
        };
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (-123.456, "-123.456"),
            (1e14, "100000000000000"),
            (1e15, "1e+15"),
            (123_456_789_012_345.6, "123456789012345.6"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(text(value), expected);
        }
        let mut out = Vec::new();
        write4(123_456.0, &mut out);
        out.push(b' ');
        write4(1_234_567.0, &mut out);
        out.push(b' ');
        write4(0.1, &mut out);
        assert_eq!(out, b"123456 1.234567e+06 0.1");
    }
}
