//! psql patterns over the objects of a model: `app.*`, `app.log_?`. A pattern without a dot is that of a schema.

use pgmeta_core::model::{ObjectKey, ObjectKind};
use pgmeta_core::pattern;
use regex_lite::Regex;

/// A psql pattern.
#[derive(Clone, Debug)]
pub(crate) struct ObjectPattern {
    schema: Regex,
    name: Option<Regex>,
}

impl ObjectPattern {
    /// Reads a pattern; `None` where it is not one.
    pub fn of(text: &str) -> Option<Self> {
        let parsed = pattern::parse(text);
        let name = parsed.name.map(|name| Regex::new(&name)).transpose().ok()?;
        Some(Self { schema: Regex::new(&parsed.schema).ok()?, name })
    }

    /// Returns whether the pattern is about an object. One of names is about the objects in a schema, not the schema.
    pub fn matches(&self, key: &ObjectKey) -> bool {
        let in_schema = key.schema().is_some_and(|schema| self.schema.is_match(schema));
        let is_named = |name: &Regex| {
            let own = key.kind != ObjectKind::Schema && name.is_match(key.name());
            own || key.relation().is_some_and(|(_, relation)| name.is_match(relation))
        };
        in_schema && self.name.as_ref().is_none_or(is_named)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_about_objects_and_what_belongs_to_them() {
        let table = ObjectKey::in_schema(ObjectKind::Table, &"app".into(), &"log_1".into());
        let policy = ObjectKey::on_relation(ObjectKind::Policy, &"app".into(), &"log_1".into(), &"own".into());
        let schema = ObjectKey::global(ObjectKind::Schema, &"app".into());
        for (text, of_table, of_policy, of_schema) in [
            ("app", true, true, true),
            ("a*", true, true, true),
            ("app.log_?", true, true, false),
            ("app.own", false, true, false),
            ("app.*", true, true, false),
            ("other.*", false, false, false),
        ] {
            let pattern = ObjectPattern::of(text).unwrap();
            let found = [&table, &policy, &schema].map(|key| pattern.matches(key));
            assert_eq!(found, [of_table, of_policy, of_schema], "{text}");
        }
    }
}
