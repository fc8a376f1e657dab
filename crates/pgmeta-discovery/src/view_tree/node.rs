//! The text of a parse tree (`pg_node_tree`) as values: nodes with named fields, lists, words. Knows no kind of node.

use pgmeta_core::interrupt::check;

/// Why a text is not a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

#[derive(Debug)]
enum Value<'t> {
    Word(&'t str),
    List(Vec<usize>),
    Node { tag: &'t str, fields: Vec<(&'t str, usize)> },
}

/// A tree. Its values are in one list, so that no depth of the tree is a depth of calls.
#[derive(Debug)]
pub struct Tree<'t> {
    values: Vec<Value<'t>>,
}

/// A value of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    tree: &'a Tree<'a>,
    at: usize,
}

/// What is being read.
enum Open<'t> {
    List(Vec<usize>),
    Node { tag: &'t str, fields: Vec<(&'t str, usize)>, name: Option<&'t str> },
}

/// What the server writes for nothing.
const NOTHING: &str = "<>";

impl<'t> Tree<'t> {
    /// Reads a tree.
    pub fn read(text: &'t str) -> Result<Self, Malformed> {
        let mut values = Vec::new();
        let mut open: Vec<Open<'t>> = Vec::new();
        let mut tokens = Tokens { text, at: 0 };
        while let Some(token) = tokens.next() {
            check();
            let value = match token {
                "(" => {
                    open.push(Open::List(Vec::new()));
                    continue;
                }
                "{" => {
                    let tag = tokens.next().ok_or(Malformed)?;
                    open.push(Open::Node { tag, fields: Vec::new(), name: None });
                    continue;
                }
                ")" => match open.pop() {
                    Some(Open::List(items)) => Value::List(items),
                    _ => return Err(Malformed),
                },
                "}" => match open.pop() {
                    Some(Open::Node { tag, fields, name: None }) => Value::Node { tag, fields },
                    _ => return Err(Malformed),
                },
                // The bytes of a constant follow their number.
                "[" if matches!(open.last(), Some(Open::Node { name: None, .. })) => {
                    tokens.find(|token| *token == "]").ok_or(Malformed)?;
                    continue;
                }
                word => match open.last_mut() {
                    Some(Open::Node { name: name @ None, .. }) => {
                        *name = Some(word.strip_prefix(':').ok_or(Malformed)?);
                        continue;
                    }
                    _ => Value::Word(word),
                },
            };
            let at = values.len();
            values.push(value);
            match open.last_mut() {
                Some(Open::List(items)) => items.push(at),
                Some(Open::Node { fields, name, .. }) => fields.push((name.take().ok_or(Malformed)?, at)),
                None if tokens.next().is_none() => return Ok(Self { values }),
                None => return Err(Malformed),
            }
        }
        Err(Malformed)
    }

    /// Returns the whole.
    pub fn root(&self) -> Item<'_> {
        Item { tree: self, at: self.values.len().saturating_sub(1) }
    }
}

impl<'a> Item<'a> {
    fn value(self) -> Option<&'a Value<'a>> {
        self.tree.values.get(self.at)
    }

    /// Returns the word for the kind of a node. What is not a node has none.
    pub fn tag(self) -> &'a str {
        match self.value() {
            Some(Value::Node { tag, .. }) => tag,
            _ => "",
        }
    }

    /// Returns a field of a node, if it is there and not empty.
    pub fn field(self, name: &str) -> Option<Item<'a>> {
        let Some(Value::Node { fields, .. }) = self.value() else { return None };
        let (_, at) = fields.iter().find(|(own, _)| *own == name)?;
        let field = Item { tree: self.tree, at: *at };
        (!field.is(NOTHING)).then_some(field)
    }

    /// Returns the items of a list. What is not a list has none.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Item<'a>> + Clone {
        let items = match self.value() {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |&at| Item { tree: self.tree, at })
    }

    /// Returns the items of a field that is a list.
    pub fn list(self, name: &str) -> impl DoubleEndedIterator<Item = Item<'a>> + Clone {
        self.field(name).into_iter().flat_map(Item::items)
    }

    /// Returns a word as it is written, with its backslashes.
    pub fn word(self) -> Option<&'a str> {
        match self.value() {
            Some(Value::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// Returns whether it is a word.
    pub fn is(self, word: &str) -> bool {
        self.word() == Some(word)
    }

    /// Returns a number.
    pub fn number(self) -> Option<i64> {
        self.word()?.parse().ok()
    }

    /// Returns a field that is a number.
    pub fn number_of(self, name: &str) -> Option<i64> {
        self.field(name)?.number()
    }

    /// Returns whether a field is true.
    pub fn flag(self, name: &str) -> bool {
        self.field(name).is_some_and(|field| field.is("true"))
    }
}

/// Divides a text as the server's `pg_strtok` does: at blanks, and at brackets, unless there is a backslash before.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| is_blank(*byte)) {
            self.at += 1;
        }
        let start = self.at;
        while let Some(&byte) = bytes.get(self.at) {
            if is_blank(byte) {
                break;
            }
            if is_bracket(byte) {
                self.at += usize::from(self.at == start);
                break;
            }
            // What follows a backslash is part of the word, whatever it is.
            self.at += if byte == b'\\' { 2 } else { 1 };
        }
        self.at = self.at.min(bytes.len());
        // A backslash may stand before a character of several bytes.
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.text.get(start..self.at).filter(|token| !token.is_empty())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t')
}

fn is_bracket(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'{' | b'}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_fields_lists_and_words() {
        let text = "({QUERY :commandType 1 :alias <> :names (\"a\\ b\" \"\\}\") :sets (b 8 9) :sub {VAR :varno 3}})";
        let tree = Tree::read(text).unwrap();
        let query = tree.root().items().next().unwrap();
        assert_eq!((query.tag(), query.number_of("commandType")), ("QUERY", Some(1)));
        assert!(query.field("alias").is_none() && query.field("none").is_none());
        let names: Vec<_> = query.list("names").filter_map(Item::word).collect();
        assert_eq!(names, ["\"a\\ b\"", "\"\\}\""]);
        assert_eq!(query.list("sets").filter_map(Item::number).collect::<Vec<_>>(), [8, 9]);
        assert_eq!(query.field("sub").unwrap().number_of("varno"), Some(3));
    }

    #[test]
    fn a_constant_has_its_bytes_behind_it() {
        let text = "{CONST :constisnull false :location -1 :constvalue 4 [ 1 0 0 0 ]}";
        let tree = Tree::read(text).unwrap();
        assert_eq!(tree.root().number_of("constvalue"), Some(4));
        assert!(!tree.root().flag("constisnull"));
    }

    #[test]
    fn a_value_may_look_like_the_name_of_a_field() {
        let tree = Tree::read("{ALIAS :aliasname :x :other [ :colnames <>}").unwrap();
        assert!(tree.root().field("aliasname").unwrap().is(":x"));
        assert!(tree.root().field("other").unwrap().is("["));
    }

    #[test]
    fn other_texts_are_not_parsed() {
        for text in
            ["", "(", ")", "{", "{A", "{A :b}", "{A b 1}", "{A :b 1 2}", "{A :b 1} x", "({A :b 1)}", "{A :b 4 [ 1 }"]
        {
            assert!(Tree::read(text).is_err(), "{text}");
        }
        assert!(Tree::read("\\é").is_ok() && Tree::read("\\").is_ok());
    }

    #[test]
    fn deep_trees_are_parsed() {
        let text = format!("{}{}", "{A :b ".repeat(100_000), "x}".to_owned() + &"}".repeat(99_999));
        assert!(Tree::read(&text).is_ok());
    }
}
