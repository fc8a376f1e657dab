//! Reads the query of a view, if it is a plain one: columns of tables and views, joins, conditions, groups, an order.

use pgmeta_core::interrupt::check;

use super::parse::Parser;
use super::{Expr, Refusal};

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    /// The SELECTs, each with whether UNION ALL comes before it.
    pub selects: Vec<(bool, Select)>,
    /// The order: values and whether each is descending.
    pub order: Vec<(Expr, bool)>,
}

/// One SELECT.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Select {
    pub distinct: bool,
    /// The values with their names.
    pub items: Vec<(Expr, Option<String>)>,
    pub from: Vec<From>,
    pub condition: Option<Expr>,
    pub groups: Vec<Expr>,
    pub having: Option<Expr>,
}

/// A relation or a join.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum From {
    /// Schema, name, and the name in the query.
    Relation(String, String, String),
    /// Both sides, the condition, and the columns that both sides have in common (USING).
    Join(Box<From>, Join, Box<From>, Option<Expr>, Vec<String>),
}

/// The kind of a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    Inner,
    Left,
    Right,
    Full,
    Cross,
}

impl Join {
    /// Returns its words.
    pub fn words(self) -> &'static str {
        match self {
            Join::Inner => "JOIN",
            Join::Left => "LEFT JOIN",
            Join::Right => "RIGHT JOIN",
            Join::Full => "FULL JOIN",
            Join::Cross => "CROSS JOIN",
        }
    }
}

/// How deep joins in parentheses may be.
const DEEPEST: usize = 100;

/// Words that cannot be the name of a relation in the query.
const AFTER: [&str; 17] = [
    "on",
    "using",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "where",
    "group",
    "having",
    "order",
    "union",
    "limit",
    "tablesample",
    "as",
];

/// Returns the query of a view.
pub(crate) fn parse_query(sql: &str) -> Result<Query, Refusal> {
    let mut parser = Parser::of(sql)?;
    let mut selects = vec![(false, select(&mut parser)?)];
    while parser.take_words(&["union"]) {
        let all = parser.take_words(&["all"]);
        selects.push((all, select(&mut parser)?));
    }
    let mut order = Vec::new();
    if parser.take_words(&["order", "by"]) {
        loop {
            let value = parser.expression(0)?;
            let descending = parser.take_words(&["desc"]);
            order.push((value, descending));
            if !parser.take_mark(',') {
                break;
            }
        }
    }
    if let Some(word) = ["limit", "offset", "fetch", "for", "window", "intersect", "except", "nulls", "using"]
        .iter()
        .find(|word| parser.is_one_of(&[word]))
    {
        return Err(Refusal::of(word.to_uppercase()));
    }
    parser.end(Query { selects, order })
}

fn select(parser: &mut Parser) -> Result<Select, Refusal> {
    if !parser.take_words(&["select"]) {
        return Err(Refusal::of("a query that does not begin with SELECT"));
    }
    let distinct = parser.take_words(&["distinct"]);
    if distinct && parser.is_one_of(&["on"]) {
        return Err(Refusal::of("DISTINCT ON"));
    }
    let mut items = Vec::new();
    loop {
        let value = parser.expression(0)?;
        let name = if parser.take_words(&["as"]) { parser.name() } else { None };
        items.push((value, name));
        if !parser.take_mark(',') {
            break;
        }
    }
    let mut from = Vec::new();
    if parser.take_words(&["from"]) {
        loop {
            from.push(parser.beside(|parser| relation(parser, 0))?);
            if !parser.take_mark(',') {
                break;
            }
        }
    }
    let condition = if parser.take_words(&["where"]) { Some(parser.expression(0)?) } else { None };
    let mut groups = Vec::new();
    if parser.take_words(&["group", "by"]) {
        if parser.is_one_of(&["rollup", "cube", "grouping"]) {
            return Err(Refusal::of("sets of groups"));
        }
        loop {
            groups.push(parser.expression(0)?);
            if !parser.take_mark(',') {
                break;
            }
        }
    }
    let having = if parser.take_words(&["having"]) { Some(parser.expression(0)?) } else { None };
    Ok(Select { distinct, items, from, condition, groups, having })
}

/// Reads a relation with its joins.
fn relation(parser: &mut Parser, depth: usize) -> Result<From, Refusal> {
    let mut left = single(parser, depth)?;
    loop {
        let join = match () {
            () if parser.take_words(&["join"]) || parser.take_words(&["inner", "join"]) => Join::Inner,
            () if parser.take_words(&["left", "join"]) => Join::Left,
            () if parser.take_words(&["right", "join"]) => Join::Right,
            () if parser.take_words(&["full", "join"]) => Join::Full,
            () if parser.take_words(&["cross", "join"]) => Join::Cross,
            () => return Ok(left),
        };
        check();
        let right = single(parser, depth)?;
        parser.raise()?;
        let mut common = Vec::new();
        if parser.take_words(&["using"]) {
            parser.expect('(')?;
            while !parser.take_mark(')') {
                common.push(parser.name().ok_or_else(|| Refusal::of("its syntax"))?);
                parser.take_mark(',');
            }
        }
        let condition = if parser.take_words(&["on"]) { Some(parser.expression(0)?) } else { None };
        left = From::Join(Box::new(left), join, Box::new(right), condition, common);
    }
}

fn single(parser: &mut Parser, depth: usize) -> Result<From, Refusal> {
    if depth > DEEPEST {
        return Err(Refusal::of("its depth"));
    }
    if parser.take_mark('(') {
        if parser.is_one_of(&["select", "with", "values"]) {
            return Err(Refusal::of("a query in FROM"));
        }
        let inner = parser.beside(|parser| relation(parser, depth + 1))?;
        parser.expect(')')?;
        return Ok(inner);
    }
    if parser.is_one_of(&["lateral", "only", "rows"]) {
        return Err(Refusal::of("such a relation in FROM"));
    }
    let schema = parser.name().ok_or_else(|| Refusal::of("its syntax"))?;
    if !parser.take_mark('.') {
        return Err(Refusal::of("a function or WITH query in FROM"));
    }
    let name = parser.name().ok_or_else(|| Refusal::of("its syntax"))?;
    if parser.is_mark('(') {
        return Err(Refusal::of("a function in FROM"));
    }
    let alias = if parser.is_one_of(&AFTER) { None } else { parser.name() };
    if parser.is_mark('(') || parser.is_one_of(&["as", "tablesample"]) {
        return Err(Refusal::of("names of columns in FROM"));
    }
    Ok(From::Relation(schema, name.clone(), alias.unwrap_or(name)))
}
