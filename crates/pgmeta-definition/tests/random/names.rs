//! Names, most of them odd, and texts.

use std::collections::BTreeSet;

use super::choices::Choices;

/// Names and beginnings of names. The first is the simplest.
const NAMES: &[&str] = &[
    "thing",
    "Upper",
    "two words",
    "quo\"te",
    "it's",
    "select",
    "user",
    "ünïcode",
    "数据",
    "a.b",
    "dol$lar",
    "1digit",
    " blank ",
    "back\\slash",
    "new\nline",
    "per%cent",
    "{brace}",
    "semi;colon",
    "--dash",
    "/*star*/",
    "date",
    "text",
    "value",
    "range",
    "point",
    "name",
    "lower",
    "sixty_three_bytes_are_the_longest_name_that_a_server_takes_here_",
    "éééééééééééééééééééééééééééééé_ö_",
];

/// The longest name in bytes.
const LONGEST: usize = 63;

/// Names that are given already, of objects of any kind and schema.
#[derive(Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// Returns a name that no other object has.
    pub fn unique(&mut self, choices: &mut Choices<'_>) -> String {
        let name = unused(choices, |name| self.0.contains(name));
        self.0.insert(name.clone());
        name
    }

    /// Returns a text for people.
    pub fn text(&self, choices: &mut Choices<'_>) -> String {
        format!("{} {}", choices.pick(NAMES), choices.pick(NAMES))
    }
}

/// Returns a name that is not in use.
pub fn unused(choices: &mut Choices<'_>, is_taken: impl Fn(&str) -> bool) -> String {
    let base = *choices.pick(NAMES);
    let mut name = cut(base, LONGEST).to_owned();
    let mut number = 1;
    while is_taken(&name) {
        number += 1;
        let end = format!("_{number}");
        name = format!("{}{end}", cut(base, LONGEST - end.len()));
    }
    name
}

fn cut(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
