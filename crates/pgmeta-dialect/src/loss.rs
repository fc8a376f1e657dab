//! What did not come along. Collects; decides nothing.

use serde::Serialize;

/// What was done with a feature that the dialect lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Something else does its work, with the difference that the detail names.
    Emulated,
    /// It is a comment in the text.
    Commented,
    /// It is left out.
    Dropped,
    /// The object cannot be in the dialect at all.
    Refused,
}

impl Action {
    /// Returns its word.
    pub fn word(self) -> &'static str {
        match self {
            Action::Emulated => "emulated",
            Action::Commented => "commented",
            Action::Dropped => "dropped",
            Action::Refused => "refused",
        }
    }
}

/// A feature of the schema that is not in the text as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// A JSON pointer (RFC 6901) into the snapshot of the model: `/tables/3/columns/2`. Empty: the whole snapshot.
    pub path: String,
    /// The feature, such as `data type`, `policy` or `foreign key`.
    pub feature: String,
    /// What was done.
    pub action: Action,
    /// The object and the difference, in words.
    pub detail: String,
}

/// The place of an object in the snapshot, by which losses are sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The position of the list in the document.
    list: usize,
    /// The position in the list.
    at: usize,
    /// Of a part of the object: its list, and its position there.
    part: Option<(&'static str, usize)>,
    name: &'static str,
}

impl Place {
    /// Returns the place of an object: the number and name of its list, and its position there.
    pub fn of_object(list: usize, name: &'static str, at: usize) -> Self {
        Self { list: list + 1, at, part: None, name }
    }

    /// Returns the place of an element of one of its lists.
    pub fn item(&self, attribute: &'static str, at: usize) -> Self {
        Self { part: Some((attribute, at)), ..self.clone() }
    }

    /// Returns the JSON pointer.
    pub fn pointer(&self) -> String {
        if self.name.is_empty() {
            return String::new();
        }
        let object = format!("/{}/{}", self.name, self.at);
        match self.part {
            Some((attribute, at)) => format!("{object}/{attribute}/{at}"),
            None => object,
        }
    }
}

/// The losses of a conversion.
#[derive(Debug, Default)]
pub(crate) struct Losses(Vec<(Place, Loss)>);

impl Losses {
    /// Adds a loss.
    pub fn add(&mut self, place: &Place, feature: &str, action: Action, detail: impl Into<String>) {
        let loss = Loss { path: place.pointer(), feature: feature.to_owned(), action, detail: detail.into() };
        self.0.push((place.clone(), loss));
    }

    /// Adds the losses of others.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Returns all losses, in the order of the snapshot.
    pub fn sorted(mut self) -> Vec<Loss> {
        self.0.sort_by(|(one, _), (other, _)| one.cmp(other));
        self.0.into_iter().map(|(_, loss)| loss).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_have_the_order_of_the_snapshot() {
        let mut losses = Losses::default();
        let table = Place::of_object(29, "tables", 10);
        losses.add(&table.item("columns", 10), "default", Action::Commented, "b");
        losses.add(&table.item("columns", 2), "data type", Action::Emulated, "a");
        losses.add(&Place::of_object(29, "tables", 2), "unlogged", Action::Dropped, "o");
        losses.add(&Place::default(), "owner", Action::Dropped, "all");
        let paths: Vec<String> = losses.sorted().into_iter().map(|loss| loss.path).collect();
        assert_eq!(paths, ["", "/tables/2", "/tables/10/columns/2", "/tables/10/columns/10"]);
    }
}
