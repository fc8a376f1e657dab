//! The statements that `ddl` prints for an object of the new model, as a list. Prints nothing of its own.

use crate::ddl::{Render, Script};
use crate::plan::alter::Sides;

/// Returns the statements of CREATE alone.
pub fn render_create(object: &dyn Render, sides: &Sides<'_>) -> Vec<String> {
    let mut script = Script::default();
    object.create(sides.new, &mut script);
    script.into_statements()
}

/// Returns the statements that create an object, with all that follow its CREATE.
pub fn render_all(object: &dyn Render, sides: &Sides<'_>) -> Vec<String> {
    let mut script = Script::default();
    object.create(sides.new, &mut script);
    crate::ddl::shared::after(object, sides.new, &mut script);
    object.finish(sides.new, &mut script);
    script.into_statements()
}
