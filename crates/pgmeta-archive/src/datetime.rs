//! Prints dates and times in PostgreSQL's ISO style, from its internal count: days and microseconds since 2000-01-01.

const DAY: i64 = 86_400_000_000;

/// Writes a date.
pub fn write_date(days: i32, out: &mut Vec<u8>) {
    if infinite(days == i32::MAX, days == i32::MIN, out) {
        return;
    }
    if day(i64::from(days), out) {
        out.extend_from_slice(b" BC");
    }
}

/// Writes date and time with a separator between them, and the zone.
pub fn write_timestamp(micros: i64, separator: u8, zone: &[u8], out: &mut Vec<u8>) {
    if infinite(micros == i64::MAX, micros == i64::MIN, out) {
        return;
    }
    let before = day(micros.div_euclid(DAY), out);
    out.push(separator);
    write_time(micros.rem_euclid(DAY), out);
    out.extend_from_slice(zone);
    if before {
        out.extend_from_slice(b" BC");
    }
}

/// Writes a time of day without trailing zeros of its fraction.
pub fn write_time(micros: i64, out: &mut Vec<u8>) {
    let seconds = micros / 1_000_000;
    let ([a, b], [c, d], [e, f]) = (two(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
    out.extend_from_slice(&[a, b, b':', c, d, b':', e, f]);
    let mut fraction = micros % 1_000_000;
    if fraction == 0 {
        return;
    }
    let mut width = 6;
    while fraction % 10 == 0 {
        fraction /= 10;
        width -= 1;
    }
    out.push(b'.');
    padded(fraction, width, out);
}

fn infinite(positive: bool, negative: bool, out: &mut Vec<u8>) -> bool {
    let text: &[u8] = match (positive, negative) {
        (true, _) => b"infinity",
        (_, true) => b"-infinity",
        _ => return false,
    };
    out.extend_from_slice(text);
    true
}

/// Writes year, month and day; returns whether the year is BC.
fn day(since_2000: i64, out: &mut Vec<u8>) -> bool {
    // Days since 0000-03-01 of the proleptic Gregorian calendar, in eras of 400 years.
    let days = since_2000 + 730_425;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let before = year <= 0;
    padded(if before { 1 - year } else { year }, 4, out);
    let ([a, b], [c, d]) = (two(month), two(of_year - (153 * shifted + 2) / 5 + 1));
    out.extend_from_slice(&[b'-', a, b, b'-', c, d]);
    before
}

fn two(number: i64) -> [u8; 2] {
    let number = u8::try_from(number).unwrap_or(0);
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

fn padded(number: i64, width: usize, out: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let text = buffer.format(number);
    out.extend(std::iter::repeat_n(b'0', width.saturating_sub(text.len())));
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn dates_match_the_calendar() {
        for (days, expected) in [
            (0, "2000-01-01"),
            (59, "2000-02-29"),
            (60, "2000-03-01"),
            (-1, "1999-12-31"),
            (8_826, "2024-03-01"),
            (-730_119, "0001-01-01"),
            (-730_120, "0001-12-31 BC"),
            (-2_451_545, "4714-11-24 BC"),
            (i32::MAX, "infinity"),
            (i32::MIN, "-infinity"),
        ] {
            assert_eq!(text(|out| write_date(days, out)), expected);
        }
    }

    #[test]
    fn times_have_no_trailing_zeros() {
        let of = |micros| text(|out| write_timestamp(micros, b' ', b"+00", out));
        assert_eq!(of(0), "2000-01-01 00:00:00+00");
        assert_eq!(of(-1), "1999-12-31 23:59:59.999999+00");
        assert_eq!(of(1_500_000), "2000-01-01 00:00:01.5+00");
        assert_eq!(of(i64::MIN), "-infinity");
        assert_eq!(text(|out| write_time(DAY, out)), "24:00:00");
        assert_eq!(
            text(|out| write_timestamp(-63_082_281_600_000_001, b'T', b"", out)),
            "0001-12-31T23:59:59.999999 BC"
        );
    }
}
