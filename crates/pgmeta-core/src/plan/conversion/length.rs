//! The effects of a type modifier on values of another type, or of the same type with another modifier. The rules are those of an
//! assignment: a value that is too long is an error, unless the excess is only blanks.

use crate::plan::conversion::facts::Facts;
use crate::plan::conversion::known;
use crate::plan::conversion::loss::Loss;
use crate::plan::conversion::shape::Shape;
use crate::plan::modifiers;

/// The default precision of seconds.
const DEFAULT_PRECISION: i32 = 6;

/// Returns the effects of the target's modifier on values of the source. `longest` is the maximum length of their text, if the name
/// of the source does not determine it.
pub fn applied(source: &Shape, target: &Shape, longest: Option<i32>) -> Facts {
    let mut facts = Facts::default();
    if !target.is_modified() {
        return facts;
    }
    let is_same_family = source.family() == target.family() && !source.is_array;
    if is_same_family && source.sql() == target.sql() {
        return facts;
    }
    facts.rewrites = !(is_same_family && modifiers::keeps(source.spelled(), target.spelled()));
    let limit = target.length().unwrap_or(i32::MAX);
    match target.family() {
        "character varying" | "character" => {
            let longest = longest_text(source).or(longest);
            facts.fails = longest.is_none_or(|longest| longest > limit);
            let padded = target.family() == "character";
            let may_end_with_blanks = !source.is_array && known::may_end_with_blanks(source.family());
            if may_end_with_blanks && (facts.fails || padded) {
                facts.losses.insert(Loss::Blanks);
            }
        }
        "bit" => match source.family() {
            // The cast gets the number of bits from the modifier.
            "integer" => facts.cuts_bits(limit < 32),
            "bigint" => facts.cuts_bits(limit < 64),
            _ => facts.fails = source.family() != "bit" || source.length() != target.length(),
        },
        "bit varying" => facts.fails = source.length().is_none_or(|length| length > limit),
        "numeric" => numeric(source, target, &mut facts),
        "time without time zone"
        | "time with time zone"
        | "timestamp without time zone"
        | "timestamp with time zone" => {
            let precision = if source.family() == "date" { 0 } else { precision(source) };
            if precision > limit {
                facts.losses.insert(Loss::Seconds);
            }
        }
        "interval" => interval(source, target, &mut facts),
        // A type of an extension.
        _ => facts.fails = facts.rewrites,
    }
    facts
}

/// Returns the maximum length of the text of a type's values, in characters.
pub fn longest_text(source: &Shape) -> Option<i32> {
    match source.family() {
        _ if source.is_array => None,
        // With a sign, a point, and a zero before the point; or NaN.
        "numeric" => {
            let point = |behind: i32| if behind > 0 { behind + 1 } else { 0 };
            source.digits().map(|(whole, behind)| (1 + whole.max(1) + point(behind)).max(3))
        }
        "character varying" | "character" | "bit" | "bit varying" => source.length(),
        family => known::longest_text(family),
    }
}

fn numeric(source: &Shape, target: &Shape, facts: &mut Facts) {
    let Some((whole, behind)) = target.digits() else { return };
    let has = match source.family() {
        "numeric" => source.digits(),
        "smallint" => Some((5, 0)),
        "integer" => Some((10, 0)),
        "bigint" => Some((19, 0)),
        "money" => Some((17, 2)),
        _ => None,
    };
    let (most, digits) = has.map_or((None, None), |(most, digits)| (Some(most), Some(digits)));
    let cuts = digits.is_none_or(|digits| digits > behind);
    // Rounding up may add a digit.
    facts.fails = most.is_none_or(|most| most > whole || (cuts && most == whole));
    if cuts {
        facts.losses.insert(Loss::Digits);
    }
}

fn precision(shape: &Shape) -> i32 {
    shape.length().unwrap_or(DEFAULT_PRECISION)
}

fn interval(source: &Shape, target: &Shape, facts: &mut Facts) {
    if !facts.rewrites {
        return;
    }
    // A time has all fields.
    let field = |shape: &Shape| modifiers::least_field(&shape.base).or(Some(0));
    if field(source) < field(target) {
        facts.losses.insert(Loss::Fields);
    } else if precision(source) > precision(target) {
        facts.losses.insert(Loss::Seconds);
    }
}
