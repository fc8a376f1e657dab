//! MariaDB 10.11 with InnoDB: what it does otherwise than MySQL. Each was seen on a server.

use crate::mysql::{Differences, FACTS, Mysql};
use crate::target::{Facts, NameScope, Partial};

/// MariaDB.
pub(crate) fn mariadb() -> Mysql {
    const MARIADB: Differences = Differences {
        facts: Facts {
            name: "MariaDB",
            partial_indexes: Partial::None,
            expression_indexes: false,
            not_enforced: false,
            sequences: true,
            generated_not_null: false,
            generated_primary_key: false,
            long_default_in_parentheses: false,
            check_names: NameScope::Table,
            ..FACTS
        },
        collation: "utf8mb4_nopad_bin",
        case_insensitive: "utf8mb4_uca1400_nopad_as_ci",
        casts_json: false,
        has_regexp_like: false,
    };
    Mysql { differences: &MARIADB }
}
