//! Expressions and queries that SQLite and PostgreSQL read alike. Others are refused: nothing is translated by guess.

use pgmeta_core::ident::{ident, literal};
use pgmeta_core::interrupt::check;
use rustc_hash::{FxHashMap, FxHashSet};

use super::token::{Kind, Token};

/// A name of SQLite, whose case does not matter, and what it stands for.
pub struct Scope {
    /// The names that a text may use, as they are written where they are made, by their lower case.
    names: FxHashMap<String, String>,
    /// Those of columns whose values both know alike.
    alike: FxHashSet<String>,
}

impl Scope {
    /// `names`: the names, each with whether its values are alike.
    pub fn new(names: impl IntoIterator<Item = (String, bool)>) -> Self {
        let mut scope = Self { names: FxHashMap::default(), alike: FxHashSet::default() };
        for (name, is_alike) in names {
            check();
            scope.alike.extend(is_alike.then(|| name.clone()));
            scope.names.entry(name.to_ascii_lowercase()).or_insert(name);
        }
        scope
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.names.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    fn is_alike(&self, name: &str) -> bool {
        self.alike.contains(name)
    }
}

/// What a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Expression,
    Query,
}

const WORDS: [&str; 15] = [
    "AND", "BETWEEN", "CASE", "ELSE", "END", "FALSE", "IN", "IS", "ISNULL", "NOT", "NOTNULL", "NULL", "THEN", "TRUE",
    "WHEN",
];
const QUERY_WORDS: [&str; 27] = [
    "ALL",
    "AS",
    "ASC",
    "BY",
    "CROSS",
    "DESC",
    "DISTINCT",
    "EXCEPT",
    "EXISTS",
    "FROM",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "OFFSET",
    "ON",
    "ORDER",
    "OUTER",
    "SELECT",
    "UNION",
    "USING",
    "VALUES",
    "WHERE",
    "WITH",
];
const SYMBOLS: [&str; 20] =
    ["(", ")", ",", "+", "-", "*", "/", "%", "||", "<", "<=", ">", ">=", "=", "==", "<>", "!=", ".", "&", "|"];
const FUNCTIONS: [&str; 12] =
    ["abs", "avg", "coalesce", "count", "length", "ltrim", "nullif", "replace", "rtrim", "substr", "sum", "trim"];

/// Returns a text as PostgreSQL reads it, or what it does not read alike.
pub fn translated(all: &[Token<'_>], scope: &Scope, form: Form) -> Result<String, String> {
    let mut out = String::new();
    let aliases = if form == Form::Query { aliases(all) } else { FxHashSet::default() };
    for (at, token) in all.iter().enumerate() {
        check();
        let next = all.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| all.get(at));
        let text = match token.kind {
            Kind::Number if token.text.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b)) => {
                token.text.to_owned()
            }
            Kind::Text => literal(&token.value()),
            Kind::Symbol if SYMBOLS.contains(&token.text) => {
                if token.text == "==" { "=" } else { token.text }.to_owned()
            }
            Kind::Word if next.is_some_and(|next| next.is("(")) && is_function(token.text) => {
                token.text.to_ascii_lowercase()
            }
            Kind::Word if token.is("OR") || is_word(token.text, form) => keyword(token, next)?,
            Kind::Word | Kind::DoubleQuoted | Kind::Bracketed => {
                let name = token.value();
                match scope.find(&name) {
                    Some(own) if form == Form::Query || scope.is_alike(own) || is_null_test(all.get(at + 1..)) => {
                        ident(own)
                    }
                    Some(own) => return Err(format!("{own}, a column of another type,")),
                    None if aliases.contains(&name.to_ascii_lowercase()) => ident(&name.to_lowercase()),
                    None => return Err(token.text.to_owned()),
                }
            }
            Kind::Number | Kind::Symbol | Kind::Blob => return Err(token.text.to_owned()),
        };
        let is_close = out.is_empty() || out.ends_with(['(', '.']) || matches!(&*text, ")" | "," | ".");
        let is_call = text == "(" && before.is_some_and(|own| own.kind == Kind::Word && is_function(own.text));
        if !is_close && !is_call {
            out.push(' ');
        }
        out += &text;
    }
    if out.is_empty() { Err("nothing".to_owned()) } else { Ok(out) }
}

fn is_function(word: &str) -> bool {
    FUNCTIONS.iter().any(|own| own.eq_ignore_ascii_case(word))
}

fn is_word(word: &str, form: Form) -> bool {
    let is_in = |words: &[&str]| words.iter().any(|own| own.eq_ignore_ascii_case(word));
    is_in(&WORDS) || (form == Form::Query && is_in(&QUERY_WORDS))
}

/// Returns a keyword; IS compares any values in SQLite.
fn keyword(token: &Token<'_>, next: Option<&Token<'_>>) -> Result<String, String> {
    let is_known = ["NULL", "NOT", "TRUE", "FALSE"].iter().any(|word| next.is_some_and(|next| next.is(word)));
    if token.is("IS") && !is_known { Err("IS".to_owned()) } else { Ok(token.text.to_ascii_uppercase()) }
}

fn is_null_test(after: Option<&[Token<'_>]>) -> bool {
    match after.unwrap_or_default() {
        [is, null, ..] if is.is("IS") && null.is("NULL") => true,
        [is, not, null, ..] => is.is("IS") && not.is("NOT") && null.is("NULL"),
        _ => false,
    }
}

/// Returns the names that a query itself gives, in lower case: after AS, or after what ends a table or an expression.
fn aliases(all: &[Token<'_>]) -> FxHashSet<String> {
    let is_name = |own: &Token<'_>| match own.kind {
        Kind::Word => !is_word(own.text, Form::Query) && !own.is("OR"),
        Kind::DoubleQuoted | Kind::Bracketed => true,
        Kind::Text | Kind::Blob | Kind::Number | Kind::Symbol => false,
    };
    let pairs = all.iter().zip(all.iter().skip(1));
    let given = pairs.filter(|(before, own)| is_name(own) && (before.is("AS") || before.is(")") || is_name(before)));
    given.map(|(_, own)| own.value().to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn read(sql: &str, form: Form) -> Result<String, String> {
        let names = [("Price", true), ("name", true), ("flag", false), ("Order", true)];
        translated(&tokens(sql), &Scope::new(names.map(|(name, alike)| (name.to_owned(), alike))), form)
    }

    #[test]
    fn what_both_read_alike_is_taken() {
        let one = |sql: &str| read(sql, Form::Expression);
        assert_eq!(one("price>0 AND [order] == 'it''s'").as_deref(), Ok("\"Price\" > 0 AND \"Order\" = 'it''s'"));
        assert_eq!(
            one("LENGTH(name) <= 40 or flag is not null").as_deref(),
            Ok("length(name) <= 40 OR flag IS NOT NULL")
        );
        for refused in [
            "flag IN (0, 1)",
            "name LIKE 'a%'",
            "typeof(price) = 'text'",
            "\"text\" = name",
            "x'00'",
            "price IS 1",
            "0x10",
            "",
        ] {
            assert!(one(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn plain_queries_are_taken() {
        let query = "SELECT o.price AS Total, count(*) n FROM \"order\" AS o WHERE o.name IS NULL GROUP BY o.price";
        let expected =
            "SELECT o.\"Price\" AS total, count(*) n FROM \"Order\" AS o WHERE o.name IS NULL GROUP BY o.\"Price\"";
        assert_eq!(read(query, Form::Query).as_deref(), Ok(expected));
        assert!(read("SELECT group_concat(name) FROM \"order\"", Form::Query).is_err());
    }
}
