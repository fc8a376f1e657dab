//! Reads the type of a cast.

use pgmeta_core::ident::ident;

use super::Refusal;
use super::parse::Parser;
use super::tokens::Token;

impl Parser {
    /// Returns a type's name as `format_type` prints it.
    pub(super) fn data_type(&mut self) -> Result<String, Refusal> {
        let mut name = String::new();
        loop {
            match self.peek().cloned() {
                Some(Token::Word(word)) => name += &word,
                Some(Token::Name(word)) if word == "char" && name.is_empty() => name += "\"char\"",
                Some(Token::Name(word)) => name += &ident(&word),
                _ => return Err(Refusal::of("its syntax")),
            }
            self.at += 1;
            if !self.take_mark('.') {
                break;
            }
            name.push('.');
        }
        for words in [&["varying"][..], &["precision"]] {
            if self.take_words(words) {
                name = format!("{name} {}", words.join(" "));
            }
        }
        let interval = ["year", "month", "day", "hour", "minute", "second", "to"];
        while name.starts_with("interval") && interval.iter().any(|word| self.is_word_at(0, word)) {
            self.at += 1;
        }
        let modifier = if self.take_mark('(') {
            let start = self.at;
            while !self.take_mark(')') {
                self.at += 1;
                if self.at > self.tokens.len() {
                    return Err(Refusal::of("its syntax"));
                }
            }
            let inner = &self.tokens[start..self.at - 1];
            let text: String = inner.iter().map(spelled).collect();
            format!("({text})")
        } else {
            String::new()
        };
        name += &modifier;
        for word in ["with", "without"] {
            if self.take_words(&[word, "time", "zone"]) {
                name = format!("{name} {word} time zone");
            }
        }
        while self.is_mark('[') {
            self.at += 1;
            self.expect(']')?;
            name += "[]";
        }
        Ok(name)
    }
}

fn spelled(token: &Token) -> String {
    match token {
        Token::Word(text) | Token::Name(text) | Token::Text(text) | Token::Number(text) | Token::Operator(text) => {
            text.clone()
        }
        Token::Mark(mark) => mark.to_string(),
    }
}
