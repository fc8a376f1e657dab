//! The registration of rules: one file for each, named as the rule. `make new-rule` adds the two lines.

use crate::rule::Rule;

pub(crate) mod findings_silenced;
pub(crate) mod invalid_directive;
pub(crate) mod no_primary_key;
pub(crate) mod rules_not_run;

/// All rules, in the order of the documents.
pub static RULES: &[&Rule] =
    &[&no_primary_key::RULE, &invalid_directive::RULE, &rules_not_run::RULE, &findings_silenced::RULE];
