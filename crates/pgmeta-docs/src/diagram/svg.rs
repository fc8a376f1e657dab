//! The diagram as a picture. Text is set in a monospaced font, so that its width is known without a browser. Works without
//! script, in light and dark.

use std::fmt::Write;

use pgmeta_discovery::Cardinality;

use super::graph::{ColumnBox, Edge, Graph, TableBox};
use super::layout::{Layout, Link, Point, layout};
use super::options::Direction;
use super::text::{key_words, one_line};

const CHARACTER: f64 = 7.3;
const ROW: f64 = 18.0;
const HEADER: f64 = 24.0;
const PADDING: f64 = 8.0;
/// The width of the words for keys.
const KEYS: f64 = 3.0 * CHARACTER;
const MARGIN: f64 = 16.0;
const TITLE: f64 = 32.0;
/// The distance between a box and the far side of the line of a table that refers to itself.
const LOOP: f64 = 34.0;
/// The most characters of a comment that are shown; all of it is in a tooltip.
const COMMENT: usize = 60;

const STYLE: &str = "\
svg{--ink:#1c2733;--dim:#5b6b7c;--line:#7d8b99;--box:#fff;--head:#e6edf6;--rim:#9fb0c3;--page:#fff}\
@media (prefers-color-scheme:dark){svg{--ink:#e4eaf1;--dim:#9aa9b8;--line:#8796a6;--box:#1b232c;--head:#2a3644;--rim:#4d5d6e;--page:#12171d}}\
.page{fill:var(--page)}text{font:12px 'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:var(--ink);white-space:pre}\
.title{font-size:16px;font-weight:bold}.name{font-weight:bold}.dim{fill:var(--dim)}\
.box{fill:var(--box);stroke:var(--rim)}.head{fill:var(--head);stroke:var(--rim)}\
.edge{fill:none;stroke:var(--line);stroke-width:1.3}.virtual{stroke-dasharray:5 4}\
.edge:hover{stroke:#d9480f;stroke-width:2.4}.end{fill:var(--page);stroke:var(--line);stroke-width:1.3}";

/// Where a picture stands.
pub enum Place<'a> {
    /// By itself, with a style and the CSS that follows it.
    File(Option<&'a str>),
    /// In a page, which has a style for it: a label in place of a title, and what returns the page of a table.
    Page(&'a str, &'a dyn Fn(&TableBox) -> Option<String>),
}

/// Returns the diagram.
pub fn print(graph: &Graph, place: &Place<'_>) -> String {
    let sizes: Vec<Point> = graph.tables.iter().map(size).collect();
    let upright = matches!(graph.direction, Direction::TB | Direction::BT);
    let links: Vec<Link> = graph.relationships.iter().map(|edge| link(graph, edge, &sizes, upright)).collect();
    let turned: Vec<Point> = sizes.iter().map(|(width, height)| (*height, *width)).collect();
    let mut placed = layout(if upright { &turned } else { &sizes }, &links);
    if upright {
        placed = transposed(placed);
    }
    mirror(&mut placed, &sizes, graph.direction);
    let top = if graph.title.is_some() { TITLE } else { 0.0 };
    let (width, height) = (placed.width + 2.0 * MARGIN, placed.height + 2.0 * MARGIN + top);
    let mut out = String::new();
    let size = format!("viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\"");
    match place {
        Place::File(stylesheet) => {
            // In a stylesheet, no text ends the element.
            let own = stylesheet.unwrap_or_default().replace("</", "<\\/").replace("]]>", "");
            let _ = writeln!(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" {size}>");
            let title = escaped(graph.title.as_deref().unwrap_or("Entity-relationship diagram"));
            let _ = writeln!(out, "<title>{title}</title>\n<style><![CDATA[{STYLE}{own}]]></style>");
        }
        // Its boxes are links, which a picture by its role has none of.
        Place::Page(label, _) => {
            let _ = writeln!(out, "<svg class=\"er\" role=\"group\" aria-label=\"{}\" {size}>", escaped(label));
        }
    }
    let _ = writeln!(out, "<rect class=\"page\" width=\"{width:.0}\" height=\"{height:.0}\"/>");
    if let Some(title) = &graph.title {
        let _ = writeln!(out, "<text class=\"title\" x=\"{MARGIN}\" y=\"{}\">{}</text>", MARGIN + 14.0, escaped(title));
    }
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {})\">", MARGIN + top);
    for (at, edge) in graph.relationships.iter().enumerate() {
        let path = if edge.table == edge.parent {
            loop_of(placed.boxes[edge.table], sizes[edge.table], &links[at], upright)
        } else {
            curve(&placed.paths[at], upright)
        };
        draw_edge(graph, edge, &path, &mut out);
        let [start, end] = if edge.table == edge.parent {
            loop_ends(placed.boxes[edge.table], sizes[edge.table], &links[at], upright)
        } else {
            path_ends(&placed.paths[at])
        };
        for ((point, next), cardinality) in [(start, edge.parent_cardinality), (end, edge.cardinality)] {
            draw_end(point, next, cardinality, upright, &mut out);
        }
    }
    for ((table, at), size) in graph.tables.iter().zip(&placed.boxes).zip(&sizes) {
        let target = match place {
            Place::File(_) => None,
            Place::Page(_, link) => link(table),
        };
        if let Some(target) = &target {
            let _ = write!(out, "<a href=\"{}\">", escaped(target));
        }
        draw_table(table, *at, *size, &mut out);
        if target.is_some() {
            out.push_str("</a>\n");
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Returns the width of a text: characters of East Asian scripts and pictures are twice as wide.
fn width_of(text: &str) -> f64 {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0x1F000..=0x3FFFD);
    text.chars().map(|c| if wide(c) { 2.0 * CHARACTER } else { CHARACTER }).sum()
}

fn shortened(comment: &str) -> String {
    let text = one_line(comment);
    // Not every encoding of a database has an ellipsis.
    if text.chars().count() <= COMMENT { text } else { text.chars().take(COMMENT - 3).chain(['.'; 3]).collect() }
}

/// Returns the lines below a table's columns.
fn notes(table: &TableBox) -> Vec<String> {
    let hidden = match table.columns_hidden {
        0 => None,
        1 => Some("1 more column".to_owned()),
        count if table.columns.is_empty() => Some(format!("{count} columns")),
        count => Some(format!("{count} more columns")),
    };
    hidden.into_iter().chain(table.partitions_label()).chain(table.comment.as_deref().map(shortened)).collect()
}

fn row_text(column: &ColumnBox) -> String {
    let comment = column.comment.as_deref().map(|comment| format!("  {}", shortened(comment)));
    format!("{}{}", column.data_type.as_deref().unwrap_or_default(), comment.unwrap_or_default())
}

/// Returns where the types of a table's columns begin.
fn type_offset(table: &TableBox) -> f64 {
    let longest = table.columns.iter().map(|column| width_of(&one_line(&column.name))).fold(0.0, f64::max);
    PADDING + KEYS + longest + 2.0 * CHARACTER
}

fn size(table: &TableBox) -> Point {
    let rows = table.columns.iter().map(|column| type_offset(table) + width_of(&one_line(&row_text(column))));
    let notes = notes(table);
    let below = notes.iter().map(|note| PADDING + width_of(note));
    // Some browsers make bold text wider, even in these fonts.
    let header = PADDING + 1.06 * width_of(&one_line(&table.label()));
    let width = rows.chain(below).fold(header, f64::max) + PADDING;
    (width, HEADER + ROW * (table.columns.len() + notes.len()) as f64 + PADDING / 2.0)
}

/// Returns the middle of a column's row, from the top of the box; without a row, of the header.
fn row_middle(table: &TableBox, columns: &[pgmeta_core::ident::Name]) -> f64 {
    let row = columns.first().and_then(|first| table.columns.iter().position(|column| column.name == *first));
    row.map_or(HEADER / 2.0, |row| HEADER + ROW * (row as f64 + 0.5))
}

fn link(graph: &Graph, edge: &Edge, sizes: &[Point], upright: bool) -> Link {
    let offset = |at: usize, columns| {
        if upright { sizes[at].0 / 2.0 } else { row_middle(&graph.tables[at], columns) }
    };
    Link {
        from: edge.parent,
        from_offset: offset(edge.parent, &edge.parent_columns),
        to: edge.table,
        to_offset: offset(edge.table, &edge.columns),
    }
}

/// Returns a layout with rows in place of columns.
fn transposed(layout: Layout) -> Layout {
    let turn = |(x, y): Point| (y, x);
    Layout {
        boxes: layout.boxes.into_iter().map(turn).collect(),
        paths: layout.paths.into_iter().map(|path| path.into_iter().map(turn).collect()).collect(),
        width: layout.height,
        height: layout.width,
    }
}

/// Turns the layout round for the directions that begin at the right or at the bottom.
fn mirror(layout: &mut Layout, sizes: &[Point], direction: Direction) {
    let (width, height) = (layout.width, layout.height);
    let turn = |(x, y): Point, (own_width, own_height): Point| match direction {
        Direction::LR | Direction::TB => (x, y),
        Direction::RL => (width - x - own_width, y),
        Direction::BT => (x, height - y - own_height),
    };
    for (place, size) in layout.boxes.iter_mut().zip(sizes) {
        *place = turn(*place, *size);
    }
    for point in layout.paths.iter_mut().flatten() {
        *point = turn(*point, (0.0, 0.0));
    }
}

/// Returns a smooth line through points that leaves and arrives along the axis of the layers.
fn curve(points: &[Point], upright: bool) -> String {
    let Some((first, rest)) = points.split_first() else { return String::new() };
    let mut out = format!("M{:.1} {:.1}", first.0, first.1);
    let mut from = *first;
    for to in rest {
        let (one, other) = if upright {
            let middle = (from.1 + to.1) / 2.0;
            ((from.0, middle), (to.0, middle))
        } else {
            let middle = (from.0 + to.0) / 2.0;
            ((middle, from.1), (middle, to.1))
        };
        let _ = write!(out, "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", one.0, one.1, other.0, other.1, to.0, to.1);
        from = *to;
    }
    out
}

/// Returns where the line of a table that refers to itself begins and ends, below the top of its box.
fn loop_offsets(link: &Link, upright: bool) -> (f64, f64) {
    let (from, to) = if upright { (HEADER / 2.0, HEADER * 1.5) } else { (link.from_offset, link.to_offset) };
    // Room for the marks of both ends.
    (from, if (from - to).abs() < ROW { from + ROW } else { to })
}

/// Returns the line of a table that refers to itself, beside its box.
fn loop_of((x, y): Point, (width, _): Point, link: &Link, upright: bool) -> String {
    let right = x + width;
    let (from, to) = loop_offsets(link, upright);
    let far = right + LOOP;
    format!("M{right:.1} {:.1}C{far:.1} {:.1} {far:.1} {:.1} {right:.1} {:.1}", y + from, y + from, y + to, y + to)
}

/// An end of a line, and the next point of the line.
type End = (Point, Point);

fn loop_ends((x, y): Point, (width, _): Point, link: &Link, upright: bool) -> [End; 2] {
    let (from, to) = loop_offsets(link, upright);
    [from, to].map(|offset| ((x + width, y + offset), (x + width + LOOP, y + offset)))
}

fn path_ends(points: &[Point]) -> [End; 2] {
    match points {
        [start, second, ..] => [(*start, *second), (points[points.len() - 1], points[points.len() - 2])],
        _ => [((0.0, 0.0), (0.0, 0.0)); 2],
    }
}

/// Draws in crow's foot notation how many rows there are at an end of a line.
fn draw_end(end: Point, next: Point, cardinality: Cardinality, upright: bool, out: &mut String) {
    let is_loop = next.1 == end.1 && next.0 > end.0;
    let along_y = upright && !is_loop;
    let forward = if along_y { next.1 - end.1 } else { next.0 - end.0 }.signum();
    // A point at a distance from the box, and beside the line.
    let at = |distance: f64, beside: f64| {
        let distance = forward * distance;
        if along_y { (end.0 + beside, end.1 + distance) } else { (end.0 + distance, end.1 + beside) }
    };
    let line = |from: Point, to: Point| format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
    let bar = |distance: f64| line(at(distance, -5.0), at(distance, 5.0));
    let foot = || line(at(10.0, 0.0), at(0.0, -5.0)) + &line(at(10.0, 0.0), at(0.0, 5.0));
    let (near, is_optional) = match cardinality {
        Cardinality::ExactlyOne => (bar(6.0), false),
        Cardinality::ZeroOrOne => (bar(6.0), true),
        Cardinality::OneOrMore => (foot(), false),
        Cardinality::ZeroOrMore => (foot(), true),
    };
    if is_optional {
        let (x, y) = at(14.0, 0.0);
        let _ = writeln!(
            out,
            "<path class=\"end\" d=\"{near}\"/><circle class=\"end\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"
        );
    } else {
        let _ = writeln!(out, "<path class=\"end\" d=\"{near}{}\"/>", bar(12.0));
    }
}

fn draw_edge(graph: &Graph, edge: &Edge, path: &str, out: &mut String) {
    let class = if edge.implied { "edge virtual" } else { "edge" };
    let (child, parent) = (&graph.tables[edge.table], &graph.tables[edge.parent]);
    let columns = |columns: &[pgmeta_core::ident::Name]| {
        columns.iter().map(|column| column.to_string()).collect::<Vec<_>>().join(", ")
    };
    let title = format!(
        "{}: {} ({}) refers to {} ({})",
        edge.name,
        child.label(),
        columns(&edge.columns),
        parent.label(),
        columns(&edge.parent_columns)
    );
    let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\"><title>{}</title></path>", escaped(&title));
}

fn draw_table(table: &TableBox, (x, y): Point, (width, height): Point, out: &mut String) {
    let _ = writeln!(out, "<g transform=\"translate({x:.1} {y:.1})\">");
    let _ = writeln!(out, "<rect class=\"box\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"4\"/>");
    let _ = writeln!(out, "<rect class=\"head\" width=\"{width:.1}\" height=\"{HEADER}\" rx=\"4\"/>");
    let _ = writeln!(out, "<text class=\"name\" x=\"{PADDING}\" y=\"16\">{}</text>", escaped(&table.label()));
    let types = type_offset(table);
    let mut bottom = HEADER + 13.0;
    for column in &table.columns {
        let keys = key_words(column);
        // There is room for one: the others are in the tooltip.
        let key = keys.first().copied().unwrap_or_default();
        let null = if column.nullable { "" } else { ", not null" };
        let all = if keys.is_empty() { String::new() } else { format!(", {}", keys.join(", ")) };
        let tip = format!("{} {}{null}{all}", column.name, column.data_type.as_deref().unwrap_or_default());
        let tip = column.comment.as_ref().map_or(tip.clone(), |comment| format!("{tip}\n{comment}"));
        let class = if column.nullable { "" } else { " class=\"name\"" };
        let _ = writeln!(
            out,
            "<g><title>{}</title><text class=\"dim\" x=\"{PADDING}\" y=\"{bottom:.0}\">{key}</text><text{class} x=\"{:.1}\" y=\"{bottom:.0}\">{}</text><text class=\"dim\" x=\"{types:.1}\" y=\"{bottom:.0}\">{}</text></g>",
            escaped(&tip),
            PADDING + KEYS,
            escaped(&one_line(&column.name)),
            escaped(&one_line(&row_text(column)))
        );
        bottom += ROW;
    }
    for note in notes(table) {
        let _ = writeln!(out, "<text class=\"dim\" x=\"{PADDING}\" y=\"{bottom:.0}\">{}</text>", escaped(&note));
        bottom += ROW;
    }
    out.push_str("</g>\n");
}

/// Returns a text as XML, without the characters that XML or HTML has no place for.
fn escaped(text: &str) -> String {
    let allowed =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{7E}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..);
    let text: String = text.chars().filter(allowed).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
