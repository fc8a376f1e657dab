//! The manifest of a written file tree: it lists the files that pgmeta wrote, so that those of dropped objects can be told from the
//! user's own, and which objects the export was of.

use std::collections::BTreeSet;

use crate::ddl::options::Options;

/// The name of the manifest in the tree.
pub const MANIFEST: &str = ".pgmeta-files";

/// Its first line.
const TITLE: &str = "# Files written by pgmeta; it removes those whose objects are gone.";

/// How the first line begins, also that of earlier versions.
const TITLES: &str = "# Files written by ";

/// What a manifest has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub paths: BTreeSet<String>,
    /// The lines of [`selection`].
    pub selection: Vec<String>,
}

impl Manifest {
    pub fn parse(text: &str) -> Self {
        let (comments, paths): (Vec<_>, Vec<_>) =
            text.lines().map(str::to_owned).partition(|line| line.starts_with('#'));
        let selection = comments.into_iter().filter(|line| !line.starts_with(TITLES)).collect();
        Self { paths: paths.into_iter().collect(), selection }
    }

    pub fn to_text(&self) -> String {
        let lines = [TITLE].into_iter().chain(self.selection.iter().chain(&self.paths).map(String::as_str));
        lines.map(|line| format!("{line}\n")).collect()
    }
}

/// Returns the lines of a manifest that describe which objects an export is of.
pub fn selection(
    schemas: Option<&[String]>,
    types: Option<&[String]>,
    name_pattern: Option<&str>,
    options: &Options,
) -> Vec<String> {
    let list = |words: &[String]| {
        let unique: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        unique.into_iter().collect::<Vec<_>>().join(", ")
    };
    let Options { exclude, sections, cluster, own, .. } = options;
    let section = match sections.as_slice() {
        [first, rest @ ..] if rest.iter().all(|section| section == first) => Some(first.word().to_owned()),
        _ => None,
    };
    let values = [
        ("schemas", schemas.map(list)),
        ("types", types.map(list)),
        ("name_pattern", name_pattern.map(str::to_owned)),
        ("exclude", (!exclude.is_empty()).then(|| list(exclude))),
        ("sections", section),
    ];
    let values =
        values.into_iter().filter_map(|(name, value)| Some(format!("# {name}: {}", value?.replace('\n', " "))));
    let set = [("cluster", cluster), ("self", own)].into_iter().filter(|(_, set)| **set);
    values.chain(set.map(|(name, _)| format!("# {name}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Section;

    #[test]
    fn a_manifest_is_read_back_unchanged() {
        let paths = ["app/tables/b.sql", "app/tables/a.sql"].map(str::to_owned).into();
        let manifest = Manifest { paths, selection: vec!["# schemas: app".to_owned()] };
        let text = manifest.to_text();
        assert_eq!(text, format!("{TITLE}\n# schemas: app\napp/tables/a.sql\napp/tables/b.sql\n"));
        assert_eq!(Manifest::parse(&text), manifest);
        let earlier = text.replace("by pgmeta;", "by pgmeta_export_to_directory;");
        assert_eq!(Manifest::parse(&earlier), manifest);
        assert_eq!(Manifest::parse(""), Manifest::default());
    }

    #[test]
    fn a_selection_lists_the_arguments() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(selection(None, None, None, &Options::default()), [""; 0]);
        let options = Options {
            exclude: words(&["b.*", "a"]),
            sections: vec![Section::PreData],
            own: true,
            ..Options::default()
        };
        let lines = selection(Some(&words(&["b", "a", "b"])), Some(&words(&["table"])), Some("x\ny"), &options);
        let expected = [
            "# schemas: a, b",
            "# types: table",
            "# name_pattern: x y",
            "# exclude: a, b.*",
            "# sections: pre-data",
            "# self",
        ];
        assert_eq!(lines, expected);
        let both = Options { sections: vec![Section::PreData, Section::PostData], cluster: true, ..Options::default() };
        assert_eq!(selection(None, None, None, &both), ["# cluster"]);
    }
}
