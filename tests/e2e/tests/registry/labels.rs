//! Labels of enum types: the server lets a transaction use no label that it has added.

use anyhow::ensure;
use pgmeta_e2e::Outcome;

use super::{ALLOW_ALL, quoted, with_shop};

/// A version that adds a label and uses it is refused with the way out, and two versions do it.
#[test]
fn a_label_is_used_one_version_after_it_is_added() -> Outcome {
    let database = with_shop("registry_labels")?;
    database.psql("SELECT pgmeta_definition_deploy('shop')")?;
    let update = |path: &str, value: &str| {
        database.psql(&format!(
            "SELECT pgmeta_definition_update('shop', jsonb_set(pgmeta_definition_get('shop'), '{path}', {}))",
            quoted(value)
        ))
    };
    let with_label = update("{enums,0,values}", r#"["new", "sent", "paid"]"#)?;
    let with_use = update("{tables,1,columns,2,default}", r#""'sent'""#)?;
    ensure!((with_label.as_str(), with_use.as_str()) == ("2", "3"), "{with_label} {with_use}");
    let deploy = |version: &str| {
        format!("SELECT pgmeta_definition_deploy('shop', {version}, options => {});", quoted(ALLOW_ALL))
    };
    let error = database.error("postgres", &deploy("3"))?;
    ensure!(error.contains("55P04") && error.contains("deploy a version with the label first"), "{error}");
    ensure!(database.psql("SELECT pgmeta_definition_status('shop') ->> 'deployed_version'")? == "1");
    database.psql(&deploy("2"))?;
    database.psql(&deploy("3"))?;
    ensure!(database.psql("INSERT INTO shop.customers (mail) VALUES ('a'); INSERT INTO shop.orders (customer_id) VALUES (1) RETURNING state")?.contains("sent"));
    Ok(())
}
