//! Columns of tables, views, materialized views and composite types.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, SecurityLabel};

part! {
    /// A `name=value` pair: storage parameter, attribute option, foreign-data option, configuration setting.
    pub struct Setting {
        /// The name of the setting or option.
        name: Name,
        /// The value, as text.
        value: String;
    }
}

part! {
    /// The name of another relation.
    pub struct RelationName {
        /// The schema of the relation.
        schema: Name,
        /// The name of the relation.
        name: Name;
    }
}

choice! {
    /// How large values of a column are stored.
    pub enum Storage {
        /// In the row, uncompressed.
        Plain b'p' "PLAIN",
        /// Outside of the row, uncompressed.
        External b'e' "EXTERNAL",
        /// Compressed, in the row if possible.
        Main b'm' "MAIN",
        /// Compressed, outside of the row if necessary.
        Extended b'x' "EXTENDED",
    }
}

choice! {
    /// How large values of a column are compressed.
    pub enum Compression {
        /// The compression of PostgreSQL.
        Pglz b'p' "pglz",
        /// LZ4.
        Lz4 b'l' "lz4",
    }
}

choice! {
    /// Whether an identity column accepts explicit values.
    pub enum Identity {
        /// Only with OVERRIDING SYSTEM VALUE.
        Always b'a' "ALWAYS",
        /// An explicit value replaces the generated one.
        ByDefault b'd' "BY DEFAULT",
    }
}

choice! {
    /// Whether a generated column is stored.
    pub enum Generated {
        /// It is computed when a row is written.
        Stored b's' "STORED",
        /// It is computed when a row is read.
        Virtual b'v' "VIRTUAL",
    }
}

part! {
    /// A not-null constraint. Since PostgreSQL 18 it has a name.
    pub struct NotNull {
        ;
        /// The name of the constraint. Absent: the name that PostgreSQL would choose.
        name: Option<Name>,
        /// Whether children do not inherit the constraint.
        no_inherit: bool,
        /// Whether rows that existed before were not checked (NOT VALID).
        not_valid: bool,
        /// Whether it comes from a parent, and this table does not declare it.
        inherited: bool,
        /// The comment on the constraint.
        comment: Option<String>,
    }
}

/// A relation's columns. They may be many with few attributes: a list of boxes grows without moving the columns.
#[allow(clippy::vec_box, reason = "a growing list would copy its elements")]
pub type Columns = Vec<Box<Column>>;

part! {
    /// A column of a table, foreign table, view or materialized view.
    pub struct Column {
        /// The name of the column.
        name: Name,
        /// The type of the column, as `format_type` prints it.
        data_type: Name;
        /// The collation, as SQL. Absent: that of the type.
        collation: Option<Name>,
        /// The not-null constraint. Absent: the column may be null.
        not_null: Option<Box<NotNull>>,
        /// The default or, with `generated`, the generation expression, as SQL.
        default: Option<Box<str>>,
        /// Whether and how the column is generated. Absent: it is not generated.
        generated: Option<Generated>,
        /// Whether a parent's column is generated too, and hands its expression down.
        generated_by_parent: bool,
        /// The kind of identity column. Absent: it is none. The sequence is in the list of sequences, with
        /// `identity`.
        identity: Option<Identity>,
        /// Whether it comes from a parent, and this table does not declare it.
        inherited: bool,
        /// Whether a parent has the column.
        has_parent: bool,
        /// How large values are stored. Absent: the default of the type.
        storage: Option<Storage>,
        /// How large values are compressed. Absent: `default_toast_compression`.
        compression: Option<Compression>,
        /// The statistics target. Absent: `default_statistics_target`.
        statistics_target: Option<i32>,
        /// The attribute options, such as `n_distinct`.
        options: Box<[Setting]>,
        /// The foreign-data options of a foreign table's column.
        foreign_options: Box<[Setting]>,
        /// The comment on the column.
        comment: Option<Box<str>>,
        /// The privileges on the column. Absent: none.
        privileges: Option<Box<[Grant]>>,
        /// The security labels of the column, one for each provider.
        security_labels: Box<[SecurityLabel]>,
        /// The objects that the default or generation expression needs.
        default_depends_on: Box<[ObjectKey]>,
    }
}

impl Column {
    /// Returns the column's not-null constraint if it needs a statement of its own: CREATE TABLE cannot create it, and children created
    /// later would inherit it as a valid one.
    pub fn separate_not_null(&self) -> Option<&NotNull> {
        self.not_null.as_deref().filter(|constraint| constraint.not_valid && !constraint.inherited)
    }
}

impl NotNull {
    /// Returns the default name of a not-null constraint.
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
