//! Domains as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, unless_missing};
use crate::ddl::shared;
use crate::ident::{Name, ident, qualified};
use crate::model::{Domain, DomainCheck, Object, Part};

impl Render for Domain {
    fn target(&self) -> String {
        format!("DOMAIN {}", qualified_name(self))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut sql = format!("CREATE DOMAIN {} AS {}", qualified_name(self), self.base_type);
        if let Some(collation) = &self.collation {
            sql += &format!(" COLLATE {}", collation.sql());
        }
        if let Some(default) = &self.default
            && !cx.plan.is_separate_default(|| self.key(), 0)
        {
            sql += &format!(" DEFAULT {default}");
        }
        if let Some(not_null) = &self.not_null {
            match &not_null.name {
                Some(name) => sql += &format!(" CONSTRAINT {} NOT NULL", ident(name)),
                None => sql += " NOT NULL",
            }
        }
        for (_, check) in inline_checks(self, cx) {
            sql += &format!("\n    {}", constraint(check));
        }
        out.create(cx, sql);
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        if let Some(not_null) = &self.not_null {
            let name = not_null.name.clone().unwrap_or_else(|| self.default_not_null_name());
            comment_on_constraint(self, cx, &name, not_null.comment.as_deref(), out);
        }
        for (_, check) in inline_checks(self, cx) {
            comment_on_constraint(self, cx, &check.name, check.comment.as_deref(), out);
        }
    }

    fn part(&self, part: Part, cx: &Context<'_>, out: &mut Script) {
        match part {
            Part::Check(at) => {
                let check = &self.checks[at];
                let not_valid = if check.not_valid { " NOT VALID" } else { "" };
                out.create(
                    cx,
                    format_args!("ALTER DOMAIN {} ADD {}{not_valid}", qualified_name(self), constraint(check)),
                );
                comment_on_constraint(self, cx, &check.name, check.comment.as_deref(), out);
            }
            Part::Default(_) => {
                if let Some(default) = &self.default {
                    out.statement(format_args!("ALTER DOMAIN {} SET DEFAULT {default}", qualified_name(self)));
                }
            }
            _ => {}
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        match part {
            Part::Main => Some(format!("DROP DOMAIN IF EXISTS {}", qualified_name(self))),
            Part::Check(at) => {
                let constraint = ident(&self.checks[at].name);
                Some(unless_missing(&format!(
                    "ALTER DOMAIN {} DROP CONSTRAINT IF EXISTS {constraint}",
                    qualified_name(self)
                )))
            }
            Part::Default(_) => Some(unless_missing(&format!("ALTER DOMAIN {} DROP DEFAULT", qualified_name(self)))),
            _ => None,
        }
    }
}

fn qualified_name(domain: &Domain) -> String {
    qualified(&domain.schema, &domain.name)
}

/// Returns the checks in CREATE DOMAIN.
fn inline_checks<'a>(domain: &'a Domain, cx: &'a Context<'_>) -> impl Iterator<Item = (usize, &'a DomainCheck)> {
    domain
        .checks
        .iter()
        .enumerate()
        .filter(|(at, check)| !check.not_valid && !cx.plan.is_separate_check(|| domain.check_key(*at)))
}

fn comment_on_constraint(
    domain: &Domain,
    cx: &Context<'_>,
    constraint: &Name,
    comment: Option<&str>,
    out: &mut Script,
) {
    let target = format!("CONSTRAINT {} ON DOMAIN {}", ident(constraint), qualified_name(domain));
    shared::comment(cx, &target, comment, out);
}

pub(crate) fn constraint(check: &DomainCheck) -> String {
    format!("CONSTRAINT {} CHECK ({})", ident(&check.name), check.expression)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{DomainNotNull, Function, Model};

    fn check(name: &str, expression: &str) -> DomainCheck {
        DomainCheck { name: name.into(), expression: expression.into(), ..DomainCheck::default() }
    }

    fn domain() -> Domain {
        Domain { schema: "s".into(), name: "d".into(), base_type: "text".into(), ..Domain::default() }
    }

    #[test]
    fn domain_prints_constraints() {
        let not_null = DomainNotNull { name: Some("N".into()), comment: Some("n".into()) };
        let late = DomainCheck { not_valid: true, comment: Some("l".into()), ..check("late", "true") };
        let domain = Domain {
            default: Some("'x'::text".into()),
            not_null: Some(not_null),
            checks: vec![check("a", "(VALUE > ''::text)"), late],
            ..domain()
        };
        let model = Model { domains: vec![domain], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE DOMAIN s.d AS text DEFAULT 'x'::text CONSTRAINT \"N\" NOT NULL\n    \
             CONSTRAINT a CHECK ((VALUE > ''::text));\n\
             COMMENT ON CONSTRAINT \"N\" ON DOMAIN s.d IS 'n';\n\
             ALTER DOMAIN s.d ADD CONSTRAINT late CHECK (true) NOT VALID;\n\
             COMMENT ON CONSTRAINT late ON DOMAIN s.d IS 'l';\n"
        );
    }

    /// A check and a default that call functions with the domain in their signature.
    #[test]
    fn domain_cycles_are_broken() {
        let function = |name: &str| Function { schema: "s".into(), name: name.into(), ..Function::default() };
        let (mut of_check, mut of_default) = (function("f"), function("g"));
        let ok = DomainCheck { depends_on: vec![of_check.key()], ..check("ok", "s.f(VALUE)") };
        let mut domain = Domain { default: Some("s.g()".into()), checks: vec![ok], ..domain() };
        domain.depends_on = vec![of_default.key()];
        of_check.depends_on = vec![domain.key()];
        of_default.depends_on = vec![domain.key()];
        let functions = vec![of_check, of_default];
        let model = Model { domains: vec![domain], functions, ..Model::default() };
        let text = print_script(&model, &Options::default());
        let domain: Vec<&str> = text.lines().filter(|line| line.contains("DOMAIN")).collect();
        assert_eq!(
            domain,
            [
                "CREATE DOMAIN s.d AS text;",
                "ALTER DOMAIN s.d SET DEFAULT s.g();",
                "ALTER DOMAIN s.d ADD CONSTRAINT ok CHECK (s.f(VALUE));",
            ]
        );
    }
}
