//! Where objects are in the JSON document. Knows the names of its lists only.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Model, ObjectRef};

use crate::loss::Place;

macro_rules! lists {
    ($($kind:ident $list:ident),* $(,)?) => {
        /// Returns the list of an object's kind.
        fn list_of(object: ObjectRef<'_>) -> &'static str {
            match object { $(ObjectRef::$kind(_) => stringify!($list)),* }
        }

        /// The lists, in the order of the document.
        const LISTS: &[&str] = &[$(stringify!($list)),*];
    };
}

// A new kind does not compile until its list is here; a test compares the names and their order with a document.
lists! {
    Role roles,
    RoleMembership role_memberships,
    Tablespace tablespaces,
    Database databases,
    ParameterPrivileges parameter_privileges,
    Schema schemas,
    Extension extensions,
    ExtensionMember extension_members,
    AccessMethod access_methods,
    Language languages,
    Collation collations,
    Conversion conversions,
    Type types,
    Domain domains,
    Function functions,
    Aggregate aggregates,
    Operator operators,
    OperatorFamily operator_families,
    OperatorClass operator_classes,
    Cast casts,
    Transform transforms,
    TextSearchParser text_search_parsers,
    TextSearchTemplate text_search_templates,
    TextSearchDictionary text_search_dictionaries,
    TextSearchConfiguration text_search_configurations,
    ForeignDataWrapper foreign_data_wrappers,
    Server servers,
    UserMapping user_mappings,
    Sequence sequences,
    Table tables,
    View views,
    MaterializedView materialized_views,
    Constraint constraints,
    Index indexes,
    StatisticsObject statistics_objects,
    Trigger triggers,
    Rule rules,
    Policy policies,
    Publication publications,
    Subscription subscriptions,
    LargeObject large_objects,
    DefaultPrivileges default_privileges,
    EventTrigger event_triggers,
}

/// Returns every object of a model with its place, in the order of the document.
pub(crate) fn placed(model: &Model) -> impl Iterator<Item = (Place, ObjectRef<'_>)> {
    let (mut last, mut at) = ("", 0);
    model.objects().map(move |object| {
        check();
        let list = list_of(object);
        at = if list == last { at + 1 } else { 0 };
        last = list;
        (place(list, at), object)
    })
}

/// Returns the place of the element of a list.
pub(crate) fn place(list: &'static str, at: usize) -> Place {
    let number = LISTS.iter().position(|own| *own == list).unwrap_or_default();
    Place::of_object(number, list, at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FIXTURES: [&str; 3] = [
        include_str!("../../../tests/fixtures/snapshots/kinds.json"),
        include_str!("../../../tests/fixtures/snapshots/hard_cases.json"),
        include_str!("../../../tests/fixtures/snapshots/sample_app.json"),
    ];

    #[test]
    fn places_are_those_of_the_document() {
        let mut seen = Vec::new();
        for text in FIXTURES {
            let model = Model::from_json(text).unwrap();
            let document = serde_json::to_value(&model).unwrap();
            for (place, object) in placed(&model) {
                let found = document.pointer(&place.pointer());
                assert_eq!(found, Some(&object.to_value()), "{}", place.pointer());
                seen.push(list_of(object));
            }
        }
        // The fixtures have every kind.
        assert!(LISTS.iter().all(|list| seen.contains(list)));
    }

    #[test]
    fn lists_have_the_order_of_the_document() {
        let schema = Model::json_schema();
        let names: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(LISTS.iter().all(|list| names.contains(list)));
        assert_eq!(names.len(), LISTS.len() + 2, "format_version, server_version_num");
    }
}
