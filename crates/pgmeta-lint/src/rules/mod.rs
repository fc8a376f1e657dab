//! The registration of rules: one file for each, named as the rule. `make new-rule` adds the two lines.

use crate::rule::Rule;

pub(crate) mod all_columns_nullable;
pub(crate) mod char_n;
pub(crate) mod column_count;
pub(crate) mod column_policy;
pub(crate) mod column_type_inconsistent;
pub(crate) mod composite_pk_wide;
pub(crate) mod constraint_not_valid;
pub(crate) mod default_is_null_string;
pub(crate) mod domain_with_check;
pub(crate) mod duplicate_foreign_key;
pub(crate) mod duplicate_index;
pub(crate) mod enum_vs_check;
pub(crate) mod findings_silenced;
pub(crate) mod fk_action_policy;
pub(crate) mod fk_cross_schema;
pub(crate) mod fk_cycle;
pub(crate) mod fk_nullable_multicolumn;
pub(crate) mod fk_self_reference;
pub(crate) mod fk_type_mismatch;
pub(crate) mod implied_foreign_key;
pub(crate) mod incrementing_columns;
pub(crate) mod index_btree_on_array;
pub(crate) mod index_limits;
pub(crate) mod index_low_selectivity;
pub(crate) mod index_useless_predicate;
pub(crate) mod invalid_directive;
pub(crate) mod invalid_index;
pub(crate) mod json_not_jsonb;
pub(crate) mod large_object_column;
pub(crate) mod matview_no_unique_index;
pub(crate) mod missing_comment;
pub(crate) mod money_type;
pub(crate) mod name_case;
pub(crate) mod name_convention;
pub(crate) mod name_reserved;
pub(crate) mod name_truncated;
pub(crate) mod natural_or_varchar_pk;
pub(crate) mod no_columns;
pub(crate) mod no_primary_key;
pub(crate) mod no_replica_identity;
pub(crate) mod no_surrogate_pk;
pub(crate) mod overlapping_foreign_key;
pub(crate) mod pk_columns_not_first;
pub(crate) mod pk_int_narrow;
pub(crate) mod redundant_index;
pub(crate) mod reg_type_column;
pub(crate) mod required_columns;
pub(crate) mod rules_not_run;
pub(crate) mod serial_not_identity;
pub(crate) mod single_column;
pub(crate) mod table_inheritance;
pub(crate) mod table_without_index;
pub(crate) mod timestamp_without_tz;
pub(crate) mod timetz;
pub(crate) mod too_many_lobs;
pub(crate) mod unindexed_foreign_key;
pub(crate) mod unique_index_nullable;
pub(crate) mod unrelated_table;
pub(crate) mod useless_surrogate_key;
pub(crate) mod varchar_n;

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
    &invalid_index::RULE,
    &unique_index_nullable::RULE,
    &index_low_selectivity::RULE,
    &index_btree_on_array::RULE,
    &index_useless_predicate::RULE,
    &index_limits::RULE,
    &table_without_index::RULE,
    &matview_no_unique_index::RULE,
    &timestamp_without_tz::RULE,
    &timetz::RULE,
    &char_n::RULE,
    &varchar_n::RULE,
    &json_not_jsonb::RULE,
    &money_type::RULE,
    &serial_not_identity::RULE,
    &large_object_column::RULE,
    &too_many_lobs::RULE,
    &reg_type_column::RULE,
    &column_type_inconsistent::RULE,
    &default_is_null_string::RULE,
    &all_columns_nullable::RULE,
    &column_count::RULE,
    &single_column::RULE,
    &no_columns::RULE,
    &incrementing_columns::RULE,
    &required_columns::RULE,
    &column_policy::RULE,
    &enum_vs_check::RULE,
    &domain_with_check::RULE,
    &table_inheritance::RULE,
    &name_case::RULE,
    &name_reserved::RULE,
    &name_truncated::RULE,
    &name_convention::RULE,
    &missing_comment::RULE,
    &invalid_directive::RULE,
    &rules_not_run::RULE,
    &findings_silenced::RULE,
];
