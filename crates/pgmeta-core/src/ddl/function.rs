//! Functions, procedures and window functions as DDL.

use std::fmt::Write;

use crate::ddl::arguments;
use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ddl::settings::assignment;
use crate::ident::{dollar_quoted, ident, literal, qualified};
use crate::model::{Function, FunctionKind, ObjectKey, ObjectKind, Parallel, Volatility};

impl Render for Function {
    fn target(&self) -> String {
        let arguments = arguments::identifying(self.kind, &self.arguments);
        format!("{} {}({arguments})", self.word(), qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        out.statement(self.statement(cx.options.if_not_exists));
    }

    fn requires(&self) -> Vec<ObjectKey> {
        vec![
            ObjectKey::global(ObjectKind::Schema, &self.schema),
            ObjectKey::global(ObjectKind::Language, &self.language),
        ]
    }
}

impl Function {
    fn word(&self) -> &'static str {
        if self.kind == FunctionKind::Procedure { "PROCEDURE" } else { "FUNCTION" }
    }

    /// Returns CREATE FUNCTION or CREATE PROCEDURE.
    fn statement(&self, replace: bool) -> String {
        let mut sql = format!(
            "CREATE {}{} {}({})",
            if replace { "OR REPLACE " } else { "" },
            self.word(),
            qualified(&self.schema, &self.name),
            arguments::declared(self.kind, &self.arguments)
        );
        let table = arguments::table_columns(&self.arguments);
        match &self.returns {
            _ if !table.is_empty() => sql += &format!(" RETURNS TABLE({table})"),
            Some(data_type) if self.returns_set => sql += &format!(" RETURNS SETOF {data_type}"),
            Some(data_type) => sql += &format!(" RETURNS {data_type}"),
            None => {}
        }
        sql += &format!("\n    LANGUAGE {}", ident(&self.language));
        self.push_attributes(&mut sql);
        for setting in &self.settings {
            sql += "\n    ";
            sql += &format!("SET {}", assignment(setting));
        }
        sql += "\n    ";
        self.push_body(&mut sql);
        sql
    }

    fn push_attributes(&self, sql: &mut String) {
        if !self.transforms.is_empty() {
            let types = self.transforms.iter().map(|data_type| format!("FOR TYPE {data_type}"));
            *sql += " TRANSFORM ";
            *sql += &arguments::join(types);
        }
        let words = [
            (self.kind == FunctionKind::Window, "WINDOW"),
            (self.volatility != Volatility::Volatile, self.volatility.word()),
            (self.strict, "STRICT"),
            (self.security_definer, "SECURITY DEFINER"),
            (self.leakproof, "LEAKPROOF"),
        ];
        for (_, word) in words.iter().filter(|(said, _)| *said) {
            sql.push(' ');
            *sql += word;
        }
        if self.parallel != Parallel::Unsafe {
            *sql += " PARALLEL ";
            *sql += self.parallel.word();
        }
        let numbers = [("COST", self.cost), ("ROWS", self.rows)];
        for (word, number) in numbers {
            if let Some(number) = number {
                let _ = write!(sql, " {word} {number}");
            }
        }
        if let Some(support) = &self.support {
            *sql += " SUPPORT ";
            *sql += support;
        }
    }

    fn push_body(&self, sql: &mut String) {
        if let Some(body) = &self.sql_body {
            *sql += body;
            return;
        }
        *sql += "AS ";
        let definition = self.definition.as_deref().unwrap_or_default();
        match &self.object_file {
            Some(file) => *sql += &format!("{}, {}", literal(file), literal(definition)),
            None if &*self.language == "internal" => *sql += &literal(definition),
            None => *sql += &dollar_quoted(definition),
        }
    }
}
