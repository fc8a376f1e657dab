//! Names in a definition: empty, too long, given twice, or odd. An odd name is quoted, not refused.

use pgmeta_core::ident::{Name, ident};
use pgmeta_core::interrupt::check as check_interrupts;
use pgmeta_core::model::ArgumentMode;
use rustc_hash::FxHashMap;

use crate::definition::Definition;
use crate::function::ArgumentDefinition;
use crate::to_model::names::Names;
use crate::validate::{Findings, schema_of};

/// The longest name in bytes.
const LONGEST: usize = 63;

/// The columns that every table has.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// The names that are given in one place, with the paths of the first ones.
#[derive(Default)]
struct Given(FxHashMap<(Name, Name), String>);

impl Given {
    fn note(&mut self, schema: &Name, name: &Name, path: String, findings: &mut Findings) {
        judge(name, &path, findings);
        if let Some(first) = self.0.get(&(schema.clone(), name.clone())) {
            let message = format!("Name {} is given twice; first at {first}.", ident(name));
            findings.error(&path, "DUPLICATE_NAME", message, "Give one of them another name.");
            return;
        }
        self.0.insert((schema.clone(), name.clone()), path);
    }
}

pub(super) fn check(definition: &Definition, findings: &mut Findings) {
    let (mut relations, mut types) = (Given::default(), Given::default());
    let schema = |given: &Option<Name>| schema_of(given.as_ref(), definition);
    for (at, own) in definition.tables.iter().enumerate() {
        check_interrupts();
        relations.note(&schema(&own.schema), &own.name, format!("/tables/{at}/name"), findings);
        let mut columns = Given::default();
        for (column, it) in own.columns.iter().enumerate() {
            let path = format!("/tables/{at}/columns/{column}/name");
            if SYSTEM_COLUMNS.contains(&&*it.name) {
                let message = format!("Column name {} is that of a system column.", it.name);
                findings.error(&path, "INVALID_NAME", message, "Give it another name.");
            }
            columns.note(&Name::default(), &it.name, path, findings);
        }
        check_constraint_names(own, at, findings);
    }
    for (at, own) in definition.views.iter().enumerate() {
        relations.note(&schema(&own.schema), &own.name, format!("/views/{at}/name"), findings);
    }
    for (at, own) in definition.materialized_views.iter().enumerate() {
        relations.note(&schema(&own.schema), &own.name, format!("/materialized_views/{at}/name"), findings);
    }
    for (at, own) in definition.sequences.iter().enumerate() {
        relations.note(&schema(&own.schema), &own.name, format!("/sequences/{at}/name"), findings);
    }
    for (at, own) in definition.tables.iter().enumerate() {
        for (index, it) in own.indexes.iter().enumerate() {
            if let Some(name) = &it.name {
                relations.note(&schema(&own.schema), name, format!("/tables/{at}/indexes/{index}/name"), findings);
            }
        }
    }
    // The rows of a relation are a type with its name.
    let is_index = |path: &str| path.contains("/indexes/");
    let clash = |schema: &Name, name: &Name, path: String, findings: &mut Findings| {
        if relations.0.get(&(schema.clone(), name.clone())).is_some_and(|first| !is_index(first)) {
            let message = format!("Name {} is that of a relation, whose rows are a type.", ident(name));
            findings.error(path, "DUPLICATE_NAME", message, "Give one of them another name.");
        }
    };
    for (at, own) in definition.enums.iter().enumerate() {
        clash(&schema(&own.schema), &own.name, format!("/enums/{at}/name"), findings);
        types.note(&schema(&own.schema), &own.name, format!("/enums/{at}/name"), findings);
        let mut values = Given::default();
        for (value, it) in own.values.iter().enumerate() {
            values.note(&Name::default(), it, format!("/enums/{at}/values/{value}"), &mut Findings::default());
            if own.values[..value].contains(it) {
                let message = format!("Value \"{it}\" is given twice.");
                findings.error(format!("/enums/{at}/values/{value}"), "DUPLICATE_NAME", message, "Remove one of them.");
            }
        }
    }
    for (at, own) in definition.composites.iter().enumerate() {
        clash(&schema(&own.schema), &own.name, format!("/composites/{at}/name"), findings);
        types.note(&schema(&own.schema), &own.name, format!("/composites/{at}/name"), findings);
    }
    check_signatures(definition, findings);
    for (at, own) in definition.domains.iter().enumerate() {
        clash(&schema(&own.schema), &own.name, format!("/domains/{at}/name"), findings);
        types.note(&schema(&own.schema), &own.name, format!("/domains/{at}/name"), findings);
    }
}

/// Reports functions with the same arguments.
fn check_signatures(definition: &Definition, findings: &mut Findings) {
    let names = Names::of(definition);
    let mut seen: FxHashMap<(Name, Name, Vec<Name>), usize> = FxHashMap::default();
    for (at, own) in definition.functions.iter().enumerate() {
        check_interrupts();
        let is_input = |it: &&ArgumentDefinition| !matches!(it.mode.0, ArgumentMode::Out | ArgumentMode::Table);
        let arguments = own.arguments.iter().filter(is_input).map(|it| names.data_type(&it.r#type)).collect();
        let key = (schema_of(own.schema.as_ref(), definition), own.name.clone(), arguments);
        if let Some(first) = seen.insert(key, at) {
            let message = format!("Function {} has the arguments of /functions/{first}.", ident(&own.name));
            findings.error(format!("/functions/{at}"), "DUPLICATE_NAME", message, "Change its name or its arguments.");
        }
    }
}

fn check_constraint_names(table: &crate::table::TableDefinition, at: usize, findings: &mut Findings) {
    let mut given = Given::default();
    let mut note = |name: &Option<Name>, path: String| {
        if let Some(name) = name {
            given.note(&Name::default(), name, path, findings);
        }
    };
    if let Some(key) = &table.primary_key {
        note(&key.0.name, format!("/tables/{at}/primary_key/name"));
    }
    for (position, own) in table.unique.iter().enumerate() {
        note(&own.0.name, format!("/tables/{at}/unique/{position}/name"));
    }
    for (position, own) in table.checks.iter().enumerate() {
        note(&own.0.name, format!("/tables/{at}/checks/{position}/name"));
    }
    for (position, own) in table.foreign_keys.iter().enumerate() {
        note(&own.name, format!("/tables/{at}/foreign_keys/{position}/name"));
    }
    for (position, own) in table.exclusions.iter().enumerate() {
        note(&own.name, format!("/tables/{at}/exclusions/{position}/name"));
    }
}

fn judge(name: &Name, path: &str, findings: &mut Findings) {
    if name.is_empty() {
        findings.error(path, "INVALID_NAME", "A name is empty.".to_owned(), "Give it a name.");
    } else if name.contains('\0') {
        findings.error(path, "INVALID_NAME", "A name contains a null character.".to_owned(), "Remove the character.");
    } else if name.len() > LONGEST {
        let message = format!("Name {} has {} bytes, more than {LONGEST}.", ident(name), name.len());
        findings.error(path, "NAME_TOO_LONG", message, "Give it a shorter name: PostgreSQL would cut it.");
    } else if ident(name) != **name {
        let message = format!("Name {} must be in double quotes in all statements.", ident(name));
        findings.warn(
            path,
            "ODD_NAME",
            message,
            "Use lower-case letters, digits and underscores, and no reserved word.",
        );
    }
}
