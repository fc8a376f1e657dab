//! What a kind of object must tell to be printed, and the text under construction.

use std::fmt::Display;

use crate::ddl::context::Context;
use crate::ident::dollar_quoted;
use crate::model::{Part, Structure};

/// Owner and comment of an object that every database is made with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Initial {
    pub owner: Option<&'static str>,
    pub comment: Option<&'static str>,
}

/// Statements, each ended by a semicolon and a newline.
#[derive(Debug, Default)]
pub struct Script {
    text: String,
    /// Where each statement ends, before its semicolon.
    ends: Vec<usize>,
}

impl From<String> for Script {
    fn from(text: String) -> Self {
        Self { text, ends: Vec::new() }
    }
}

impl Script {
    pub fn statement(&mut self, sql: impl Display) {
        use std::fmt::Write;
        let _ = write!(self.text, "{sql}");
        self.ends.push(self.text.len());
        self.text.push_str(";\n");
    }

    /// Returns the statements one by one, without semicolons.
    pub fn into_statements(self) -> Vec<String> {
        let begins = std::iter::once(0).chain(self.ends.iter().map(|end| end + ";\n".len()));
        begins.zip(&self.ends).map(|(begin, &end)| self.text[begin..end].to_owned()).collect()
    }

    /// Appends a statement that has no IF NOT EXISTS of its own: where the options ask for it, that the object is there
    /// already is not an error.
    pub fn create(&mut self, cx: &Context<'_>, sql: impl Display) {
        self.create_unless(cx, &[], sql);
    }

    /// The same for a statement that says in other words than most that its work is done already.
    pub fn create_unless(&mut self, cx: &Context<'_>, conditions: &[&str], sql: impl Display) {
        if cx.options.if_not_exists {
            self.statement(ignoring(&[EXISTS_ALREADY, conditions].concat(), &sql.to_string()));
        } else {
            self.statement(sql);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// How a kind of object is printed. One file per kind implements it; `ddl::shared` adds owner, comment,
/// privileges and labels, which are printed the same for all.
pub trait Render: Structure {
    /// How ALTER, DROP and COMMENT ON address it: `TABLE app.orders`.
    fn target(&self) -> String;

    /// How GRANT addresses it, where that differs.
    fn grant_target(&self) -> String {
        self.target()
    }

    /// How ALTER … DEPENDS ON EXTENSION addresses it, where that differs.
    fn dependent_target(&self) -> String {
        self.target()
    }

    /// How COMMENT ON and SECURITY LABEL ON address it, where that differs.
    fn comment_target(&self) -> String {
        self.target()
    }

    /// Returns whether the options leave anything of it, its owner, comment and privileges included.
    fn is_selected(&self, _cx: &Context<'_>) -> bool {
        true
    }

    /// Appends the statements that make the object.
    fn create(&self, cx: &Context<'_>, out: &mut Script);

    /// Returns whether ALTER … OWNER TO may be said of it.
    fn has_owner(&self) -> bool {
        true
    }

    /// Returns what a fresh database gives the object already, so that it need not be said.
    fn initial(&self, _cx: &Context<'_>) -> Initial {
        Initial::default()
    }

    /// Appends what follows its owner, comment and privileges: comments on its parts, column privileges.
    fn finish(&self, _cx: &Context<'_>, _out: &mut Script) {}

    /// Appends the statements of a part other than Main.
    fn part(&self, _part: Part, _cx: &Context<'_>, _out: &mut Script) {}

    /// Returns the statement that takes a part back, without a semicolon; `None` if it is dropped with something else.
    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main).then(|| drop_if_exists(&self.target()))
    }
}

/// What creating something twice raises.
const EXISTS_ALREADY: &[&str] = &["duplicate_object", "duplicate_table", "duplicate_function"];

/// What changing something that is not there raises.
const MISSING: &[&str] = &["undefined_object", "undefined_table", "invalid_schema_name"];

fn ignoring(conditions: &[&str], sql: &str) -> String {
    let body = format!("\nBEGIN\n    {sql};\nEXCEPTION WHEN {} THEN NULL;\nEND\n", conditions.join(" OR "));
    format!("DO {}", dollar_quoted(&body))
}

/// Returns the statements as one that does not fail if the object is missing.
pub fn unless_missing(sql: &str) -> String {
    ignoring(MISSING, sql)
}

/// Returns `DROP … IF EXISTS …` for a target whose kind is spelled in capitals.
pub fn drop_if_exists(target: &str) -> String {
    let words = target.split(' ').take_while(|word| word.bytes().all(|b| b.is_ascii_uppercase()));
    let kind: Vec<&str> = words.collect();
    let kind = kind.join(" ");
    format!("DROP {kind} IF EXISTS{}", &target[kind.len()..])
}
