//! Calls of functions in an expression that the server prints, outside of its sub-selects.

use std::ops::Range;

use pgmeta_core::lexer::{self, Kind};

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The name as it is written, with its schema.
    pub name: String,
    /// The arguments, as SQL.
    pub arguments: String,
    /// Where the call stands.
    pub span: Range<usize>,
}

/// Returns the calls of an expression that are not in a sub-select, the inner ones after the outer ones.
pub(crate) fn calls_outside_of_selects(text: &str) -> Vec<Call> {
    let mut found: Vec<Call> = Vec::new();
    // What each parenthesis that is open begins: a sub-select, a call by its position in the list, something else.
    let mut open: Vec<(bool, Option<usize>)> = Vec::new();
    for (at, byte) in lexer::code(text) {
        match byte {
            b'(' => {
                let inside = open.last().is_some_and(|(inside, _)| *inside);
                let is_select = text[at + 1..].trim_start().starts_with("SELECT ");
                let start = name_before(text, at);
                let call = (!inside && !is_select && start < at).then(|| {
                    let (name, arguments) = (text[start..at].to_owned(), String::new());
                    found.push(Call { name, arguments, span: start..at });
                    found.len() - 1
                });
                open.push((inside || is_select, call));
            }
            b')' => {
                if let Some((_, Some(call))) = open.pop() {
                    let own = &mut found[call];
                    own.arguments = text[own.span.end + 1..at].to_owned();
                    own.span.end = at + 1;
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns where the name begins that stands before a parenthesis.
fn name_before(text: &str, end: usize) -> usize {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
    let start = text[..end].rfind(|c| !is_name(c)).map_or(0, |at| at + 1);
    let start = (start..end).find(|&at| text.is_char_boundary(at)).unwrap_or(end);
    // Words of the language stand before parentheses too, with a blank between them.
    if text[start..end].starts_with(|c: char| c.is_ascii_digit() || c == '.') { end } else { start }
}

impl Call {
    /// Returns whether the arguments are literals, so that the call needs no row.
    pub fn is_constant(&self) -> bool {
        let mut after_cast = false;
        lexer::pieces(&self.arguments).iter().all(|piece| match piece.kind {
            Kind::Literal | Kind::Escaped | Kind::Body | Kind::Other | Kind::Comment => {
                after_cast = false;
                true
            }
            Kind::Name => after_cast,
            Kind::Code => {
                let words = piece.text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | ':')));
                let is_plain = |word: &str| {
                    let value = word.split("::").next().unwrap_or_default();
                    let is_word = matches!(value, "" | "true" | "false" | "NULL");
                    is_word || value.chars().all(|c| c.is_ascii_digit() || c == '.')
                };
                // The name of a type may have several words.
                let mut in_type = after_cast;
                let plain = words.into_iter().all(|word| {
                    let fine = in_type || is_plain(word);
                    in_type = (in_type && !word.is_empty()) || word.contains("::");
                    fine
                });
                after_cast = in_type;
                plain
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        calls_outside_of_selects(text).into_iter().map(|call| call.name).collect()
    }

    #[test]
    fn calls_are_found_outside_of_sub_selects() {
        assert_eq!(names("(owner = (current_setting('app.user'::text))::integer)"), ["current_setting"]);
        assert_eq!(names("(owner = ( SELECT auth.uid() AS uid))"), Vec::<String>::new());
        assert_eq!(names("((a = f(g(b), 'h(i)')) AND (EXISTS ( SELECT 1 FROM t WHERE (k() = a))))"), ["f", "g"]);
        assert_eq!(names("(a = ANY (ARRAY[1, 2]))"), Vec::<String>::new());
        let text = "(a = app.f('x'::text, 1))";
        let call = &calls_outside_of_selects(text)[0];
        assert_eq!(
            (&*call.name, &*call.arguments, &text[call.span.clone()]),
            ("app.f", "'x'::text, 1", "app.f('x'::text, 1)")
        );
    }

    #[test]
    fn arguments_are_constant_or_not() {
        let is_constant =
            |arguments: &str| Call { name: String::new(), arguments: arguments.to_owned(), span: 0..0 }.is_constant();
        for text in ["", "'x'::text", "'x'::character varying, true", "1, 2.5", "NULL::integer"] {
            assert!(is_constant(text), "{text}");
        }
        for text in ["a", "'x'::text || a", "t.a", "\"A\"", "f(a)"] {
            assert!(!is_constant(text), "{text}");
        }
    }
}
