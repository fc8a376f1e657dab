//! Tables whose foreign keys refer to each other in a circle, and the key by which rows can get into them.

use crate::column::serial_base;
use crate::complexity::circles;
use crate::constraint::ForeignKeyDefinition;
use crate::definition::Definition;
use crate::table::TableDefinition;
use crate::validate::{Findings, Level};

/// Reports each circle once. It is a warning if no row can be inserted first.
pub(super) fn check(definition: &Definition, findings: &mut Findings) {
    const CODE: &str = "CIRCULAR_FOREIGN_KEY";
    let hard = circles(definition, |table, key| !can_wait(table, key));
    for members in circles(definition, |_, _| true) {
        let names: Vec<&str> = members.iter().map(|at| &*definition.tables[*at].name).collect();
        let circle = format!("The foreign keys of tables {} form a circle", names.join(", "));
        let stuck = hard.iter().find(|own| own.iter().all(|at| members.contains(at)));
        let within = stuck.unwrap_or(&members);
        let mut keys = within.iter().flat_map(|at| {
            let table = &definition.tables[*at];
            let of_table = table.foreign_keys.iter().enumerate();
            of_table.map(move |(position, key)| (*at, position, table, key))
        });
        let is_part = |table: &TableDefinition, key: &ForeignKeyDefinition| {
            key.references.table != table.name
                && within.iter().any(|at| definition.tables[*at].name == key.references.table)
                && can_wait(table, key) == stuck.is_none()
        };
        let Some((at, position, table, key)) = keys.find(|(_, _, table, key)| is_part(table, key)) else { continue };
        let path = format!("/tables/{at}/foreign_keys/{position}");
        let own = format!("{} ({})", table.name, key.columns.join(", "));
        match stuck {
            Some(_) => {
                let message = format!("{circle}, into which no row can be inserted first.");
                let hint =
                    format!("Break it at {own}: make the column nullable, or the key DEFERRABLE INITIALLY DEFERRED.");
                findings.warn(path, CODE, message, &hint);
            }
            None => {
                let way = match key.deferrable {
                    true => "Insert all rows in one transaction: the key is deferrable.",
                    false => "Insert rows with null there first, and set it later.",
                };
                findings.add(path, CODE, Level::Info, format!("{circle}, which is open at {own}."), way);
            }
        }
    }
}

/// Returns whether a row can be inserted before the one that it refers to.
fn can_wait(table: &TableDefinition, key: &ForeignKeyDefinition) -> bool {
    let in_key = |name| table.primary_key.as_ref().is_some_and(|own| own.0.columns.contains(name));
    let nullable = table.columns.iter().filter(|own| {
        own.nullable
            && !own.primary_key
            && own.identity.is_none()
            && serial_base(&own.r#type).is_none()
            && !in_key(&own.name)
    });
    let mut nullable = nullable.filter(|own| key.columns.contains(&own.name));
    key.deferrable || nullable.next().is_some()
}
