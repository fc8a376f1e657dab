//! The page of a function: of all routines with its name.

use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::model::ArgumentMode;
use pgmeta_discovery::{ArgumentEntry, FunctionEntry};

use super::finish;
use crate::document::page::{Cell, Page};
use crate::document::privileges;
use crate::document::site::Site;
use crate::document::words::{joined, of_routine};

/// Returns the page of the routines with one name.
pub fn page<'a>(site: &Site<'a>, path: &str, overloads: &[&'a FunctionEntry]) -> Page {
    let mut page = Page { path: path.to_owned(), ..Page::default() };
    let Some(first) = overloads.first() else { return page };
    page.title = qualified(&first.schema, &first.name);
    page.kind = of_routine(first.kind).to_owned();
    if let [only] = overloads {
        page.comment = only.comment.clone();
        page.facts = facts(only);
        let headers = ["Argument", "Type", "Mode", "Default"];
        page.grid("Arguments", &headers, only.arguments.iter().map(argument));
    } else {
        for own in overloads {
            page.grid(&*own.identity, &["Fact", "Value"], described(own).into_iter());
        }
    }
    let callers = site.callers_of(first).iter().map(|(table, trigger)| {
        vec![Cell::Links(vec![site.places.relation(&table.schema, &table.name)]), Cell::text(ident(trigger))]
    });
    page.grid("Called by triggers", &["Table", "Trigger"], callers);
    let several = overloads.len() > 1;
    let rows = overloads.iter().flat_map(|own| {
        let identity = Cell::Code(if several { own.identity.clone() } else { String::new() });
        let object = site.routine(&own.identity);
        let rows = object.map(|object| privileges::rows(object, site.document.server_version_num));
        rows.unwrap_or_default().into_iter().map(move |mut row| {
            // Routines have no columns.
            row.pop();
            row.push(identity.clone());
            row
        })
    });
    page.grid("Privileges", &["Role", "Privileges", "With grant option", "Function"], rows);
    finish(site, &mut page);
    page
}

/// Returns what is said of a routine beside its arguments.
fn facts(own: &FunctionEntry) -> Vec<(&'static str, Cell)> {
    let returns = own.return_type.as_deref().map(|text| match own.returns_set {
        true => format!("SETOF {text}"),
        false => text.to_owned(),
    });
    let properties = [
        (true, own.volatility.word()),
        (own.strict, "STRICT"),
        (own.security_definer, "SECURITY DEFINER"),
        (true, "PARALLEL"),
    ];
    let properties = joined(properties.into_iter().filter_map(|(is, word)| is.then_some(word)));
    let facts = [
        ("Returns", Cell::code(returns.as_deref())),
        ("Language", Cell::maybe(own.language.as_deref())),
        ("Properties", Cell::text(format!("{properties} {}", own.parallel.word()))),
    ];
    facts.into_iter().filter(|(_, cell)| !cell.is_empty()).collect()
}

/// Returns the rows for one of several routines.
fn described(own: &FunctionEntry) -> Vec<Vec<Cell>> {
    let arguments: Vec<String> = own.arguments.iter().map(declared).collect();
    let mut rows = vec![
        vec![Cell::text("Kind"), Cell::text(of_routine(own.kind))],
        vec![Cell::text("Comment"), Cell::maybe(own.comment.as_deref())],
        vec![Cell::text("Arguments"), Cell::Code(arguments.join(", "))],
    ];
    rows.extend(facts(own).into_iter().map(|(word, cell)| vec![Cell::text(word), cell]));
    rows.retain(|row| row.get(1).is_some_and(|cell| !cell.is_empty()));
    rows
}

fn declared(own: &ArgumentEntry) -> String {
    let mode = if own.mode == ArgumentMode::In { "" } else { own.mode.word() };
    let default = own.default.as_ref().map(|default| format!("DEFAULT {default}")).unwrap_or_default();
    let name = own.name.as_deref().map(ident).unwrap_or_default();
    let words = [mode, &name, &own.data_type, &default];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn argument(own: &ArgumentEntry) -> Vec<Cell> {
    vec![
        Cell::Code(own.name.as_deref().map(ident).unwrap_or_default()),
        Cell::Code(own.data_type.to_string()),
        Cell::text(own.mode.word()),
        Cell::code(own.default.as_deref()),
    ]
}
