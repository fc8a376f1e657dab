//! The file tree: the path of each step. Paths are safe on any file system and unique.

use rustc_hash::FxHashMap;

use crate::ddl::entry::{Entry, Item};
use crate::ddl::script::PREAMBLE;
use crate::file_name::unique_file_name;
use crate::fingerprint::short_fingerprint;
use crate::interrupt::check;
use crate::model::{ObjectKey, ObjectKind, Part};

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
    use ObjectKind::*;
    let Entry { key, parent, folder, .. } = entry;
    let name = unique_file_name(key.name());
    let global = |folder: &str| (format!("_database/{folder}/"), unique_file_name(&key.names.join(" ")));
    let schema = |folder: &str| {
        (format!("{}/{folder}/", unique_file_name(key.schema().map_or("", |schema| schema))), name.clone())
    };
    let on_relation = |folder: &str| match parent {
        Some(parent) => (format!("{}{folder}/", relation_folder(parent)), name.clone()),
        None => schema(folder),
    };
    match key.kind {
        Schema => (format!("{name}/"), "schema".into()),
        Table | ForeignTable => (relation_folder(key), "table".into()),
        View => schema("views"),
        MaterializedView => schema("materialized_views"),
        Sequence => on_relation("sequences"),
        TableConstraint => on_relation("constraints"),
        Index => on_relation("indexes"),
        Trigger => on_relation("triggers"),
        Rule => on_relation("rules"),
        Policy => on_relation("policies"),
        DefaultValue => on_relation("defaults"),
        StatisticsObject => on_relation("statistics"),
        Type => schema(folder.unwrap_or("types")),
        DomainConstraint => schema("domains"),
        Function => schema("functions"),
        Procedure => schema("procedures"),
        Aggregate => schema("aggregates"),
        Operator => schema("operators"),
        OperatorFamily => schema("operator_families"),
        OperatorClass => schema("operator_classes"),
        Collation => schema("collations"),
        Conversion => schema("conversions"),
        TextSearchParser => schema("text_search_parsers"),
        TextSearchTemplate => schema("text_search_templates"),
        TextSearchDictionary => schema("text_search_dictionaries"),
        TextSearchConfiguration => schema("text_search_configurations"),
        Extension => global("extensions"),
        ExtensionMember => (String::from("_database/extension_members/"), unique_file_name(&key.identity())),
        AccessMethod => global("access_methods"),
        Language => global("languages"),
        Cast => {
            (String::from("_database/casts/"), unique_file_name(&format!("{} to {}", key.name(), key.args.join(" "))))
        }
        Transform => {
            (String::from("_database/transforms/"), unique_file_name(&format!("{} {}", key.name(), key.args.join(" "))))
        }
        ForeignDataWrapper => global("foreign_data_wrappers"),
        Server => global("servers"),
        UserMapping => (
            String::from("_database/user_mappings/"),
            unique_file_name(&format!("{} {}", key.args.join(" "), key.name())),
        ),
        Publication => global("publications"),
        Subscription => global("subscriptions"),
        LargeObject => global("large_objects"),
        EventTrigger => global("event_triggers"),
        DefaultPrivileges => (
            String::from("_database/default_privileges/"),
            unique_file_name(&format!("{} {}", key.names.join(" "), key.args.join(" "))),
        ),
        Role => (String::from("_cluster/roles/"), name),
        RoleMembership => (String::from("_cluster/role_memberships/"), unique_file_name(&key.names.join(" "))),
        Tablespace => (String::from("_cluster/tablespaces/"), name),
        Database => (String::from("_cluster/databases/"), name),
        ParameterPrivileges => (String::from("_cluster/parameters/"), name),
    }
}

/// Returns the folder of a relation, which contains the folders of its parts.
fn relation_folder(key: &ObjectKey) -> String {
    let folder = match key.kind {
        ObjectKind::View => "views",
        ObjectKind::MaterializedView => "materialized_views",
        ObjectKind::ForeignTable => "foreign_tables",
        _ => "tables",
    };
    let schema = key.schema().map_or("", |schema| schema);
    format!("{}/{folder}/{}/", unique_file_name(schema), unique_file_name(key.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Name;
    use crate::model::Section;

    #[test]
    fn overloads_have_files_of_their_own() {
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
