//! Recommendations: findings whose benefit statistics can estimate, the greatest first. Judges nothing itself.

use pgmeta_core::model::{Model, ModelIndex, ObjectKey, ObjectKind};
use serde_json::json;

use crate::finding::Finding;
use crate::lint::Outcome;
use crate::statistics::Statistics;

/// How the benefit of a recommendation is estimated, always in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Benefit {
    /// The space of the index is freed.
    Index,
    /// The bloat that the rule has found is freed.
    Bloat,
    /// The part of the index that holds only nulls is freed.
    Nulls,
    /// Sequential scans of the table are avoided.
    Scans,
    /// The table is what the advice is about: nothing more is known.
    Table,
}

impl Benefit {
    /// Returns what the bytes are.
    fn word(self) -> &'static str {
        match self {
            Benefit::Index | Benefit::Bloat | Benefit::Nulls => "space freed",
            Benefit::Scans => "reads avoided",
            Benefit::Table => "size of the table",
        }
    }
}

/// The rules that give advice on indexes, types, partitions and keys.
const RULES: &[(&str, Benefit)] = &[
    ("unused_index", Benefit::Index),
    ("duplicate_index", Benefit::Index),
    ("redundant_index", Benefit::Index),
    ("invalid_index", Benefit::Index),
    ("index_low_selectivity", Benefit::Index),
    ("index_btree_on_array", Benefit::Index),
    ("index_bloat", Benefit::Bloat),
    ("table_bloat", Benefit::Bloat),
    ("index_null_heavy", Benefit::Nulls),
    ("missing_index", Benefit::Scans),
    ("unindexed_foreign_key", Benefit::Table),
    ("table_without_index", Benefit::Table),
    ("matview_no_unique_index", Benefit::Table),
    ("no_primary_key", Benefit::Table),
    ("pk_int_narrow", Benefit::Table),
    ("sequence_exhaustion", Benefit::Table),
    ("natural_or_varchar_pk", Benefit::Table),
    ("fk_type_mismatch", Benefit::Table),
    ("char_n", Benefit::Table),
    ("json_not_jsonb", Benefit::Table),
    ("money_type", Benefit::Table),
    ("timestamp_without_tz", Benefit::Table),
    ("partition_gap", Benefit::Table),
    ("no_default_partition", Benefit::Table),
    ("partition_index_not_attached", Benefit::Table),
    ("default_partition_not_empty", Benefit::Table),
];

/// Returns the names of the rules whose findings can be recommendations.
pub fn recommended_rules() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(name, _)| *name)
}

/// Returns the findings whose benefit is known, the greatest first. Each has it in its metadata.
pub fn recommendations(outcome: Outcome, model: &Model, statistics: &Statistics) -> Vec<Finding> {
    let index = ModelIndex::of(model);
    let mut rated: Vec<(i64, Finding)> = Vec::new();
    for mut finding in outcome.findings {
        let Some((_, benefit)) = RULES.iter().find(|(name, _)| *name == finding.rule) else { continue };
        let Some(bytes) = bytes(&finding, *benefit, &index, statistics) else { continue };
        let fact = json!({"bytes": bytes, "of": benefit.word()});
        finding.metadata.insert("benefit".to_owned(), fact);
        rated.push((bytes, finding));
    }
    rated.sort_by_key(|(bytes, finding)| std::cmp::Reverse((*bytes, finding.level)));
    rated.into_iter().map(|(_, finding)| finding).collect()
}

fn bytes(finding: &Finding, benefit: Benefit, index: &ModelIndex<'_>, statistics: &Statistics) -> Option<i64> {
    let key = finding.key.as_ref()?;
    match benefit {
        Benefit::Index => of_index(key, statistics),
        Benefit::Bloat => finding.metadata.get("bloat_bytes")?.as_i64(),
        Benefit::Nulls => {
            let fraction = finding.metadata.get("null_fraction")?.as_f64()?;
            #[expect(clippy::cast_possible_truncation, reason = "the product is less than the size")]
            #[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
            of_index(key, statistics).map(|bytes| (bytes as f64 * fraction) as i64)
        }
        Benefit::Scans => {
            let scans = finding.metadata.get("seq_scans")?.as_i64()?;
            Some(of_table(&table_of(key, index)?, statistics)?.saturating_mul(scans))
        }
        Benefit::Table => of_table(&table_of(key, index)?, statistics),
    }
}

fn of_index(key: &ObjectKey, statistics: &Statistics) -> Option<i64> {
    let schema = key.schema()?;
    statistics.indexes.as_ref()?.get(&**schema)?.get(key.name())?.bytes
}

fn of_table(key: &ObjectKey, statistics: &Statistics) -> Option<i64> {
    let [schema, name] = &*key.names else { return None };
    statistics.tables.as_ref()?.get(&**schema)?.get(&**name)?.bytes
}

/// Returns the table that an object is or belongs to.
fn table_of(key: &ObjectKey, index: &ModelIndex<'_>) -> Option<ObjectKey> {
    match key.relation() {
        Some((schema, name)) if key.kind != ObjectKind::Sequence => {
            Some(ObjectKey::in_schema(ObjectKind::Table, schema, name))
        }
        _ => index.get(key)?.parent(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use pgmeta_core::model::Table;

    use super::*;
    use crate::lint::lint;
    use crate::options::Options;
    use crate::statistics::TableFacts;

    #[test]
    fn the_greatest_benefit_comes_first_and_what_is_not_known_is_left_out() {
        let table = |name: &str| Table { schema: "app".into(), name: name.into(), ..Table::default() };
        let mut model = Model { tables: ["small", "large", "unknown"].map(table).into(), ..Model::default() };
        model.sort();
        let facts = |bytes| TableFacts { bytes: Some(bytes), ..TableFacts::default() };
        let tables = [("small".to_owned(), facts(10)), ("large".to_owned(), facts(1000))];
        let statistics =
            Statistics { tables: Some([("app".to_owned(), tables.into())].into()), ..Statistics::default() };
        let options = Options::from_value(&json!({"rules": ["no_primary_key", "name_case"]})).unwrap();
        let outcome = lint(&model, Some(&statistics), &options);
        let found = recommendations(outcome, &model, &statistics);
        let names: Vec<&str> = found.iter().filter_map(|finding| finding.name.as_deref()).collect();
        assert_eq!(names, ["large", "small"]);
        assert_eq!(found[0].metadata["benefit"], json!({"bytes": 1000, "of": "size of the table"}));
        assert!(RULES.iter().all(|(name, _)| crate::registry::rule(name).is_some()));
    }
}
