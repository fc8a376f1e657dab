//! The registration of rules: one file for each, named as the rule. `make new-rule` adds the two lines.

use crate::rule::Rule;

pub(crate) mod composite_pk_wide;
pub(crate) mod constraint_not_valid;
pub(crate) mod duplicate_foreign_key;
pub(crate) mod duplicate_index;
pub(crate) mod findings_silenced;
pub(crate) mod fk_action_policy;
pub(crate) mod fk_cross_schema;
pub(crate) mod fk_cycle;
pub(crate) mod fk_nullable_multicolumn;
pub(crate) mod fk_self_reference;
pub(crate) mod fk_type_mismatch;
pub(crate) mod implied_foreign_key;
pub(crate) mod invalid_directive;
pub(crate) mod natural_or_varchar_pk;
pub(crate) mod no_primary_key;
pub(crate) mod no_replica_identity;
pub(crate) mod no_surrogate_pk;
pub(crate) mod overlapping_foreign_key;
pub(crate) mod pk_columns_not_first;
pub(crate) mod pk_int_narrow;
pub(crate) mod redundant_index;
pub(crate) mod rules_not_run;
pub(crate) mod unindexed_foreign_key;
pub(crate) mod unrelated_table;
pub(crate) mod useless_surrogate_key;

/// All rules, in the order of the documents.
pub static RULES: &[&Rule] = &[
    &no_primary_key::RULE,
    &no_replica_identity::RULE,
    &unindexed_foreign_key::RULE,
    &fk_type_mismatch::RULE,
    &constraint_not_valid::RULE,
    &duplicate_foreign_key::RULE,
    &overlapping_foreign_key::RULE,
    &fk_nullable_multicolumn::RULE,
    &fk_self_reference::RULE,
    &fk_cycle::RULE,
    &fk_cross_schema::RULE,
    &fk_action_policy::RULE,
    &unrelated_table::RULE,
    &implied_foreign_key::RULE,
    &composite_pk_wide::RULE,
    &no_surrogate_pk::RULE,
    &pk_columns_not_first::RULE,
    &natural_or_varchar_pk::RULE,
    &useless_surrogate_key::RULE,
    &pk_int_narrow::RULE,
    &duplicate_index::RULE,
    &redundant_index::RULE,
    &invalid_directive::RULE,
    &rules_not_run::RULE,
    &findings_silenced::RULE,
];
