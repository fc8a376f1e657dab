//! Names for indexes that fixes make, as PostgreSQL would choose them.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::Model;
use rustc_hash::FxHashSet;

/// The longest name, in bytes.
const LONGEST: usize = 63;

/// The names of relations that are taken, by schema and name.
#[derive(Clone, Debug)]
pub(crate) struct NewNames {
    taken: FxHashSet<(String, String)>,
}

impl NewNames {
    /// Returns the names that are free in a model.
    pub fn of(model: &Model) -> Self {
        let relations = model.tables.iter().map(|own| (&own.schema, &own.name));
        let views = model.views.iter().map(|own| (&own.schema, &own.name));
        let stored = model.materialized_views.iter().map(|own| (&own.schema, &own.name));
        let sequences = model.sequences.iter().map(|own| (&own.schema, &own.name));
        let indexes = model.indexes.iter().map(|own| (&own.schema, &own.name));
        let constraints = model.constraints.iter().map(|own| (&own.schema, &own.name));
        let types = model.types.iter().map(|own| (&own.schema, &own.name));
        let invalid = model.tables.iter().flat_map(|own| own.invalid_indexes.iter().map(|name| (&own.schema, name)));
        let all = relations.chain(views).chain(stored).chain(sequences).chain(indexes).chain(constraints);
        let all = all.chain(types).chain(invalid).inspect(|_| check());
        let taken = all.map(|(schema, name)| (schema.to_string(), name.to_string())).collect();
        Self { taken }
    }

    /// Returns a free name for a partition, and takes it.
    pub fn partition(&mut self, schema: &str, table: &str, ending: &str) -> String {
        let mut number = 0;
        loop {
            let ending = if number == 0 { ending.to_owned() } else { format!("{ending}{number}") };
            let room = LONGEST.saturating_sub(ending.len() + 1);
            let name = format!("{}_{ending}", cut(table, room.min(table.len())));
            if self.taken.insert((schema.to_owned(), name.clone())) {
                return name;
            }
            number += 1;
        }
    }

    /// Returns a free name for an index of some columns of a table, and takes it.
    pub fn index(&mut self, schema: &str, table: &str, columns: &[&str]) -> String {
        let columns = columns.join("_");
        let mut number = 0;
        loop {
            let ending = if number == 0 { "idx".to_owned() } else { format!("idx{number}") };
            let name = joined(table, &columns, &ending);
            if self.taken.insert((schema.to_owned(), name.clone())) {
                return name;
            }
            number += 1;
        }
    }
}

/// Joins the parts of a name; of the two first ones the longer is cut, as PostgreSQL does.
fn joined(first: &str, second: &str, ending: &str) -> String {
    let room = LONGEST.saturating_sub(ending.len() + 2);
    let (mut one, mut two) = (first.len(), second.len());
    while one + two > room {
        if one > two { one -= 1 } else { two -= 1 }
    }
    format!("{}_{}_{ending}", cut(first, one), cut(second, two))
}

/// Cuts a text to so many bytes, at a character's end.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use pgmeta_core::model::Table;

    use super::*;

    #[test]
    fn names_are_free_and_short_enough() {
        let table = Table { schema: "s".into(), name: "t_a_idx".into(), ..Table::default() };
        let mut names = NewNames::of(&Model { tables: vec![table], ..Model::default() });
        assert_eq!(names.index("s", "t", &["a", "b"]), "t_a_b_idx");
        assert_eq!(names.index("s", "t", &["a"]), "t_a_idx1");
        assert_eq!(names.index("s", "t", &["a"]), "t_a_idx2");
        let long = names.index("s", &"ä".repeat(40), &["a"]);
        assert!(long.len() <= LONGEST && long.ends_with("ä_a_idx"), "{long}");
    }
}
