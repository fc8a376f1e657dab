//! Databases in encodings other than UTF-8, and names in an encoding other than the database's: convertible text works as
//! in UTF-8; other text is an error with the object's name. Each law is tested in every encoding with a sample of its
//! characters.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result, ensure};
use pgmeta_core::ident::{ident, literal};
use pgmeta_e2e::archives::files;
use pgmeta_e2e::{Database, Outcome, Server, Tree, applying, compare, same_text, server};

/// Encodings of servers, each with a word that it can represent.
const ENCODINGS: &[(&str, &str)] =
    &[("LATIN1", "Größe"), ("LATIN2", "Żółć"), ("WIN1252", "œuf–€"), ("EUC_JP", "表示ｱ漢字"), ("SQL_ASCII", "naïve表")];

/// All other server encodings that can be converted to UTF-8.
const FURTHER: &[(&str, &str)] = &[
    ("EUC_CN", "汉字"),
    ("EUC_JIS_2004", "漢字"),
    ("EUC_KR", "한글"),
    ("EUC_TW", "漢字"),
    ("ISO_8859_5", "Жук"),
    ("ISO_8859_6", "عين"),
    ("ISO_8859_7", "Ωμέγα"),
    ("ISO_8859_8", "שלום"),
    ("KOI8R", "Жук"),
    ("KOI8U", "Їжак"),
    ("LATIN3", "Ħaż"),
    ("LATIN4", "Ģīņ"),
    ("LATIN5", "ışık"),
    ("LATIN6", "Þŋ"),
    ("LATIN7", "Ąžuo"),
    ("LATIN8", "Ŵŷ"),
    ("LATIN9", "œ€"),
    ("LATIN10", "Țară"),
    ("WIN866", "Жук"),
    ("WIN874", "ไทย"),
    ("WIN1250", "Žluť"),
    ("WIN1251", "Жук"),
    ("WIN1253", "Ωμέ"),
    ("WIN1254", "ışık"),
    ("WIN1255", "שלום"),
    ("WIN1256", "عين"),
    ("WIN1257", "Ąžuo"),
    ("WIN1258", "Đăng"),
];

/// Creates a database on the test's own server: names of roles are not valid in every encoding.
fn database<'s>(own: &'s Server, encoding: &str, label: &str) -> Result<Database<'s>> {
    let database = Database::create_in(own, &format!("{label}_{}", encoding.to_lowercase()), encoding)?;
    database.psql("SET client_min_messages = warning; CREATE EXTENSION pgmeta")?;
    Ok(database)
}

/// Returns a schema that contains the word wherever text is possible.
fn schema(word: &str) -> String {
    let name = |kind: &str| ident(&format!("{kind}_{word}"));
    let text = literal(&format!("It's {word}"));
    let word = literal(word);
    let [s, e, t, c, part, view, mat, f, p, d, x, r, g, st, comp] =
        ["s", "e", "t", "c", "part", "view", "mat", "f", "p", "d", "x", "r", "g", "st", "comp"].map(name);
    format!(
        "CREATE SCHEMA {s}; COMMENT ON SCHEMA {s} IS {text};
        CREATE TYPE {s}.{e} AS ENUM ({word}, 'plain');
        CREATE TYPE {s}.{comp} AS ({c} text);
        CREATE DOMAIN {s}.{d} AS text DEFAULT {text} CHECK (VALUE <> {word});
        CREATE FUNCTION {s}.{f}({c} text DEFAULT {text}) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT {word}::text || {c}$$;
        CREATE FUNCTION {s}.{g}() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT {text}::text; END;
        CREATE FUNCTION {s}.{r}() RETURNS trigger LANGUAGE plpgsql SET application_name = {text} AS $$BEGIN RAISE NOTICE {text}; RETURN NULL; END$$;
        CREATE TABLE {s}.{t} (
          id int GENERATED ALWAYS AS IDENTITY, {c} text NOT NULL DEFAULT {text}, e {s}.{e} DEFAULT {word}, d {s}.{d},
          up text GENERATED ALWAYS AS (upper({c}) || {word}) STORED,
          CONSTRAINT {x} CHECK ({c} <> {word} OR e = {word}), PRIMARY KEY (id, {c})) PARTITION BY LIST ({c});
        CREATE TABLE {s}.{part} PARTITION OF {s}.{t} FOR VALUES IN ({word}, {text});
        COMMENT ON TABLE {s}.{t} IS {text}; COMMENT ON COLUMN {s}.{t}.{c} IS {text};
        CREATE INDEX {p} ON {s}.{t} (lower({c})) WHERE {c} = {word};
        CREATE STATISTICS {s}.{st} ON id, {c} FROM {s}.{t};
        CREATE VIEW {s}.{view} AS SELECT {text}::text AS {x}, {c} FROM {s}.{t} WHERE e = {word};
        CREATE MATERIALIZED VIEW {s}.{mat} AS SELECT {c} || {text} AS {x} FROM {s}.{view};
        ALTER TABLE {s}.{t} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY {p} ON {s}.{t} USING ({c} = {word}) WITH CHECK ({c} IN ({word}, {text}));
        CREATE TRIGGER {r} AFTER UPDATE ON {s}.{t} FOR EACH ROW WHEN (NEW.{c} = {word}) EXECUTE FUNCTION {s}.{r}({text});
        CREATE RULE {r} AS ON INSERT TO {s}.{view} DO INSTEAD NOTIFY {x}, {text};
        CREATE FOREIGN DATA WRAPPER {x}; CREATE SERVER {x} FOREIGN DATA WRAPPER {x} OPTIONS (host {text});
        CREATE FOREIGN TABLE {s}.{x} ({c} text OPTIONS (column_name {word})) SERVER {x} OPTIONS (table_name {text});"
    )
}

/// Each kind of export creates a database that pg_dump cannot distinguish from the original.
#[test]
fn exports_are_restored_in_every_encoding() -> Outcome {
    let own = server()?.start()?;
    for (encoding, word) in ENCODINGS.iter().chain(FURTHER) {
        let source = database(&own, encoding, "from")?;
        let target = Database::create_in(&own, "to", encoding)?;
        source.psql(&schema(word))?;
        let export = source.export()?;
        ensure!(export.contains(word), "{encoding}: {export}");
        target.load(&export)?;
        let verdict = compare(&source.dump()?, &target.dump()?)?;
        ensure!(verdict.is_same(), "{encoding}: {verdict:?}");
        same_text(&format!("{encoding}: exports"), &export, &target.export()?)?;
        let ways = format!(
            "SELECT pgmeta_snapshot_ddl(pgmeta_snapshot()) = pgmeta_export(),
               (SELECT string_agg(ddl, '' ORDER BY ordinal) ~ {0} FROM pgmeta_objects()),
               (SELECT bool_or(path ~ '.') AND string_agg(content, '') ~ {0} FROM pgmeta_export_files()),
               octet_length(pgmeta_export_tar()) > 1000,
               (SELECT string_agg(content, '') ~ {0} FROM pgmeta_document(options => '{{\"comments\": true}}')),
               (SELECT string_agg(content, '') ~ {0} FROM pgmeta_document(format => 'markdown')),
               (SELECT count(*) FROM pgmeta_diff(pgmeta_snapshot(), pgmeta_snapshot())),
               (SELECT count(*) > 10 FROM pgmeta_objects(name_pattern => {0}))",
            literal(word)
        );
        ensure!(source.psql(&ways)? == "t|t|t|t|t|t|0|t", "{encoding}: {}", source.psql(&ways)?);
    }
    Ok(())
}

/// The same schema has the same model in UTF-8 and in other encodings.
#[test]
fn the_encoding_does_not_change_the_model() -> Outcome {
    let own = server()?.start()?;
    for (encoding, word) in ENCODINGS {
        let (other, utf8) = (database(&own, encoding, "own")?, database(&own, "UTF8", "utf8")?);
        let name = literal(&format!("s_{word}"));
        let script = schema(word);
        let of = |database: &Database<'_>| -> Result<(String, String)> {
            database.psql(&script)?;
            Ok((
                database.psql(&format!("SELECT pgmeta_fingerprint({name})"))?,
                database.psql(&format!("SELECT pgmeta_snapshot({name})"))?,
            ))
        };
        let ((print, snapshot), (print_utf8, snapshot_utf8)) = (of(&other)?, of(&utf8)?);
        ensure!(print == print_utf8, "{encoding}: {print} is not {print_utf8}");
        same_text(&format!("{encoding}: snapshots"), &snapshot, &snapshot_utf8)?;
    }
    Ok(())
}

/// Plans, saved snapshots and SQL scripts work as in UTF-8.
#[test]
fn plans_lead_to_the_target_in_every_encoding() -> Outcome {
    let own = server()?.start()?;
    for (encoding, word) in ENCODINGS {
        let (source, target) = (database(&own, encoding, "source")?, database(&own, encoding, "target")?);
        let script = schema(word);
        target.psql(&script)?;
        let name = literal(&format!("s_{word}"));
        let snapshot = target.psql("SELECT pgmeta_snapshot()")?;
        let left = source.psql(&applying(&snapshot, "{\"concurrently\": false}"))?;
        ensure!(left.is_empty(), "{encoding}: {left}");
        let verdict = compare(&source.dump()?, &target.dump()?)?;
        ensure!(verdict.is_same(), "{encoding}: {verdict:?}");
        let saved = format!(
            "SELECT pgmeta_snapshot_save({name}, comment => {name});
             ALTER TABLE {0}.{1} ADD {2} text DEFAULT {name};
             SELECT change, identity FROM pgmeta_drift({name});
             SELECT pgmeta_snapshot_delete({name})",
            ident(&format!("s_{word}")),
            ident(&format!("t_{word}")),
            ident(&format!("new_{word}")),
        );
        let drift = source.psql(&saved)?;
        ensure!(drift.contains(&format!("alter|{}", ident(&format!("s_{word}")))), "{encoding}: {drift}");
        let of_text = format!(
            "SELECT pgmeta_snapshot_ddl(pgmeta_snapshot_from_sql({0})) ~ {name}, (SELECT count(*) FROM pgmeta_diff(
               pgmeta_snapshot({name}), pgmeta_snapshot_from_sql({0}), jsonb_build_object('schemas', jsonb_build_array({name}))))",
            literal(&script)
        );
        let found = target.psql(&of_text)?;
        ensure!(found == "t|0", "{encoding}: {found}");
    }
    Ok(())
}

/// Arguments and messages are converted and never cause a panic.
#[test]
fn arguments_and_messages_are_converted() -> Outcome {
    let own = server()?.start()?;
    for (encoding, word) in ENCODINGS {
        let database = database(&own, encoding, "messages")?;
        database.psql(&schema(word))?;
        let (schema, missing) = (literal(&format!("s_{word}")), literal(&format!("none_{word}")));
        let table = literal(&format!("\"s_{word}\".\"t_{word}\""));
        let found = database.psql(&format!(
            "SELECT pgmeta_ddl({table}) ~ {0}, pgmeta_ddl({table}::regclass) = pgmeta_ddl({table}),
               pgmeta_object_ddl('table', ARRAY[{schema}, 't_' || {0}]) = pgmeta_ddl({table}),
               pgmeta_export({schema}) = pgmeta_export(ARRAY[{schema}])",
            literal(word)
        ))?;
        ensure!(found == "t|t|t|t", "{encoding}: {found}");
        for (call, code) in [
            (format!("pgmeta_ddl({missing})"), "42704"),
            (format!("pgmeta_ddl({missing} || '(')"), "22023"),
            (format!("pgmeta_export({missing})"), "3F000"),
            (format!("pgmeta_export(on_error => {missing})"), "22023"),
            (format!("pgmeta_export(options => jsonb_build_object({missing}, 1))"), "22023"),
            (format!("pgmeta_object_ddl({missing}, ARRAY[{missing}])"), "22023"),
            (format!("pgmeta_snapshot_load({missing})"), "42704"),
            (format!("pgmeta_snapshot_from_sql('SELECT ' || quote_ident({missing}))"), "42703"),
            (format!("pgmeta_objects(name_pattern => '(' || {missing})"), "2201B"),
            (format!("pgmeta_archive({table}, {missing})"), "42704"),
        ] {
            let error = database.error("postgres", &format!("SELECT {call}"))?;
            ensure!(error.contains(code), "{encoding}: {call}: {error}");
            ensure!(!error.contains("panicked") && !error.contains("stack backtrace"), "{encoding}: {call}: {error}");
            let names = error.contains(word) || code == "2201B";
            ensure!(names, "{encoding}: {call} does not say {word}: {error}");
        }
    }
    Ok(())
}

/// Files on the server and files of psql scripts are UTF-8.
#[test]
fn files_are_utf8() -> Outcome {
    let own = server()?.start()?;
    for (encoding, word) in ENCODINGS {
        let database = database(&own, encoding, "files")?;
        database.psql(&schema(word))?;
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        let target = folder.path().join(word);
        let name = literal(&target.to_string_lossy());
        database.psql(&format!(
            "SELECT count(*) FROM pgmeta_export_to_directory({name}, options => '{{\"secrets\": \"include\", \"self\": true}}')"
        ))?;
        let (rows, written) = (Tree::from_rows(&database.psql(Tree::QUERY)?)?, Tree::read(&target)?);
        ensure!(rows.files.len() > 20, "{encoding}: {} files", rows.files.len());
        ensure!(rows == written, "{encoding}: {rows:?}\n{written:?}");
    }
    Ok(())
}

/// Archives contain the original rows in any format; text formats are UTF-8.
#[test]
fn archives_are_restored_in_every_encoding() -> Outcome {
    let own = server()?.start()?;
    for (encoding, word) in ENCODINGS {
        let database = database(&own, encoding, "archives")?;
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        let (table, column) = (ident(&format!("t_{word}")), ident(&format!("c_{word}")));
        let (kind, text) = (ident(&format!("e_{word}")), literal(word));
        for format in ["jsonl", "csv", "binary", "parquet"] {
            let found = database.psql(&format!(
                "SET client_min_messages = warning;
                SET pgmeta.allow_orphans = on; DROP SERVER IF EXISTS {table}; DROP TYPE IF EXISTS {kind};
                CREATE SERVER {table} FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}');
                CREATE TYPE {kind} AS ENUM ({text}, 'x');
                CREATE TABLE {table} ({column} text, a text[], j jsonb, e {kind}, c char(40), b bytea);
                INSERT INTO {table} VALUES ({text}, ARRAY[{text}, NULL], jsonb_build_object({text}, {text}), {text}, {text}, '\\xe9ff');
                INSERT INTO {table} SELECT repeat({text}, i), ARRAY[i::text || {text}] FROM generate_series(1, 300) i;
                CREATE TABLE before AS TABLE {table};
                SELECT pgmeta_archive({1}, {2}, '{{\"format\": \"{format}\", \"compression\": \"none\"}}') AS id \\gset
                SELECT status FROM pgmeta_archive_verify(:id) WHERE status <> 'ok';
                SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}');
                SELECT count(*) FROM (TABLE before EXCEPT ALL TABLE back) d; SELECT count(*) FROM back;
                DROP TABLE {table}, before, back",
                folder.path().display(),
                literal(&table),
                literal(&format!("t_{word}")),
            ))?;
            ensure!(found == "back\n0\n301", "{encoding} {format}: {found}");
        }
        for ending in ["jsonl", "csv"] {
            let found = files(folder.path())?;
            let file = found.iter().find(|path| path.extension().is_some_and(|own| own == ending));
            let text = String::from_utf8(fs::read(file.with_context(|| format!("no {ending} in {found:?}"))?)?)?;
            ensure!(text.contains(word), "{encoding} {ending}: {text}");
        }
    }
    Ok(())
}

/// An error about invalid bytes names the object that contains them, and the rest can be exported.
#[test]
fn invalid_bytes_are_reported_with_the_object() -> Outcome {
    let own = server()?.start()?;
    let database = database(&own, "SQL_ASCII", "bytes")?;
    database.psql(
        r"CREATE TABLE fine (id int PRIMARY KEY, t text); CREATE VIEW fine_view AS SELECT * FROM fine;
        CREATE SCHEMA other; CREATE TABLE other.t (a int); CREATE TABLE noted (id int PRIMARY KEY); CREATE INDEX ON noted (id);
        DO $$ BEGIN
          EXECUTE format('CREATE TABLE other.%I (a int)', E'bad\xe9');
          EXECUTE format('COMMENT ON TABLE noted IS %L', E'caf\xe9');
          EXECUTE format('CREATE FUNCTION f() RETURNS text LANGUAGE sql AS %L', E'SELECT ''\xff\xfe''::text');
          EXECUTE format('CREATE TABLE deflt (a text DEFAULT %L)', E'\xff');
        END $$",
    )?;
    for (call, object) in [
        ("pgmeta_export()", "public.f()"),
        ("pgmeta_snapshot()", "public.f()"),
        ("pgmeta_export('other')", r#"other."bad\xe9""#),
        ("pgmeta_ddl('noted')", "public.noted"),
        ("pgmeta_ddl('deflt')", "public.deflt"),
        ("pgmeta_ddl('f()')", "public.f()"),
    ] {
        let error = database.error("postgres", &format!("SELECT {call}"))?;
        ensure!(error.contains("22021") && error.contains(object) && error.contains(r"\x"), "{call}: {error}");
        ensure!(error.contains("HINT"), "{call}: {error}");
    }
    // Objects without invalid text are not affected.
    let found = database.psql(
        "SELECT pgmeta_ddl('fine') ~ 'PRIMARY KEY', pgmeta_ddl('fine_view') ~ 'VIEW', pgmeta_ddl('other.t') ~ 'integer',
         (SELECT count(*) FROM pgmeta_coverage()) > 0",
    )?;
    ensure!(found == "t|t|t|t", "{found}");
    let output = database.run_as("postgres", "SELECT pgmeta_export(on_error => 'warn')")?;
    ensure!(output.ok, "{}", output.stderr);
    for object in ["public.f()", r#"other."bad\xe9""#, "public.noted", "public.deflt"] {
        ensure!(output.stderr.contains(object), "no warning of {object}: {}", output.stderr);
    }
    ensure!(!output.stdout.contains("noted") && output.stdout.contains("fine_view"), "{}", output.stdout);
    let other = Database::create_in(&own, "rest", "SQL_ASCII")?;
    other.load(&output.stdout)?;
    let rows = database.psql(
        "SET client_min_messages = error; SELECT identity, left(error, 5) FROM pgmeta_objects(on_error => 'warn') WHERE error IS NOT NULL ORDER BY 1",
    )?;
    ensure!(rows.lines().count() == 4 && rows.contains("22021"), "{rows}");
    Ok(())
}

/// pgmeta's event triggers see names with any bytes: an invalid name cannot be a storage of an archive.
#[test]
fn the_guard_accepts_names_with_invalid_bytes() -> Outcome {
    let own = server()?.start()?;
    for encoding in ["SQL_ASCII", "LATIN1"] {
        let database = database(&own, encoding, "guard")?;
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777))?;
        let path = folder.path().display();
        database.psql(&format!(
            "CREATE SERVER \"kälte\" FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{path}');
            CREATE TABLE t AS SELECT 1 AS a; SELECT pgmeta_archive('t', 'kälte'); CREATE FOREIGN DATA WRAPPER other"
        ))?;
        let error = database.error("postgres", "DROP SERVER IF EXISTS \"x\", \"kälte\" CASCADE")?;
        ensure!(error.contains("2BP01") && error.contains("cannot drop storage \"kälte\""), "{encoding}: {error}");
        let follows = database
            .psql("ALTER SERVER \"kälte\" RENAME TO \"größe\"; SELECT storage FROM pgmeta.archives; SELECT DISTINCT status FROM pgmeta_archive_verify(1)")?;
        ensure!(follows == "größe\nok", "{encoding}: {follows}");
        if encoding != "SQL_ASCII" {
            continue;
        }
        let raw = |statement: &str| {
            // The statement is invalid in this encoding, so the message does not contain it.
            format!(
                "SET client_min_messages = error; DO $$ BEGIN EXECUTE replace('{statement}', 'RAW', quote_ident(E'bad\\xe9'));
                EXCEPTION WHEN OTHERS THEN RAISE USING MESSAGE = SQLERRM, ERRCODE = SQLSTATE; END $$"
            )
        };
        for statement in [
            "CREATE SERVER RAW FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url ''file:///tmp'')",
            "DROP SERVER RAW",
            "CREATE SERVER RAW FOREIGN DATA WRAPPER other",
            "ALTER SERVER RAW RENAME TO fine",
            "ALTER SERVER fine RENAME TO RAW",
            "DROP SERVER IF EXISTS nothing, RAW CASCADE",
            "CREATE SCHEMA RAW",
            "DROP SCHEMA RAW CASCADE",
            "CREATE ROLE RAW",
            "DROP OWNED BY RAW",
            "DROP ROLE RAW",
        ] {
            database.psql(&raw(statement))?;
        }
        // Objects with a valid name are omitted with it.
        let refused = [
            ("DROP SERVER IF EXISTS RAW, \"größe\"", "2BP01", "cannot drop storage \"größe\""),
            ("DROP EXTENSION IF EXISTS RAW, pgmeta", "2BP01", "cannot drop extension pgmeta"),
            // Functions could not be called with such a name.
            ("ALTER SERVER \"größe\" RENAME TO RAW", "22021", "bad"),
        ];
        for (statement, code, why) in refused {
            let error = database.error("postgres", &raw(statement))?;
            ensure!(error.contains(code) && error.contains(why), "{statement}: {error}");
        }
        let kept = database.psql("SELECT storage FROM pgmeta.archives")?;
        ensure!(kept == "größe", "{kept}");
    }
    Ok(())
}

/// The name of a role in another encoding affects only objects that mention it.
#[test]
fn invalid_role_names_affect_only_objects_that_mention_them() -> Outcome {
    let server = server()?.start()?;
    let (latin, utf8) =
        (Database::create_in(&server, "latin", "LATIN1")?, Database::create_in(&server, "plain", "UTF8")?);
    latin.psql("CREATE ROLE \"josé\"; CREATE DATABASE \"dé\"")?;
    utf8.psql(
        r"CREATE EXTENSION pgmeta; CREATE SCHEMA app; CREATE TABLE app.t (a int); CREATE TABLE app.granted (a int); CREATE TABLE app.owned (a int);
        CREATE INDEX ON app.owned (a);
        DO $$ DECLARE r name; BEGIN SELECT rolname INTO r FROM pg_roles WHERE rolname ~ '^jos';
          EXECUTE format('GRANT SELECT ON app.granted TO %I', r); EXECUTE format('ALTER TABLE app.owned OWNER TO %I', r); END $$",
    )?;
    // The role was not requested.
    let found = utf8.psql(
        "SELECT pgmeta_ddl('app.t') ~ 'integer', pgmeta_export('public') ~ 'SET', pgmeta_fingerprint('public') <> ''",
    )?;
    ensure!(found == "t|t|t", "{found}");
    let oid = utf8.psql("SELECT oid FROM pg_roles WHERE rolname ~ '^jos'")?;
    for (call, object) in [
        ("pgmeta_export()", "app.granted"),
        ("pgmeta_export('app')", "app.granted"),
        ("pgmeta_ddl('app.owned')", "app.owned"),
        ("pgmeta_snapshot()", "app.granted"),
        ("pgmeta_export(types => ARRAY['role'])", "role"),
    ] {
        let error = utf8.error("postgres", &format!("SELECT {call}"))?;
        ensure!(error.contains("22021") && error.contains(object), "{call}: {error}");
        ensure!(error.contains(r"jos\xe9") && error.contains(&oid), "{call}: {error}");
    }
    let output = utf8.run_as("postgres", "SELECT pgmeta_export('app', on_error => 'warn')")?;
    ensure!(output.ok && output.stdout.contains("app.t ("), "{}{}", output.stdout, output.stderr);
    ensure!(!output.stdout.contains("app.owned") && !output.stdout.contains("app.granted"), "{}", output.stdout);
    ensure!(output.stderr.contains("app.owned") && output.stderr.contains("app.granted"), "{}", output.stderr);
    // If the name is valid, it works like any other.
    latin.psql("CREATE EXTENSION pgmeta; CREATE TABLE t (a int); ALTER TABLE t OWNER TO \"josé\"")?;
    ensure!(latin.psql("SELECT pgmeta_ddl('t')")?.contains("OWNER TO \"josé\""), "no owner");
    Ok(())
}
