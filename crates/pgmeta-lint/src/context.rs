//! What a rule sees, and what it reports to. Judges nothing.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, Index, Model, ModelIndex, ObjectRef, Table};

use crate::analysis::Partitions;
use crate::finding::{Draft, Finding, Texts};
use crate::rule::{Level, Rule};
use crate::settings::{RuleOption, Settings};
use crate::statistics::Statistics;

/// What a rule sees: a model, statistics, and the values of its options. The iterators check for interrupts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its index.
    pub index: &'a ModelIndex<'a>,
    /// Which tables are partitions of which.
    pub partitions: &'a Partitions<'a>,
    /// What is known beyond the model; empty where nothing is.
    pub statistics: &'a Statistics,
    /// The values of the rule's options.
    pub settings: &'a Settings,
}

impl<'a> Context<'a> {
    /// Returns all tables: ordinary, partitioned, partitions, foreign.
    pub fn tables(&self) -> impl Iterator<Item = &'a Table> + use<'a> {
        self.model.tables.iter().inspect(|_| check())
    }

    /// Returns the tables to be judged by themselves: without foreign tables, and without partitions, which are judged with their
    /// parent.
    pub fn own_tables(&self) -> impl Iterator<Item = &'a Table> + use<'a> {
        let partitions = self.partitions;
        self.tables().filter(move |table| table.foreign.is_none() && !partitions.is_folded(table))
    }

    /// Returns all constraints of tables.
    pub fn constraints(&self) -> impl Iterator<Item = &'a Constraint> + use<'a> {
        self.model.constraints.iter().inspect(|_| check())
    }

    /// Returns the indexes that no constraint needs.
    pub fn indexes(&self) -> impl Iterator<Item = &'a Index> + use<'a> {
        self.model.indexes.iter().inspect(|_| check())
    }

    /// Returns all objects.
    pub fn objects(&self) -> impl Iterator<Item = ObjectRef<'a>> + use<'a> {
        self.model.objects().inspect(|_| check())
    }

    /// Returns the value of an option: a whole number.
    pub fn number(&self, option: &RuleOption) -> i64 {
        self.settings.number(option)
    }

    /// Returns the value of an option: a list of texts.
    pub fn list(&self, option: &RuleOption) -> Vec<String> {
        self.settings.list(option)
    }
}

/// Where a rule puts its findings.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    rule: &'static Rule,
    texts: Texts,
    level: Option<Level>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    /// Returns the report of a rule, whose findings have a level that the caller chose, if any.
    pub fn of(rule: &'static Rule, level: Option<Level>, findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, texts: Texts::of(rule), level, findings }
    }

    /// Adds a finding.
    pub fn add(&mut self, draft: Draft) {
        check();
        self.findings.push(draft.finish(self.rule, &self.texts, self.level));
    }
}
