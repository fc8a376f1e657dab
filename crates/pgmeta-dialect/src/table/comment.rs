//! Comments on tables and columns: in the statement where the dialect has them, otherwise in the script.

use crate::loss::{Action, Place};
use crate::target::Comments;

use super::{Notes, World};

/// Returns the clause of a comment on a table (`is_table`) or column. Without clauses, the comment is in the script.
pub(super) fn clause(
    world: World<'_, '_>,
    notes: &mut Notes<'_>,
    place: &Place,
    what: &str,
    comment: Option<&str>,
    is_table: bool,
) -> Option<String> {
    let comment = comment?;
    if let Comments::Inline(of_table, of_column) = world.target.facts().comments
        && comment.chars().count() <= if is_table { of_table } else { of_column }
        // Comments have three bytes for a character at most.
        && comment.chars().all(|c| u32::from(c) <= 0xffff)
    {
        return Some(format!("COMMENT{}{}", if is_table { "=" } else { " " }, world.target.text(comment)));
    }
    in_script(notes, place, what, comment);
    None
}

/// Adds a comment to the script.
pub(super) fn in_script(notes: &mut Notes<'_>, place: &Place, what: &str, comment: &str) {
    notes.comments.push(format!("{what}: {comment}"));
    notes.losses.add(place, "comment", Action::Commented, format!("the comment on {what}"));
}
