//! The file tree: the path of each step. Paths are safe on any file system and unique.

use rustc_hash::FxHashMap;

use crate::ddl::entry::{Entry, Item};
use crate::ddl::script::PREAMBLE;
use crate::file_name::unique_file_name;
use crate::fingerprint::short_fingerprint;
use crate::interrupt::check;
use crate::model::registry::{Folder, Form};
use crate::model::{ObjectKey, Part};

/// The script that restores everything: `psql -1 -f install.sql`.
pub const INSTALL: &str = "install.sql";

/// A file of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub content: String,
}

/// Returns the path of every step, in the given order.
pub fn paths(entries: &[Entry]) -> Vec<String> {
    // Overloads have the same name but not the same file: colliding ones are distinguished by their arguments.
    let places: Vec<(String, String)> = entries.iter().inspect(|_| check()).map(place).collect();
    let mut first: FxHashMap<&(String, String), &ObjectKey> = FxHashMap::default();
    let mut shared: FxHashMap<&(String, String), bool> = FxHashMap::default();
    for (entry, place) in entries.iter().zip(&places) {
        check();
        let met = first.entry(place).or_insert(&entry.key);
        *shared.entry(place).or_default() |= *met != &entry.key;
    }
    let paths = entries.iter().zip(&places).map(|(entry, place)| {
        check();
        let (folder, name) = place;
        let apart =
            if shared[place] { format!("~{}", short_fingerprint(&entry.key.to_string())) } else { String::new() };
        format!("{folder}{name}{apart}{}.sql", suffix(entry.part))
    });
    paths.collect()
}

/// Returns all files: one for each step, and the script that includes them in order.
pub fn files(items: Vec<Item>) -> Vec<File> {
    let (entries, texts): (Vec<Entry>, Vec<String>) = items.into_iter().map(|item| (item.entry, item.ddl)).unzip();
    let paths = paths(&entries);
    let mut install = String::from("-- Restores everything here: psql -X -1 -v ON_ERROR_STOP=1 -f install.sql\n");
    install.push_str(PREAMBLE);
    for path in &paths {
        check();
        install.push_str(&format!("\\ir {path}\n"));
    }
    let own = texts.into_iter().zip(paths).map(|(content, path)| File { path, content });
    own.chain([File { path: INSTALL.into(), content: install }]).collect()
}

fn suffix(part: Part) -> String {
    match part {
        Part::Main => String::new(),
        Part::Shell => ".shell".into(),
        Part::Placeholder => ".placeholder".into(),
        Part::Attach => ".attach".into(),
        Part::OwnedBy => ".owned_by".into(),
        Part::Default(position) => format!(".default_{position}"),
        Part::Check(position) => format!(".check_{position}"),
        Part::NotNull(position) => format!(".not_null_{position}"),
        Part::RowSecurity => ".row_security".into(),
        Part::Refresh => ".refresh".into(),
    }
}

/// Returns the folder, with its slash, and the file name without its extension.
fn place(entry: &Entry) -> (String, String) {
    let Entry { key, parent, folder, .. } = entry;
    let schema = || unique_file_name(key.schema().map_or("", |schema| schema));
    let registered = key.kind.facts().folder;
    let (path, name) = match (registered, parent) {
        (Folder::Schema, _) => return (format!("{}/", unique_file_name(key.name())), "schema".into()),
        (Folder::Table(_), _) => return (relation_folder(key), "table".into()),
        (Folder::OfRelation(own), Some(parent)) => (format!("{}{own}", relation_folder(parent)), None),
        (Folder::OfRelation(own) | Folder::InSchema(own), _) => {
            (format!("{}/{}", schema(), folder.unwrap_or(own)), None)
        }
        (Folder::Database(own), _) => (format!("_database/{own}"), Some(whole_name(key))),
        (Folder::Cluster(own), _) => (format!("_cluster/{own}"), Some(whole_name(key))),
    };
    (format!("{path}/"), unique_file_name(name.as_deref().unwrap_or(key.name())))
}

/// Returns the name of an object outside of schemas, of all that its address has.
fn whole_name(key: &ObjectKey) -> String {
    let names = key.names.join(" ");
    let args = key.args.join(" ");
    match key.kind.facts().form {
        Form::Cast => format!("{names} to {args}"),
        Form::UserMapping => format!("{args} {names}"),
        Form::Transform | Form::DefaultPrivileges => format!("{names} {args}"),
        Form::Member => key.identity(),
        Form::Global
        | Form::Plain
        | Form::Schema
        | Form::InSchema
        | Form::Relation
        | Form::OfRelation
        | Form::OfDomain
        | Form::OfColumn
        | Form::Callable
        | Form::Operator
        | Form::OfMethod
        | Form::Membership => names,
    }
}

/// Returns the folder of a relation, which contains the folders of its parts.
fn relation_folder(key: &ObjectKey) -> String {
    let folder = match key.kind.facts().folder {
        Folder::Table(folder) | Folder::InSchema(folder) => folder,
        Folder::Schema | Folder::OfRelation(_) | Folder::Database(_) | Folder::Cluster(_) => "tables",
    };
    let schema = key.schema().map_or("", |schema| schema);
    format!("{}/{folder}/{}/", unique_file_name(schema), unique_file_name(key.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Name;
    use crate::model::{ObjectKind, Section};

    #[test]
    fn overloaded_functions_have_separate_files() {
        let entry = |args: &[&str]| {
            let args = args.iter().map(|&arg| Name::from(arg)).collect();
            let key = ObjectKey::with_args(ObjectKind::Function, &"app".into(), &"f".into(), args);
            Entry { key, part: Part::Main, section: Section::PreData, parent: None, folder: None }
        };
        assert_eq!(paths(&[entry(&["integer"])]), ["app/functions/f.sql"]);
        let both = paths(&[entry(&["integer"]), entry(&["text"])]);
        assert_ne!(both[0], both[1]);
    }
}
