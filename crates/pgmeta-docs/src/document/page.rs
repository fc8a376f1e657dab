//! A page, whatever its format: a title, facts, and sections with tables, code or a diagram. Knows no schema.

use std::collections::BTreeSet;

use pgmeta_core::file_name::slug;

use crate::diagram::Graph;

/// The page that a reader begins with.
pub const INDEX: &str = "index";
/// The page of the whole diagram.
pub const DIAGRAM: &str = "diagram";
/// The page of what lint found.
pub const FINDINGS: &str = "findings";

/// A text that leads to a page, if there is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// What is shown.
    pub text: String,
    /// The page, from the root of the document, without extension.
    pub page: Option<String>,
}

/// What stands in a cell of a table, or beside the word of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// SQL.
    Code(String),
    /// Texts that lead to pages.
    Links(Vec<Link>),
}

impl Cell {
    /// Returns a cell with words, or nothing.
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    /// Returns a cell with words, if there are any.
    pub fn maybe(text: Option<&str>) -> Self {
        Cell::Text(text.unwrap_or_default().to_owned())
    }

    /// Returns a cell with SQL, if there is any.
    pub fn code(text: Option<&str>) -> Self {
        Cell::Code(text.unwrap_or_default().to_owned())
    }

    /// Returns a cell with a word where something holds.
    pub fn flag(is: bool, word: &str) -> Self {
        Cell::Text(if is { word.to_owned() } else { String::new() })
    }

    /// Returns whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Text(text) | Cell::Code(text) => text.is_empty(),
            Cell::Links(links) => links.is_empty(),
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The cells, as many as there are headers.
    pub cells: Vec<Cell>,
    /// What a search finds it by, besides its cells.
    pub words: String,
}

impl From<Vec<Cell>> for Row {
    fn from(cells: Vec<Cell>) -> Self {
        Self { cells, words: String::new() }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// The words above the columns.
    pub headers: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Grid {
    /// Returns a table without the columns of which all cells are empty.
    pub fn of(headers: &[&'static str], rows: impl Iterator<Item = impl Into<Row>>) -> Self {
        let mut rows: Vec<Row> = rows.map(Into::into).collect();
        let used = |at: usize| at == 0 || rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| !cell.is_empty()));
        let keep: Vec<bool> = (0..headers.len()).map(used).collect();
        for row in &mut rows {
            let mut kept = keep.iter();
            row.cells.retain(|_| kept.next().copied().unwrap_or_default());
        }
        let headers = headers.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(header, _)| *header).collect();
        Self { headers, rows }
    }
}

/// What a section has.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A table.
    Grid(Grid),
    /// SQL.
    Code(String),
    /// A diagram; the second: it is large, and can be moved and zoomed.
    Diagram(Graph, bool),
}

/// A section of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// What follows.
    pub body: Body,
}

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its place, from the root of the document, without extension.
    pub path: String,
    /// The title.
    pub title: String,
    /// What it is about, in a word or two.
    pub kind: String,
    /// The comment on the object.
    pub comment: Option<String>,
    /// Words with what they say of the object.
    pub facts: Vec<(&'static str, Cell)>,
    /// The sections.
    pub sections: Vec<Section>,
}

impl Page {
    /// Adds a fact, if there is one.
    pub fn fact(&mut self, word: &'static str, cell: Cell) {
        if !cell.is_empty() {
            self.facts.push((word, cell));
        }
    }

    /// Adds a section with a table, if it has rows.
    pub fn grid(
        &mut self,
        title: impl Into<String>,
        headers: &[&'static str],
        rows: impl Iterator<Item = impl Into<Row>>,
    ) {
        let grid = Grid::of(headers, rows);
        if !grid.rows.is_empty() {
            self.sections.push(Section { title: title.into(), body: Body::Grid(grid) });
        }
    }

    /// Adds a section with SQL, if there is any.
    pub fn code(&mut self, title: impl Into<String>, text: &str) {
        if !text.is_empty() {
            self.sections.push(Section { title: title.into(), body: Body::Code(text.to_owned()) });
        }
    }

    /// Adds a section with a diagram, if it has boxes.
    pub fn diagram(&mut self, title: impl Into<String>, graph: Graph, large: bool) {
        if !graph.tables.is_empty() {
            self.sections.push(Section { title: title.into(), body: Body::Diagram(graph, large) });
        }
    }

    /// Returns an identifier for each section, which no other on the page has.
    pub fn ids(&self) -> Vec<String> {
        let mut taken = BTreeSet::from(["main".to_owned(), "search".to_owned(), "matches".to_owned()]);
        let unique = |section: &Section| {
            let name = slug(&section.title, "section");
            let mut candidate = name.clone();
            let mut number = 2;
            while !taken.insert(candidate.clone()) {
                candidate = format!("{name}_{number}");
                number += 1;
            }
            candidate
        };
        self.sections.iter().map(unique).collect()
    }

    /// Returns the way from the page to the root of the document.
    pub fn root(&self) -> &'static str {
        if self.path.contains('/') { "../" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_content_are_left_out() {
        let row = |name: &str, comment: &str| vec![Cell::text(name), Cell::text(""), Cell::text(comment)];
        let grid = Grid::of(&["Name", "Default", "Comment"], [row("a", ""), row("b", "x")].into_iter());
        assert_eq!(grid.headers, ["Name", "Comment"]);
        assert_eq!(grid.rows[0].cells, [Cell::text("a"), Cell::text("")]);
    }
}
