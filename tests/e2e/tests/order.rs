//! Law 1: the same objects give the same bytes, whatever the order of their creation.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome, Source, origin, repository, same_text};

/// pg_dump creates objects in another order.
#[test]
fn an_export_is_equal_after_pg_dump() -> Outcome {
    let sources = [
        Source::Fixture("sample_app"),
        Source::Fixture("strange_names"),
        Source::Corpus("apflora_big"),
        Source::Corpus("pgschema_sakila"),
        Source::Corpus("sapi_cites"),
        Source::Regression,
    ];
    for source in sources {
        let Some(origin) = origin(source)? else { continue };
        let restored = Database::create("pg_dump")?;
        restored.load(&origin.dump)?;
        if source == Source::Regression {
            // pg_dump itself changes the order of columns with several parents.
            restored.psql(MERGED)?;
            let without = Database::create("merged")?;
            without.load(&origin.export)?;
            without.psql(MERGED)?;
            same_text("exports before and after pg_dump", &without.export()?, &restored.export()?)?;
            continue;
        }
        same_text(&format!("exports of {source:?} before and after pg_dump"), &origin.export, &restored.export()?)?;
    }
    Ok(())
}

/// Drops these tables, and large objects, which `pg_dump -s` omits.
const MERGED: &str = "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP TABLE IF EXISTS gtestxx_4; DROP TABLE IF EXISTS test_type_diff2_c1, test_type_diff2_c2;";

/// The sample application, written by hand in another order.
#[test]
fn an_export_is_equal_for_another_creation_order() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    let other = Database::create("other_order")?;
    other.run_script(&repository().join("tests/e2e/fixtures/sample_app_shuffled.sql"))?;
    other.psql("CREATE EXTENSION pgmeta")?;
    same_text("exports of the two scripts", &origin.export, &other.export()?)?;
    let fingerprint = "SELECT pgmeta_fingerprint(), pgmeta_fingerprint('app'), pgmeta_fingerprint('auth, reporting')";
    ensure!(origin.psql(fingerprint)? == other.psql(fingerprint)?, "the fingerprints differ");
    Ok(())
}

/// The steps of an export, each as soon as possible, in random orders.
#[test]
fn an_export_is_equal_for_random_creation_orders() -> Outcome {
    for source in [Source::Fixture("sample_app"), Source::Corpus("procrastinate"), Source::Corpus("catalogue_of_life")]
    {
        let Some(origin) = origin(source)? else { continue };
        for seed in [0.1, 0.2, 0.3] {
            let steps = origin.psql(
                "SELECT pg_catalog.json_agg(pg_catalog.json_build_array(type, ddl) ORDER BY ordinal) \
                 FROM pgmeta_objects(options => '{\"secrets\": \"include\", \"self\": true}')",
            )?;
            let replayed = Database::create("replayed")?;
            replayed.load(&replay(&steps, seed))?;
            same_text(
                &format!("exports of {source:?} and its replay with seed {seed}"),
                &origin.export,
                &replayed.export()?,
            )?;
            let fingerprint = "SELECT pgmeta_fingerprint()";
            ensure!(origin.psql(fingerprint)? == replayed.psql(fingerprint)?, "the fingerprints differ");
        }
    }
    Ok(())
}

/// Returns a script that runs the steps in rounds; a step that fails waits for the next round. Steps that affect others
/// come after them: indexes and keys of a partitioned table (which an attached partition would get again), default
/// privileges, event triggers.
fn replay(steps: &str, seed: f64) -> String {
    let quoted = steps.replace('\'', "''");
    format!(
        r"SET standard_conforming_strings = on; SET check_function_bodies = off; SET client_min_messages = error; SET search_path = '';
CREATE TEMP TABLE steps AS SELECT at, value ->> 0 AS type, value ->> 1 AS ddl, false AS done
  FROM pg_catalog.json_array_elements('{quoted}') WITH ORDINALITY AS e (value, at);
SELECT pg_catalog.setseed({seed});
DO $replay$
DECLARE
  step record;
  failed int;
  done int;
BEGIN
  FOR turn IN 0 .. 2 LOOP
    LOOP
      failed := 0; done := 0;
      FOR step IN SELECT at, ddl FROM pg_temp.steps s
                  WHERE NOT s.done AND CASE WHEN type IN ('default acl', 'event trigger') THEN 2 WHEN type IN ('index', 'table constraint') THEN 1 ELSE 0 END <= turn ORDER BY pg_catalog.random() LOOP
        BEGIN
          EXECUTE step.ddl;
          done := done + 1;
          UPDATE pg_temp.steps s SET done = true WHERE at = step.at;
        EXCEPTION WHEN OTHERS THEN
          failed := failed + 1;
        END;
      END LOOP;
      EXIT WHEN failed = 0 OR done = 0;
    END LOOP;
  END LOOP;
  FOR step IN SELECT at, ddl FROM pg_temp.steps s WHERE NOT s.done LOOP
    EXECUTE step.ddl;
  END LOOP;
END $replay$;
DROP TABLE pg_temp.steps;
"
    )
}
