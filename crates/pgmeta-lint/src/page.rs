//! The pages of rules, docs/lint/NAME.md, and their index. What they say is in the rules.

use std::fmt::Write;

use crate::registry::RULES;
use crate::rule::{Category, Rule};

/// Returns the page of a rule, as Markdown.
pub fn rule_page(rule: &Rule) -> String {
    let doc = rule.document();
    let mut page = format!("# {}\n\n{}.\n\n", rule.name, doc.title);
    let enabled = if rule.enabled { "on" } else { "off" };
    let _ = writeln!(page, "| Level | Category | By default | Other linters |\n|---|---|---|---|");
    let peers = if rule.peers.is_empty() { "none".to_owned() } else { code_list(rule.peers) };
    let _ = writeln!(page, "| {} | {} | {enabled} | {peers} |\n", rule.level.word(), rule.category.word());
    push_paragraphs(&mut page, &doc.description);
    if !rule.needs.is_empty() {
        let needs: Vec<&str> = rule.needs.iter().map(|need| need.phrase()).collect();
        let _ = writeln!(page, "It requires {}: for a snapshot it is reported as not run.\n", needs.join(" and "));
    }
    for (heading, text) in [("Why", &doc.rationale), ("Fix", &doc.remediation)] {
        let _ = writeln!(page, "## {heading}\n");
        push_paragraphs(&mut page, text);
    }
    for (heading, sql) in [("Bad", &doc.example_bad), ("Good", &doc.example_good)] {
        let _ = writeln!(page, "## {heading}\n\n```sql\n{sql}\n```\n");
    }
    if !rule.options.is_empty() {
        let _ = writeln!(page, "## Options\n\n| Option | Default | Meaning |\n|---|---|---|");
        for option in rule.options {
            let default = option.default_value().to_json();
            let _ = writeln!(page, "| `{}` | `{default}` | {} |", option.name, option.description);
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// Returns the index of all rules, as Markdown: a table for each category.
pub fn index_page() -> String {
    let mut page = "# Lint rules\n\nThe names are those of `pgmeta_lint_rules()`. Rules that are off run if the option `rules` names them.\n".to_owned();
    for category in Category::ALL {
        let rules: Vec<_> = RULES.iter().filter(|rule| rule.category == category).collect();
        if rules.is_empty() {
            continue;
        }
        let word = category.word();
        let heading = word[..1].to_uppercase() + &word[1..];
        let _ = writeln!(page, "\n## {heading}\n\n| Rule | Level | By default | Finds |\n|---|---|---|---|");
        for rule in rules {
            let enabled = if rule.enabled { "on" } else { "off" };
            let title = rule.document().title;
            let _ = writeln!(page, "| [{0}]({0}.md) | {1} | {enabled} | {title} |", rule.name, rule.level.word());
        }
    }
    page
}

fn code_list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Appends paragraphs, which are one line each.
fn push_paragraphs(page: &mut String, text: &str) {
    for paragraph in text.lines() {
        let _ = writeln!(page, "{paragraph}\n");
    }
}
