//! Rules that judge a schema by its model and by statistics, and the SQL that mends what they find. Knows no server: linting a snapshot
//! needs none.
//!
//! `rules` has one file for each rule, `registry` lists them, [`lint()`] runs them over a model. What several rules ask is answered in
//! `analysis`.

#![warn(missing_docs)]

mod analysis;
mod context;
mod directive;
mod finding;
mod fix;
mod lint;
mod options;
mod page;
mod pattern;
mod recommend;
mod registry;
mod rule;
mod rules;
mod sarif;
mod script;
mod settings;
mod statistics;

pub use finding::Finding;
pub use lint::{NotRun, Outcome, Silenced, Silencer, lint};
pub use options::{Options, OptionsError, PROFILES};
pub use page::{index_page, rule_page};
pub use recommend::{recommendations, recommended_rules};
pub use registry::{RULES, named, rule};
pub use rule::{Category, Doc, Level, Need, Rule};
pub use sarif::sarif;
pub use script::{
    Action, Assumptions, ColumnDefinition, ConstraintDefinition, IndexDefinition, IndexKey, ObjectName, PartitionBound,
    ScriptFinding, Statement, changed_types, dropped_extensions, functions_of_defaults, lint_script, named_schemas,
};
pub use settings::{RuleOption, Value};
pub use statistics::{ColumnFacts, DatabaseFacts, IndexFacts, Named, Statistics, TableFacts};
