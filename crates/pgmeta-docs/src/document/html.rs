//! Pages as a site of HTML, which is XML too. It needs no server, no network and no script; its links are relative.

use askama::Template;
use pgmeta_core::ddl::File;
use pgmeta_core::interrupt::check_now;

use super::DocumentError;
use super::page::{Body, Cell, DIAGRAM, FINDINGS, INDEX, Page};
use super::places::Places;
use super::site::Site;
use crate::diagram::{Graph, as_svg};

const STYLE: &str = include_str!("../../templates/style.css");
const SCRIPT: &str = include_str!("../../templates/site.js");

#[derive(Template)]
#[template(path = "page.html")]
struct PageFile<'a> {
    site: &'a str,
    page: &'a Page,
    /// The identifiers of the sections.
    ids: Vec<String>,
    root: &'static str,
    stylesheet: Option<String>,
    places: &'a Places,
}

impl PageFile<'_> {
    fn is_index(&self) -> bool {
        self.page.path == INDEX
    }

    /// Returns whether the page is the one that an entry of the navigation leads to.
    fn is_current(&self, path: &str) -> bool {
        self.page.path == path
    }

    fn svg(&self, graph: &Graph, section: &str) -> String {
        let label = format!("{}: {section}", self.page.title);
        as_svg(graph, &label, &|table| {
            let path = self.places.relation(&table.schema, &table.name).page?;
            Some(format!("{}{path}.html", self.root))
        })
    }
}

/// Returns the files of a site.
pub fn files(site: &Site<'_>, pages: &[Page]) -> Result<Vec<File>, DocumentError> {
    let options = site.options;
    let file = |path: &str, content: &str| File { path: path.to_owned(), content: content.to_owned() };
    let mut files = vec![file("style.css", STYLE), file("site.js", SCRIPT)];
    for page in pages {
        check_now();
        let root = page.root();
        let stylesheet = options.stylesheet_from(root);
        let template =
            PageFile { site: options.title(), page, ids: page.ids(), root, stylesheet, places: &site.places };
        files.push(File { path: format!("{}.html", page.path), content: template.render()? });
    }
    Ok(files)
}
