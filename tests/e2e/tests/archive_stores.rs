//! Archives in object stores (S3, Azure, Google), simulated on this machine. Restored rows equal the archived ones,
//! misbehaviour of a store is detected, and no key is disclosed.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::stores::{Kind, SECRETS, Store, service_account};
use pgmeta_e2e::{Database, Outcome, server};

const TABLE: &str =
    "CREATE TABLE ev (id bigint, at timestamptz NOT NULL, t text, n numeric(12, 2)) PARTITION BY RANGE (at);
CREATE TABLE ev_old PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE ev_new PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO ev SELECT g, '2024-01-01'::timestamptz + g * interval '1 second', md5(g::text), g / 100.0
FROM generate_series(1, 200000) g;";

/// Returns a store, and a database with the storage `cold`.
fn with_store(label: &str, kind: Kind) -> Result<(Database<'static>, Store)> {
    let store = Store::start(kind)?;
    let database = Database::with_pgmeta(label)?;
    database.psql(&store.ddl("CURRENT_USER"))?;
    database.psql(TABLE)?;
    Ok((database, store))
}

/// Archives and restores every format; uncompressed files are large enough for uploads in parts.
fn there_and_back(label: &str, kind: Kind) -> Outcome {
    let (database, _store) = with_store(label, kind)?;
    let health = database.psql("SELECT status, detail FROM pgmeta_archive_health() WHERE name = 'storage cold'")?;
    ensure!(health == "ok|", "{health}");
    let formats = [("jsonl", "none"), ("csv", "zstd"), ("parquet", "zstd"), ("binary", "none")];
    for (format, compression) in formats {
        let script = format!(
            "SELECT pgmeta_archive('ev_old', 'cold', '{{\"format\": \"{format}\", \"compression\": \"{compression}\"}}') AS id \\gset
            SELECT count(*) FILTER (WHERE status = 'ok'), count(*) FROM pgmeta_archive_verify(:id);
            SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}');
            SELECT count(*) FROM (SELECT * FROM ev_old EXCEPT SELECT * FROM back) d; SELECT count(*) FROM back; DROP TABLE back"
        );
        let found = database.psql(&script)?;
        ensure!(found == "2|2\nback\n0\n200000", "{format}: {found}");
    }
    let retired = database.psql(
        "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\", \"file_size\": 500000}') AS id \\gset
        SELECT count(*) > 2 FROM pgmeta.archive_files WHERE archive = :id; SELECT to_regclass('ev_old') IS NULL;
        SELECT pgmeta_archive_restore(:id, '{\"attach\": true}'); SELECT count(*) FROM ev",
    )?;
    ensure!(retired == "t\nt\nev_old\n200000", "{retired}");
    Ok(())
}

#[test]
fn s3_archives_are_restored() -> Outcome {
    there_and_back("s3", Kind::S3)
}

#[test]
fn azure_archives_are_restored() -> Outcome {
    there_and_back("az", Kind::Az)
}

#[test]
fn google_archives_are_restored() -> Outcome {
    there_and_back("gs", Kind::Gs)
}

/// Objects that were modified or exchanged in the store, which a checksum of the sent bytes would not detect.
#[test]
fn changes_in_the_store_are_detected() -> Outcome {
    let (database, store) = with_store("s3damage", Kind::S3)?;
    database.psql("SELECT pgmeta_archive('ev_old', 'cold', '{\"format\": \"csv\", \"file_size\": 2000000}')")?;
    let data: Vec<_> = store.files()?.into_iter().filter(|path| path.to_string_lossy().ends_with(".zst")).collect();
    ensure!(data.len() > 1, "{data:?}");
    let said = |expected: usize, code: &str| -> Outcome {
        let bad = database.psql("SELECT count(*) FROM pgmeta_archive_verify(1) WHERE status = 'fail'")?;
        ensure!(bad == expected.to_string(), "{bad} files are bad, and {expected} are");
        let error = database.error("postgres", "SELECT pgmeta_archive_restore(1, '{\"into\": \"public.back\"}')")?;
        ensure!(error.contains(code), "{error}");
        Ok(())
    };
    let (first, second) = (std::fs::read(&data[0])?, std::fs::read(&data[1])?);
    let mut flipped = first.clone();
    flipped[first.len() / 2] ^= 1;
    std::fs::write(&data[0], &flipped)?;
    said(1, "XX001")?;
    std::fs::write(&data[0], &first[..first.len() - 1])?;
    said(1, "XX001")?;
    std::fs::write(&data[0], &second)?;
    std::fs::write(&data[1], &first)?;
    said(2, "XX001")?;
    std::fs::write(&data[0], &first)?;
    std::fs::remove_file(&data[1])?;
    said(1, "58P01")?;
    std::fs::write(&data[1], &second)?;
    let rows =
        database.psql("SELECT pgmeta_archive_restore(1, '{\"into\": \"public.back\"}'); SELECT count(*) FROM back")?;
    ensure!(rows == "back\n200000", "{rows}");
    Ok(())
}

#[test]
fn a_frozen_store_does_not_block_the_backend() -> Outcome {
    let (database, store) = with_store("frozen", Kind::S3)?;
    store.freeze(true)?;
    let begun = Instant::now();
    let call = "SET statement_timeout = '1s'; SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\", \"compression\": \"none\"}')";
    let error = database.error("postgres", call)?;
    ensure!(error.contains("57014"), "{error}");
    ensure!(begun.elapsed() < Duration::from_secs(4), "it took {:?}", begun.elapsed());
    // A request that is not answered in time is a network error.
    let call = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\", \"upload_timeout\": 300}')";
    let error = database.error("postgres", call)?;
    ensure!(error.contains("08006"), "{error}");
    store.freeze(false)?;
    let rows = database.psql("SELECT count(*) FROM ev_old; SELECT pgmeta_archive('ev_old', 'cold') > 0")?;
    ensure!(rows == "200000\nt", "{rows}");
    Ok(())
}

#[test]
fn a_stopped_store_loses_nothing() -> Outcome {
    let (database, mut store) = with_store("away", Kind::S3)?;
    store.kill()?;
    let error = database.error("postgres", "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')")?;
    ensure!(error.contains("08006"), "{error}");
    let health = database.psql("SELECT status FROM pgmeta_archive_health() WHERE name = 'storage cold'")?;
    ensure!(health == "fail", "{health}");
    store.restart()?;
    let rows = database.psql(
        "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}') > 0; SELECT rows FROM pgmeta.archives",
    )?;
    ensure!(rows == "t\n200000", "{rows}");
    ensure!(store.files()?.len() == 2, "{:?}", store.files()?);
    Ok(())
}

#[test]
fn requests_to_a_busy_store_are_retried() -> Outcome {
    let (database, store) = with_store("busy", Kind::Gs)?;
    let call = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\", \"upload_timeout\": 5000}')";
    store.misbehave("fail/1000000")?;
    let error = database.error("postgres", call)?;
    ensure!(error.contains("58030") && error.contains("503"), "{error}");
    let rows = database.psql("SELECT count(*) FROM ev_old")?;
    ensure!(rows == "200000", "{rows}");
    store.misbehave("fail/3")?;
    let rows = database.psql(&format!("{call} > 0; SELECT rows FROM pgmeta.archives"))?;
    ensure!(rows == "t\n200000", "{rows}");
    Ok(())
}

#[test]
fn a_store_without_conditional_writes_is_detected() -> Outcome {
    let (database, store) = with_store("unconditional", Kind::Gs)?;
    let health = "SELECT status, detail ~ 'does not support conditional writes' FROM pgmeta_archive_health() WHERE name = 'storage cold'";
    ensure!(database.psql(health)? == "ok|", "{}", database.psql(health)?);
    store.misbehave("unconditional")?;
    ensure!(database.psql(health)? == "fail|t", "{}", database.psql(health)?);
    Ok(())
}

/// Keys are only in the catalog of user mappings, even after calls that failed in various ways.
#[test]
fn no_key_is_disclosed() -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "secrets")?;
    database.psql("CREATE EXTENSION pgmeta")?;
    let mut store = Store::start(Kind::S3)?;
    database.psql(&format!("SET log_statement = 'none'; {}", store.ddl("CURRENT_USER")))?;
    database.psql(TABLE)?;
    let mut said = String::new();
    let call = "SELECT pgmeta_archive('ev_old', 'cold')";
    said += &database.psql(call)?;
    for wrong in ["secret_access_key 'wrongsecretpgmeta'", "access_key_id 'wrongidpgmeta'"] {
        database.psql(&format!("ALTER USER MAPPING FOR CURRENT_USER SERVER cold OPTIONS (SET {wrong})"))?;
        said += &database.error("postgres", call)?;
        said += &database.psql("SELECT * FROM pgmeta_archive_health()")?;
    }
    store.kill()?;
    said += &database.error("postgres", call)?;
    said += &database
        .error("postgres", "CREATE USER MAPPING FOR PUBLIC SERVER cold OPTIONS (secret 'wrongsecretpgmeta')")?;
    said += &database.error(
        "postgres",
        "CREATE SERVER x FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'ftp://u:wrongsecretpgmeta@h')",
    )?;
    database
        .psql("SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 month', '{\"probe\": false}')")?;
    let _ = database.run_as("postgres", "CALL pgmeta_archive_run()")?;
    said += &database.psql(
        "SELECT * FROM pgmeta.archives; SELECT * FROM pgmeta.archive_files; SELECT * FROM pgmeta.archive_events;
        SELECT * FROM pgmeta_metrics(); SELECT * FROM pg_stat_activity; SELECT * FROM pgmeta_archive_validate('ev');
        SELECT pgmeta_snapshot()",
    )?;
    for file in store.files()? {
        if file.to_string_lossy().ends_with("manifest.json") {
            said += &std::fs::read_to_string(&file)?;
        }
    }
    said += &own.log()?;
    for secret in SECRETS.iter().chain(&["wrongsecretpgmeta", "wrongidpgmeta"]) {
        // The server may log failed statements, which contain the keys themselves.
        let shown = said.lines().find(|line| line.contains(secret) && !line.contains("STATEMENT:"));
        ensure!(shown.is_none(), "{secret} is in: {}", shown.unwrap_or_default());
    }
    Ok(())
}

#[test]
fn roles_without_keys_get_errors() -> Outcome {
    let (database, _store) = with_store("nokeys", Kind::S3)?;
    database.psql(
        "DROP ROLE IF EXISTS archive_nokeys; CREATE ROLE archive_nokeys LOGIN; GRANT pgmeta_archive_operator TO archive_nokeys;
        GRANT USAGE ON FOREIGN SERVER cold TO archive_nokeys; GRANT SELECT ON ev_old TO archive_nokeys",
    )?;
    let call = "SELECT pgmeta_archive('ev_old', 'cold')";
    let error = database.error("archive_nokeys", call)?;
    ensure!(error.contains("42501") && error.contains("CREATE USER MAPPING"), "{error}");
    database.psql("CREATE USER MAPPING FOR archive_nokeys SERVER cold OPTIONS (account_key 'x')")?;
    let error = database.error("archive_nokeys", call)?;
    ensure!(error.contains("HV00D") && error.contains("access_key_id"), "{error}");
    database.psql("DROP OWNED BY archive_nokeys; DROP ROLE archive_nokeys").map(drop)
}

/// If the environment has no keys and the request for the machine's keys fails, the error reports it.
#[test]
fn an_environment_without_keys_is_reported() -> Outcome {
    let own = server()?.start()?;
    let database = Database::create_on(&own, "nokeys_at_all")?;
    let store = TcpListener::bind("127.0.0.1:0")?;
    store.set_nonblocking(true)?;
    database.psql(&format!(
        "CREATE EXTENSION pgmeta; ALTER DATABASE {} SET pgmeta.archive_upload_timeout = '3s';
        CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage
            OPTIONS (url 's3://cold/below', endpoint 'http://{}', region 'us-east-1', allow_http 'true')",
        database.name(),
        store.local_addr()?
    ))?;
    database.psql(TABLE)?;
    for call in
        ["SELECT pgmeta_archive('ev_old', 'cold')", "SELECT pgmeta_archive_policy_create('p', 'ev', 'cold', '1 month')"]
    {
        let error = database.error("postgres", call)?;
        let told = "no user mapping for the role, and the server's environment has no credentials";
        ensure!(error.contains("42501") && error.contains(told), "{call}: {error}");
        ensure!(error.contains("HINT:  CREATE USER MAPPING gives the role keys."), "{call}: {error}");
    }
    let health = database.psql("SELECT status, detail FROM pgmeta_archive_health() WHERE name = 'storage cold'")?;
    ensure!(health.contains("fail|") && health.contains("no user mapping for the role"), "{health}");
    ensure!(store.accept().is_err(), "the store was asked without keys");
    Ok(())
}

/// A role that may use a storage can send requests to that storage only, whatever its user mapping contains.
#[test]
fn a_user_mapping_cannot_redirect_requests() -> Outcome {
    let (database, _store) = with_store("ssrf", Kind::Gs)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let elsewhere = format!("http://{}", listener.local_addr()?);
    let key = service_account()?.replace("http://127.0.0.1:1", &elsewhere);
    ensure!(key.matches(&elsewhere).count() == 2, "{key}");
    database
        .psql(&format!("ALTER USER MAPPING FOR CURRENT_USER SERVER cold OPTIONS (SET service_account_key '{key}')"))?;
    let verified = database.psql(
        "SELECT pgmeta_archive('ev_old', 'cold') AS id \\gset
        SELECT count(*) FILTER (WHERE status = 'ok') FROM pgmeta_archive_verify(:id)",
    )?;
    ensure!(verified == "2", "{verified}");
    database.psql(
        "CREATE SERVER amazon FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://b/p');
        CREATE SERVER azure FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'az://b/p', account_name 'a');
        CREATE USER MAPPING FOR CURRENT_USER SERVER amazon; CREATE USER MAPPING FOR CURRENT_USER SERVER azure",
    )?;
    for server in ["cold", "amazon", "azure"] {
        for option in [
            "endpoint",
            "gcs_base_url",
            "base_url",
            "token_uri",
            "metadata_endpoint",
            "msi_endpoint",
            "authority_host",
            "proxy_url",
        ] {
            let set =
                format!("ALTER USER MAPPING FOR CURRENT_USER SERVER {server} OPTIONS (ADD {option} '{elsewhere}')");
            let error = database.error("postgres", &set)?;
            ensure!(error.contains("HV00D"), "{error}");
        }
    }
    // With incomplete keys, the client would request the server's own credentials from the machine.
    for (server, keys) in [("amazon", "session_token 'x'"), ("amazon", "access_key_id 'x'"), ("azure", "client_id 'x'")]
    {
        database.psql(&format!(
            "DROP USER MAPPING FOR CURRENT_USER SERVER {server}; CREATE USER MAPPING FOR CURRENT_USER SERVER {server} OPTIONS ({keys})"
        ))?;
        let error = database.error("postgres", &format!("SELECT pgmeta_archive('ev_old', '{server}')"))?;
        ensure!(error.contains("HV00J") && error.contains("does not have the keys"), "{error}");
    }
    let error = database.error("postgres", "ALTER USER MAPPING FOR CURRENT_USER SERVER cold OPTIONS (SET service_account_key '{\"private_key\": \"wrongsecretpgmeta\"}')")?;
    ensure!(
        error.contains("22023") && !error.lines().any(|line| line.starts_with("ERROR") && line.contains("wrongsecret")),
        "{error}"
    );
    ensure!(listener.accept().is_err(), "a request went elsewhere");
    Ok(())
}
