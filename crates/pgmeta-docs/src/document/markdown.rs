//! Pages as files of Markdown, which GitHub and GitLab show, with diagrams in Mermaid.

use askama::Template;
use pgmeta_core::ddl::File;
use pgmeta_core::interrupt::check_now;

use super::DocumentError;
use super::escape::{fenced, inline};
use super::page::{Body, Cell, INDEX, Page};
use crate::diagram::{Graph, as_mermaid};

#[derive(Template)]
#[template(path = "page.md")]
struct PageFile<'a> {
    page: &'a Page,
}

impl PageFile<'_> {
    /// Returns the way to a page.
    fn target(&self, path: &str) -> String {
        format!("{}{}", self.page.root(), file(path))
    }

    fn mermaid(&self, graph: &Graph) -> String {
        fenced("mermaid", &as_mermaid(graph))
    }

    fn sql(&self, text: &str) -> String {
        fenced("sql", text)
    }

    fn code(&self, text: &str) -> String {
        inline(text)
    }
}

/// Returns the file of a page.
fn file(path: &str) -> String {
    if path == INDEX { "README.md".to_owned() } else { format!("{path}.md") }
}

/// Returns the files.
pub fn files(pages: &[Page]) -> Result<Vec<File>, DocumentError> {
    let mut files = Vec::with_capacity(pages.len());
    for page in pages {
        check_now();
        let text = PageFile { page }.render()?;
        files.push(File { path: file(&page.path), content: text.trim_end().to_owned() + "\n" });
    }
    Ok(files)
}
