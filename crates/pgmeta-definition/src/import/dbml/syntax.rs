//! What a text of DBML consists of: elements, their lines and settings. Knows no tables and columns.

use super::token::{Kind, Token, tokens};

/// An element: `Table name [settings] { … }`, `Ref: a.b > c.d`.
#[derive(Debug, Default)]
pub struct Element {
    pub line: usize,
    /// The word that begins it, in lower case.
    pub word: String,
    /// What stands before the settings, the colon or the brace.
    pub head: Vec<Token>,
    pub settings: Vec<Setting>,
    /// What stands after a colon.
    pub value: Vec<Token>,
    /// What stands in braces.
    pub body: Vec<Entry>,
}

/// A line of a body, or an element in it.
#[derive(Debug)]
pub enum Entry {
    Line(Line),
    Element(Element),
}

/// A line with its settings.
#[derive(Debug, Default)]
pub struct Line {
    pub line: usize,
    pub tokens: Vec<Token>,
    pub settings: Vec<Setting>,
}

/// `pk`, or `default: 5`.
#[derive(Debug)]
pub struct Setting {
    pub line: usize,
    /// The words before the colon, in lower case.
    pub key: String,
    pub value: Vec<Token>,
}

/// Text that is none of the language.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub message: String,
}

/// How deep elements may be in each other: the language has some in tables and projects, and none in those.
const DEEPEST: usize = 1;

/// The words that begin an element inside of a body, if braces follow.
const INNER: [&str; 3] = ["indexes", "checks", "note"];

/// Reads a text.
pub fn parse(content: &str) -> Result<Vec<Element>, Fault> {
    let all = tokens(content);
    let mut reader = Reader { all: &all };
    let mut elements = Vec::new();
    while !reader.all.is_empty() {
        elements.push(reader.element(0)?);
    }
    Ok(elements)
}

struct Reader<'t> {
    all: &'t [Token],
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.all.split_first()?;
        self.all = rest;
        Some(first.clone())
    }

    fn peek(&self) -> Option<&Token> {
        self.all.first()
    }

    fn element(&mut self, depth: usize) -> Result<Element, Fault> {
        let Some(first) = self.next() else { return Ok(Element::default()) };
        if first.kind != Kind::Word {
            return Err(Fault { line: first.line, message: format!("\"{}\" begins no element", first.text) });
        }
        let mut own = Element { line: first.line, word: first.text.to_ascii_lowercase(), ..Element::default() };
        while let Some(token) = self.peek() {
            if token.is("[") {
                own.settings = self.settings()?;
            } else if token.is("{") {
                self.next();
                own.body = self.body(own.line, depth)?;
                return Ok(own);
            } else if token.is(":") {
                self.next();
                let Line { tokens, settings, .. } = self.line()?;
                (own.value, own.settings) = (tokens, settings);
                return Ok(own);
            } else if token.is("~") && own.head.is_empty() {
                return Err(Fault { line: token.line, message: "\"~\" is expected in a table only".to_owned() });
            } else {
                own.head.extend(self.next());
            }
        }
        Err(Fault { line: own.line, message: format!("{} has neither a colon nor braces", first.text) })
    }

    /// Reads to the brace that closes a body.
    fn body(&mut self, line: usize, depth: usize) -> Result<Vec<Entry>, Fault> {
        let mut entries = Vec::new();
        loop {
            let Some(token) = self.peek() else {
                return Err(Fault { line, message: "the braces that open here are not closed".to_owned() });
            };
            if token.is("}") {
                self.next();
                return Ok(entries);
            }
            let next = self.all.get(1);
            let is_inner = INNER.iter().any(|word| token.is(word))
                && next.is_some_and(|next| next.is("{") || (token.is("note") && next.is(":")));
            if is_inner && depth == DEEPEST && next.is_some_and(|next| next.is("{")) {
                let message = format!("\"{}\" cannot stand so deep", token.text);
                return Err(Fault { line: token.line, message });
            }
            entries.push(if is_inner { Entry::Element(self.element(depth + 1)?) } else { Entry::Line(self.line()?) });
        }
    }

    /// Reads to the end of a line, and its settings.
    fn line(&mut self) -> Result<Line, Fault> {
        let line = self.peek().map_or(0, |token| token.line);
        let mut own = Line { line, ..Line::default() };
        let (mut end, mut depth) = (line, 0_usize);
        while let Some(token) = self.peek() {
            if depth == 0 && (token.line > end || token.is("}")) {
                break;
            }
            let is_array = token.is("[")
                && self
                    .all
                    .get(1)
                    .is_some_and(|next| next.is("]") || (token.is_joined && next.text.parse::<u32>().is_ok()));
            if token.is("[") && !is_array && depth == 0 {
                own.settings = self.settings()?;
                return Ok(own);
            }
            depth = if token.is("(") {
                depth + 1
            } else if token.is(")") {
                depth.saturating_sub(1)
            } else {
                depth
            };
            end = token.end;
            own.tokens.extend(self.next());
        }
        if depth > 0 {
            return Err(Fault { line, message: "the parentheses that open here are not closed".to_owned() });
        }
        Ok(own)
    }

    fn settings(&mut self) -> Result<Vec<Setting>, Fault> {
        let line = self.next().map_or(0, |token| token.line);
        let (mut all, mut depth) = (Vec::new(), 0_usize);
        let mut own = Setting { line, key: String::new(), value: Vec::new() };
        let mut has_colon = false;
        while let Some(token) = self.next() {
            let is_end = depth == 0 && token.is("]");
            if is_end || (depth == 0 && token.is(",")) {
                if !own.key.is_empty() {
                    all.push(own);
                }
                if is_end {
                    return Ok(all);
                }
                own = Setting { line: token.line, key: String::new(), value: Vec::new() };
                has_colon = false;
                continue;
            }
            depth = if token.is("(") {
                depth + 1
            } else if token.is(")") {
                depth.saturating_sub(1)
            } else {
                depth
            };
            if has_colon {
                own.value.push(token);
            } else if token.is(":") {
                has_colon = true;
            } else {
                if own.key.is_empty() {
                    own.line = token.line;
                } else {
                    own.key.push(' ');
                }
                own.key += &token.text.to_ascii_lowercase();
            }
        }
        Err(Fault { line, message: "the bracket that opens here is not closed".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_heads_settings_and_bodies() {
        let source = "Table a.b as c [note: 'x', headercolor: #fff] {\n  id int [pk,\n not null]\n  tags int[] [default: `x[1]`]\n  indexes {\n    (a, `b`) [pk]\n  }\n  Note: 'y'\n}\nRef: a.b > c.(d, e) [delete: set null]";
        let all = parse(source).unwrap_or_default();
        let [table, reference] = &*all else { unreachable!("{all:?}") };
        assert_eq!((table.word.as_str(), table.head.len(), table.settings.len(), table.body.len()), ("table", 5, 2, 4));
        let keys: Vec<&str> = match &table.body[..] {
            [Entry::Line(id), ..] => id.settings.iter().map(|own| own.key.as_str()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(keys, ["pk", "not null"]);
        assert_eq!(reference.value.len(), 11);
        assert_eq!(reference.settings.len(), 1);
    }

    #[test]
    fn what_is_open_is_a_fault_with_its_line() {
        for (source, line) in [
            ("\nTable a {\n  id int\n", 2),
            ("Table a {\n id int [pk\n}", 2),
            ("'x'", 1),
            ("Table", 1),
            ("Table a {\n id n(1\n", 2),
        ] {
            assert_eq!(parse(source).err().map(|own| own.line), Some(line), "{source}");
        }
    }
}
