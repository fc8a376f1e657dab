//! The registration of rules: one file for each, named as the rule. `make new-rule` adds the two lines.

use crate::rule::Rule;

pub(crate) mod add_required_column;
pub(crate) mod add_volatile_default;
pub(crate) mod all_columns_nullable;
pub(crate) mod attach_without_check;
pub(crate) mod char_n;
pub(crate) mod column_count;
pub(crate) mod column_policy;
pub(crate) mod column_type_inconsistent;
pub(crate) mod composite_pk_wide;
pub(crate) mod concurrent_in_transaction;
pub(crate) mod constraint_not_valid;
pub(crate) mod constraint_without_not_valid;
pub(crate) mod default_is_null_string;
pub(crate) mod default_partition_not_empty;
pub(crate) mod default_privileges_missing;
pub(crate) mod detach_not_concurrent;
pub(crate) mod domain_with_check;
pub(crate) mod drop_column;
pub(crate) mod drop_database;
pub(crate) mod drop_not_null;
pub(crate) mod drop_schema;
pub(crate) mod drop_table;
pub(crate) mod duplicate_foreign_key;
pub(crate) mod duplicate_index;
pub(crate) mod empty_or_never_read_table;
pub(crate) mod enum_value_without_position;
pub(crate) mod enum_vs_check;
pub(crate) mod extension_in_public;
pub(crate) mod extension_outdated;
pub(crate) mod findings_silenced;
pub(crate) mod fk_action_policy;
pub(crate) mod fk_cross_schema;
pub(crate) mod fk_cycle;
pub(crate) mod fk_nullable_multicolumn;
pub(crate) mod fk_self_reference;
pub(crate) mod fk_type_mismatch;
pub(crate) mod function_search_path_mutable;
pub(crate) mod implied_foreign_key;
pub(crate) mod incrementing_columns;
pub(crate) mod index_bloat;
pub(crate) mod index_btree_on_array;
pub(crate) mod index_limits;
pub(crate) mod index_low_selectivity;
pub(crate) mod index_not_concurrent;
pub(crate) mod index_null_heavy;
pub(crate) mod index_useless_predicate;
pub(crate) mod invalid_directive;
pub(crate) mod invalid_index;
pub(crate) mod json_not_jsonb;
pub(crate) mod large_object_column;
pub(crate) mod matview_no_unique_index;
pub(crate) mod missing_comment;
pub(crate) mod missing_index;
pub(crate) mod missing_lock_timeout;
pub(crate) mod missing_statement_timeout;
pub(crate) mod money_type;
pub(crate) mod multiple_permissive_policies;
pub(crate) mod name_case;
pub(crate) mod name_convention;
pub(crate) mod name_reserved;
pub(crate) mod name_truncated;
pub(crate) mod natural_or_varchar_pk;
pub(crate) mod nested_transaction;
pub(crate) mod no_columns;
pub(crate) mod no_default_partition;
pub(crate) mod no_primary_key;
pub(crate) mod no_replica_identity;
pub(crate) mod no_surrogate_pk;
pub(crate) mod not_idempotent;
pub(crate) mod not_in_migrations;
pub(crate) mod object_in_api;
pub(crate) mod overlapping_foreign_key;
pub(crate) mod partition_gap;
pub(crate) mod partition_index_not_attached;
pub(crate) mod pk_columns_not_first;
pub(crate) mod pk_int_narrow;
pub(crate) mod policy_always_true;
pub(crate) mod policy_initplan;
pub(crate) mod policy_rls_disabled;
pub(crate) mod public_schema_create;
pub(crate) mod redundant_index;
pub(crate) mod refresh_not_concurrent;
pub(crate) mod reg_type_column;
pub(crate) mod reindex_not_concurrent;
pub(crate) mod rename_column;
pub(crate) mod rename_table;
pub(crate) mod required_columns;
pub(crate) mod rls_disabled;
pub(crate) mod rls_no_policy;
pub(crate) mod rls_not_forced;
pub(crate) mod rules_not_run;
pub(crate) mod schema_environment_name;
pub(crate) mod schema_owner_mismatch;
pub(crate) mod security_definer_public;
pub(crate) mod sensitive_column_exposed;
pub(crate) mod sequence_exhaustion;
pub(crate) mod serial_not_identity;
pub(crate) mod set_not_null;
pub(crate) mod single_column;
pub(crate) mod table_bloat;
pub(crate) mod table_inheritance;
pub(crate) mod table_rewrite;
pub(crate) mod table_without_index;
pub(crate) mod timestamp_without_tz;
pub(crate) mod timetz;
pub(crate) mod too_many_lobs;
pub(crate) mod trigger_function_shared;
pub(crate) mod truncate_cascade;
pub(crate) mod type_change_rebuilds;
pub(crate) mod type_change_rewrites;
pub(crate) mod uncommitted_transaction;
pub(crate) mod unindexed_foreign_key;
pub(crate) mod unique_index_nullable;
pub(crate) mod unique_without_index;
pub(crate) mod unqualified_name;
pub(crate) mod unrelated_table;
pub(crate) mod unused_index;
pub(crate) mod useless_surrogate_key;
pub(crate) mod vacuum_full;
pub(crate) mod varchar_n;
pub(crate) mod view_security_definer;
pub(crate) mod xid_wraparound;

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
    &unused_index::RULE,
    &invalid_index::RULE,
    &missing_index::RULE,
    &table_bloat::RULE,
    &index_bloat::RULE,
    &index_null_heavy::RULE,
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
    &empty_or_never_read_table::RULE,
    &incrementing_columns::RULE,
    &required_columns::RULE,
    &column_policy::RULE,
    &enum_vs_check::RULE,
    &domain_with_check::RULE,
    &table_inheritance::RULE,
    &sequence_exhaustion::RULE,
    &xid_wraparound::RULE,
    &name_case::RULE,
    &name_reserved::RULE,
    &name_truncated::RULE,
    &name_convention::RULE,
    &missing_comment::RULE,
    &rls_disabled::RULE,
    &rls_not_forced::RULE,
    &rls_no_policy::RULE,
    &policy_rls_disabled::RULE,
    &policy_always_true::RULE,
    &multiple_permissive_policies::RULE,
    &policy_initplan::RULE,
    &view_security_definer::RULE,
    &function_search_path_mutable::RULE,
    &security_definer_public::RULE,
    &extension_in_public::RULE,
    &extension_outdated::RULE,
    &public_schema_create::RULE,
    &schema_owner_mismatch::RULE,
    &default_privileges_missing::RULE,
    &schema_environment_name::RULE,
    &sensitive_column_exposed::RULE,
    &object_in_api::RULE,
    &trigger_function_shared::RULE,
    &partition_gap::RULE,
    &no_default_partition::RULE,
    &partition_index_not_attached::RULE,
    &default_partition_not_empty::RULE,
    &not_in_migrations::RULE,
    &drop_database::RULE,
    &drop_schema::RULE,
    &drop_table::RULE,
    &drop_column::RULE,
    &drop_not_null::RULE,
    &rename_table::RULE,
    &rename_column::RULE,
    &type_change_rewrites::RULE,
    &type_change_rebuilds::RULE,
    &set_not_null::RULE,
    &add_required_column::RULE,
    &add_volatile_default::RULE,
    &constraint_without_not_valid::RULE,
    &unique_without_index::RULE,
    &index_not_concurrent::RULE,
    &concurrent_in_transaction::RULE,
    &detach_not_concurrent::RULE,
    &attach_without_check::RULE,
    &reindex_not_concurrent::RULE,
    &missing_lock_timeout::RULE,
    &missing_statement_timeout::RULE,
    &enum_value_without_position::RULE,
    &not_idempotent::RULE,
    &unqualified_name::RULE,
    &truncate_cascade::RULE,
    &vacuum_full::RULE,
    &table_rewrite::RULE,
    &refresh_not_concurrent::RULE,
    &nested_transaction::RULE,
    &uncommitted_transaction::RULE,
    &invalid_directive::RULE,
    &rules_not_run::RULE,
    &findings_silenced::RULE,
];
