//! What differs between two models, for people: the renames, and each object that is created, dropped, altered or replaced.

use serde_json::{Value, json};

use crate::diff::{Change, ChangeKind, Rename, Renamed, diff};
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::Model;
use crate::plan::build::replaced;
use crate::plan::options::Options;

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What a plan does: rename, create, drop, alter or replace.
    pub change: &'static str,
    /// The type, in the words of `pg_identify_object`.
    pub kind: String,
    pub schema: Option<Name>,
    pub name: String,
    pub identity: String,
    /// The attributes that differ.
    pub detail: Value,
}

/// Returns the differences. The renames have been applied to the old model.
pub fn differences(renames: &[Rename], old: &Model, new: &Model, options: &Options) -> Vec<Difference> {
    let changes = diff(old, new);
    let replaced = replaced(old, new, &changes, options);
    let changes = changes.iter().inspect(|_| check()).map(|change| {
        let Change { kind, key, .. } = change;
        let change_word = match kind {
            ChangeKind::Create => "create",
            ChangeKind::Drop => "drop",
            ChangeKind::Alter if replaced.contains(key) => "replace",
            ChangeKind::Alter => "alter",
        };
        Difference {
            change: change_word,
            kind: key.kind.word().to_owned(),
            schema: key.schema().cloned(),
            name: key.name().to_owned(),
            identity: key.identity(),
            detail: change.detail(),
        }
    });
    renames.iter().map(renamed).chain(changes).collect()
}

fn renamed(rename: &Rename) -> Difference {
    Difference {
        change: "rename",
        kind: rename.word(),
        schema: rename.key.schema().filter(|_| rename.what != Renamed::Schema).cloned(),
        name: rename.from.to_string(),
        identity: rename.identity(),
        detail: json!({"name": {"old": rename.from, "new": rename.to}}),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diff::rename;

    fn model(tables: &str) -> Model {
        let text = format!(
            r#"{{"format_version": 1, "server_version_num": 150000, "schemas": [{{"name": "s"}}], "tables": [{tables}]}}"#
        );
        Model::from_json(&text).unwrap()
    }

    #[test]
    fn renames_come_first_and_cause_no_other_differences() {
        let table = |name: &str, of: &str| {
            format!(r#"{{"schema": "s", "name": "{name}", "columns": [{{"name": "a", "data_type": "{of}"}}]}}"#)
        };
        let list = |tables: &[String]| model(&tables.join(", "));
        let mut old = list(&[table("altered", "integer"), table("gone", "integer"), table("was", "integer")]);
        let new = list(&[table("altered", "bigint"), table("is", "integer"), table("made", "integer")]);
        let wanted = [("s.was".to_owned(), "is".to_owned())].into();
        let renames = rename(&mut old, &new, &wanted).unwrap();
        let found = differences(&renames, &old, &new, &Options::default());
        let short: Vec<_> =
            found.iter().map(|one| (one.change, one.kind.as_str(), one.identity.as_str(), one.name.as_str())).collect();
        assert_eq!(
            short,
            [
                ("rename", "table", "s.was", "was"),
                ("alter", "table", "s.altered", "altered"),
                ("drop", "table", "s.gone", "gone"),
                ("create", "table", "s.made", "made"),
            ]
        );
        assert_eq!(found[0].detail, json!({"name": {"old": "was", "new": "is"}}));
        assert_eq!(found[0].schema.as_deref(), Some("s"));
    }
}
