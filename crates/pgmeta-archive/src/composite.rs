//! Composite types of columns as they were when the rows were archived. A stored composite value has its attributes in
//! order, without names. Does not read the catalog.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Composite {
    /// The type's name as SQL.
    pub name: String,
    /// The columns with values of this type, or with values that contain it.
    pub columns: Vec<String>,
    /// Whether an array, a domain or a range of one of these columns contains the type.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub within: bool,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    pub name: String,
    pub data_type: String,
}

/// The change of a type since it was archived.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// Stored values can be read as they are.
    None,
    /// All attributes exist, in another order or with new ones.
    Order,
    /// The type has no place for a part of the values.
    Loss {
        /// The actions of an ALTER TYPE that would undo the change.
        remedy: String,
        /// Whether attributes have other types now.
        retyped: bool,
    },
}

impl Composite {
    /// Compares the archived attributes with the present ones.
    pub fn change(&self, now: &[Attribute]) -> Change {
        if self.attributes == now {
            return Change::None;
        }
        let mut retyped = false;
        let remedies: Vec<String> = self
            .losses(now)
            .map(|(Attribute { name, data_type }, other)| {
                retyped |= other.is_some();
                match other {
                    None => format!("ADD ATTRIBUTE {} {data_type}", quoted(name)),
                    Some(_) => format!("ALTER ATTRIBUTE {} TYPE {data_type}", quoted(name)),
                }
            })
            .collect();
        match remedies.is_empty() {
            true => Change::Order,
            false => Change::Loss { remedy: remedies.join(", "), retyped },
        }
    }

    /// Describes how the present attributes differ, in words.
    pub fn difference(&self, now: &[Attribute]) -> String {
        let lost = self.losses(now).map(|(Attribute { name, data_type }, other)| match other {
            None => format!("attribute {} of type {data_type} is gone", quoted(name)),
            Some(other) => format!("attribute {} is {} and was {data_type}", quoted(name), other.data_type),
        });
        let is_new = |attribute: &&Attribute| self.attributes.iter().all(|before| before.name != attribute.name);
        let new = now.iter().filter(is_new).map(|attribute| format!("attribute {} is new", quoted(&attribute.name)));
        let words: Vec<String> = lost.chain(new).collect();
        match words.is_empty() {
            true => "its attributes have another order".to_owned(),
            false => words.join(", "),
        }
    }

    /// Returns the attributes that are missing now, or whose type differs.
    fn losses<'a>(&'a self, now: &'a [Attribute]) -> impl Iterator<Item = (&'a Attribute, Option<&'a Attribute>)> {
        self.attributes.iter().filter_map(|before| match now.iter().find(|attribute| attribute.name == before.name) {
            Some(attribute) if attribute == before => None,
            other => Some((before, other)),
        })
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(list: &[(&str, &str)]) -> Vec<Attribute> {
        let one = |&(name, data_type): &(&str, &str)| Attribute { name: name.into(), data_type: data_type.into() };
        list.iter().map(one).collect()
    }

    #[test]
    fn changes_of_a_composite_type_are_classified() {
        let before = attributes(&[("a", "integer"), ("b", "text")]);
        let composite =
            Composite { name: "app.pair".into(), columns: vec!["p".into()], within: false, attributes: before.clone() };
        let loss = |remedy: &str, retyped| Change::Loss { remedy: remedy.into(), retyped };
        for (now, change, difference) in [
            (vec![("a", "integer"), ("b", "text")], Change::None, "its attributes have another order"),
            (vec![("b", "text"), ("a", "integer")], Change::Order, "its attributes have another order"),
            (
                vec![("a", "integer"), ("n", "date"), ("b", "text"), ("m", "date")],
                Change::Order,
                "attribute \"n\" is new, attribute \"m\" is new",
            ),
            (vec![("a", "integer")], loss("ADD ATTRIBUTE \"b\" text", false), "attribute \"b\" of type text is gone"),
            (
                vec![("a", "bigint"), ("c\"", "text")],
                loss("ALTER ATTRIBUTE \"a\" TYPE integer, ADD ATTRIBUTE \"b\" text", true),
                "attribute \"a\" is bigint and was integer, attribute \"b\" of type text is gone, attribute \"c\"\"\" is new",
            ),
        ] {
            let now = attributes(&now);
            assert_eq!(composite.change(&now), change);
            assert_eq!(composite.difference(&now), difference);
        }
    }
}
