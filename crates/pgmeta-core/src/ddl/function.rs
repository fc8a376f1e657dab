//! Functions, procedures and window functions as DDL.

use std::fmt::Write;

use crate::ddl::arguments;
use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists, unless_missing};
use crate::ddl::settings::assignment;
use crate::ident::{dollar_quoted, ident, literal, qualified};
use crate::model::{Function, FunctionKind, Object, Parallel, Part, Volatility};

impl Render for Function {
    fn target(&self) -> String {
        let arguments = arguments::identifying(self.kind, &self.arguments);
        format!("{} {}({arguments})", keyword(self), qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        out.statement(statement(self, cx.options.if_not_exists || has_placeholder(self, cx)));
    }

    fn part(&self, _part: Part, _cx: &Context<'_>, out: &mut Script) {
        out.statement(statement(&placeholder(self), true));
    }

    fn drop_statement(&self, part: Part, cx: &Context<'_>) -> Option<String> {
        match part {
            // The function and an object that needs it depend on each other: the placeholder replaces the body first.
            Part::Main if has_placeholder(self, cx) => Some(unless_missing(&statement(&placeholder(self), true))),
            _ => Some(drop_if_exists(&self.target())),
        }
    }
}

fn has_placeholder(function: &Function, cx: &Context<'_>) -> bool {
    cx.plan.with_placeholder.contains(&function.key())
}

/// Returns a function with the same signature and a body without dependencies.
fn placeholder(function: &Function) -> Function {
    let scalar = function.returns.as_ref().filter(|_| !function.returns_set && function.sql_body.is_some());
    let definition = match scalar {
        // The planner may call it with constants.
        Some(data_type) if !matches!(&**data_type, "void" | "record") => format!("SELECT NULL::{data_type}"),
        _ => String::new(),
    };
    Function { definition: Some(definition), sql_body: None, ..function.clone() }
}

fn keyword(function: &Function) -> &'static str {
    if function.kind == FunctionKind::Procedure { "PROCEDURE" } else { "FUNCTION" }
}

/// Returns CREATE FUNCTION or CREATE PROCEDURE.
pub(crate) fn statement(function: &Function, replace: bool) -> String {
    let mut sql = format!(
        "CREATE {}{} {}({})",
        if replace { "OR REPLACE " } else { "" },
        keyword(function),
        qualified(&function.schema, &function.name),
        arguments::declared(function.kind, &function.arguments)
    );
    let table = arguments::table_columns(&function.arguments);
    match &function.returns {
        _ if !table.is_empty() => sql += &format!(" RETURNS TABLE({table})"),
        Some(data_type) if function.returns_set => sql += &format!(" RETURNS SETOF {data_type}"),
        Some(data_type) => sql += &format!(" RETURNS {data_type}"),
        None => {}
    }
    sql += &format!("\n    LANGUAGE {}", ident(&function.language));
    push_attributes(function, &mut sql);
    for setting in &function.settings {
        sql += "\n    ";
        sql += &format!("SET {}", assignment(setting));
    }
    sql += "\n    ";
    push_body(function, &mut sql);
    sql
}

fn push_attributes(function: &Function, sql: &mut String) {
    if !function.transforms.is_empty() {
        let types = function.transforms.iter().map(|data_type| format!("FOR TYPE {data_type}"));
        *sql += " TRANSFORM ";
        *sql += &arguments::join(types);
    }
    let words = [
        (function.kind == FunctionKind::Window, "WINDOW"),
        (function.volatility != Volatility::Volatile, function.volatility.word()),
        (function.strict, "STRICT"),
        (function.security_definer, "SECURITY DEFINER"),
        (function.leakproof, "LEAKPROOF"),
    ];
    for (_, word) in words.iter().filter(|(said, _)| *said) {
        sql.push(' ');
        *sql += word;
    }
    if function.parallel != Parallel::Unsafe {
        *sql += " PARALLEL ";
        *sql += function.parallel.word();
    }
    let numbers = [("COST", function.cost), ("ROWS", function.rows)];
    for (word, number) in numbers {
        if let Some(number) = number {
            let _ = write!(sql, " {word} {number}");
        }
    }
    if let Some(support) = &function.support {
        *sql += " SUPPORT ";
        *sql += support;
    }
}

fn push_body(function: &Function, sql: &mut String) {
    if let Some(body) = &function.sql_body {
        *sql += body;
        return;
    }
    *sql += "AS ";
    let definition = function.definition.as_deref().unwrap_or_default();
    match &function.object_file {
        Some(file) => *sql += &format!("{}, {}", literal(file), literal(definition)),
        None if &*function.language == "internal" => *sql += &literal(definition),
        None => *sql += &dollar_quoted(definition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Argument, ArgumentMode, Model, Setting, Table};

    fn named(name: &str) -> Function {
        Function {
            schema: "s".into(),
            name: name.into(),
            language: "sql".into(),
            returns: Some("integer".into()),
            definition: Some("SELECT 1".into()),
            ..Function::default()
        }
    }

    fn argument(mode: ArgumentMode, name: &str, data_type: &str) -> Argument {
        let name = (!name.is_empty()).then(|| name.into());
        Argument { data_type: data_type.into(), name, mode, ..Argument::default() }
    }

    fn print(functions: Vec<Function>) -> String {
        print_script(&Model { functions, ..Model::default() }, &Options::default())
    }

    #[test]
    fn function_prints_every_attribute() {
        let function = Function {
            arguments: vec![
                argument(ArgumentMode::In, "Select", "integer"),
                Argument { default: Some("'x'::text".into()), ..argument(ArgumentMode::In, "", "text") },
                argument(ArgumentMode::Table, "order", "date"),
            ],
            kind: FunctionKind::Window,
            returns: Some("record".into()),
            returns_set: true,
            volatility: Volatility::Immutable,
            parallel: Parallel::Restricted,
            strict: true,
            security_definer: true,
            leakproof: true,
            cost: Some(0.1),
            rows: Some(7.0),
            support: Some("s.supports".into()),
            transforms: vec!["date".into(), "s.t".into()],
            settings: vec![Setting { name: "search_path".into(), value: "a, \"B c\"".into() }],
            definition: Some("SELECT $$x$$".into()),
            depends_on_extensions: vec!["hstore".into()],
            comment: Some("c".into()),
            ..named("f")
        };
        assert_eq!(
            print(vec![function]),
            "CREATE FUNCTION s.f(\"Select\" integer, text DEFAULT 'x'::text) RETURNS TABLE(\"order\" date)\n    \
             LANGUAGE sql TRANSFORM FOR TYPE date, FOR TYPE s.t WINDOW IMMUTABLE STRICT SECURITY DEFINER LEAKPROOF \
             PARALLEL RESTRICTED COST 0.1 ROWS 7 SUPPORT s.supports\n    \
             SET search_path TO 'a', 'B c'\n    \
             AS $_$SELECT $$x$$$_$;\n\
             ALTER FUNCTION s.f(integer, text) DEPENDS ON EXTENSION hstore;\n\
             COMMENT ON FUNCTION s.f(integer, text) IS 'c';\n"
        );
    }

    #[test]
    fn procedure_prints_every_argument_mode() {
        let procedure = Function {
            kind: FunctionKind::Procedure,
            returns: None,
            arguments: vec![
                argument(ArgumentMode::In, "a", "integer"),
                argument(ArgumentMode::Out, "b", "text"),
                argument(ArgumentMode::Variadic, "c", "date[]"),
            ],
            ..named("p")
        };
        assert_eq!(procedure.target(), "PROCEDURE s.p(IN integer, OUT text, VARIADIC date[])");
        assert_eq!(procedure.key().identity(), "s.p(integer,pg_catalog.date[])");
        assert!(
            print(vec![procedure]).starts_with("CREATE PROCEDURE s.p(IN a integer, OUT b text, VARIADIC c date[])\n")
        );
    }

    #[test]
    fn function_prints_bodies_by_language() {
        let ending = |function: Function| print(vec![function]).lines().last().map(str::to_owned);
        let internal = Function { language: "internal".into(), definition: Some("int4in".into()), ..named("f") };
        assert_eq!(ending(internal).as_deref(), Some("    AS 'int4in';"));
        let c = Function { language: "c".into(), object_file: Some("$libdir/x".into()), ..named("f") };
        assert_eq!(ending(c).as_deref(), Some("    AS '$libdir/x', 'SELECT 1';"));
        let atomic = Function { definition: None, sql_body: Some("RETURN 1".into()), ..named("f") };
        assert_eq!(ending(atomic).as_deref(), Some("    RETURN 1;"));
    }

    #[test]
    fn mutually_dependent_bodies_follow_a_placeholder() {
        let calling = |name: &str, other: &str| Function {
            definition: None,
            sql_body: Some(format!("RETURN s.{other}()")),
            depends_on: vec![named(other).key()],
            ..named(name)
        };
        let placeholder = |name: &str| {
            format!(
                "CREATE OR REPLACE FUNCTION s.{name}() RETURNS integer\n    LANGUAGE sql\n    AS $$SELECT NULL::integer$$;\n"
            )
        };
        let loops = print(vec![calling("a", "b"), calling("b", "a")]);
        assert!(loops.starts_with(&placeholder("a")), "{loops}");
        assert!(
            loops.contains("CREATE FUNCTION s.b()")
                && loops.contains("CREATE OR REPLACE FUNCTION s.a() RETURNS integer\n    LANGUAGE sql\n    RETURN"),
            "{loops}"
        );
        let recursive = print(vec![calling("a", "a")]);
        assert!(recursive.starts_with(&placeholder("a")), "{recursive}");
        assert!(
            recursive.contains("CREATE OR REPLACE FUNCTION s.a() RETURNS integer\n    LANGUAGE sql\n    RETURN"),
            "{recursive}"
        );
    }

    #[test]
    fn a_generated_column_is_created_after_its_function() {
        let column = crate::model::Column {
            name: "a".into(),
            data_type: "integer".into(),
            default: Some("s.f()".into()),
            generated: Some(crate::model::Generated::Stored),
            default_depends_on: [named("f").key()].into(),
            ..crate::model::Column::default()
        };
        let table = Table { schema: "s".into(), name: "t".into(), columns: vec![Box::new(column)], ..Table::default() };
        let body = Some("RETURN (SELECT count(*) FROM s.t)".to_owned());
        let function = Function { definition: None, sql_body: body, depends_on: vec![table.key()], ..named("f") };
        let model = Model { functions: vec![function], tables: vec![table], ..Model::default() };
        let text = print_script(&model, &Options::default());
        let places = ["AS $$SELECT NULL", "CREATE TABLE s.t", "RETURN (SELECT"].map(|part| text.find(part));
        assert!(places.is_sorted() && places[0].is_some(), "{text}");
    }
}
