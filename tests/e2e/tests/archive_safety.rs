//! Protection against accidental loss of archives: DROP of their storage, lost records, deletions.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{TABLE, files, wait_for, with_policy, with_storage};
use pgmeta_e2e::{Database, Outcome, server};

const DROP: &str = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')";

/// A hash of all rows of a relation, whatever their order.
fn hash(database: &Database<'_>, relation: &str) -> Result<String> {
    database.psql(&format!("SELECT md5(string_agg(r::text, ' ' ORDER BY r::text)) FROM {relation} r"))
}

fn manifest(folder: &Path) -> Result<PathBuf> {
    let found = files(folder)?.into_iter().find(|path| path.to_string_lossy().ends_with("manifest.json"));
    found.context("no manifest")
}

#[test]
fn drops_do_not_orphan_archives() -> Outcome {
    let (database, _folder) = with_storage("orphans")?;
    database.psql(TABLE)?;
    database
        .psql("DROP SERVER cold; CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp')")?;
    database.psql("SELECT pgmeta_archive_policy_create('p', 'ev', 'cold', '1 month')")?;
    let error = database.error("postgres", "DROP SERVER cold")?;
    ensure!(error.contains("2BP01") && error.contains("1 policy and 0 archives"), "{error}");
    database.psql("SELECT pgmeta_archive_policy_drop('p'); DROP SERVER cold")?;
    drop(database);

    let (database, folder) = with_storage("orphans")?;
    database.psql(TABLE)?;
    database.psql(DROP)?;
    database.psql(
        "DO $$ BEGIN CREATE ROLE e2e_orphan_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        DO $$ BEGIN CREATE ROLE e2e_orphan_other; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT USAGE ON FOREIGN DATA WRAPPER pgmeta_storage TO e2e_orphan_owner; ALTER SERVER cold OWNER TO e2e_orphan_owner",
    )?;
    for (statement, why) in [
        ("DROP SERVER cold", "cannot drop storage \"cold\" because archives need it"),
        ("DROP SERVER IF EXISTS nothing, cold CASCADE", "cannot drop storage \"cold\""),
        ("DROP OWNED BY e2e_orphan_owner", "cannot drop storage \"cold\""),
        ("SET ROLE e2e_orphan_owner; DROP SERVER cold", "cannot drop storage \"cold\""),
        ("SET ROLE e2e_orphan_owner; DROP OWNED BY CURRENT_USER CASCADE", "cannot drop storage \"cold\""),
        ("SET search_path = pg_temp; DO $$ BEGIN EXECUTE 'DROP SERVER cold'; END $$", "cannot drop storage \"cold\""),
        ("DROP EXTENSION pgmeta", "cannot drop extension pgmeta because it has the records of archives"),
        ("DROP EXTENSION IF EXISTS plpgsql_check, pgmeta CASCADE", "cannot drop extension pgmeta"),
        ("DROP SCHEMA public CASCADE", "cannot drop extension pgmeta"),
        // PostgreSQL's own error.
        ("DROP SCHEMA pgmeta CASCADE", "cannot drop schema pgmeta because extension pgmeta requires it"),
        ("DROP EVENT TRIGGER pgmeta_guard", "because extension pgmeta requires it"),
    ] {
        let error = database.error("postgres", statement)?;
        ensure!(error.contains("2BP01") && error.contains(why), "{statement}: {error}");
        if !why.contains("requires") {
            ensure!(error.contains("1 of them with rows that are nowhere else"), "{statement}: {error}");
        }
    }
    // A role without privileges learns nothing.
    let error = database.error("postgres", "SET ROLE e2e_orphan_other; DROP SERVER cold")?;
    ensure!(error.contains("42501") && !error.contains("archive"), "{error}");
    // Storages without archives can be dropped; other statements are not affected.
    database.psql("CREATE SCHEMA x; DROP SCHEMA x; DROP SERVER IF EXISTS nothing; DROP OWNED BY e2e_orphan_other")?;
    // The setting works in a session that has not called pgmeta yet.
    database.psql("SET pgmeta.allow_orphans = on; DROP SERVER cold; DROP EXTENSION pgmeta")?;
    ensure!(files(folder.path())?.len() == 2, "the files are gone");
    let trigger = database.psql("SELECT count(*) FROM pg_event_trigger")?;
    ensure!(trigger == "0", "{trigger}");
    database.psql("DROP OWNED BY e2e_orphan_owner, e2e_orphan_other").map(drop)
}

/// Everything can be restored from the bucket alone.
#[test]
fn everything_is_restored_from_a_bucket_alone() -> Outcome {
    let (database, store) = with_policy(server()?, "adopt_from", "{\"retire\": \"drop\"}")?;
    database.psql("CREATE TABLE kept AS SELECT * FROM ev WHERE at < '2099-01-01'")?;
    let rows = hash(&database, "kept")?;
    database.psql("SET client_min_messages = error; CALL pgmeta_archive_run()")?;
    drop(database);

    let database = Database::with_pgmeta("adopt_to")?;
    database.psql(&store.ddl("CURRENT_USER"))?;
    let adopt = "SELECT action, count(*), bool_and(detail LIKE 'written at 20% from database \"e2e\\_adopt\\_from%') FROM pgmeta_archive_adopt('cold') GROUP BY 1";
    let found = database.psql(adopt)?;
    ensure!(found == "adopted|10|t", "{found}");
    let again = database.psql(&adopt.replace("bool_and", "bool_or"))?;
    ensure!(again == "known|10|", "{again}");
    let bad = database.psql("SELECT count(*) FROM pgmeta.archives a, pgmeta_archive_verify(a.id) v WHERE v.status <> 'ok'; SELECT DISTINCT state, archived_by FROM pgmeta.archives")?;
    ensure!(bad == "0\nretired|postgres", "{bad}");
    database.psql("SELECT pgmeta_archive_restore(id) FROM pgmeta.archives")?;
    let all = (1..=10).map(|month| format!("TABLE ev_{month}")).collect::<Vec<_>>().join(" UNION ALL ");
    let back = hash(&database, &format!("({all})"))?;
    ensure!(back == rows, "{back} is not {rows}");
    let equal = database.psql("SELECT bool_and(c.equal) FROM pgmeta.archives a, pgmeta_archive_compare(a.id) c")?;
    ensure!(equal == "t", "{equal}");
    Ok(())
}

/// Adopts archives of the same database by folder, with old and new names of manifests, without reading all files.
#[test]
fn adopt_finds_manifests_by_folder_and_name() -> Outcome {
    let (database, folder) = with_storage("adopt_folder")?;
    database.psql(&TABLE.replace("ev_old", "_ev_old"))?;
    database.psql(&DROP.replace("ev_old", "_ev_old"))?;
    database.psql("CREATE SCHEMA \"Odd 'x\"; CREATE TABLE \"Odd 'x\".\"T/1 \"\"é\" AS SELECT g AS \"Id\", 'x' AS t FROM generate_series(1, 10) g;
        SELECT pgmeta_archive('\"Odd ''x\".\"T/1 \"\"é\"', 'cold', '{\"format\": \"parquet\"}')")?;
    database.psql("DELETE FROM pgmeta.archive_records")?;
    // The name in version 0.1.
    for path in files(folder.path())? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with("manifest.json") && name.starts_with("_T") {
            fs::rename(&path, path.with_file_name(&name[1..]))?;
        }
    }
    let adopt = |options: &str| {
        database.psql(&format!(
            "SELECT partition, action FROM pgmeta_archive_adopt('cold', '{options}') ORDER BY partition COLLATE \"C\""
        ))
    };
    ensure!(adopt("{\"prefix\": \"pgmeta_schema=nothing/\"}")?.is_empty(), "something is in no folder");
    let found = adopt("{\"prefix\": \"pgmeta_schema=public/\", \"content\": false}")?;
    ensure!(found == "public._ev_old|adopted", "{found}");
    let found = adopt("{}")?;
    ensure!(found == "\"Odd 'x\".\"T/1 \"\"é\"|adopted\n|known", "{found}");
    database.psql("ALTER TABLE ev DETACH PARTITION ev_new; DROP TABLE \"Odd 'x\".\"T/1 \"\"é\"; ALTER TABLE ev ATTACH PARTITION ev_new FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")?;
    let restored = database.psql(
        "SELECT pgmeta_archive_restore(id, CASE WHEN parent IS NULL THEN '{}' ELSE '{\"attach\": true}' END::jsonb) FROM pgmeta.archives ORDER BY id;
        SELECT count(*) FROM ev; SELECT sum(\"Id\") FROM \"Odd 'x\".\"T/1 \"\"é\"",
    )?;
    ensure!(restored == "_ev_old\n\"Odd 'x\".\"T/1 \"\"é\"\n1000\n55", "{restored}");
    let error = database.error("postgres", "SELECT pgmeta_archive_adopt('cold', '{\"prefix\": \"../x\"}')")?;
    ensure!(error.contains("22023"), "{error}");
    Ok(())
}

/// The manifest's author defines the properties: they are restored only if the caller trusts the author.
#[test]
fn adopted_manifests_restore_no_properties_by_default() -> Outcome {
    let (database, _folder) = with_storage("adopt_properties")?;
    database.psql(TABLE)?;
    database.psql("GRANT SELECT ON ev_old TO PUBLIC")?;
    database.psql(DROP)?;
    database.psql("DELETE FROM pgmeta.archive_records; SELECT action FROM pgmeta_archive_adopt('cold')")?;
    for (options, granted) in [("{\"attach\": true}", "f"), ("{\"attach\": true, \"properties\": true}", "t")] {
        let output = database.run_as(
            "postgres",
            &format!(
                "SELECT pgmeta_archive_restore(id, '{options}') FROM pgmeta.archives; SELECT count(*) FROM ev;
                SELECT has_table_privilege('public', 'ev_old', 'SELECT'); DROP TABLE ev_old"
            ),
        )?;
        ensure!(output.stderr.contains("was adopted") == (granted == "f"), "{}", output.stderr);
        let found = output.checked(options)?;
        ensure!(found.trim() == format!("ev_old\n1000\n{granted}"), "{found}");
    }
    Ok(())
}

/// Anybody who can write to the storage can write a manifest.
#[test]
fn forged_manifests_are_errors() -> Outcome {
    let (database, folder) = with_storage("adopt_hostile")?;
    database.psql(TABLE)?;
    database.psql(DROP)?;
    database.psql("DELETE FROM pgmeta.archive_records")?;
    let path = manifest(folder.path())?;
    let good = fs::read_to_string(&path)?;
    let evil = |pointer: &str, value: &str| -> Result<String> {
        let mut document: serde_json::Value = serde_json::from_str(&good)?;
        *document.pointer_mut(pointer).context("no such part")? = serde_json::from_str(value)?;
        Ok(document.to_string())
    };
    for (text, why) in [
        (evil("/rows", "1001")?, "in manifest do not match"),
        (evil("/files/0/rows", "18446744073709551615")?, "in manifest do not match"),
        (evil("/files/0/key", "\"../../etc/passwd\"")?, "outside of its folder"),
        (evil("/files/0/key", "\"/etc/passwd\"")?, "outside of its folder"),
        (evil("/files/0/sha256", &format!("\"{}\"", "0".repeat(64)))?, "is damaged"),
        (evil("/row_digest", &format!("\"{}\"", "0".repeat(32)))?, "is damaged"),
        (evil("/bound", "\"FOR VALUES IN (x', '); DROP TABLE ev; --')\"")?, "partition bound in manifest"),
        (evil("/columns/0/data_type", "\"int); DROP TABLE ev; --\"")?, "the type of column"),
        (evil("/columns/0/data_type", "\"int DEFAULT evil()\"")?, "the type of column"),
        (evil("/columns/0/data_type", "\"setof int\"")?, "the type of column"),
        (evil("/columns/1/name", "\"id\"")?, "more than once"),
        (evil("/parent", "\"ev; DROP TABLE ev\"")?, ""),
        (evil("/schema", "\"\"")?, "invalid name"),
        (evil("/encoding", "\"UTF8'; DROP TABLE ev; --\"")?, "encoding"),
        (evil("/format_version", "99")?, "is not supported"),
        ("[".repeat(100_000), "invalid manifest"),
        (good.replacen('{', "{\"more\": 1,", 1), "unknown field"),
        (String::new(), "invalid manifest"),
    ] {
        fs::write(&path, &text)?;
        let found = database.psql("SELECT action, archive IS NULL, detail FROM pgmeta_archive_adopt('cold'); SELECT count(*) FROM pgmeta.archives")?;
        ensure!(found.starts_with("refused|t|") && found.contains(why) && found.ends_with("\n0"), "{why}: {found}");
    }
    fs::write(&path, "\0".repeat(33 << 20))?;
    let found = database.psql("SELECT action, detail FROM pgmeta_archive_adopt('cold')")?;
    ensure!(found.contains("more than a manifest"), "{found}");
    // A type that does not exist here is not an error of the manifest.
    fs::write(&path, evil("/columns/2/data_type", "\"app.mood\"")?)?;
    let found = database.psql("SELECT action FROM pgmeta_archive_adopt('cold')")?;
    ensure!(found == "adopted", "{found}");
    Ok(())
}

#[test]
fn the_only_copy_is_deleted_only_with_force() -> Outcome {
    let (database, folder) = with_storage("delete")?;
    database.psql(TABLE)?;
    database.psql(&format!("SELECT pgmeta_archive('ev_old', 'cold'); {DROP}"))?;
    // The tables do not exist any longer, including the one that the first archive is a copy of.
    for id in [1, 2] {
        let error = database.error("postgres", &format!("CALL pgmeta_archive_delete({id})"))?;
        ensure!(error.contains("55000") && error.contains("{\"force\": true}"), "{error}");
    }
    database
        .psql("SELECT pgmeta_archive_restore(2, '{\"attach\": true}'); UPDATE ev_old SET t = 'other' WHERE id = 1")?;
    for id in [1, 2] {
        let error = database.error("postgres", &format!("CALL pgmeta_archive_delete({id})"))?;
        ensure!(error.contains("55000") && error.contains("does not match the rows"), "{error}");
    }
    database.psql("UPDATE ev_old SET t = 'x1' WHERE id = 1; CALL pgmeta_archive_delete(2)")?;
    let states = database.psql("SELECT state, location IS NULL, rows FROM pgmeta.archives ORDER BY id; SELECT state FROM pgmeta.archive_events WHERE archive = 2 ORDER BY at DESC LIMIT 2")?;
    ensure!(states == "stored|f|1000\ndeleted|t|1000\ndeleted\ndeleting", "{states}");
    ensure!(files(folder.path())?.len() == 2, "{:?}", files(folder.path())?);
    for call in
        ["SELECT * FROM pgmeta_archive_verify(2)", "SELECT pgmeta_archive_restore(2)", "CALL pgmeta_archive_delete(2)"]
    {
        let error = database.error("postgres", call)?;
        ensure!(error.contains("55000") && error.contains("archive 2 was deleted"), "{call}: {error}");
    }
    // Not in a transaction block, which could be rolled back.
    let error = database.error("postgres", "BEGIN; CALL pgmeta_archive_delete(1, '{\"force\": true}')")?;
    ensure!(error.contains("25001"), "{error}");
    database
        .psql("DROP TABLE ev; CALL pgmeta_archive_delete(1, '{\"force\": true}'); CALL pgmeta_archive_delete(NULL)")?;
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let error = database.error("postgres", "CALL pgmeta_archive_delete(99)")?;
    ensure!(error.contains("42704"), "{error}");
    Ok(())
}

/// A deletion is recorded before a file is deleted, and the next call resumes it.
#[test]
fn an_interrupted_deletion_is_resumed() -> Outcome {
    let (database, folder) = with_storage("delete_again")?;
    database.psql(TABLE)?;
    database.psql(DROP)?;
    let away = folder.path().with_extension("away");
    fs::rename(folder.path(), &away)?;
    // A file has the name of the folder.
    fs::write(folder.path(), "")?;
    let error = database.error("postgres", "CALL pgmeta_archive_delete(1, '{\"force\": true}')");
    fs::remove_file(folder.path())?;
    fs::rename(&away, folder.path())?;
    let error = error?;
    ensure!(error.contains("could not remove"), "{error}");
    let found = database.psql("SELECT state, location IS NOT NULL FROM pgmeta.archives")?;
    ensure!(found == "deleting|t", "{found}");
    let error = database.error("postgres", "SELECT pgmeta_archive_restore(1)")?;
    ensure!(error.contains("55000") && error.contains("is being deleted"), "{error}");
    database.psql("CALL pgmeta_archive_delete(1)")?;
    let found = database.psql("SELECT state FROM pgmeta.archives")?;
    ensure!(found == "deleted" && files(folder.path())?.is_empty(), "{found}");
    Ok(())
}

#[test]
fn archives_expire_by_their_policy() -> Outcome {
    for worker in [false, true] {
        let (database, store) = with_policy(server()?, "expire", "{\"retire\": \"drop\", \"expire\": \"10 years\"}")?;
        let run = |done: &str| match worker {
            false => database.psql("SET client_min_messages = error; CALL pgmeta_archive_run('ev')").map(drop),
            true => {
                database.psql("SELECT pgmeta_archive_start('ev')")?;
                wait_for(
                    &database,
                    "the worker",
                    "SELECT count(*) FROM pgmeta.archives WHERE state IN ('retired', 'deleted')",
                    "10",
                )?;
                wait_for(
                    &database,
                    "the worker",
                    "SELECT string_agg(DISTINCT state, ' ' ORDER BY state) FROM pgmeta.archives",
                    done,
                )
            }
        };
        run("retired")?;
        database.psql(
            "UPDATE pgmeta.archive_records SET stored_at = stored_at - interval '11 years' WHERE id <= 3;
            UPDATE pgmeta.archive_records SET state = 'deleting' WHERE id = 4",
        )?;
        run("deleted retired")?;
        let found = database.psql("SELECT state, count(*) FROM pgmeta.archives GROUP BY 1 ORDER BY 1")?;
        ensure!(found == "deleted|4\nretired|6", "{found}");
        ensure!(store.files()?.len() == 12, "{:?}", store.files()?);
        for wrong in ["0", "-1 year", "soon"] {
            let error = database.error(
                "postgres",
                &format!("SELECT pgmeta_archive_policy_alter('ev', '{{\"expire\": \"{wrong}\"}}')"),
            )?;
            ensure!(error.contains("22023") && error.contains("expire"), "{error}");
        }
    }
    Ok(())
}

/// A deleted archive of an existing table is not made again at once.
#[test]
fn expired_archives_are_not_made_again() -> Outcome {
    let (database, folder) = with_storage("expire_kept")?;
    database.psql(TABLE)?;
    database.psql("SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', '1 month', '{\"expire\": \"1 year\"}'); CALL pgmeta_archive_run('ev');
        UPDATE pgmeta.archive_records SET stored_at = stored_at - interval '2 years'; CALL pgmeta_archive_run('ev'); CALL pgmeta_archive_run('ev')")?;
    let found = database.psql("SELECT DISTINCT state FROM pgmeta.archives; SELECT partition, state FROM pgmeta_archive_candidates() ORDER BY 1 LIMIT 1")?;
    ensure!(found == "deleted\nev_old|deleted" && files(folder.path())?.is_empty(), "{found}");
    let found = database.psql(
        "SELECT pgmeta_archive_retry(min(id)) FROM pgmeta.archives; SELECT DISTINCT state FROM pgmeta.archives",
    )?;
    ensure!(found.contains("stored"), "{found}");
    Ok(())
}

#[test]
fn deleting_and_adopting_require_rights() -> Outcome {
    let (database, _folder) = with_storage("delete_rights")?;
    database.psql(
        "SET client_min_messages = error;
        DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY '{e2e_care_operator,e2e_care_admin,e2e_care_nobody}'::text[] LOOP
            BEGIN EXECUTE format('CREATE ROLE %I LOGIN', r); EXCEPTION WHEN duplicate_object THEN NULL; END; END LOOP; END $$;
        GRANT pgmeta_archive_operator, pg_read_server_files, pg_write_server_files TO e2e_care_operator;
        GRANT pgmeta_archive_admin, pg_read_server_files, pg_write_server_files TO e2e_care_admin;
        GRANT USAGE ON FOREIGN SERVER cold TO e2e_care_operator, e2e_care_admin",
    )?;
    database.psql(TABLE)?;
    // The privilege to read the rows is not enough to delete the archive.
    database.psql("GRANT SELECT ON ev, ev_old TO e2e_care_operator, e2e_care_admin")?;
    database.psql(DROP)?;
    let refused = |role: &str, call: &str| -> Outcome {
        let error = database.error(role, call)?;
        ensure!(error.contains("42501"), "{role}: {call}: {error}");
        Ok(())
    };
    for role in ["e2e_care_operator", "e2e_care_admin", "e2e_care_nobody"] {
        refused(role, "CALL pgmeta_archive_delete(1, '{\"force\": true}')")?;
    }
    for role in ["e2e_care_operator", "e2e_care_nobody"] {
        refused(role, "SELECT pgmeta_archive_adopt('cold')")?;
    }
    // Archives with a record cannot be adopted by others, from any storage.
    database.psql("DO $$ BEGIN EXECUTE format('CREATE SERVER other FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (%s)', (SELECT 'url ' || quote_literal(split_part(srvoptions[1], '=', 2)) FROM pg_foreign_server WHERE srvname = 'cold')); END $$;
        GRANT USAGE ON FOREIGN SERVER other TO e2e_care_admin")?;
    let found =
        database.run_as("e2e_care_admin", "SELECT action FROM pgmeta_archive_adopt('other')")?.checked("adopt")?;
    ensure!(found.trim() == "known", "{found}");
    // The adopted archive belongs to the role that adopted it.
    database.psql("DELETE FROM pgmeta.archive_records")?;
    let found = database
        .run_as(
            "e2e_care_admin",
            "SELECT action FROM pgmeta_archive_adopt('other'); SELECT archived_by FROM pgmeta.archives",
        )?
        .checked("adopt")?;
    ensure!(found.trim() == "adopted\ne2e_care_admin", "{found}");
    let id = database.psql("SELECT id FROM pgmeta.archives")?;
    database.psql("REVOKE SELECT ON ev FROM e2e_care_operator; CREATE SCHEMA mine AUTHORIZATION e2e_care_operator")?;
    database.psql("GRANT USAGE ON FOREIGN SERVER other TO e2e_care_operator")?;
    refused("e2e_care_operator", &format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"mine.x\"}}')"))?;
    refused("e2e_care_operator", &format!("CALL pgmeta_archive_delete({id}, '{{\"force\": true}}')"))?;
    database
        .run_as("e2e_care_admin", &format!("CALL pgmeta_archive_delete({id}, '{{\"force\": true}}')"))?
        .checked("its own")?;
    database.psql("DROP OWNED BY e2e_care_operator, e2e_care_admin, e2e_care_nobody").map(drop)
}

/// A table that was never analyzed has a size.
#[test]
fn progress_is_reported_without_statistics() -> Outcome {
    let (database, store) = with_policy(server()?, "percent", "{\"keep_newest\": 9}")?;
    database.psql(
        "ALTER TABLE ev_1 SET (autovacuum_enabled = false);
        INSERT INTO ev SELECT g, '2024-01-02', md5(g::text) FROM generate_series(1, 300000) g",
    )?;
    let known = database.psql("SELECT reltuples FROM pg_class WHERE relname = 'ev_1'")?;
    ensure!(known == "-1", "{known}");
    store.freeze(true)?;
    database.psql("SELECT pgmeta_archive_start('ev')")?;
    let found = wait_for(
        &database,
        "progress",
        "SELECT rows_estimate BETWEEN 100000 AND 1000000 AND percent BETWEEN 0 AND 99 AND (eta IS NOT NULL OR rows = 0) FROM pgmeta.archive_progress WHERE phase IN ('scanning', 'uploading')",
        "t",
    );
    store.freeze(false)?;
    found?;
    wait_for(&database, "stored", "SELECT DISTINCT state FROM pgmeta.archives", "stored")
}
