//! Where the objects of a definition's model are in the definition: places in the snapshot of the model become places in the document.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Model, ModelIndex, ObjectKey, ObjectRef};

use crate::definition::Definition;
use crate::view::ViewColumnDefinition;

/// Returns the JSON pointer into a definition for one into the snapshot of its model: of the object, or of the table that it belongs to.
/// Empty if the definition has no such object.
pub fn pointer_of(definition: &Definition, model: &Model, pointer: &str) -> String {
    let mut parts = pointer.split('/').skip(1);
    let (Some(list), Some(at)) = (parts.next(), parts.next().and_then(|at| at.parse::<usize>().ok())) else {
        return String::new();
    };
    let Some(object) = model.objects().filter(|object| object.list() == list).nth(at) else { return String::new() };
    let own = place(definition, object);
    match (own, parts.next(), parts.next().and_then(|at| at.parse::<usize>().ok())) {
        (Some(own), Some("columns"), Some(at)) => {
            let column = object.columns().get(at).and_then(|column| column_place(definition, &own, &column.name));
            column.map_or(own.clone(), |at| format!("{own}/columns/{at}"))
        }
        (own, _, _) => own.unwrap_or_default(),
    }
}

/// Returns the JSON pointer into a definition for an object of its model, or for the table that it belongs to; for a column of it, if one
/// is given. Empty if the definition has no such object.
pub fn place_of(definition: &Definition, index: &ModelIndex<'_>, key: &ObjectKey, column: Option<&str>) -> String {
    let Some(own) = index.get(key).and_then(|object| place(definition, object)) else { return String::new() };
    let column = column.and_then(|name| column_place(definition, &own, name));
    column.map_or(own.clone(), |at| format!("{own}/columns/{at}"))
}

/// Returns the place of an object, or of the relation that it belongs to.
fn place(definition: &Definition, object: ObjectRef<'_>) -> Option<String> {
    let key = object.parent().unwrap_or_else(|| object.object().key());
    let own = definition.own_schema();
    let is = |schema: Option<&Name>, name: &Name| names(&key) == Some((schema.unwrap_or(&own), name));
    let at = |list: &str, at: Option<usize>| at.map(|at| format!("/{list}/{at}"));
    at("tables", definition.tables.iter().position(|given| is(given.schema.as_ref(), &given.name)))
        .or_else(|| at("views", definition.views.iter().position(|given| is(given.schema.as_ref(), &given.name))))
        .or_else(|| {
            let views = &definition.materialized_views;
            at("materialized_views", views.iter().position(|given| is(given.schema.as_ref(), &given.name)))
        })
        .or_else(|| at("enums", definition.enums.iter().position(|given| is(given.schema.as_ref(), &given.name))))
        .or_else(|| at("domains", definition.domains.iter().position(|given| is(given.schema.as_ref(), &given.name))))
        .or_else(|| {
            at("composites", definition.composites.iter().position(|given| is(given.schema.as_ref(), &given.name)))
        })
        .or_else(|| {
            at("sequences", definition.sequences.iter().position(|given| is(given.schema.as_ref(), &given.name)))
        })
        .or_else(|| {
            at("functions", definition.functions.iter().position(|given| is(given.schema.as_ref(), &given.name)))
        })
        .or_else(|| {
            let name = key.names.first().filter(|_| object.list() == "schemas")?;
            at("schemas", definition.schemas.iter().position(|given| given.name == *name))
        })
}

/// Returns schema and name of an object that is in a schema.
fn names(key: &ObjectKey) -> Option<(&Name, &Name)> {
    match &*key.names {
        [schema, name] => Some((schema, name)),
        _ => None,
    }
}

/// Returns the position of a column in the table or view at a place.
fn column_place(definition: &Definition, place: &str, name: &str) -> Option<usize> {
    let (list, at) = place.strip_prefix('/')?.split_once('/')?;
    let at: usize = at.parse().ok()?;
    let of_view = |columns: &[ViewColumnDefinition]| columns.iter().position(|own| &*own.name == name);
    match list {
        "tables" => definition.tables.get(at)?.columns.iter().position(|own| &*own.name == name),
        "views" => of_view(&definition.views.get(at)?.columns),
        "materialized_views" => of_view(&definition.materialized_views.get(at)?.columns),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::to_model::{Target, to_model};

    #[test]
    fn places_are_those_of_the_definition() {
        let definition = Definition::from_value(json!({
            "schema": "app",
            "enums": [{"name": "z", "values": ["a"]}, {"name": "a", "values": ["b"]}],
            "tables": [
                {"name": "z", "columns": [{"name": "id", "type": "int", "primary_key": true}, {"name": "a", "type": "a"}]},
                {"name": "a", "schema": "other", "columns": [{"name": "id", "type": "int"}], "indexes": [{"columns": ["id"]}]}],
            "views": [{"name": "v", "query": "SELECT 1 AS one"}]
        }))
        .unwrap();
        let model = to_model(&definition, &Target { owner: "o".into(), server_version_num: 150_000 });
        let snapshot = serde_json::to_value(&model).unwrap();
        let at = |list: &str, name: &str| {
            let list = snapshot[list].as_array().unwrap();
            list.iter().position(|own| own["name"] == name).unwrap()
        };
        for (pointer, expected) in [
            (format!("/tables/{}", at("tables", "z")), "/tables/0"),
            (format!("/tables/{}/columns/1", at("tables", "z")), "/tables/0/columns/1"),
            (format!("/tables/{}/columns/0", at("tables", "a")), "/tables/1/columns/0"),
            (format!("/indexes/{}", at("indexes", "a_id_idx")), "/tables/1"),
            (format!("/constraints/{}", at("constraints", "z_pkey")), "/tables/0"),
            (format!("/types/{}", at("types", "a")), "/enums/1"),
            (format!("/views/{}", at("views", "v")), "/views/0"),
            ("/roles/0".to_owned(), ""),
            (String::new(), ""),
        ] {
            assert_eq!(pointer_of(&definition, &model, &pointer), expected, "{pointer}");
        }
        let index = ModelIndex::of(&model);
        let key = model.indexes[0].object_key();
        assert_eq!(place_of(&definition, &index, &key, None), "/tables/1");
        assert_eq!(place_of(&definition, &index, &key, Some("id")), "/tables/1/columns/0");
        assert_eq!(place_of(&definition, &index, &key, Some("none")), "/tables/1");
    }
}
