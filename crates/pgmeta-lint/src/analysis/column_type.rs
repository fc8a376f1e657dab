//! What a column's type comes to: domains are taken apart, modifiers and array brackets are told from the name.

use pgmeta_core::model::{ModelIndex, ObjectRef};

/// How many domains may stand on each other.
const DEEPEST: usize = 16;

/// A type by its parts, as `format_type` prints it: `character varying(20)[]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnType {
    /// The name without modifier and brackets.
    pub base: String,
    /// What is in parentheses.
    pub modifier: Option<String>,
    /// Whether it is an array.
    pub is_array: bool,
    /// Whether it was a domain's.
    pub is_domain: bool,
}

impl ColumnType {
    /// Returns the type of a name, or the one on which its domain is based.
    pub fn of(index: &ModelIndex<'_>, name: &str) -> Self {
        let (mut name, mut is_domain) = (name, false);
        for _ in 0..DEEPEST {
            match index.type_named(name) {
                Some(ObjectRef::Domain(domain)) => (name, is_domain) = (&domain.base_type, true),
                _ => break,
            }
        }
        Self { is_domain, ..Self::parse(name) }
    }

    /// Returns a type by its parts, whether it is a domain or not.
    pub fn parse(name: &str) -> Self {
        let bare = name.strip_suffix("[]").unwrap_or(name);
        let is_array = bare.len() < name.len();
        // `time(3) without time zone` has it in the middle. A quoted name may have parentheses of its own.
        let parentheses = bare.find('(').filter(|_| !bare.contains('"')).zip(bare.find(')'));
        let (base, modifier) = match parentheses {
            Some((open, close)) if open < close => {
                (format!("{}{}", &bare[..open], &bare[close + 1..]), Some(bare[open + 1..close].to_owned()))
            }
            _ => (bare.to_owned(), None),
        };
        Self { base, modifier, is_array, is_domain: false }
    }

    /// Returns whether it is a plain type with one of the names.
    pub fn is_one_of(&self, names: &[&str]) -> bool {
        !self.is_array && names.contains(&&*self.base)
    }
}

#[cfg(test)]
mod tests {
    use pgmeta_core::model::{Domain, Model};

    use super::*;

    #[test]
    fn types_are_parsed() {
        let part = |base: &str, modifier: Option<&str>, is_array| ColumnType {
            base: base.into(),
            modifier: modifier.map(str::to_owned),
            is_array,
            is_domain: false,
        };
        for (name, parts) in [
            ("integer", part("integer", None, false)),
            ("character varying(20)[]", part("character varying", Some("20"), true)),
            ("numeric(10,2)", part("numeric", Some("10,2"), false)),
            ("timestamp(3) without time zone", part("timestamp without time zone", Some("3"), false)),
            ("app.\"a(1)\"", part("app.\"a(1)\"", None, false)),
        ] {
            assert_eq!(ColumnType::parse(name), parts, "{name}");
        }
    }

    #[test]
    fn a_domain_counts_as_its_base_type() {
        let domain = |name: &str, base: &str| Domain {
            schema: "app".into(),
            name: name.into(),
            base_type: base.into(),
            ..Domain::default()
        };
        let domains = vec![domain("email", "app.line"), domain("line", "text"), domain("loop", "app.loop")];
        let model = Model { domains, ..Model::default() };
        let index = ModelIndex::of(&model);
        let email = ColumnType::of(&index, "app.email");
        assert!(email.is_one_of(&["text"]) && email.is_domain);
        assert_eq!(ColumnType::of(&index, "app.loop").base, "app.loop");
    }
}
