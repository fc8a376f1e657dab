//! By which names a relation without a foreign key is recognized, as an option has it: false, true, or a list of strategies.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// How names imply a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// `customer_id` refers to the primary key of `customer`.
    IdSuffix,
    /// `customer_id` refers to the primary key of `customers`.
    Rails,
    /// `isbn` refers to the key of another table that has the same name and type.
    SameName,
}

impl Strategy {
    /// All strategies, the most specific one first.
    pub const ALL: [Strategy; 3] = [Strategy::IdSuffix, Strategy::Rails, Strategy::SameName];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Strategy::IdSuffix => "id_suffix",
            Strategy::Rails => "rails",
            Strategy::SameName => "same_name",
        }
    }
}

/// The strategies that are tried, the first one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strategies(Vec<Strategy>);

impl Strategies {
    /// No strategy.
    pub const NONE: Strategies = Strategies(Vec::new());

    /// Returns all strategies.
    pub fn all() -> Self {
        Self(Strategy::ALL.into())
    }

    /// Returns whether there is no strategy.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Strategy> {
        self.0.iter().copied()
    }
}

impl<'de> Deserialize<'de> for Strategies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Strategies;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, or a list of strategies (id_suffix, rails, same_name)")
            }

            fn visit_bool<E: Error>(self, all: bool) -> Result<Strategies, E> {
                Ok(if all { Strategies::all() } else { Strategies::NONE })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strategies, A::Error> {
                let mut found = Vec::new();
                while let Some(strategy) = list.next_element()? {
                    if !found.contains(&strategy) {
                        found.push(strategy);
                    }
                }
                Ok(Strategies(found))
            }
        }

        deserializer.deserialize_any(Read)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: Value) -> Result<Strategies, String> {
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    #[test]
    fn strategies_accept_all_none_or_a_list() {
        assert_eq!(read(json!(true)), Ok(Strategies::all()));
        assert_eq!(read(json!(false)), Ok(Strategies::NONE));
        let both = Strategies(vec![Strategy::SameName, Strategy::Rails]);
        assert_eq!(read(json!(["same_name", "rails", "same_name"])), Ok(both));
    }

    #[test]
    fn an_error_lists_the_valid_strategies() {
        let unknown = read(json!(["rail"])).unwrap_err();
        assert_eq!(unknown, "unknown variant `rail`, expected one of `id_suffix`, `rails`, `same_name`");
        let type_of = read(json!("rails")).unwrap_err();
        assert!(type_of.contains("expected true, false, or a list of strategies (id_suffix, rails, same_name)"));
    }

    #[test]
    fn words_equal_those_of_the_json() {
        for strategy in Strategy::ALL {
            assert_eq!(json!(strategy), json!(strategy.word()));
        }
    }
}
