//! Changing functions: CREATE OR REPLACE where the signature allows it.

use crate::ddl::{Script, function};
use crate::model::{Argument, Function, Object};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::step::Statement;

impl Alter for Function {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        let result = self.returns != new.returns || self.returns_set != new.returns_set;
        if self.kind != new.kind || result || !compatible(&self.arguments, &new.arguments) {
            return Strategy::Replace;
        }
        Strategy::Alter
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if crate::diff::normalized_attributes(crate::model::ObjectRef::Function(self))
            != crate::diff::normalized_attributes(crate::model::ObjectRef::Function(new))
        {
            let mut script = Script::default();
            script.statement(function::statement(new, true));
            out.extend(script.into_statements().into_iter().map(|sql| Statement::new(&new.key(), sql)));
        }
    }
}

/// Returns whether OR REPLACE accepts the new arguments: modes, types and names are the same, and defaults are added, not dropped.
fn compatible(old: &[Argument], new: &[Argument]) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            old.mode == new.mode
                && old.data_type == new.data_type
                && (old.name == new.name || old.name.is_none())
                && (old.default.is_none() || new.default.is_some())
        })
}
