//! Rule name_convention.

use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::model::{Constraint, ConstraintKind, ObjectKey};
use pgmeta_core::plan::{LockLevel, Statement};

use crate::analysis::singulars;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Name against the house's convention
    ///
    /// Reports indexes, keys and foreign keys whose name is not that of the option's template, and tables that are not in the number
    /// that the option says. In templates `{table}`, `{columns}` (with underscores between them) and `{referenced}` are replaced; a
    /// number at the end is allowed, and an empty template allows any name.
    ///
    /// # Why
    ///
    /// From a name alone one knows what an error message is about.
    ///
    /// # Fix
    ///
    /// Rename it: ALTER INDEX … RENAME and ALTER TABLE … RENAME CONSTRAINT change nothing else.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint, customer bigint, CONSTRAINT orders_key PRIMARY KEY (id));
    /// CREATE INDEX by_customer ON app.orders (customer);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint, customer bigint, CONSTRAINT orders_pkey PRIMARY KEY (id));
    /// CREATE INDEX orders_customer_idx ON app.orders (customer);
    /// ```
    Rule {
        name: "name_convention",
        level: Level::Info,
        category: Category::Naming,
        enabled: false,
        opt_in: true,
        options: &[INDEX, PRIMARY_KEY, UNIQUE, FOREIGN_KEY, TABLE],
        judge: Judge::Schema(check),
    }
}

const INDEX: RuleOption = RuleOption::text("index", "{table}_{columns}_idx", "The template of indexes.");
const PRIMARY_KEY: RuleOption = RuleOption::text("primary_key", "{table}_pkey", "The template of primary keys.");
const UNIQUE: RuleOption = RuleOption::text("unique", "{table}_{columns}_key", "The template of unique constraints.");
const FOREIGN_KEY: RuleOption =
    RuleOption::text("foreign_key", "{table}_{columns}_fkey", "The template of foreign keys.");
const TABLE: RuleOption = RuleOption::text("table", "", "The number of tables: singular or plural.");

/// The longest name, in bytes: the server cuts longer ones.
const LONGEST: usize = 63;

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let template = |option| cx.settings.text(option);
    for index in cx.indexes().filter(|own| own.attached_to.is_none()) {
        let columns: Vec<&str> = index.columns.iter().map(|key| key.column.as_deref().unwrap_or("expr")).collect();
        let wanted = filled(&template(&INDEX), &index.table, &columns, "");
        let rename = format!("ALTER INDEX {} RENAME TO", qualified(&index.schema, &index.name));
        compare(report, index.object_key(), &wanted, &rename);
    }
    for constraint in cx.constraints().filter(|own| is_own(own)) {
        let option = match constraint.kind {
            ConstraintKind::PrimaryKey => &PRIMARY_KEY,
            ConstraintKind::Unique => &UNIQUE,
            ConstraintKind::ForeignKey => &FOREIGN_KEY,
            ConstraintKind::Check | ConstraintKind::Exclusion => continue,
        };
        let columns: Vec<&str> = constraint.columns.iter().map(|column| &**column).collect();
        let referenced = constraint.foreign_key.as_ref().map_or("", |key| &*key.table.name);
        let wanted = filled(&template(option), &constraint.table, &columns, referenced);
        let table = qualified(&constraint.schema, &constraint.table);
        let rename = format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO", ident(&constraint.name));
        compare(report, constraint.object_key(), &wanted, &rename);
    }
    let number = template(&TABLE).to_ascii_lowercase();
    for table in cx.own_tables().filter(|_| matches!(&*number, "singular" | "plural")) {
        let last = table.name.rsplit('_').next().unwrap_or_default();
        let is_plural = singulars(last).len() > 1;
        if is_plural != (number == "plural") {
            let key = table.object_key();
            let detail = format!("The name of table {} is not in the {number}.", key.identity());
            report.add(Draft::of(key, detail).fact("number", &*number));
        }
    }
}

/// Returns whether a constraint is declared on its table, and not handed down.
fn is_own(constraint: &Constraint) -> bool {
    !constraint.inherited && constraint.index.as_ref().is_none_or(|index| index.attached_to.is_none())
}

/// Returns the name that a template makes, cut as the server does; an empty one makes none.
fn filled(template: &str, table: &str, columns: &[&str], referenced: &str) -> String {
    let columns = columns.join("_");
    let name = template.replace("{table}", table).replace("{columns}", &columns).replace("{referenced}", referenced);
    let end = (0..=LONGEST.min(name.len())).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
    name[..end].to_owned()
}

fn compare(report: &mut Report<'_>, key: ObjectKey, wanted: &str, rename: &str) {
    let own = key.name().trim_end_matches(|c: char| c.is_ascii_digit());
    if wanted.is_empty() || key.name() == wanted || own == wanted {
        return;
    }
    let statement = Statement::new(&key, format!("{rename} {}", ident(wanted))).lock(LockLevel::ShareUpdateExclusive);
    let detail = format!("The name of {key} is not {}.", ident(wanted));
    report.add(Draft::of(key, detail).fact("expected", wanted).fix(Some(Fix::of(statement))));
}
