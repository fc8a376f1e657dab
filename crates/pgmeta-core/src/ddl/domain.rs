//! Domains as DDL.

use crate::ddl::context::Context;
use crate::ddl::options::Section;
use crate::ddl::render::{Part, Render, Script};
use crate::ddl::shared;
use crate::ident::{Name, ident, qualified};
use crate::model::{Domain, DomainCheck, Object, ObjectKey, ObjectKind};

impl Render for Domain {
    fn target(&self) -> String {
        format!("DOMAIN {}", self.name())
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut sql = format!("CREATE DOMAIN {} AS {}", self.name(), self.base_type);
        if let Some(collation) = &self.collation {
            sql += &format!(" COLLATE {}", collation.sql());
        }
        if let Some(default) = &self.default
            && !cx.plan.separate_defaults.contains(&(self.key(), 0))
        {
            sql += &format!(" DEFAULT {default}");
        }
        if let Some(not_null) = &self.not_null {
            match &not_null.name {
                Some(name) => sql += &format!(" CONSTRAINT {} NOT NULL", ident(name)),
                None => sql += " NOT NULL",
            }
        }
        for (_, check) in self.inline_checks(cx) {
            sql += &format!("\n    {}", constraint(check));
        }
        out.statement(sql);
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        if let Some(not_null) = &self.not_null {
            let name = not_null.name.clone().unwrap_or_else(|| self.default_not_null_name());
            self.comment(cx, &name, not_null.comment.as_deref(), out);
        }
        for (_, check) in self.inline_checks(cx) {
            self.comment(cx, &check.name, check.comment.as_deref(), out);
        }
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let schema = ObjectKey::global(ObjectKind::Schema, &self.schema);
        let collation = self.collation.as_ref().map(|name| name.key(ObjectKind::Collation));
        std::iter::once(schema).chain(collation).collect()
    }

    fn parts(&self) -> Vec<(Part, Section, Vec<ObjectKey>)> {
        // What is not validated must not be, so it comes after the data.
        let late = self.checks.iter().enumerate().filter(|(_, check)| check.not_valid);
        late.map(|(at, check)| (Part::Check(at), Section::PostData, check.depends_on.clone())).collect()
    }

    fn part(&self, part: Part, cx: &Context<'_>, out: &mut Script) {
        match part {
            Part::Check(at) => {
                let check = &self.checks[at];
                let not_valid = if check.not_valid { " NOT VALID" } else { "" };
                out.statement(format_args!("ALTER DOMAIN {} ADD {}{not_valid}", self.name(), constraint(check)));
                self.comment(cx, &check.name, check.comment.as_deref(), out);
            }
            Part::Default(_) => {
                if let Some(default) = &self.default {
                    out.statement(format_args!("ALTER DOMAIN {} SET DEFAULT {default}", self.name()));
                }
            }
            _ => {}
        }
    }

    fn undo(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        match part {
            Part::Main => Some(format!("DROP DOMAIN IF EXISTS {}", self.name())),
            Part::Check(at) => {
                let constraint = ident(&self.checks[at].name);
                Some(format!("ALTER DOMAIN IF EXISTS {} DROP CONSTRAINT IF EXISTS {constraint}", self.name()))
            }
            Part::Default(_) => Some(format!("ALTER DOMAIN IF EXISTS {} DROP DEFAULT", self.name())),
            _ => None,
        }
    }
}

impl Domain {
    fn name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Returns the checks that stand in CREATE DOMAIN.
    fn inline_checks<'a>(&'a self, cx: &'a Context<'_>) -> impl Iterator<Item = (usize, &'a DomainCheck)> {
        self.checks
            .iter()
            .enumerate()
            .filter(|(at, check)| !check.not_valid && !cx.plan.separate_checks.contains(&self.check_key(*at)))
    }

    fn comment(&self, cx: &Context<'_>, constraint: &Name, comment: Option<&str>, out: &mut Script) {
        let target = format!("CONSTRAINT {} ON DOMAIN {}", ident(constraint), self.name());
        shared::comment(cx, &target, comment, out);
    }
}

fn constraint(check: &DomainCheck) -> String {
    format!("CONSTRAINT {} CHECK ({})", ident(&check.name), check.expression)
}
