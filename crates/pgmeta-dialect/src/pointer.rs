//! Where objects are in the JSON document.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Model, ObjectRef};

use crate::loss::Place;

/// Returns every object of a model with its place, in the order of the document.
pub(crate) fn placed(model: &Model) -> impl Iterator<Item = (Place, ObjectRef<'_>)> {
    let (mut last, mut at) = ("", 0);
    model.objects().map(move |object| {
        check();
        let list = object.list();
        at = if list == last { at + 1 } else { 0 };
        last = list;
        (place(list, at), object)
    })
}

/// Returns the place of the element of a list.
pub(crate) fn place(list: &'static str, at: usize) -> Place {
    let number = Model::LISTS.iter().position(|own| *own == list).unwrap_or_default();
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
                seen.push(object.list());
            }
        }
        // The fixtures have every kind.
        assert!(Model::LISTS.iter().all(|list| seen.contains(list)));
    }

    #[test]
    fn lists_have_the_order_of_the_document() {
        let schema = Model::json_schema();
        let names: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(Model::LISTS.iter().all(|list| names.contains(list)));
        assert_eq!(names.len(), Model::LISTS.len() + 2, "format_version, server_version_num");
    }
}
