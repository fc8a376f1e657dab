//! Deployments that the server's crash interrupts.

use std::thread;
use std::time::Duration;

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome, server};

use super::{ALLOW_ALL, quoted};

/// The server is killed at 30 moments of a deployment: afterwards all of it is there, or nothing, and the status says which.
#[test]
fn a_crash_leaves_all_or_nothing() -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "crash")?;
    let tables: Vec<String> = (0..60)
        .map(|number| {
            format!(r#"{{"name": "t{number}", "columns": [{{"name": "id", "type": "bigint", "primary_key": true}}]}}"#)
        })
        .collect();
    let document = format!(r#"{{"schema": "crashed", "tables": [{}]}}"#, tables.join(","));
    database
        .psql(&format!("CREATE EXTENSION pgmeta; SELECT pgmeta_definition_create('own', {})", quoted(&document)))?;
    let mut seen = [0, 0];
    for round in 0..30u64 {
        let deploy = format!("SELECT pgmeta_definition_deploy('own', options => {})", quoted(ALLOW_ALL));
        thread::scope(|scope| {
            let session = scope.spawn(|| database.run_as("postgres", &deploy));
            thread::sleep(Duration::from_millis(5 + round * 12));
            own.crash()?;
            let _ = session.join();
            Ok::<_, anyhow::Error>(())
        })?;
        let found = database.psql(
            "SELECT s ->> 'status', s ->> 'drift', (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'crashed' AND c.relkind = 'r'), (SELECT count(*) FROM pg_namespace WHERE nspname ~ '^pgmeta_[0-9]')
            FROM pgmeta_definition_status('own') s",
        )?;
        match found.as_str() {
            "created|[]|0|0" => seen[0] += 1,
            "deployed|[]|60|0" => {
                seen[1] += 1;
                database.psql(&format!("SELECT pgmeta_definition_undeploy('own', {})", quoted(ALLOW_ALL)))?;
            }
            other => anyhow::bail!("round {round}: {other}"),
        }
    }
    ensure!(seen[0] > 0, "no deployment was interrupted");
    Ok(())
}
