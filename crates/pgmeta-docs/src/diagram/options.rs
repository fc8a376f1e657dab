//! What the caller may choose about a diagram. Parsed from JSON; an unknown key is an error that lists the known ones.

use std::collections::BTreeMap;

use pgmeta_discovery::Strategies;
use serde::{Deserialize, Serialize};

/// The columns that a diagram shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// All columns.
    #[default]
    All,
    /// The columns of keys and foreign keys.
    Keys,
    /// None: the names of tables only.
    Names,
}

/// What a diagram does with partitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Partitions {
    /// Partitions are counted in the box of their table.
    #[default]
    Fold,
    /// Each partition has a box.
    Show,
}

/// Where tables are that refer to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// From left to right.
    #[default]
    LR,
    /// From right to left.
    RL,
    /// From top to bottom.
    TB,
    /// From bottom to top.
    BT,
}

impl Direction {
    /// Returns the word of Mermaid and DOT.
    pub fn word(self) -> &'static str {
        match self {
            Direction::LR => "LR",
            Direction::RL => "RL",
            Direction::TB => "TB",
            Direction::BT => "BT",
        }
    }
}

/// A named group of tables with a diagram of its own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Viewpoint {
    /// psql patterns of the tables.
    pub tables: Vec<String>,
    /// The number of relationships between these tables and others that are shown.
    pub distance: usize,
}

/// The options of a diagram.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// psql patterns, `schema` or `schema.name`, of the tables to show. An empty list means all.
    pub tables: Vec<String>,
    /// psql patterns of the tables to leave out.
    pub exclude: Vec<String>,
    /// The number of relationships between `tables` and other tables that are shown too.
    pub distance: usize,
    /// The columns that are shown.
    pub show: Show,
    /// The strategies that find virtual relationships.
    #[serde(rename = "virtual")]
    pub strategies: Strategies,
    /// Named groups of tables.
    pub viewpoints: BTreeMap<String, Viewpoint>,
    /// The group to show, in place of `tables` and `distance`.
    pub viewpoint: Option<String>,
    /// Whether comments are shown.
    pub comments: bool,
    /// Whether types of columns are shown.
    pub types: bool,
    /// Where tables are that refer to others.
    pub direction: Direction,
    /// What is done with partitions.
    pub partitions: Partitions,
    /// The title.
    pub title: Option<String>,
    /// CSS that is appended to the diagram's own: SVG only.
    pub stylesheet: Option<String>,
    /// Also what is pgmeta's own.
    #[serde(rename = "self")]
    pub own: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tables: Vec::new(),
            exclude: Vec::new(),
            distance: 0,
            show: Show::All,
            strategies: Strategies::NONE,
            viewpoints: BTreeMap::new(),
            viewpoint: None,
            comments: false,
            types: true,
            direction: Direction::LR,
            partitions: Partitions::Fold,
            title: None,
            stylesheet: None,
            own: false,
        }
    }
}
