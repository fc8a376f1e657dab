//! Look-ups that the printing of one object needs in others.

use std::collections::BTreeSet;
use std::ops::Deref;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::options::Options;
use crate::ddl::step::Plan;
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Constraint, Grant, Model, ModelIndex, Object, Privilege, Table};

/// The model, the options, and the look-ups that printing needs.
#[derive(Debug)]
pub struct Context<'m> {
    pub model: &'m Model,
    pub options: &'m Options,
    pub plan: &'m Plan<'m>,
    checks: FxHashMap<(&'m str, &'m str), Vec<&'m Constraint>>,
    /// Constraints, by schema and name, whose name looks like PostgreSQL's choice for a not-null constraint.
    taken: FxHashSet<(&'m str, &'m str)>,
    index: ModelIndex<'m>,
}

/// A context has the look-ups of its model's index.
impl<'m> Deref for Context<'m> {
    type Target = ModelIndex<'m>;

    fn deref(&self) -> &Self::Target {
        &self.index
    }
}

impl<'m> Context<'m> {
    pub fn new(model: &'m Model, options: &'m Options, plan: &'m Plan<'m>) -> Self {
        let mut checks: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for constraint in &model.constraints {
            check();
            if constraint.is_inline_check() && !plan.is_separate_check(|| constraint.key()) {
                checks.entry((&*constraint.schema, &*constraint.table)).or_default().push(constraint);
            }
        }
        Self { model, options, plan, checks, taken: taken(model), index: ModelIndex::of(model) }
    }

    /// Returns whether a constraint has a name that PostgreSQL could otherwise choose for a not-null constraint.
    pub fn is_taken(&self, schema: &str, name: &str) -> bool {
        self.taken.contains(&(schema, name))
    }

    /// Returns the checks in CREATE TABLE, by name.
    pub fn inline_checks<'a>(&'a self, table: &'a Table) -> &'a [&'m Constraint] {
        self.checks.get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a check has a statement of its own: to break a cycle, or because the table exists already.
    pub fn has_statement(&self, constraint: &Constraint) -> bool {
        !constraint.is_inline_check() || self.plan.is_separate_check(|| constraint.key())
    }

    /// Returns `IF NOT EXISTS `, if the options ask for it.
    pub fn if_not_exists(&self) -> &'static str {
        if self.options.if_not_exists { "IF NOT EXISTS " } else { "" }
    }

    /// Returns ` TABLESPACE x`, if the object has one and the options include it.
    pub fn tablespace(&self, tablespace: Option<&Name>) -> String {
        match tablespace {
            Some(name) if self.options.tablespaces => {
                format!(" TABLESPACE {}", crate::ident::ident(name))
            }
            _ => String::new(),
        }
    }

    /// Returns the privileges that initdb grants on the schema public, with its present owner.
    pub fn public_schema_privileges(&self, owner: &Name) -> Vec<Grant> {
        let entry = |grantee: Option<&Name>, privileges: &[Privilege]| Grant {
            grantee: grantee.cloned(),
            grantor: owner.clone(),
            privileges: privileges.iter().copied().collect(),
            grantable: BTreeSet::new(),
        };
        let public: &[Privilege] = if self.model.server_version_num >= 150_000 {
            &[Privilege::Usage]
        } else {
            &[Privilege::Usage, Privilege::Create]
        };
        vec![entry(Some(owner), &[Privilege::Usage, Privilege::Create]), entry(None, public)]
    }
}

fn taken(model: &Model) -> FxHashSet<(&str, &str)> {
    let not_null = model.tables.iter().flat_map(|table| {
        let names = table.columns.iter().filter_map(|column| column.not_null.as_ref()?.name.as_ref());
        names.map(|name| (&*table.schema, &**name))
    });
    let others = model.constraints.iter().map(|constraint| (&*constraint.schema, &*constraint.name));
    not_null.chain(others).filter(|(_, name)| name.ends_with("_not_null")).collect()
}
