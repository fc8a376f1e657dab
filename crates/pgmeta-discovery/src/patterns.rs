//! What relationships form: pairs of tables, junctions between them, references of tables to themselves, cycles.

use std::collections::BTreeMap;

use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{ModelIndex, Table};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use crate::relationships::{Kind, Relationship};

/// A relationship, by the tables that it connects.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Pair {
    /// The name of the relationship.
    pub name: Name,
    /// The table, as `schema.table`.
    pub table: String,
    /// The parent, as `schema.table`.
    pub parent: String,
    /// Whether no foreign key declares it.
    #[serde(rename = "virtual")]
    pub implied: bool,
}

/// A junction table with the tables that it links.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Junction {
    /// The junction table, as `schema.table`.
    pub through: String,
    /// The tables that it links, as `schema.table`, in the order of their columns in the junction table.
    pub tables: Vec<String>,
    /// The columns of the junction table that are in no foreign key.
    pub extra_columns: Vec<Name>,
}

/// Tables that refer to each other, directly or through others of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cycle {
    /// The number of the cycle, which its relationships have too.
    pub cycle: i32,
    /// The tables, as `schema.table`, sorted.
    pub tables: Vec<String>,
    /// The names of the foreign keys, in the order of the relationships.
    pub relationships: Vec<Name>,
}

/// What the relationships of a schema form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Patterns {
    /// The relationships of which a row of the parent has at most one row.
    pub one_to_one: Vec<Pair>,
    /// The relationships of which a row of the parent has any number of rows.
    pub one_to_many: Vec<Pair>,
    /// The junction tables.
    pub many_to_many: Vec<Junction>,
    /// The references of tables to themselves.
    pub self_references: Vec<Pair>,
    /// The cycles of foreign keys. A reference of a table to itself is not a cycle.
    pub cycles: Vec<Cycle>,
}

/// Returns what relationships form, in their order.
pub fn patterns(index: &ModelIndex<'_>, relationships: &[Relationship]) -> Patterns {
    let mut found = Patterns::default();
    let mut cycles: BTreeMap<i32, (Vec<String>, Vec<Name>)> = BTreeMap::new();
    let mut junctions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for own in relationships {
        check();
        let (table, parent) = (text(own.table()), text(own.parent()));
        if let Some(number) = own.cycle {
            let (tables, names) = cycles.entry(number).or_default();
            tables.extend([table.clone(), parent.clone()]);
            names.push(own.name.clone());
        }
        let pair = Pair { name: own.name.clone(), table, parent, implied: own.implied };
        match own.kind {
            Kind::OneToOne => found.one_to_one.push(pair),
            Kind::OneToMany => found.one_to_many.push(pair),
            Kind::SelfReference => found.self_references.push(pair),
            Kind::ManyToMany => {
                let tables = junctions.entry(own.through.as_deref().unwrap_or_default()).or_default();
                // A table that is linked with itself is there twice.
                let is_new = tables.is_empty() || !tables.contains(&pair.parent) || pair.table == pair.parent;
                if !tables.contains(&pair.table) {
                    tables.push(pair.table);
                }
                if is_new {
                    tables.push(pair.parent);
                }
            }
        }
    }
    for table in &index.model().tables {
        let through = qualified(&table.schema, &table.name);
        if let Some(tables) = junctions.remove(through.as_str()) {
            found.many_to_many.push(Junction { through, tables, extra_columns: extra_columns(index, table) });
        }
    }
    found.cycles = cycles
        .into_iter()
        .map(|(cycle, (mut tables, relationships))| {
            tables.sort();
            tables.dedup();
            Cycle { cycle, tables, relationships }
        })
        .collect();
    found
}

fn text((schema, name): (&Name, &Name)) -> String {
    qualified(schema, name)
}

fn extra_columns(index: &ModelIndex<'_>, table: &Table) -> Vec<Name> {
    let keys = index.foreign_keys(&table.schema, &table.name).iter();
    let linked: FxHashSet<&Name> = keys.flat_map(|key| &key.columns).collect();
    table.columns.iter().map(|column| &column.name).filter(|name| !linked.contains(name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::relationships::{Strategies, relationships};
    use crate::sample::Sample;

    #[test]
    fn each_relationship_belongs_to_its_pattern() {
        let mut sample = Sample::new();
        for table in ["a", "b", "c"] {
            sample = sample.table(table, &["id integer!", "b_id integer", "c_id integer", "up integer"]);
            sample = sample.primary_key(table, &["id"]);
        }
        let model = sample
            .foreign_key("a", &["b_id"], "b", &["id"])
            .foreign_key("b", &["c_id"], "c", &["id"])
            .foreign_key("c", &["b_id"], "b", &["id"])
            .foreign_key("c", &["up"], "c", &["id"])
            .foreign_key("b", &["id"], "a", &["id"])
            .table("x.l", &["a integer!", "c integer!", "since date"])
            .primary_key("x.l", &["c", "a"])
            .foreign_key("x.l", &["a"], "a", &["id"])
            .foreign_key("x.l", &["c"], "c", &["id"])
            .model();
        let index = ModelIndex::of(&model);
        let found = json!(patterns(&index, &relationships(&index, &Strategies::NONE)));
        let pair = |name: &str, table: &str, parent: &str| json!({"name": name, "table": table, "parent": parent, "virtual": false});
        assert_eq!(found["one_to_one"], json!([pair("b_id_fkey", "s.b", "s.a")]));
        assert_eq!(found["one_to_many"].as_array().map(Vec::len), Some(5));
        let link = json!([{"through": "x.l", "tables": ["s.a", "s.c"], "extra_columns": ["since"]}]);
        assert_eq!(found["many_to_many"], link);
        assert_eq!(found["self_references"], json!([pair("c_up_fkey", "s.c", "s.c")]));
        let keys = ["a_b_id_fkey", "b_c_id_fkey", "b_id_fkey", "c_b_id_fkey"];
        assert_eq!(found["cycles"], json!([{"cycle": 1, "tables": ["s.a", "s.b", "s.c"], "relationships": keys}]));
    }

    #[test]
    fn a_junction_links_a_table_with_itself_or_several() {
        let sample = Sample::new().table("u", &["id integer!"]).primary_key("u", &["id"]);
        let model = sample
            .table("f", &["x integer!", "y integer!"])
            .primary_key("f", &["x", "y"])
            .foreign_key("f", &["x"], "u", &["id"])
            .foreign_key("f", &["y"], "u", &["id"])
            .model();
        let index = ModelIndex::of(&model);
        let found = patterns(&index, &relationships(&index, &Strategies::NONE));
        assert_eq!(found.many_to_many[0].tables, ["s.u", "s.u"]);
    }
}
