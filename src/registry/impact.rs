//! What a plan does to the objects of a schema, in rows: changes, objects that are created again, locks, rewrites and hazards.

use std::collections::BTreeSet;

use pgmeta_core::plan::{Difference, Step};

/// What a plan does to an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effect {
    pub kind: String,
    pub identity: String,
    pub effect: String,
    pub detail: Option<String>,
}

/// Returns the effects, each once: first what changes, then what the statements do.
pub fn effects(differences: &[Difference], steps: &[Step]) -> Vec<Effect> {
    let of_difference = |own: &Difference| Effect {
        kind: own.kind.clone(),
        identity: own.identity.clone(),
        effect: own.change.to_owned(),
        detail: None,
    };
    let mut effects: Vec<Effect> = differences.iter().map(of_difference).collect();
    let changed: BTreeSet<(String, String)> =
        effects.iter().map(|own| (own.kind.clone(), own.identity.clone())).collect();
    let mut seen = BTreeSet::new();
    for effect in steps.iter().flat_map(|step| of_step(step, &changed)) {
        if seen.insert(effect.clone()) {
            effects.push(effect);
        }
    }
    effects
}

fn of_step(step: &Step, changed: &BTreeSet<(String, String)>) -> Vec<Effect> {
    let own = &step.statement;
    let (kind, identity) = (own.key.kind.word().to_owned(), own.key.identity());
    let effect = |effect: &str, detail: Option<&str>| Effect {
        kind: kind.clone(),
        identity: identity.clone(),
        effect: effect.to_owned(),
        detail: detail.map(str::to_owned),
    };
    let mut effects = Vec::new();
    if own.sql.starts_with("DROP ") && !changed.contains(&(kind.clone(), identity.clone())) {
        effects.push(effect("recreate", Some(&own.reason).filter(|reason| !reason.is_empty()).map(String::as_str)));
    }
    effects.extend(own.lock.map(|lock| effect("lock", Some(lock.word()))));
    effects.extend(own.rewrites.iter().map(|table| effect("rewrite", Some(table))));
    effects.extend(own.hazards.iter().map(|hazard| effect("hazard", Some(hazard.word()))));
    effects
}
