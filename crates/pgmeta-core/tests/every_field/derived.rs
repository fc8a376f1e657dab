//! The fields of a snapshot that do not count, and the changes that a plan only reports, each with its reason. docs/diff.md has the list.

/// What does not count: the end of a place, the change (`""`: any), and why.
const DERIVED: &[(&str, &str, &str)] = &[
    ("depends_on", "", "follows from what the object is"),
    ("default_depends_on", "", "follows from what the default is"),
    ("populated", "", "what is stored, not how it is defined"),
    ("invalid_indexes", "", "what interrupted builds left behind"),
    ("rows_estimate", "", "what is stored, not how it is defined"),
    ("bytes", "", "what is stored, not how it is defined"),
    ("not_relocatable", "", "the control file's, not the database's"),
    ("tables[].columns[]", "swapped", "a column can only be added at the end"),
    ("tables[].columns[].inherited", "", "whether a child declares a column too is changed by no statement"),
    (
        "tables[].columns[].not_null.inherited",
        "",
        "a primary key of a partition declares it again, and no statement takes that back",
    ),
    ("settings[]", "swapped", "SET knows no order"),
    ("privileges[]", "swapped", "GRANT knows no order"),
    ("grants[]", "swapped", "GRANT knows no order"),
    ("initial[]", "swapped", "GRANT knows no order"),
    ("current[]", "swapped", "GRANT knows no order"),
    ("privileges[]", "twice", "what is granted twice is granted"),
    ("grants[]", "twice", "what is granted twice is granted"),
    ("initial[]", "twice", "what is granted twice is granted"),
    ("current[]", "twice", "what is granted twice is granted"),
];

/// Changes that a plan only reports: the end of a place with the change, and why no statement makes it.
const TOLD: &[(&str, &str)] = &[
    ("[].owner removed", "an object that has no owner in a snapshot keeps the one it has"),
    ("[] twice", "no catalog has it twice"),
    ("options[] swapped", "options have no order that a statement could change"),
    ("checks[] swapped", "checks are looked at in the order of their names"),
    ("statistics_targets[] swapped", "each names its column"),
    ("replica_identity added", "index and table say it together: one without the other is in no catalog"),
    ("replica_identity other", "as above"),
    ("replica_identity removed", "as above"),
    ("extension added", "which extension an object is a member of is the extension's"),
    ("extension other", "as above"),
    ("extension removed", "as above"),
    ("object_owner added", "the owner that a privilege is relative to, where it was never changed"),
    ("object_owner other", "as above"),
    ("object_owner removed", "as above"),
    ("initial[] removed", "what was installed is no statement's to change"),
    ("initial[].grantee other", "as above"),
    ("initial[].grantor other", "as above"),
    ("initial[].privileges[] other", "as above"),
    ("initial[].privileges[] removed", "as above"),
    ("sequences[].identity added", "column and sequence say it together: one without the other is in no catalog"),
    ("sequences[].identity other", "as above"),
    ("sequences[].identity removed", "as above"),
    ("columns[].identity removed", "as above"),
    ("generated_by_parent added", "the parent's column says it"),
    ("generated_by_parent other", "as above"),
    ("generated_by_parent removed", "as above"),
    ("has_parent added", "as above"),
    ("has_parent other", "as above"),
    ("has_parent removed", "as above"),
    ("inherited added", "as above"),
    ("inherited other", "as above"),
    ("inherited removed", "as above"),
    ("inherits[] swapped", "NO INHERIT makes columns and checks the child's own, which INHERIT does not undo"),
    ("attributes[] swapped", "the type would have to be recreated, with all that holds its values"),
    ("types[].base added", "a type of two kinds is in no catalog"),
    ("types[].enum_labels added", "as above"),
    ("types[].range added", "as above"),
    ("extension_members[].columns[] swapped", "each names its column"),
    ("publications[].schemas[] swapped", "a publication has no order"),
    ("publications[].tables[] swapped", "as above"),
    ("parameter_privileges[].owner other", "a parameter has no owner"),
    ("subscriptions[].connection removed", "a subscription without a connection is in no catalog"),
    ("views[].columns added", "the definition says them"),
    ("views[].columns removed", "as above"),
];

/// What no catalog has, so that a statement may stand there twice: a part of a table that is not there, an element that is there twice.
const TORN: &[&str] = &["constraints[].on_foreign", "constraints[].schema", "constraints[].table", "[] twice"];

/// Returns whether a change makes a model that no catalog could be.
pub fn leaves_gap(place: &str) -> bool {
    TORN.iter().any(|start| place.contains(start))
}

/// Returns why a change of a place does not count.
pub fn reason(place: &str, change: &str) -> Option<&'static str> {
    let is = |(end, own, _): &&(&str, &str, &str)| is_at(place, end) && (own.is_empty() || *own == change);
    DERIVED.iter().find(is).map(|(_, _, reason)| *reason)
}

/// The same of whole lists.
const LISTS_TOLD: &[(&str, &str)] = &[("databases[]", "encoding, locale and the like are fixed")];

/// Returns whether a plan says of a change that it is left.
pub fn is_told(place: &str) -> bool {
    TOLD.iter().any(|(end, _)| place.ends_with(end)) || LISTS_TOLD.iter().any(|(start, _)| place.starts_with(start))
}

/// Returns whether a place is, or is below, one that ends so.
fn is_at(place: &str, end: &str) -> bool {
    let mut parts = place.match_indices(end).map(|(at, _)| (at, at + end.len()));
    parts.any(|(from, to)| {
        (from == 0 || !end.starts_with(char::is_alphanumeric) || place[..from].ends_with('.'))
            && (to == place.len() || place[to..].starts_with(['.', '[']))
    })
}
