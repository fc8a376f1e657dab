//! Whether stored values fit another modifier of the same type. The rules are PostgreSQL's: those of the support functions of its
//! length coercions (numeric_support, varchar_support, varbit_support, timestamp_support, time_support, interval_support), which
//! remove a coercion so that ALTER TABLE rewrites no row. They hold for plain types; arrays and domains have others, which are not
//! known here.

/// A type in two parts: its name, and the numbers in parentheses, which may be in the middle of the name.
#[derive(Debug, PartialEq)]
struct Modified {
    base: String,
    numbers: Vec<i32>,
}

impl Modified {
    fn parse(data_type: &str) -> Option<Self> {
        let Some((before, rest)) = data_type.split_once('(') else {
            return Some(Self { base: data_type.to_owned(), numbers: Vec::new() });
        };
        let (numbers, after) = rest.split_once(')')?;
        let numbers = numbers.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
        Some(Self { base: format!("{before}{after}"), numbers })
    }

    fn number(&self) -> Option<i32> {
        self.numbers.first().copied()
    }

    /// Returns precision and scale.
    fn decimal(&self) -> Option<(i32, i32)> {
        match self.numbers.as_slice() {
            [precision] => Some((*precision, 0)),
            [precision, scale] => Some((*precision, *scale)),
            _ => None,
        }
    }
}

/// The maximum number of fractional digits of seconds.
const MAX_PRECISION: i32 = 6;

/// Returns whether every stored value is valid in the new type unchanged, and the server knows it.
pub fn keeps(old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (Modified::parse(old), Modified::parse(new)) else { return false };
    if let (Some(was), Some(is)) = (least_field(&old.base), least_field(&new.base)) {
        return keeps_interval((was, old.number()), (is, new.number()), new.base == "interval");
    }
    if old.base != new.base {
        return false;
    }
    match old.base.as_str() {
        "numeric" => match (old.decimal(), new.decimal()) {
            (_, None) => true,
            (Some((was, old_scale)), Some((is, new_scale))) => old_scale == new_scale && was <= is,
            (None, Some(_)) => false,
        },
        "character varying" | "bit varying" => match (old.number(), new.number()) {
            (_, None) => true,
            (Some(was), Some(is)) => was <= is,
            (None, Some(_)) => false,
        },
        "timestamp without time zone"
        | "timestamp with time zone"
        | "time without time zone"
        | "time with time zone" => match (old.number(), new.number()) {
            (_, None | Some(MAX_PRECISION)) => true,
            (Some(was), Some(is)) => was <= is,
            (None, Some(_)) => false,
        },
        _ => false,
    }
}

/// Returns the position of an interval's least field, with 0 for seconds; `None` for other types.
pub fn least_field(base: &str) -> Option<u8> {
    let fields = base.strip_prefix("interval")?;
    match fields.rsplit(' ').next().unwrap_or_default() {
        "" | "second" => Some(0),
        "minute" => Some(1),
        "hour" => Some(2),
        "day" => Some(3),
        "month" => Some(4),
        "year" => Some(5),
        _ => None,
    }
}

fn keeps_interval(old: (u8, Option<i32>), new: (u8, Option<i32>), new_has_no_fields: bool) -> bool {
    let ((was, old_precision), (is, new_precision)) = (old, new);
    if new_has_no_fields && new_precision.is_none() {
        return true;
    }
    let full = i32::MAX;
    let (before, after) = (old_precision.unwrap_or(full), new_precision.unwrap_or(full));
    is <= was && (was > 0 || after >= MAX_PRECISION || after >= before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_modifiers_need_no_rewrite() {
        for (old, new, kept) in [
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric", true),
            ("numeric(10,2)", "numeric(12,3)", false),
            ("numeric(10,2)", "numeric(9,2)", false),
            ("numeric", "numeric(10,2)", false),
            ("character varying(10)", "character varying(20)", true),
            ("character varying", "character varying(20)", false),
            ("bit varying(4)", "bit varying(8)", true),
            ("bit varying(4)", "bit varying", true),
            ("bit varying", "bit varying(8)", false),
            ("bit(4)", "bit(8)", false),
            ("timestamp(3) without time zone", "timestamp(6) without time zone", true),
            ("timestamp without time zone", "timestamp(6) without time zone", true),
            ("timestamp without time zone", "timestamp(5) without time zone", false),
            ("timestamp(3) with time zone", "timestamp(3) without time zone", false),
            ("time(0) with time zone", "time(1) with time zone", true),
            ("interval(3)", "interval", true),
            ("interval", "interval(3)", false),
            ("interval", "interval(6)", true),
            ("interval year", "interval year to month", true),
            ("interval year to month", "interval year", false),
            ("interval day", "interval(0)", true),
            ("interval day to second(3)", "interval second(2)", false),
            ("interval day to second(3)", "interval second(4)", true),
            ("numeric(10,2)[]", "numeric(12,2)[]", false),
            ("app.interval", "app.interval", false),
            ("app.\"numeric(10,2)", "app.\"numeric(12,2)", false),
        ] {
            assert_eq!(keeps(old, new), kept, "{old} to {new}");
        }
    }
}
