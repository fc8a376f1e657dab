//! The policies of tables.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::Policy;
use rustc_hash::FxHashMap;

use crate::context::Context;

/// Returns the policies by schema and table, in the model's order.
pub(crate) fn policies_by_table<'m>(cx: &Context<'m>) -> FxHashMap<(&'m str, &'m str), Vec<&'m Policy>> {
    let mut found: FxHashMap<(&str, &str), Vec<&Policy>> = FxHashMap::default();
    for policy in &cx.model.policies {
        check();
        found.entry((&policy.schema, &policy.table)).or_default().push(policy);
    }
    found
}
