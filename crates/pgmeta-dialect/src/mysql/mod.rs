//! MySQL 8 with InnoDB, and what MariaDB has in common with it. What differs between both is in [`Differences`].

mod expression;
mod types;

use pgmeta_core::model::Sequence;

use crate::data_type::DataType;
use crate::expression::Syntax;
use crate::names::NameRules;
use crate::options::Options;
use crate::target::{ColumnType, Comments, Facts, KeyLimit, NameScope, Numbering, Partial, Target};

/// MySQL or MariaDB.
pub(crate) struct Mysql {
    pub differences: &'static Differences,
}

/// What differs between MySQL and MariaDB.
pub(crate) struct Differences {
    pub facts: Facts,
    /// The collation that compares bytes and does not pad.
    pub collation: &'static str,
    /// The collation of citext.
    pub case_insensitive: &'static str,
    /// Whether a text is cast before it is the default of a JSON column.
    pub casts_json: bool,
    /// Whether there is the function REGEXP_LIKE.
    pub has_regexp_like: bool,
}

// https://dev.mysql.com/doc/refman/8.4/en/identifiers.html and identifier-length.html: 64 characters of the Basic
// Multilingual Plane, no blank at the end.
const NAMES: NameRules = NameRules { longest: Some(64), plain: true, without_accents: true, reserved: &[] };

/// The facts of both.
pub(crate) const FACTS: Facts = Facts {
    name: "MySQL",
    names: NAMES,
    // A check without a name is called as its table, with _chk_1 at the end.
    relation_names: NameRules { longest: Some(56), ..NAMES },
    // PRIMARY is the primary key, GEN_CLUST_INDEX that of InnoDB.
    index_names: NameRules { reserved: &["PRIMARY", "GEN_CLUST_INDEX"], ..NAMES },
    // https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html: 1,017 columns, keys of 3,072 bytes.
    columns: 1017,
    // https://dev.mysql.com/doc/refman/8.4/en/create-table.html: comments of 2,048 and 1,024 characters.
    comments: Comments::Inline(2048, 1024),
    numbering: Numbering::LeadsKey,
    partial_indexes: Partial::ByExpression,
    // https://dev.mysql.com/doc/refman/8.4/en/create-index.html: functional key parts, in parentheses.
    expression_indexes: true,
    descending: true,
    include: false,
    deferrable: false,
    forward_references: false,
    equal_types: true,
    key: Some(KeyLimit { bytes: 3072, columns: 16, length: 255, prefix: true }),
    // https://dev.mysql.com/doc/refman/8.4/en/column-count-limit.html: 65,535 bytes without BLOB and TEXT.
    row_bytes: Some(65_535),
    nulls_are_equal: false,
    // https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html: InnoDB rejects SET DEFAULT.
    set_default: false,
    restrict: true,
    one_cascade: false,
    // https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html: no actions on columns of checks;
    // names are unique in a schema; checks may be NOT ENFORCED.
    checks_with_actions: false,
    not_enforced: true,
    sequences: false,
    virtual_columns: true,
    generated_not_null: true,
    generated_primary_key: true,
    // https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html: defaults of BLOB, TEXT and JSON are expressions.
    long_default_in_parentheses: true,
    expressions_with_numbers: false,
    equal_lengths: false,
    check_names: NameScope::Kind,
    foreign_key_names: NameScope::Kind,
    key_names: NameScope::Table,
    index_scope: NameScope::Table,
};

/// MySQL.
pub(crate) fn mysql() -> Mysql {
    const MYSQL: Differences = Differences {
        facts: FACTS,
        collation: "utf8mb4_0900_bin",
        case_insensitive: "utf8mb4_0900_as_ci",
        casts_json: true,
        has_regexp_like: true,
    };
    Mysql { differences: &MYSQL }
}

impl Target for Mysql {
    fn facts(&self) -> &Facts {
        &self.differences.facts
    }

    fn syntax(&self) -> &dyn Syntax {
        self
    }

    fn data_type(&self, data_type: &DataType<'_>, key: Option<u32>) -> ColumnType {
        types::column_type(data_type, key, self.differences)
    }

    fn long_text(&self) -> &'static str {
        "LONGTEXT"
    }

    fn numbered(&self, _start: i64, _increment: i64) -> String {
        "AUTO_INCREMENT".to_owned()
    }

    fn table_suffix(&self, _has_key: bool, _is_numbered: bool, _options: &Options, start: Option<i64>) -> String {
        let start = match start {
            Some(start) if start > 1 => format!(" AUTO_INCREMENT={start}"),
            _ => String::new(),
        };
        format!(" ENGINE=InnoDB{start} DEFAULT CHARSET=utf8mb4 COLLATE={}", self.differences.collation)
    }

    fn long_default(&self, data_type: &str, literal: &str) -> String {
        let is_json = data_type == "JSON" && self.differences.casts_json;
        if is_json { format!("CAST({literal} AS JSON)") } else { literal.to_owned() }
    }

    fn create_sequence(&self, sequence: &Sequence, name: &str) -> Option<String> {
        if !self.differences.facts.sequences {
            return None;
        }
        let (least, greatest) = self.sequence_bounds();
        let bound = |value: i64| value.clamp(least, greatest);
        let cycle = if sequence.cycle { "CYCLE" } else { "NOCYCLE" };
        let (increment, start) = (sequence.increment, bound(sequence.start));
        let (min, max, cache) = (bound(sequence.min), bound(sequence.max), sequence.cache);
        Some(format!(
            "CREATE SEQUENCE {name} START WITH {start} MINVALUE {min} MAXVALUE {max} \
             INCREMENT BY {increment} CACHE {cache} {cycle}"
        ))
    }

    fn has_full_joins(&self) -> bool {
        false
    }

    fn sequence_bounds(&self) -> (i64, i64) {
        // https://mariadb.com/docs/server/reference/sql-structure/sequences/create-sequence: not the ends of bigint.
        (i64::MIN + 2, i64::MAX - 1)
    }

    fn drop_foreign_keys(&self, _keys: &[(&str, &str)], drops: Vec<String>) -> Vec<String> {
        let checks = |value: u8| format!("SET FOREIGN_KEY_CHECKS = {value}");
        std::iter::once(checks(0)).chain(drops).chain([checks(1)]).collect()
    }

    fn index_expression(&self, expression: &str) -> String {
        format!("({expression})")
    }

    fn names_primary_key(&self) -> bool {
        false
    }
}
