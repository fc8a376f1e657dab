//! Rule schema_environment_name.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Schema named after an environment
    ///
    /// Reports schemas whose name is one of the words of the option, or begins or ends with one and an underscore.
    ///
    /// # Why
    ///
    /// The schema must be renamed when data moves between environments, and every statement that names it.
    ///
    /// # Fix
    ///
    /// Name the database after the environment, and the schema after its content.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA shop_prod;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA shop;
    /// ```
    Rule {
        name: "schema_environment_name",
        level: Level::Info,
        category: Category::Naming,
        enabled: false,
        options: &[WORDS],
        peers: &["pglinter:S002"],
        judge: Judge::Schema(check),
    }
}

const WORDS: RuleOption = RuleOption::list(
    "words",
    &["prod", "production", "preprod", "staging", "stg", "test", "dev", "qa", "uat", "sandbox", "sbox"],
    "The names of environments.",
);

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let words = cx.list(&WORDS);
    for schema in &cx.model.schemas {
        let name = schema.name.to_lowercase();
        let (first, last) = (name.split('_').next(), name.rsplit('_').next());
        if let Some(word) = words.iter().find(|word| first == Some(word.as_str()) || last == Some(word.as_str())) {
            let key = schema.object_key();
            let detail = format!("Schema {} is named after the environment {word}.", key.identity());
            report.add(Draft::of(key, detail).fact("word", &**word));
        }
    }
}
