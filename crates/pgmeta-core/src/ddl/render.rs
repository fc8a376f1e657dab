//! The trait that prints a kind of object, and the text under construction.

use std::fmt::Display;

use crate::ddl::context::Context;
use crate::ident::dollar_quoted;
use crate::model::{Part, Structure};

/// The owner and comment that an object has in a new database.
#[derive(Clone, Copy, Debug, Default)]
pub struct Initial {
    pub owner: Option<&'static str>,
    pub comment: Option<&'static str>,
}

/// Statements, each with a semicolon and a newline at its end.
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

    /// Appends a statement that lacks IF NOT EXISTS. If the options ask for it, an existing object is not an error.
    pub fn create(&mut self, cx: &Context<'_>, sql: impl Display) {
        self.create_unless(cx, &[], sql);
    }

    /// The same for a statement with other error conditions for an object that exists.
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

/// The printer of a kind of object. Each kind has a file with an implementation; `ddl::shared` adds owner, comment, privileges and
/// labels, which all kinds print in the same way.
pub trait Render: Structure {
    /// Returns the object's name in ALTER, DROP and COMMENT ON: `TABLE app.orders`.
    fn target(&self) -> String;

    /// Returns its name in GRANT, if it differs.
    fn grant_target(&self) -> String {
        self.target()
    }

    /// Returns its name in ALTER … DEPENDS ON EXTENSION, if it differs.
    fn dependent_target(&self) -> String {
        self.target()
    }

    /// Returns its name in COMMENT ON and SECURITY LABEL ON, if it differs.
    fn comment_target(&self) -> String {
        self.target()
    }

    /// Returns whether the options include the object, or its owner, comment or privileges.
    fn is_selected(&self, _cx: &Context<'_>) -> bool {
        true
    }

    /// Appends the statements that create the object.
    fn create(&self, cx: &Context<'_>, out: &mut Script);

    /// Returns whether the object has ALTER … OWNER TO.
    fn has_owner(&self) -> bool {
        true
    }

    /// Returns what the object already has in a new database, and so needs no statement.
    fn initial(&self, _cx: &Context<'_>) -> Initial {
        Initial::default()
    }

    /// Appends the statements after owner, comment and privileges: comments on parts, privileges on columns.
    fn finish(&self, _cx: &Context<'_>, _out: &mut Script) {}

    /// Appends the statements of a part other than Main.
    fn part(&self, _part: Part, _cx: &Context<'_>, _out: &mut Script) {}

    /// Returns the statement that drops a part, without a semicolon, or `None` if another statement drops it.
    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main).then(|| drop_if_exists(&self.target()))
    }
}

/// Error conditions for an object that exists already.
const EXISTS_ALREADY: &[&str] = &["duplicate_object", "duplicate_table", "duplicate_function"];

/// Error conditions for an object that does not exist.
const MISSING: &[&str] = &["undefined_object", "undefined_table", "invalid_schema_name"];

fn ignoring(conditions: &[&str], sql: &str) -> String {
    let body = format!("\nBEGIN\n    {sql};\nEXCEPTION WHEN {} THEN NULL;\nEND\n", conditions.join(" OR "));
    format!("DO {}", dollar_quoted(&body))
}

/// Returns the statements as one that does not fail if the object does not exist.
pub fn unless_missing(sql: &str) -> String {
    ignoring(MISSING, sql)
}

/// Returns `DROP … IF EXISTS …` for a target with its kind in capitals.
pub fn drop_if_exists(target: &str) -> String {
    let words = target.split(' ').take_while(|word| word.bytes().all(|b| b.is_ascii_uppercase()));
    let kind: Vec<&str> = words.collect();
    let kind = kind.join(" ");
    format!("DROP {kind} IF EXISTS{}", &target[kind.len()..])
}
