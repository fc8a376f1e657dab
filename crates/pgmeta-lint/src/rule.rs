//! What a rule is: its names, its page, and the function that judges. Knows no single rule.

use std::fmt;

use serde::Serialize;

use crate::context::{Context, Report};
use crate::lint::Outcome;
use crate::script::StatementContext;
use crate::settings::RuleOption;
use crate::statistics::Statistics;

/// How serious a finding is. Greater is more serious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Advice.
    Info,
    /// A likely fault, or a fault with small consequences.
    Warning,
    /// A fault: something fails, is exposed, or will stop.
    Error,
}

impl Level {
    /// All levels, the most serious first.
    pub const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Info];

    /// Returns the word in results and options.
    pub fn word(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// Reads the word in any case; `warn` is a warning too.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        Self::ALL.into_iter().find(|level| level.word() == word || (word == "warn" && *level == Level::Warning))
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Keys, relations and columns.
    Design,
    /// The types of columns.
    Types,
    /// Indexes and the speed of queries.
    Performance,
    /// Who can read and change what.
    Security,
    /// Names and comments.
    Naming,
    /// What stops a running server, or needs maintenance.
    Operations,
    /// Statements of a migration.
    Migration,
    /// The lint run itself.
    Lint,
}

impl Category {
    /// All categories, in the order of the documents.
    pub const ALL: [Category; 8] = [
        Category::Design,
        Category::Types,
        Category::Performance,
        Category::Security,
        Category::Naming,
        Category::Operations,
        Category::Migration,
        Category::Lint,
    ];

    /// Returns the word in results.
    pub fn word(self) -> &'static str {
        match self {
            Category::Design => "design",
            Category::Types => "types",
            Category::Performance => "performance",
            Category::Security => "security",
            Category::Naming => "naming",
            Category::Operations => "operations",
            Category::Migration => "migration",
            Category::Lint => "lint",
        }
    }
}

/// Facts beyond the model. A rule that needs facts that were not read is reported as not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Sizes and use of tables.
    Tables,
    /// Sizes and use of indexes.
    Indexes,
    /// Distributions of values in columns.
    Columns,
    /// The last values of sequences.
    Sequences,
    /// The ages of databases and tables in transactions.
    Ages,
    /// The versions of extensions that can be installed.
    Extensions,
    /// The objects of a saved snapshot.
    Registered,
}

impl Need {
    /// All needs.
    pub const ALL: [Need; 7] =
        [Need::Tables, Need::Indexes, Need::Columns, Need::Sequences, Need::Ages, Need::Extensions, Need::Registered];

    /// Returns what is needed, as part of a sentence.
    pub fn phrase(self) -> &'static str {
        match self {
            Need::Tables => "statistics of tables",
            Need::Indexes => "statistics of indexes",
            Need::Columns => "statistics of columns",
            Need::Sequences => "last values of sequences",
            Need::Ages => "ages in transactions",
            Need::Extensions => "available versions of extensions",
            Need::Registered => "a saved snapshot",
        }
    }

    /// Returns whether the facts were read.
    pub fn is_met(self, statistics: &Statistics) -> bool {
        match self {
            Need::Tables => statistics.tables.is_some(),
            Need::Indexes => statistics.indexes.is_some(),
            Need::Columns => statistics.columns.is_some(),
            Need::Sequences => statistics.sequences.is_some(),
            Need::Ages => statistics.databases.is_some(),
            Need::Extensions => statistics.extensions.is_some(),
            Need::Registered => statistics.registered.is_some(),
        }
    }
}

/// How a rule judges.
#[derive(Clone, Copy)]
pub(crate) enum Judge {
    /// By the model and the statistics.
    Schema(fn(&Context<'_>, &mut Report<'_>)),
    /// By a statement of a script.
    Statement(fn(&StatementContext<'_, '_>, &mut Report<'_>)),
    /// By what the other rules did.
    Run(fn(&Outcome, &mut Report<'_>)),
}

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Judge::Schema(_) => "Schema",
            Judge::Statement(_) => "Statement",
            Judge::Run(_) => "Run",
        })
    }
}

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name: that of its file.
    pub name: &'static str,
    /// The lines of its doc comment.
    pub doc: &'static [&'static str],
    /// The level of its findings.
    pub level: Level,
    /// What it is about.
    pub category: Category,
    /// Whether it runs if no options name it.
    pub enabled: bool,
    /// Whether it is a matter of the house, so that no profile includes it: the option `rules` names it.
    pub opt_in: bool,
    /// What it needs beyond the model.
    pub needs: &'static [Need],
    /// Its options.
    pub options: &'static [RuleOption],
    /// The names that other linters give it: `splinter:no_primary_key`.
    pub peers: &'static [&'static str],
    /// How it judges.
    pub(crate) judge: Judge,
}

/// A rule's doc comment, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// What is found, without a period.
    pub title: String,
    /// What exactly it reports, and what it does not.
    pub description: String,
    /// Why that matters.
    pub rationale: String,
    /// How to mend it.
    pub remediation: String,
    /// SQL with a finding.
    pub example_bad: String,
    /// SQL without.
    pub example_good: String,
}

impl Rule {
    /// What most rules have in common.
    pub(crate) const DEFAULT: Rule = Rule {
        name: "",
        doc: &[],
        level: Level::Warning,
        category: Category::Design,
        enabled: true,
        opt_in: false,
        needs: &[],
        options: &[],
        peers: &[],
        judge: Judge::Schema(|_, _| {}),
    };

    /// Returns whether it judges statements of scripts.
    pub fn judges_statements(&self) -> bool {
        matches!(self.judge, Judge::Statement(_))
    }

    /// Returns whether it judges a schema, by the model and the statistics. Others judge statements, or the lint run itself.
    pub fn judges_schema(&self) -> bool {
        matches!(self.judge, Judge::Schema(_))
    }

    /// Returns the doc comment in parts. Its headings are Why, Fix, Bad and Good.
    pub fn document(&self) -> Doc {
        let mut doc = Doc::default();
        let mut heading = "";
        let mut lines = self.doc.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
        doc.title = lines.next().unwrap_or_default().trim_end_matches('.').to_owned();
        for line in lines {
            if let Some(next) = line.strip_prefix("# ") {
                heading = next.trim();
                continue;
            }
            let (section, is_code) = match heading {
                "" => (&mut doc.description, false),
                "Why" => (&mut doc.rationale, false),
                "Fix" => (&mut doc.remediation, false),
                "Bad" => (&mut doc.example_bad, true),
                "Good" => (&mut doc.example_good, true),
                _ => continue,
            };
            if is_code {
                let is_part = !line.is_empty() || !section.is_empty();
                if is_part && !line.starts_with("```") {
                    section.push_str(line);
                    section.push('\n');
                }
            } else {
                push_prose(section, line);
            }
        }
        let sections = [&mut doc.description, &mut doc.rationale, &mut doc.remediation];
        let examples = [&mut doc.example_bad, &mut doc.example_good];
        for section in sections.into_iter().chain(examples) {
            section.truncate(section.trim_end().len());
        }
        doc
    }
}

/// Appends a line of a paragraph; an empty one ends the paragraph.
fn push_prose(section: &mut String, line: &str) {
    if line.is_empty() {
        if !section.is_empty() && !section.ends_with('\n') {
            section.push('\n');
        }
        return;
    }
    if !section.is_empty() && !section.ends_with('\n') {
        section.push(' ');
    }
    section.push_str(line.trim());
}

/// Declares a rule. Its doc comment is its page, and what `pgmeta_lint_rules` returns.
macro_rules! rule {
    ($(#[doc = $doc:literal])* Rule { $($body:tt)* }) => {
        $(#[doc = $doc])*
        pub(crate) static RULE: $crate::rule::Rule = $crate::rule::Rule {
            doc: &[$($doc),*],
            $($body)*
            ..$crate::rule::Rule::DEFAULT
        };
    };
}
pub(crate) use rule;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doc_comment_is_split_into_sections() {
        let doc = [
            " Title",
            "",
            " One",
            " two.",
            "",
            " Three.",
            " # Why",
            "",
            " Because.",
            " # Fix",
            " Do it.",
            " # Bad",
            "",
            " ```sql",
            " SELECT 1;",
            "   x",
            " ```",
            " # Good",
            " ```sql",
            " SELECT 2;",
            " ```",
        ];
        let rule = Rule { doc: Box::leak(Box::new(doc)), ..Rule::DEFAULT };
        let expected = Doc {
            title: "Title".into(),
            description: "One two.\nThree.".into(),
            rationale: "Because.".into(),
            remediation: "Do it.".into(),
            example_bad: "SELECT 1;\n  x".into(),
            example_good: "SELECT 2;".into(),
        };
        assert_eq!(rule.document(), expected);
    }

    #[test]
    fn levels_are_ordered_and_parsed_in_any_case() {
        assert!(Level::Error > Level::Warning && Level::Warning > Level::Info);
        for level in Level::ALL {
            assert_eq!(Level::from_word(&level.word().to_uppercase()), Some(level));
        }
        assert_eq!(Level::from_word("warn"), Some(Level::Warning));
        assert_eq!(Level::from_word("fatal"), None);
    }
}
