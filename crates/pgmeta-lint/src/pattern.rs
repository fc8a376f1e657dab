//! psql patterns over the objects of a model: `app.*`, `app.log_?`. A pattern without a dot is that of a schema.

use pgmeta_core::model::{ObjectKey, ObjectKind};
use pgmeta_core::pattern::Matcher;

/// Returns whether a pattern is about an object. One of names is about the objects in a schema, not the schema.
pub(crate) fn matches(pattern: &Matcher, key: &ObjectKey) -> bool {
    let in_schema = key.schema().is_some_and(|schema| pattern.matches_schema(schema));
    let is_named = || {
        let own = key.kind != ObjectKind::Schema && pattern.matches_name(key.name());
        own || key.relation().is_some_and(|(_, relation)| pattern.matches_name(relation))
    };
    in_schema && (pattern.is_of_schema() || is_named())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_objects_and_their_parts() {
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
            let pattern = Matcher::of(text).unwrap();
            let found = [&table, &policy, &schema].map(|key| matches(&pattern, key));
            assert_eq!(found, [of_table, of_policy, of_schema], "{text}");
        }
    }
}
