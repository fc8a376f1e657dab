//! The parts of a type's name: base type, modifier, and whether it is an array. Knows no type.

/// A type's name as `format_type` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Without modifier and brackets.
    pub base: String,
    /// Without brackets, with the modifier.
    spelled: String,
    /// The text in the parentheses.
    modifier: Option<String>,
    pub is_array: bool,
}

/// Types whose name in SQL implies a length of one, with the server's internal name, which does not.
const WITHOUT_LENGTH: &[(&str, &str)] = &[("character", "bpchar"), ("bit", "\"bit\"")];

impl Shape {
    pub fn of(data_type: &str) -> Self {
        let (spelled, is_array) = match data_type.strip_suffix("[]") {
            Some(element) => (element, true),
            None => (data_type, false),
        };
        let (base, modifier) = match parentheses(spelled) {
            Some((open, close)) => {
                let base = format!("{}{}", &spelled[..open], &spelled[close + 1..]);
                (base, Some(spelled[open + 1..close].to_owned()))
            }
            None => (spelled.to_owned(), None),
        };
        let known = WITHOUT_LENGTH.iter().find(|(_, own)| *own == base);
        let base = known.map_or(base, |(name, _)| (*name).to_owned());
        Self { base, spelled: spelled.to_owned(), modifier, is_array }
    }

    /// Returns the element type of an array.
    pub fn element(&self) -> Self {
        Self { is_array: false, ..self.clone() }
    }

    /// Returns the name of the type itself: for an interval, without its fields.
    pub fn family(&self) -> &str {
        if self.is_interval() { "interval" } else { &self.base }
    }

    fn is_interval(&self) -> bool {
        self.base == "interval" || self.base.starts_with("interval ")
    }

    pub fn is_modified(&self) -> bool {
        self.modifier.is_some() || (self.is_interval() && self.base != "interval")
    }

    /// Returns the type as SQL.
    pub fn sql(&self) -> String {
        format!("{}{}", self.spelled, if self.is_array { "[]" } else { "" })
    }

    /// Returns the element type as SQL.
    pub fn spelled(&self) -> &str {
        &self.spelled
    }

    /// Returns the type without its modifier, as SQL.
    pub fn unmodified(&self) -> String {
        let own = WITHOUT_LENGTH.iter().find(|(name, _)| *name == self.base).map(|(_, own)| *own);
        format!("{}{}", own.unwrap_or(self.family()), if self.is_array { "[]" } else { "" })
    }

    /// Returns the numbers of the modifier.
    pub fn numbers(&self) -> Vec<i32> {
        let numbers = self.modifier.iter().flat_map(|modifier| modifier.split(','));
        numbers.filter_map(|number| number.trim().parse().ok()).collect()
    }

    /// Returns the length, or the first number of the modifier.
    pub fn length(&self) -> Option<i32> {
        self.numbers().first().copied()
    }

    /// Returns the number of digits before and after the point.
    pub fn digits(&self) -> Option<(i32, i32)> {
        match *self.numbers().as_slice() {
            [precision] => Some((precision, 0)),
            [precision, scale] => Some((precision - scale, scale)),
            _ => None,
        }
    }
}

/// Returns the positions of the first parentheses outside of quotes.
fn parentheses(text: &str) -> Option<(usize, usize)> {
    let (mut quoted, mut open) = (false, None);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, open) {
            (b'"', _) => quoted = !quoted,
            (b'(', None) if !quoted => open = Some(at),
            (b')', Some(open)) if !quoted => return Some((open, at)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_are_parsed() {
        for (name, base, unmodified, length) in [
            ("character varying(10)[]", "character varying", "character varying[]", Some(10)),
            ("timestamp(3) without time zone", "timestamp without time zone", "timestamp without time zone", Some(3)),
            ("bpchar", "character", "bpchar", None),
            ("character(3)", "character", "bpchar", Some(3)),
            ("bit(3)[]", "bit", "\"bit\"[]", Some(3)),
            ("interval day to second(3)", "interval day to second", "interval", Some(3)),
            ("s.\"odd(7)\"", "s.\"odd(7)\"", "s.\"odd(7)\"", None),
            ("public.geometry(Point,4326)", "public.geometry", "public.geometry", Some(4326)),
        ] {
            let shape = Shape::of(name);
            assert_eq!((&*shape.base, &*shape.unmodified(), shape.length()), (base, unmodified, length), "{name}");
            assert_eq!(shape.sql(), name);
        }
    }
}
