//! Definitions on a real server: the definition of a schema creates a schema with the same definition. Of the corpus, those schemas
//! are here that need no object of another kind: others have aggregates, operators or text search configurations.

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, Source, origin, same_text};
use serde_json::Value;

/// The definition of all schemas of a database.
const DEFINITION: &str = "SELECT jsonb_pretty(pgmeta_definition_from(NULL::text[], '{\"warn\": false}'))";

macro_rules! come_back {
    ($($name:ident: $source:expr;)*) => { $(#[test] fn $name() -> Outcome { comes_back($source) })* };
}

come_back! {
    sample_app: Source::Fixture("sample_app");
    corpus_apalis: Source::Corpus("apalis");
    corpus_apflora_big: Source::Corpus("apflora_big");
    corpus_atuin: Source::Corpus("atuin");
    corpus_cala_ledger: Source::Corpus("cala_ledger");
    corpus_goiardi: Source::Corpus("goiardi");
    corpus_pgmq: Source::Corpus("pgmq");
    corpus_pgschema_bytebase: Source::Corpus("pgschema_bytebase");
    corpus_pgschema_employee: Source::Corpus("pgschema_employee");
    corpus_procrastinate: Source::Corpus("procrastinate");
    corpus_supabase_memes: Source::Corpus("supabase_memes");
    corpus_zksync: Source::Corpus("zksync");
}

/// Creates the objects of a database's definition in an empty one, and compares the definitions of both.
fn comes_back(source: Source) -> Outcome {
    let Some(origin) = origin(source)? else { return Ok(()) };
    let before = origin.psql(DEFINITION)?;
    let database = Database::with_pgmeta("definition")?;
    let script = database.psql(&format!("SELECT pgmeta_definition_sql({}::jsonb)", quoted(&before)))?;
    database.load(&script).with_context(|| format!("the statements fail:\n{script}"))?;
    let after = database.psql(DEFINITION)?;
    same_text("the definition", &before, &after)?;
    let tables = serde_json::from_str::<Value>(&before)?["tables"].as_array().map_or(0, Vec::len);
    ensure!(tables > 0, "a definition without tables proves nothing");
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The faults of a document are all found at once, each with its path.
#[test]
fn all_faults_are_found_at_once() -> Outcome {
    let database = Database::with_pgmeta("definition_faults")?;
    let found = |document: &str| -> Result<Vec<String>> {
        let sql = format!(
            "SELECT path, code FROM pgmeta_definition_validate({}) WHERE level = 'error' ORDER BY path, code",
            quoted(document)
        );
        Ok(database.psql(&sql)?.lines().map(str::to_owned).collect())
    };
    let document = r#"{"tables": [
        {"name": "a", "columns": [{"name": "id", "type": "integer", "primary_key": true}, {"name": "id", "type": "nosuch"}]},
        {"name": "a", "columns": [{"name": "id", "type": "serial", "default": 1}],
         "primary_key": ["missing"],
         "foreign_keys": [{"columns": ["id"], "references": {"table": "none"}},
                          {"columns": ["id"], "references": {"table": "a", "columns": ["id", "id"]}}]}]}"#;
    let expected = [
        "/tables/0/columns/1/name|DUPLICATE_NAME",
        "/tables/0/columns/1/type|UNSUPPORTED_DATA_TYPE",
        "/tables/1/columns/0|CONFLICTING_DEFAULT",
        "/tables/1/foreign_keys/0/references|FOREIGN_KEY_ERROR",
        "/tables/1/foreign_keys/1|FOREIGN_KEY_ERROR",
        "/tables/1/name|DUPLICATE_NAME",
        "/tables/1/primary_key|UNKNOWN_COLUMN",
    ];
    let all = found(document)?;
    ensure!(all == expected, "{all:#?}");
    let shape = r#"{"tables": [{"columns": [{"name": "a"}], "colour": 1}], "views": {}}"#;
    let all = found(shape)?;
    ensure!(all.len() >= 4, "{all:#?}");
    // At most 100 are returned.
    let column = r#"{"name": "x", "type": "nosuch"}"#;
    let many = format!(r#"{{"tables": [{{"name": "t", "columns": [{}]}}]}}"#, vec![column; 150].join(","));
    ensure!(found(&many)?.len() == 100, "{}", found(&many)?.len());
    Ok(())
}
