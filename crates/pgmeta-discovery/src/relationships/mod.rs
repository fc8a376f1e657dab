//! How tables relate: foreign keys that are declared, junction tables between two others, and, on request, relations that
//! names imply. Reads the model; knows nothing of rows.

mod cycles;
mod declared;
mod implied;
mod junctions;
mod plural;
mod relationship;
mod strategy;
mod unique_keys;

use pgmeta_core::model::ModelIndex;

pub use relationship::{Cardinality, Kind, Relationship};
pub use strategy::{Strategies, Strategy};
pub(crate) use unique_keys::{UniqueKey, unique_keys};

/// Returns the relationships between the tables of a model, sorted by table, name and the table on the other side.
pub fn relationships(index: &ModelIndex<'_>, strategies: &Strategies) -> Vec<Relationship> {
    let mut found = declared::declared(index);
    cycles::number_cycles(&mut found);
    found.extend(junctions::junctions(index));
    if !strategies.is_empty() {
        found.extend(implied::implied(index, strategies));
    }
    found.sort_by(|one, other| one.order().cmp(&other.order()));
    found
}
