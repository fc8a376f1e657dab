//! The hazards of a plan that its caller has not allowed.

use std::collections::BTreeSet;

use crate::plan::step::{Hazard, Step};

/// What keeps a plan from being applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The hazards, each once.
    pub hazards: Vec<&'static str>,
    /// The steps that have them, as text.
    pub steps: Vec<String>,
}

/// Returns the hazards of the steps that are not among the allowed words, if there are any.
pub fn forbidden(steps: &[Step], allowed: &[String]) -> Option<Forbidden> {
    let is_forbidden = |hazard: &&Hazard| !allowed.iter().any(|word| word == hazard.word());
    let mut hazards = BTreeSet::new();
    let mut texts = Vec::new();
    for step in steps {
        let own: Vec<_> = step.statement.hazards.iter().filter(is_forbidden).map(|hazard| hazard.word()).collect();
        if !own.is_empty() {
            texts.push(format!("Step {}: {} ({})", step.step, step.statement.sql, own.join(", ")));
            hazards.extend(own);
        }
    }
    (!hazards.is_empty()).then(|| Forbidden { hazards: hazards.into_iter().collect(), steps: texts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObjectKey, ObjectKind};
    use crate::plan::step::{Statement, Timeouts, numbered};

    #[test]
    fn each_hazard_is_named_once_and_with_its_steps() {
        let key = ObjectKey::global(ObjectKind::Schema, &"s".into());
        let statement = |sql: &str, hazards: &[Hazard]| {
            hazards.iter().fold(Statement::new(&key, sql), |statement, hazard| statement.hazard(*hazard))
        };
        let statements = vec![
            statement("one", &[Hazard::DeletesData]),
            statement("two", &[]),
            statement("three", &[Hazard::DeletesData, Hazard::RewritesTable]),
        ];
        let steps = numbered(statements, Timeouts { lock_ms: 1, statement_ms: 1, slow_statement_ms: 1 });
        let [deletes, rewrites] = [Hazard::DeletesData, Hazard::RewritesTable].map(Hazard::word);
        let found = forbidden(&steps, &[rewrites.to_owned()]);
        let expected = [format!("Step 1: one ({deletes})"), format!("Step 3: three ({deletes})")].into();
        assert_eq!(found, Some(Forbidden { hazards: vec![deletes], steps: expected }));
        assert_eq!(forbidden(&steps, &[deletes, rewrites].map(str::to_owned)), None);
    }
}
