//! Texts that PostgreSQL takes for a date, a time or a UUID, as RFC 3339 and 9562 write them.

/// Returns whether a text is a date that exists.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(digits).collect();
    let [Some(year), Some(month), Some(day)] = parts[..] else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    text.len() == 10 && year > 0 && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// Returns whether a text is a time of day, with or without a zone.
pub fn is_time(text: &str) -> bool {
    let end = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let Some((time, zone)) = text.split_at_checked(end) else { return false };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_zone = match zone.strip_prefix(['+', '-']) {
        Some(offset) => is_clock(offset, 15),
        None => zone.len() < 2,
    };
    is_clock(time, 23) && digits(fraction.get(..fraction.len().min(9)).unwrap_or_default()).is_some() && is_zone
}

/// `hours:minutes`, with seconds or without.
fn is_clock(text: &str, hours: u32) -> bool {
    let parts: Vec<Option<u32>> = text.split(':').map(|part| digits(part).filter(|_| part.len() == 2)).collect();
    match parts[..] {
        [Some(hour), Some(minute)] => hour <= hours && minute < 60,
        [Some(hour), Some(minute), Some(second)] => hour <= hours && minute < 60 && second < 60,
        _ => false,
    }
}

/// Returns whether a text is a date with a time of day, or without.
pub fn is_timestamp(text: &str) -> bool {
    match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => is_date(date) && is_time(time),
        None => is_date(text),
    }
}

/// Returns whether a text is a UUID.
pub fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Returns whether a text is a duration: `P1Y2M3DT4H5M6S`.
pub fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let is_part = |part: &str, units: &str| {
        let all: Vec<(u8, u8)> = part.bytes().zip(part.bytes().skip(1)).collect();
        let (mut last, mut is_ordered) = (None, true);
        for unit in part.chars().filter(|c| !c.is_ascii_digit()) {
            let at = units.find(unit);
            is_ordered &= at.is_some() && at > last;
            last = at;
        }
        let is_numbered = part.starts_with(|c: char| c.is_ascii_digit())
            && all.iter().all(|(one, next)| one.is_ascii_digit() || next.is_ascii_digit());
        is_ordered && is_numbered && part.ends_with(|c: char| c.is_ascii_alphabetic())
    };
    let has_days = days.is_empty() || is_part(days, "YMWD");
    has_days && time.map_or(!days.is_empty(), |time| is_part(time, "HMS"))
}

fn digits(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_time_are_told_from_others() {
        assert!(is_date("2024-02-29") && !is_date("2023-02-29") && !is_date("2024-1-1") && !is_date("tomorrow"));
        assert!(is_time("23:59:59.123456Z") && is_time("12:00") && is_time("12:00:00+05:30"));
        assert!(!is_time("24:00:00") && !is_time("12") && !is_time("12:00:00x") && !is_time(""));
        assert!(is_timestamp("2024-01-01T00:00:00Z") && is_timestamp("2024-01-01 10:00:00") && !is_timestamp("now"));
        assert!(is_uuid("01234567-89ab-cdef-0123-456789abcdef") && !is_uuid("01234567") && !is_uuid(""));
        for (text, is) in [
            ("P1Y2M", true),
            ("PT5S", true),
            ("P1DT2H", true),
            ("P", false),
            ("PT", false),
            ("P1", false),
            ("1D", false),
            ("PYD", false),
            ("P1D2Y", false),
        ] {
            assert_eq!(is_duration(text), is, "{text}");
        }
    }
}
