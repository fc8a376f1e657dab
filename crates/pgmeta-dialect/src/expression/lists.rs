//! Chains of conditions, and comparisons with the elements of arrays: both are lists.

use super::Refusal;
use super::array::elements_of;
use super::tree::Expr;

/// How many casts of an array may stand on each other: each of its elements gets them all.
const MOST_CASTS: usize = 4;

/// Joins two conditions; a chain is one list.
pub(super) fn joined(left: Expr, right: Expr, is_or: bool) -> Expr {
    match (left, is_or) {
        (Expr::Or(mut all), true) => {
            all.push(right);
            Expr::Or(all)
        }
        (Expr::And(mut all), false) => {
            all.push(right);
            Expr::And(all)
        }
        (left, true) => Expr::Or(vec![left, right]),
        (left, false) => Expr::And(vec![left, right]),
    }
}

/// `= ANY (array)` and `<> ALL (array)` are lists.
pub(super) fn quantified(operator: &str, left: Expr, is_any: bool, array: Expr) -> Result<Expr, Refusal> {
    let negated = match (operator, is_any) {
        ("=", true) => false,
        ("<>", false) => true,
        _ => return Err(Refusal::of(format!("{operator} {}", if is_any { "ANY" } else { "ALL" }))),
    };
    elements(array, 0).map(|list| Expr::In(Box::new(left), list, negated))
}

fn elements(array: Expr, casts: usize) -> Result<Vec<Expr>, Refusal> {
    if casts > MOST_CASTS {
        return Err(Refusal::of("an array with so many casts"));
    }
    let of_type = |list: Vec<Expr>, data_type: &str| {
        let element = data_type.trim_end_matches("[]").to_owned();
        list.into_iter().map(|own| Expr::Cast(Box::new(own), element.clone())).collect()
    };
    match array {
        Expr::Array(list) => Ok(list),
        Expr::Cast(inner, data_type) if data_type.ends_with("[]") => match *inner {
            Expr::Text(text) => {
                let texts = elements_of(&text).ok_or_else(|| Refusal::of("a list of lists"))?;
                let list = texts.into_iter().map(|text| text.map_or(Expr::Null, Expr::Text)).collect();
                Ok(of_type(list, &data_type))
            }
            other => Ok(of_type(elements(other, casts + 1)?, &data_type)),
        },
        _ => Err(Refusal::of("a comparison with the elements of an array")),
    }
}
