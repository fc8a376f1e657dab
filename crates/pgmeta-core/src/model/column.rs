//! Columns of tables, views, materialized views and composite types.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, SecurityLabel};

part! {
    /// A `name=value` pair: storage parameter, attribute option, foreign-data option, configuration setting.
    pub struct Setting { name: Name, value: String; }
}

part! {
    /// The name of a relation elsewhere.
    pub struct RelationName { schema: Name, name: Name; }
}

choice! {
    /// How large values of a column are stored.
    pub enum Storage { Plain b'p' "PLAIN", External b'e' "EXTERNAL", Main b'm' "MAIN", Extended b'x' "EXTENDED" }
}

choice! {
    pub enum Compression { Pglz b'p' "pglz", Lz4 b'l' "lz4" }
}

choice! {
    pub enum Identity { Always b'a' "ALWAYS", ByDefault b'd' "BY DEFAULT" }
}

choice! {
    pub enum Generated { Stored b's' "STORED", Virtual b'v' "VIRTUAL" }
}

part! {
    /// A not-null constraint; it has a name of its own from PostgreSQL 18 on.
    pub struct NotNull {
        ;
        /// Absent where it is the name PostgreSQL would choose.
        name: Option<Name>,
        no_inherit: bool,
        not_valid: bool,
        /// A parent has it too, and this table does not declare it itself.
        inherited: bool,
        comment: Option<String>,
    }
}

/// A relation's columns. There may be very many, of which most say little: a list of them grows without moving them.
#[allow(clippy::vec_box, reason = "a list that grows is in memory twice")]
pub type Columns = Vec<Box<Column>>;

part! {
    pub struct Column {
        name: Name,
        /// As `format_type` prints it.
        data_type: Name;
        /// Where it is not the type's own, as SQL.
        collation: Option<Name>,
        not_null: Option<Box<NotNull>>,
        /// The default or, with `generated`, the generation expression, as SQL.
        default: Option<Box<str>>,
        generated: Option<Generated>,
        /// A parent's column is generated too, and hands its expression down.
        generated_by_parent: bool,
        /// The sequence is in the model's list of sequences, with `identity`.
        identity: Option<Identity>,
        /// Only there because a parent has it.
        inherited: bool,
        /// A parent has the column.
        has_parent: bool,
        /// Where it is not the type's own.
        storage: Option<Storage>,
        compression: Option<Compression>,
        statistics_target: Option<i32>,
        options: Box<[Setting]>,
        /// Of a foreign table's column.
        foreign_options: Box<[Setting]>,
        comment: Option<Box<str>>,
        privileges: Option<Box<[Grant]>>,
        security_labels: Box<[SecurityLabel]>,
        /// What the default needs.
        default_depends_on: Box<[ObjectKey]>,
    }
}

impl Column {
    /// Returns the column's not-null constraint where a statement of its own makes it: CREATE TABLE has no words for
    /// it, and children that are made afterwards would have it as a valid one.
    pub fn late_not_null(&self) -> Option<&NotNull> {
        self.not_null.as_deref().filter(|constraint| constraint.not_valid && !constraint.inherited)
    }
}

impl NotNull {
    /// Returns the name that PostgreSQL gives to one without a name.
    pub fn default_name(table: &str, column: &str) -> Name {
        Name::from(format!("{table}_{column}_not_null"))
    }
}

impl Setting {
    /// Splits the catalog's `name=value` texts.
    pub fn parse_all(texts: Option<Vec<String>>) -> Vec<Setting> {
        let parse = |text: &String| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            Setting { name: Name::from(name), value: value.to_owned() }
        };
        texts.unwrap_or_default().iter().map(parse).collect()
    }
}
