//! The boxes and edges of a diagram: which tables and columns are shown, and how the tables relate. Knows no format.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::pattern::Matcher;
use pgmeta_discovery::{Cardinality, ColumnEntry, Document, Relationship, Section, TableEntry};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::DiagramError;
use super::options::{Direction, Options, Partitions, Show};

/// A column in a box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnBox {
    /// The name of the column.
    pub name: Name,
    /// The type. Absent: types are not shown.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub data_type: Option<Name>,
    /// Whether it can be null.
    pub nullable: bool,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether it is part of a foreign key that is shown.
    pub foreign_key: bool,
    /// Whether its values are unique.
    pub unique: bool,
    /// The comment. Absent: there is none, or comments are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The box of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableBox {
    /// The schema of the table.
    pub schema: Name,
    /// The name of the table.
    pub name: Name,
    /// The number of partitions below it that have no boxes.
    pub partitions: usize,
    /// The comment. Absent: there is none, or comments are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The columns that are shown, in order.
    pub columns: Vec<ColumnBox>,
    /// The number of columns that are not shown.
    pub columns_hidden: usize,
}

impl TableBox {
    /// Returns schema and name as text for readers, without SQL's quotes.
    pub fn label(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// Returns the number of partitions in words; nothing where there are none.
    pub fn partitions_label(&self) -> Option<String> {
        match self.partitions {
            0 => None,
            1 => Some("1 partition".to_owned()),
            count => Some(format!("{count} partitions")),
        }
    }
}

/// A relationship between two boxes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Edge {
    /// The name of the foreign key.
    pub name: Name,
    /// The position of the table that refers, in the list of boxes.
    pub table: usize,
    /// Its columns.
    pub columns: Vec<Name>,
    /// The position of the table that is referred to.
    pub parent: usize,
    /// The columns of the parent, in the order of `columns`.
    pub parent_columns: Vec<Name>,
    /// How many rows of the table a row of the parent has.
    pub cardinality: Cardinality,
    /// How many rows of the parent a row of the table has.
    pub parent_cardinality: Cardinality,
    /// Whether no foreign key declares it.
    #[serde(rename = "virtual")]
    pub implied: bool,
}

/// A diagram, whatever its format.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Graph {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where tables are that refer to others.
    pub direction: Direction,
    /// The boxes, by schema and name.
    pub tables: Vec<TableBox>,
    /// The relationships between them.
    pub relationships: Vec<Edge>,
}

/// Schema and name of a table.
pub type Key<'d> = (&'d Name, &'d Name);

/// Returns the content of a section, or nothing where it is absent or failed.
pub fn found<T>(section: Option<&Section<Vec<T>>>) -> &[T] {
    match section {
        Some(Section::Found(list)) => list,
        Some(Section::Failed { .. }) | None => &[],
    }
}

impl Graph {
    /// Chooses what a diagram of a document shows.
    pub fn of(document: &Document, options: &Options) -> Result<Self, DiagramError> {
        let chart = Chart::of(document, options)?;
        let shown = match &options.viewpoint {
            None => chart.near(&options.tables, options.distance)?,
            Some(name) => {
                let unknown = || DiagramError::Viewpoint(name.clone(), options.viewpoints.keys().cloned().collect());
                let viewpoint = options.viewpoints.get(name).ok_or_else(unknown)?;
                chart.near(&viewpoint.tables, viewpoint.distance)?
            }
        };
        Ok(chart.graph(&shown, options.title.clone()))
    }
}

/// All that diagrams of a document can show, for those who draw several of them.
pub struct Chart<'d> {
    options: &'d Options,
    folds: Folds,
    /// The tables that have boxes.
    tables: BTreeMap<Key<'d>, &'d TableEntry>,
    relationships: Vec<&'d Relationship>,
    /// The positions of the relationships of each table.
    of_table: FxHashMap<Key<'d>, Vec<usize>>,
}

impl<'d> Chart<'d> {
    /// Reads a document. Partitions that are folded and tables that are excluded have no boxes.
    pub fn of(document: &'d Document, options: &'d Options) -> Result<Self, DiagramError> {
        let exclude = matchers(&options.exclude)?;
        let all = found(document.tables.as_ref());
        let folds = Folds::of(all, options.partitions);
        let is_shown =
            |table: &&TableEntry| !folds.is_folded(table) && !any_matches(&exclude, &table.schema, &table.name);
        let tables: BTreeMap<Key<'d>, &'d TableEntry> =
            all.iter().filter(is_shown).map(|table| (key(table), table)).collect();
        let relationships: Vec<&Relationship> = found(document.relationships.as_ref())
            .iter()
            .filter(|edge| edge.through.is_none())
            .filter(|edge| tables.contains_key(&edge.table()) && tables.contains_key(&edge.parent()))
            .collect();
        let mut of_table: FxHashMap<Key<'d>, Vec<usize>> = FxHashMap::default();
        for (at, edge) in relationships.iter().enumerate() {
            check();
            of_table.entry(edge.table()).or_default().push(at);
            if edge.table() != edge.parent() {
                of_table.entry(edge.parent()).or_default().push(at);
            }
        }
        Ok(Self { options, folds, tables, relationships, of_table })
    }

    /// Returns the tables that match patterns (all, if there are none), and those that are at most `distance` relationships away.
    pub fn near(&self, patterns: &[String], distance: usize) -> Result<BTreeSet<Key<'d>>, DiagramError> {
        let patterns = matchers(patterns)?;
        let is_wanted = |(schema, name): &Key<'d>| patterns.is_empty() || any_matches(&patterns, schema, name);
        Ok(self.around(self.tables.keys().copied().filter(is_wanted).collect(), distance))
    }

    /// Returns tables, and those that are at most `distance` relationships away.
    pub fn around(&self, tables: BTreeSet<Key<'d>>, distance: usize) -> BTreeSet<Key<'d>> {
        let mut shown = tables;
        let mut last: Vec<Key<'d>> = shown.iter().copied().collect();
        for _ in 0..distance {
            let edges = last.iter().flat_map(|table| self.edges_of(table)).map(|at| self.relationships[at]);
            let mut near: Vec<Key<'d>> = edges.flat_map(|edge| [edge.table(), edge.parent()]).collect();
            near.retain(|key| shown.insert(*key));
            if near.is_empty() {
                break;
            }
            last = near;
        }
        shown
    }

    /// Returns the diagram of tables and of how they relate.
    pub fn graph(&self, shown: &BTreeSet<Key<'d>>, title: Option<String>) -> Graph {
        let position: FxHashMap<Key<'_>, usize> = shown.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let edges: BTreeSet<usize> = shown.iter().flat_map(|table| self.edges_of(table)).collect();
        let edges: Vec<Edge> = edges.iter().filter_map(|at| edge_of(self.relationships[*at], &position)).collect();
        let tables = shown.iter().filter_map(|key| self.tables.get(key));
        let mut tables: Vec<TableBox> = tables.map(|table| table_box(table, &self.folds, self.options)).collect();
        mark_foreign_keys(&mut tables, &edges);
        if self.options.show == Show::Keys {
            tables.iter_mut().for_each(keep_keys);
        }
        Graph { title, direction: self.options.direction, tables, relationships: edges }
    }

    fn edges_of(&self, table: &Key<'d>) -> impl Iterator<Item = usize> + '_ {
        check();
        self.of_table.get(table).into_iter().flatten().copied()
    }
}

/// Reads psql patterns.
pub fn matchers(patterns: &[String]) -> Result<Vec<Matcher>, DiagramError> {
    patterns.iter().map(|text| Matcher::of(text).ok_or_else(|| DiagramError::Pattern(text.clone()))).collect()
}

/// Returns whether one of several patterns is that of an object.
pub fn any_matches(patterns: &[Matcher], schema: &str, name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches_schema(schema) && pattern.matches_name(name))
}

fn key(table: &TableEntry) -> Key<'_> {
    (&table.schema, &table.name)
}

/// The partitions that have no boxes.
struct Folds {
    fold: bool,
    /// The number of partitions below each partitioned table, by its qualified name.
    counts: FxHashMap<String, usize>,
}

impl Folds {
    fn of(tables: &[TableEntry], partitions: Partitions) -> Self {
        let fold = partitions == Partitions::Fold;
        let parents: FxHashMap<String, &str> = tables
            .iter()
            .filter_map(|table| Some((qualified(&table.schema, &table.name), table.partition_of.as_deref()?)))
            .collect();
        let mut counts = FxHashMap::default();
        for partition in parents.keys().filter(|_| fold) {
            // A partition counts for the table at the top, which alone is shown.
            let mut top = partition.as_str();
            while let Some(parent) = parents.get(top) {
                top = parent;
            }
            *counts.entry(top.to_owned()).or_default() += 1;
        }
        Self { fold, counts }
    }

    fn is_folded(&self, table: &TableEntry) -> bool {
        self.fold && table.partition_of.is_some()
    }

    fn count(&self, table: &TableEntry) -> usize {
        self.counts.get(&qualified(&table.schema, &table.name)).copied().unwrap_or_default()
    }
}

fn edge_of(relationship: &Relationship, position: &FxHashMap<Key<'_>, usize>) -> Option<Edge> {
    Some(Edge {
        name: relationship.name.clone(),
        table: *position.get(&relationship.table())?,
        columns: relationship.columns.clone(),
        parent: *position.get(&relationship.parent())?,
        parent_columns: relationship.parent_columns.clone(),
        cardinality: relationship.cardinality,
        parent_cardinality: relationship.parent_cardinality,
        implied: relationship.implied,
    })
}

fn table_box(table: &TableEntry, folds: &Folds, options: &Options) -> TableBox {
    let comment = |comment: &Option<String>| comment.clone().filter(|_| options.comments);
    let column = |column: &ColumnEntry| ColumnBox {
        name: column.name.clone(),
        data_type: options.types.then(|| column.column_type.data_type.clone()),
        nullable: column.nullable,
        primary_key: column.primary_key,
        foreign_key: false,
        unique: column.unique,
        comment: comment(&column.comment),
    };
    let names_only = options.show == Show::Names;
    TableBox {
        schema: table.schema.clone(),
        name: table.name.clone(),
        partitions: folds.count(table),
        comment: comment(&table.comment),
        columns: if names_only { Vec::new() } else { table.columns.iter().map(column).collect() },
        columns_hidden: if names_only { table.columns.len() } else { 0 },
    }
}

fn mark_foreign_keys(tables: &mut [TableBox], edges: &[Edge]) {
    for edge in edges {
        let Some(table) = tables.get_mut(edge.table) else { continue };
        for column in table.columns.iter_mut().filter(|column| edge.columns.contains(&column.name)) {
            column.foreign_key = true;
        }
    }
}

fn keep_keys(table: &mut TableBox) {
    let before = table.columns.len();
    table.columns.retain(|column| column.primary_key || column.foreign_key || column.unique);
    table.columns_hidden = before - table.columns.len();
}
