//! Reads an expression as PostgreSQL prints it: with its precedence, and with a cast at each string. Refuses all that
//! it does not know.

use std::ops::ControlFlow;

use pgmeta_core::ident::ident;
use pgmeta_core::interrupt::check;

use super::Refusal;
use super::lists::{joined, quantified};
use super::tokens::{Token, tokens};
use super::tree::{Expr, Test};

/// Returns the expression.
pub(crate) fn parse(sql: &str) -> Result<Expr, Refusal> {
    let mut parser = Parser::of(sql)?;
    let expression = parser.expression(0)?;
    parser.end(expression)
}

/// How many expressions may be open, and how high a tree may be: reading, printing and dropping recurse.
const DEEPEST: usize = 100;

/// How long the name of a type may be: each element of an array has it.
const LONGEST_TYPE: usize = 1000;

/// Words that begin something other than a name.
const KEYWORDS: [&str; 11] =
    ["select", "from", "when", "then", "else", "end", "row", "exists", "distinct", "all", "variadic"];

/// The functions without parentheses.
const FUNCTIONS: [&str; 11] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "current_role",
    "session_user",
    "user",
    "current_schema",
    "current_catalog",
];

/// Reads the tokens of an expression or query.
pub(super) struct Parser {
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    /// How many expressions are open.
    depth: usize,
    /// The height of the highest tree that was read since an expression was opened. `a + b + c` opens few expressions, and makes a
    /// high tree.
    height: usize,
}

/// The precedence of what may follow an expression.
mod level {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const IS: u8 = 4;
    pub const COMPARISON: u8 = 5;
    pub const OTHER: u8 = 7;
    pub const SUM: u8 = 8;
    pub const PRODUCT: u8 = 9;
    pub const POWER: u8 = 10;
    pub const TIME_ZONE: u8 = 11;
    pub const SIGN: u8 = 13;
}

fn boxed(expression: Expr) -> Box<Expr> {
    Box::new(expression)
}

impl Parser {
    /// Returns a reader of a text.
    pub fn of(sql: &str) -> Result<Self, Refusal> {
        Ok(Self { tokens: tokens(sql)?, at: 0, depth: 0, height: 0 })
    }

    /// Returns what was read if nothing follows.
    pub fn end<T>(&self, read: T) -> Result<T, Refusal> {
        if self.peek().is_none() { Ok(read) } else { Err(Refusal::of("its syntax")) }
    }

    /// Reads a name.
    pub fn name(&mut self) -> Option<String> {
        match self.peek().cloned() {
            Some(Token::Word(name) | Token::Name(name)) => {
                self.at += 1;
                Some(name)
            }
            _ => None,
        }
    }

    /// Returns whether the next token is one of the words.
    pub fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word_at(0, word))
    }

    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.peek() == Some(&Token::Mark(mark))
    }

    pub fn is_word_at(&self, distance: usize, word: &str) -> bool {
        matches!(self.tokens.get(self.at + distance), Some(Token::Word(own)) if own.eq_ignore_ascii_case(word))
    }

    pub fn take_mark(&mut self, mark: char) -> bool {
        let is = self.is_mark(mark);
        self.at += usize::from(is);
        is
    }

    pub fn take_words(&mut self, words: &[&str]) -> bool {
        let is = words.iter().enumerate().all(|(distance, word)| self.is_word_at(distance, word));
        self.at += if is { words.len() } else { 0 };
        is
    }

    pub fn expect(&mut self, mark: char) -> Result<(), Refusal> {
        if self.take_mark(mark) { Ok(()) } else { Err(Refusal::of("its syntax")) }
    }

    pub fn expect_word(&mut self, word: &str) -> Result<(), Refusal> {
        if self.take_words(&[word]) { Ok(()) } else { Err(Refusal::of("its syntax")) }
    }

    pub fn expression(&mut self, least: u8) -> Result<Expr, Refusal> {
        check();
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::of("its depth"));
        }
        let others = std::mem::take(&mut self.height);
        let mut left = self.prefix()?;
        loop {
            check();
            match self.infix(left, least)? {
                ControlFlow::Continue(next) => left = next,
                ControlFlow::Break(whole) => {
                    self.depth -= 1;
                    self.height = self.height.max(others);
                    return Ok(whole);
                }
            }
        }
    }

    /// Notes that what was read becomes a part of something. All that makes a part of what it read calls it.
    pub fn raise(&mut self) -> Result<(), Refusal> {
        self.reach(self.height + 1)
    }

    fn reach(&mut self, height: usize) -> Result<(), Refusal> {
        self.height = self.height.max(height);
        if self.height > DEEPEST { Err(Refusal::of("its depth")) } else { Ok(()) }
    }

    /// Reads with a height of its own, for what begins beside other parts.
    pub fn beside<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let others = std::mem::take(&mut self.height);
        let read = read(self)?;
        self.height = self.height.max(others);
        Ok(read)
    }

    fn prefix(&mut self) -> Result<Expr, Refusal> {
        if self.take_words(&["not"]) {
            let of = self.expression(level::NOT)?;
            self.raise()?;
            return Ok(Expr::Not(boxed(of)));
        }
        if self.peek() == Some(&Token::Operator("-".to_owned())) {
            self.at += 1;
            let of = self.expression(level::SIGN)?;
            self.raise()?;
            return Ok(match of {
                Expr::Number(number) if !number.starts_with('-') => Expr::Number(format!("-{number}")),
                other => Expr::Negate(boxed(other)),
            });
        }
        let mut expression = self.primary()?;
        loop {
            if self.is_mark(':') && self.tokens.get(self.at + 1) == Some(&Token::Mark(':')) {
                self.at += 2;
                let data_type = self.data_type()?;
                if data_type.len() > LONGEST_TYPE {
                    return Err(Refusal::of("a type with such a long name"));
                }
                expression = Expr::Cast(boxed(expression), data_type);
                self.raise()?;
            } else if self.is_mark('[') {
                return Err(Refusal::of("an element of an array"));
            } else if self.is_mark('.') {
                return Err(Refusal::of("an attribute of a composite value"));
            } else {
                return Ok(expression);
            }
        }
    }

    /// Adds the next operator to its left operand. Breaks where the expression ends.
    fn infix(&mut self, left: Expr, least: u8) -> Result<ControlFlow<Expr, Expr>, Refusal> {
        match self.peek() {
            Some(Token::Operator(operator)) => {
                let operator = operator.clone();
                let own = match operator.as_str() {
                    "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => level::COMPARISON,
                    "+" | "-" => level::SUM,
                    "*" | "/" | "%" => level::PRODUCT,
                    "^" => level::POWER,
                    _ => level::OTHER,
                };
                if own <= least {
                    return Ok(ControlFlow::Break(left));
                }
                self.at += 1;
                let is_any = self.take_words(&["any"]) || self.take_words(&["some"]);
                if is_any || self.take_words(&["all"]) {
                    self.expect('(')?;
                    let array = self.expression(0)?;
                    self.expect(')')?;
                    self.raise()?;
                    return quantified(&operator, left, is_any, array).map(ControlFlow::Continue);
                }
                let right = self.expression(own)?;
                self.raise()?;
                Ok(ControlFlow::Continue(Expr::Binary(operator, boxed(left), boxed(right))))
            }
            Some(Token::Word(_)) => self.infix_word(left, least),
            _ => Ok(ControlFlow::Break(left)),
        }
    }

    fn infix_word(&mut self, left: Expr, least: u8) -> Result<ControlFlow<Expr, Expr>, Refusal> {
        if level::OR > least && self.take_words(&["or"]) {
            return self.condition(left, level::OR, true).map(ControlFlow::Continue);
        }
        if level::AND > least && self.take_words(&["and"]) {
            return self.condition(left, level::AND, false).map(ControlFlow::Continue);
        }
        if level::TIME_ZONE > least && self.take_words(&["at", "time", "zone"]) {
            let zone = self.expression(level::TIME_ZONE)?;
            self.raise()?;
            return Ok(ControlFlow::Continue(Expr::AtTimeZone(boxed(left), boxed(zone))));
        }
        if level::IS > least && self.take_words(&["is"]) {
            let negated = self.take_words(&["not"]);
            if self.take_words(&["distinct", "from"]) {
                let right = self.expression(level::IS)?;
                self.raise()?;
                return Ok(ControlFlow::Continue(Expr::Distinct(boxed(left), boxed(right), negated)));
            }
            for (word, test) in
                [("null", Test::Null), ("unknown", Test::Null), ("true", Test::True), ("false", Test::False)]
            {
                if self.take_words(&[word]) {
                    self.raise()?;
                    return Ok(ControlFlow::Continue(Expr::Is(boxed(left), test, negated)));
                }
            }
            return Err(Refusal::of("its test with IS"));
        }
        if self.take_words(&["collate"]) {
            let binary = ["C", "POSIX", "default"].map(|name| Token::Name(name.to_owned()));
            if self.peek().is_none_or(|name| !binary.contains(name)) {
                return Err(Refusal::of("COLLATE"));
            }
            // The columns of the dialects compare like that.
            self.at += 1;
            return Ok(ControlFlow::Continue(left));
        }
        if self.is_word_at(0, "operator") {
            return Err(Refusal::of("OPERATOR()"));
        }
        Ok(ControlFlow::Break(left))
    }

    /// Reads the next of a chain of conditions, which is one list however long it is.
    fn condition(&mut self, left: Expr, own: u8, is_or: bool) -> Result<Expr, Refusal> {
        let is_chain = matches!((&left, is_or), (Expr::Or(_), true) | (Expr::And(_), false));
        let height = std::mem::take(&mut self.height) + usize::from(!is_chain);
        let right = self.expression(own)?;
        self.raise()?;
        self.reach(height)?;
        Ok(joined(left, right, is_or))
    }

    pub fn list(&mut self, end: char) -> Result<Vec<Expr>, Refusal> {
        let mut all = Vec::new();
        while !self.take_mark(end) {
            if !all.is_empty() {
                self.expect(',')?;
            }
            all.push(self.expression(0)?);
        }
        self.raise()?;
        Ok(all)
    }

    fn primary(&mut self) -> Result<Expr, Refusal> {
        let token = self.peek().cloned().ok_or_else(|| Refusal::of("its syntax"))?;
        self.at += 1;
        match token {
            Token::Number(number) => Ok(Expr::Number(number)),
            Token::Text(text) => Ok(Expr::Text(text)),
            Token::Mark('(') => {
                let inner = self.expression(0)?;
                self.expect(')')?;
                Ok(inner)
            }
            Token::Name(name) => self.named(name, true),
            Token::Word(word) => self.word(word),
            Token::Mark(mark) => Err(Refusal::of(format!("the syntax at {mark}"))),
            Token::Operator(operator) => Err(Refusal::of(format!("the operator {operator}"))),
        }
    }

    fn word(&mut self, word: String) -> Result<Expr, Refusal> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "null" => Ok(Expr::Null),
            "true" => Ok(Expr::Boolean(true)),
            "false" => Ok(Expr::Boolean(false)),
            "case" => self.case(),
            "array" if self.take_mark('[') => self.list(']').map(Expr::Array),
            "extract" if self.take_mark('(') => {
                let field = match self.peek() {
                    Some(Token::Word(field) | Token::Text(field)) => field.to_ascii_lowercase(),
                    _ => return Err(Refusal::of("its syntax")),
                };
                self.at += 1;
                self.expect_word("from")?;
                let of = self.expression(0)?;
                self.expect(')')?;
                self.raise()?;
                Ok(Expr::Extract(field, boxed(of)))
            }
            "trim" if self.take_mark('(') => {
                let name = match () {
                    () if self.take_words(&["both"]) => "btrim",
                    () if self.take_words(&["leading"]) => "ltrim",
                    () if self.take_words(&["trailing"]) => "rtrim",
                    () => "btrim",
                };
                self.take_words(&["from"]);
                Ok(Expr::Call(name.to_owned(), self.list(')')?))
            }
            own if KEYWORDS.contains(&own) => Err(Refusal::of(own.to_uppercase())),
            own if FUNCTIONS.contains(&own) && !self.is_mark('.') => {
                if self.take_mark('(') {
                    self.list(')')?;
                }
                Ok(Expr::Keyword(lower))
            }
            _ => self.named(word, false),
        }
    }

    /// A column or a function.
    fn named(&mut self, first: String, is_quoted: bool) -> Result<Expr, Refusal> {
        let mut path = vec![first];
        while self.is_mark('.') {
            self.at += 1;
            match self.peek().cloned() {
                Some(Token::Word(name) | Token::Name(name)) => path.push(name),
                _ => return Err(Refusal::of("a whole row")),
            }
            self.at += 1;
        }
        if !self.take_mark('(') {
            return Ok(Expr::Column(path));
        }
        let name = path.pop().unwrap_or_default();
        let is_own = match path.as_slice() {
            [] => false,
            [schema] if schema == "pg_catalog" => false,
            // Functions of extensions stand in the schema of the extension.
            _ => !name.starts_with("uuid_generate_") && name != "gen_random_uuid",
        };
        if is_own {
            let path: Vec<String> = path.iter().chain([&name]).map(|name| ident(name)).collect();
            return Err(Refusal::of(format!("the function {}()", path.join("."))));
        }
        let name = if is_quoted { name } else { name.to_ascii_lowercase() };
        if name == "count" && self.peek() == Some(&Token::Operator("*".to_owned())) {
            self.at += 1;
            self.expect(')')?;
            return Ok(Expr::Call("count".to_owned(), Vec::new()));
        }
        if self.is_word_at(0, "distinct") || self.is_word_at(0, "variadic") {
            return Err(Refusal::of(format!("the call of {name}()")));
        }
        let arguments = self.list(')').map_err(|_| Refusal::of(format!("the call of {name}()")))?;
        if ["over", "filter", "within"].iter().any(|word| self.is_word_at(0, word)) {
            return Err(Refusal::of("a window or aggregate function"));
        }
        Ok(Expr::Call(name, arguments))
    }

    fn case(&mut self) -> Result<Expr, Refusal> {
        let of = if self.is_word_at(0, "when") { None } else { Some(boxed(self.expression(0)?)) };
        let mut branches = Vec::new();
        while self.take_words(&["when"]) {
            let when = self.expression(0)?;
            self.expect_word("then")?;
            branches.push((when, self.expression(0)?));
        }
        let otherwise = if self.take_words(&["else"]) { Some(boxed(self.expression(0)?)) } else { None };
        self.expect_word("end")?;
        self.raise()?;
        Ok(Expr::Case { of, branches, otherwise })
    }
}
