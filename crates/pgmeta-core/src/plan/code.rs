//! Finds whose code a statement runs on existing rows: checks, defaults, conversions, key expressions. This code belongs to the owner
//! of the table or domain, who must not get the rights of the role that runs the plan. Runs nothing.

use crate::ident::Name;
use crate::lexer::{self, Kind};
use crate::model::{ObjectKey, ObjectKind};
use crate::plan::step::Statement;

/// The object whose owner's code a statement runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    Table(ObjectKey),
    Domain(ObjectKey),
    /// An object is recreated: the server evaluates constants of types with checks. The object gets its former owner again.
    Recreated {
        owner: Name,
        schema: Name,
    },
    /// A table is attached: the server evaluates the parent's expressions on its rows.
    Partition {
        parent: ObjectKey,
        table: ObjectKey,
    },
}

/// Statements that need more rights than the owner has, and run no code of the owner: the server runs the code of an index as its owner.
const WITHOUT_CODE: &[&str] = &[
    " OWNER TO ",
    " SET SCHEMA ",
    " RENAME TO ",
    " SET TABLESPACE ",
    " AS IDENTITY",
    " DETACH PARTITION ",
    " ADD IDENTITY",
    " PRIMARY KEY",
    " UNIQUE",
    " EXCLUDE",
    " USING INDEX",
    " INHERIT ",
];

impl Statement {
    /// Returns whose code the statement runs, if it runs any.
    pub fn code(&self) -> Option<Code> {
        if let Some(parent) = &self.attaches_to {
            return Some(Code::Partition { parent: parent.clone(), table: self.key.clone() });
        }
        if let (Some(owner), Some(schema)) = (&self.former_owner, self.key.schema()) {
            return Some(Code::Recreated { owner: owner.clone(), schema: schema.clone() });
        }
        let head = head(&self.sql);
        if WITHOUT_CODE.iter().any(|words| head.contains(words)) {
            return None;
        }
        if head.starts_with("ALTER DOMAIN ") {
            let names = self.key.names.first().zip(self.key.names.get(1));
            return names.map(|(schema, name)| Code::Domain(ObjectKey::in_schema(ObjectKind::Type, schema, name)));
        }
        let alters = ["ALTER TABLE ", "ALTER FOREIGN TABLE ", "UPDATE ", "INSERT INTO "]
            .iter()
            .any(|words| head.starts_with(words));
        let names = self.key.names.first().zip(self.key.names.get(1)).filter(|_| alters);
        names.map(|(schema, table)| Code::Table(ObjectKey::in_schema(ObjectKind::Table, schema, table)))
    }
}

/// Returns a statement up to its first parenthesis, without quoted text: an expression may contain any words.
fn head(sql: &str) -> String {
    let mut head = String::new();
    for piece in lexer::pieces(sql) {
        if piece.kind != Kind::Code {
            head.push('?');
            continue;
        }
        let code = piece.text.split('(').next().unwrap_or_default();
        head.extend(code.chars().map(|character| if character.is_whitespace() { ' ' } else { character }));
        if code.len() < piece.text.len() {
            break;
        }
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(sql: &str) -> Option<Code> {
        let key = ObjectKey::in_schema(ObjectKind::Table, &Name::from("s"), &Name::from("t"));
        Statement::new(&key, sql).code()
    }

    #[test]
    fn statements_that_read_rows_run_code() {
        for sql in [
            "ALTER TABLE s.t ADD CONSTRAINT c CHECK (s.f(a))",
            "ALTER TABLE s.t ADD CONSTRAINT \"UNIQUE\" CHECK (a IS JSON WITH UNIQUE KEYS)",
            "ALTER TABLE s.t VALIDATE CONSTRAINT c",
            "ALTER TABLE s.t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES s.u(a)",
            "ALTER TABLE s.t ALTER COLUMN a TYPE bigint USING s.f(a)",
            "ALTER TABLE s.t ADD COLUMN b text DEFAULT s.f() NOT NULL",
            "ALTER TABLE s.t ADD COLUMN \" OWNER TO \" text DEFAULT ' SET SCHEMA '",
        ] {
            assert!(matches!(code_of(sql), Some(Code::Table(_))), "{sql}");
        }
        assert!(matches!(code_of("ALTER DOMAIN s.t ADD CONSTRAINT c CHECK (s.f(VALUE))"), Some(Code::Domain(_))));
    }

    #[test]
    fn statements_with_other_rights_run_no_code() {
        for sql in [
            "ALTER TABLE s.t OWNER TO r",
            "ALTER TABLE s.t SET SCHEMA u",
            "ALTER TABLE s.t ADD CONSTRAINT c PRIMARY KEY (a)",
            "ALTER TABLE s.t ADD CONSTRAINT c UNIQUE USING INDEX c",
            "ALTER TABLE s.t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY",
            "CREATE VIEW s.v AS SELECT s.f(1)",
            "GRANT SELECT ON TABLE s.t TO r",
        ] {
            assert_eq!(code_of(sql), None, "{sql}");
        }
    }
}
