//! What the printing of one object may look up about others.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::lookups::Lookups;
use crate::ddl::options::Options;
use crate::ddl::step::Plan;
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{
    Column, Constraint, DefaultPrivileges, DefaultPrivilegesOn, Grant, Model, Object, ObjectKey, ObjectRef, Privilege,
    Sequence, Table,
};

/// The model, the options, and the look-ups that printing needs.
#[derive(Debug)]
pub struct Context<'m> {
    pub model: &'m Model,
    pub options: &'m Options,
    pub plan: &'m Plan<'m>,
    tables: FxHashMap<(&'m str, &'m str), &'m Table>,
    identities: FxHashMap<(&'m str, &'m str, &'m str), &'m Sequence>,
    checks: FxHashMap<(&'m str, &'m str), Vec<&'m Constraint>>,
    /// Names of constraints, by schema, that look like those which PostgreSQL chooses for not-null constraints.
    taken: FxHashSet<(&'m str, &'m str)>,
    lookups: Lookups<'m>,
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
        let identities = model.sequences.iter().filter(|sequence| sequence.identity).filter_map(|sequence| {
            let owned = sequence.owned_by.as_ref()?;
            Some(((&*owned.schema, &*owned.table, &*owned.column), sequence))
        });
        Self {
            model,
            options,
            plan,
            tables: model.tables.iter().map(|table| ((&*table.schema, &*table.name), table)).collect(),
            identities: identities.collect(),
            checks,
            taken: taken(model),
            lookups: Lookups::default(),
        }
    }

    /// Returns the position of a column of one of the model's tables.
    pub fn position(&self, table: &Table, column: &str) -> Option<usize> {
        self.lookups.column(self.model, table, column)
    }

    /// Returns a column of one of the model's tables.
    pub fn column<'t>(&self, table: &'t Table, column: &str) -> Option<&'t Column> {
        table.columns.get(self.position(table, column)?).map(|column| &**column)
    }

    pub fn sequence(&self, schema: &str, name: &str) -> Option<&'m Sequence> {
        self.lookups.sequence(self.model, schema, name)
    }

    /// Returns the sequences that columns of a table own.
    pub fn sequences_of<'a>(&'a self, table: &'a Table) -> &'a [&'m Sequence] {
        self.lookups.owned_by(self.model, table)
    }

    /// Returns the sequence, not one of an identity, that a column owns.
    pub fn serial_sequence(&self, table: &Table, column: &str) -> Option<&'m Sequence> {
        self.lookups.serial(self.model, table, column)
    }

    /// Returns the foreign keys that a table has.
    pub fn foreign_keys<'a>(&'a self, schema: &'a str, table: &'a str) -> &'a [&'m Constraint] {
        self.lookups.foreign_keys(self.model, schema, table)
    }

    /// Returns whether a foreign key refers to a table.
    pub fn is_referenced(&self, schema: &str, table: &str) -> bool {
        self.lookups.is_referenced(self.model, schema, table)
    }

    /// Returns the tables that inherit from a table, and its partitions.
    pub fn children<'a>(&'a self, table: &'a Table) -> &'a [&'m Table] {
        self.lookups.children(self.model, table)
    }

    /// Returns the tables below a table, each before those below it.
    pub fn descendants(&self, table: &Table) -> Vec<&'m Table> {
        let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
        let mut waiting: Vec<&'m Table> = self.children(table).to_vec();
        while let Some(child) = waiting.pop() {
            check();
            // A snapshot may say of a table that it is its own child.
            if seen.insert((&child.schema, &child.name)) {
                found.push(child);
                waiting.extend(self.children(child).iter().copied());
            }
        }
        found
    }

    pub fn default_partition(&self, schema: &str, table: &str) -> Option<&'m Table> {
        self.lookups.default_partition(self.model, schema, table)
    }

    pub fn has_extension(&self, name: &str) -> bool {
        self.lookups.has_extension(self.model, name)
    }

    /// Returns whether the model has an operator; an operand that is not there is `NONE`.
    pub fn has_operator(&self, name: (&str, &str), left: &str, right: &str) -> bool {
        self.lookups.has_operator(self.model, name, left, right)
    }

    /// Returns a type or domain by its name as columns have it.
    pub fn type_named(&self, name: &str) -> Option<ObjectRef<'m>> {
        // The server's own are in no schema that is named, and in no model.
        name.contains('.').then(|| self.lookups.type_named(self.model, name)).flatten()
    }

    /// Returns the indexes of a partition that hang on those of its parent, and the constraints with such an index.
    pub fn attached_indexes<'a>(&'a self, table: &'a Table) -> &'a [ObjectKey] {
        self.lookups.attached_indexes(self.model, table)
    }

    /// Returns whether a type, by its name as columns have it, is a table's row type.
    pub fn is_row_type(&self, name: &str) -> bool {
        self.lookups.is_row_type(self.model, name)
    }

    /// Returns the default privileges of a kind of object that are in force in a schema, in the model's order.
    pub fn defaults_in(
        &self,
        of: DefaultPrivilegesOn,
        schema: Option<&str>,
    ) -> impl Iterator<Item = &'m DefaultPrivileges> {
        self.lookups.defaults_in(self.model, of, schema)
    }

    /// Returns whether a constraint has a name that PostgreSQL would otherwise choose for a not-null constraint.
    pub fn is_taken(&self, schema: &str, name: &str) -> bool {
        self.taken.contains(&(schema, name))
    }

    pub fn table(&self, schema: &str, name: &str) -> Option<&'m Table> {
        self.tables.get(&(schema, name)).copied()
    }

    /// Returns the sequence behind an identity column.
    pub fn identity_sequence(&self, table: &Table, column: &str) -> Option<&'m Sequence> {
        self.identities.get(&(&*table.schema, &*table.name, column)).copied()
    }

    /// Returns the checks that stand in CREATE TABLE, by name.
    pub fn inline_checks<'a>(&'a self, table: &'a Table) -> &'a [&'m Constraint] {
        self.checks.get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether an inline check was taken out of CREATE TABLE to break a cycle, or never stood there.
    pub fn has_statement(&self, constraint: &Constraint) -> bool {
        !constraint.is_inline_check() || self.plan.is_separate_check(|| constraint.key())
    }

    /// `IF NOT EXISTS `, where asked for.
    pub fn if_not_exists(&self) -> &'static str {
        if self.options.if_not_exists { "IF NOT EXISTS " } else { "" }
    }

    /// ` TABLESPACE x`, where there is one and it is wanted.
    pub fn tablespace(&self, tablespace: Option<&Name>) -> String {
        match tablespace {
            Some(name) if self.options.tablespaces => {
                format!(" TABLESPACE {}", crate::ident::ident(name))
            }
            _ => String::new(),
        }
    }

    /// What initdb grants on the schema public, whoever owns it now.
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
