//! Law 6: an export has the same bytes whatever the caller has set, and the caller's settings stay.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome, Source, origin, same_text};

/// Settings that affect how the server deparses, prints, parses or plans.
const HOSTILE: &[&str] = &[
    "DateStyle = 'SQL, DMY'",
    "DateStyle = 'German'",
    "IntervalStyle = sql_standard",
    "IntervalStyle = iso_8601",
    "TimeZone = 'Pacific/Marquesas'",
    "extra_float_digits = -15",
    "bytea_output = escape",
    "quote_all_identifiers = on",
    "standard_conforming_strings = off",
    "escape_string_warning = on",
    "backslash_quote = off",
    "search_path = ''",
    "search_path = pg_temp, information_schema, public",
    "transform_null_equals = on",
    "array_nulls = off",
    "xmlbinary = hex",
    "xmloption = document",
    "lc_messages = 'C.UTF-8'",
    "lc_monetary = 'C.UTF-8'",
    "lc_numeric = 'C.UTF-8'",
    "lc_time = 'C.UTF-8'",
    "client_min_messages = error",
    "row_security = off",
    "check_function_bodies = on",
    "session_replication_role = replica",
    "default_transaction_isolation = serializable",
    "default_transaction_read_only = on",
    "plan_cache_mode = force_generic_plan",
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_hashagg = off",
    "enable_sort = off",
    "work_mem = '64kB'",
    "jit_above_cost = 0",
    "from_collapse_limit = 1",
    "join_collapse_limit = 1",
    "geqo_threshold = 2",
    "default_tablespace = pg_global",
    "synchronize_seqscans = on",
];

/// Hashes of the results of all readers, except objects of the cluster, which other tests change concurrently.
const EVERYTHING: &str = "SELECT pg_catalog.md5(public.pgmeta_export(NULL)), pg_catalog.md5(public.pgmeta_snapshot(NULL)::pg_catalog.text),
    public.pgmeta_fingerprint(NULL), pg_catalog.md5(public.pgmeta_export_tar()),
    pg_catalog.md5((SELECT pg_catalog.string_agg(o::pg_catalog.text, '' ORDER BY ordinal) FROM public.pgmeta_objects() o)),
    pg_catalog.md5((SELECT pg_catalog.string_agg(c::pg_catalog.text, '') FROM public.pgmeta_coverage() c
        WHERE c.type OPERATOR(pg_catalog.!~) '^(database|role|role membership|setting|comment)$'));";

/// The caller's settings as one text. pgmeta's own settings exist after the first call loads its library.
const SETTINGS: &str = "SELECT pg_catalog.string_agg(name OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||) \
    COALESCE(setting, '?') OPERATOR(pg_catalog.||) source, E'\\n' ORDER BY name) FROM pg_catalog.pg_settings \
    WHERE name OPERATOR(pg_catalog.!~~) 'pgmeta.%';";

#[test]
fn hostile_settings_change_nothing() -> Outcome {
    for source in [Source::Fixture("hard_cases"), Source::Fixture("kinds"), Source::Fixture("sample_app")] {
        let Some(origin) = origin(source)? else { continue };
        // One script, so that all settings apply to the same server process; one output line for each.
        let mut script = format!("{EVERYTHING}\n");
        let single: &[&str] = if source == Source::Fixture("hard_cases") { HOSTILE } else { &[] };
        for setting in single {
            let name = setting.split(' ').next().unwrap_or_default();
            script += &format!("SET {setting};\n{EVERYTHING}\nRESET {name};\n");
        }
        script += &format!("{}\n{EVERYTHING}\n", all());
        let output = origin.psql(&script)?;
        let mut hashes = output.lines();
        let expected = hashes.next().unwrap_or_default();
        for (setting, hash) in single.iter().copied().chain(["all of them at once"]).zip(hashes.by_ref()) {
            ensure!(
                hash == expected,
                "{source:?}: another output with {setting} (export|snapshot|fingerprint|tar|objects|coverage)\n{expected}\n{hash}"
            );
        }
        ensure!(output.lines().count() == single.len() + 2, "{source:?}: {output}");
    }
    Ok(())
}

#[test]
fn readers_do_not_change_settings() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    let before = origin.psql(&format!("{}\n{SETTINGS}", all()))?;
    let after = origin.psql(&format!("{}\n{EVERYTHING}\n{SETTINGS}", all()))?;
    same_text("settings before and after the calls", &before, after.split_once('\n').map_or("", |(_, rest)| rest))
}

#[test]
fn errors_do_not_change_settings() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    let failing = [
        "pgmeta_export('no_such_schema')",
        "pgmeta_export(NULL, options => '{\"no_such_option\": 1}')",
        "pgmeta_export(NULL, name_pattern => '(')",
        "pgmeta_export(NULL, ARRAY['no such type'])",
        "pgmeta_ddl('no_such_thing')",
        "pgmeta_object_ddl('table', ARRAY['no', 'such'])",
        "pgmeta_snapshot_ddl('{\"format_version\": \"x\"}')",
        "pgmeta_snapshot('no_such_schema')",
        "pgmeta_fingerprint('no_such_schema')",
        "(SELECT count(*) FROM pgmeta_objects('no_such_schema'))",
        "(SELECT count(*) FROM pgmeta_coverage('no_such_schema'))",
    ];
    let settings = SETTINGS.trim_end_matches(';');
    for call in failing {
        let script = format!(
            "DO $$ BEGIN END $$;\n{}\nSET search_path = public, pg_catalog;\nCREATE TEMP TABLE saved AS {settings};\n\
             \\set ON_ERROR_STOP off\nSELECT {call};\n\\set ON_ERROR_STOP on\n\
             BEGIN;\nSAVEPOINT s;\n\\set ON_ERROR_STOP off\nSELECT {call};\n\\set ON_ERROR_STOP on\nROLLBACK TO s;\nCOMMIT;\n\
             DO $$ BEGIN PERFORM {call}; RAISE 'no error'; EXCEPTION WHEN raise_exception THEN RAISE; WHEN OTHERS THEN NULL; END $$;\n\
             SELECT string_agg FROM saved;\n\\echo =====\n{SETTINGS}",
            all()
                .replace("SET default_transaction_read_only = on;\n", "")
                .replace("SET default_tablespace = pg_global;\n", "")
        );
        let output = origin.psql(&script)?;
        let (before, after) = output.split_once("\n=====\n").unwrap_or((&output, ""));
        same_text(&format!("settings before and after {call}"), before, after)?;
    }
    Ok(())
}

/// Objects in front of the search_path that shadow system objects have no effect.
#[test]
fn shadowing_objects_change_nothing() -> Outcome {
    let database = Database::with_pgmeta("shadow")?;
    database.load_file(&pgmeta_e2e::repository().join("tests/fixtures/sample_app.sql"))?;
    database.psql(SHADOWS)?;
    let made = database.psql("SELECT count(*) FROM pg_proc WHERE pronamespace = 'shadow'::regnamespace")?;
    ensure!(made.parse::<u32>()? > 200, "only {made} functions shadow others");
    let hash = "SELECT pg_catalog.md5(public.pgmeta_export(pg_catalog.string_to_array('app,auth,reporting', ','))), \
        public.pgmeta_fingerprint('app,auth,reporting'), pg_catalog.md5(public.pgmeta_snapshot('app,auth,reporting')::pg_catalog.text), \
        pg_catalog.md5(public.pgmeta_ddl('app.orders')), \
        pg_catalog.md5(public.pgmeta_object_ddl('table', pg_catalog.string_to_array('app,orders', ','))), \
        (SELECT pg_catalog.sum(c.count) FROM public.pgmeta_coverage('app,auth,reporting') c WHERE c.status OPERATOR(pg_catalog.=) 'emitted'), \
        pg_catalog.md5((SELECT pg_catalog.string_agg(o.ddl, '') FROM public.pgmeta_objects('app,auth,reporting', name_pattern => 'o') o));\n";
    let temporary = "CREATE TEMP TABLE pg_class (oid int); CREATE TEMP TABLE pg_namespace (x int); CREATE TEMP VIEW pg_roles AS SELECT 1;";
    let output = database.psql(&format!(
        "{hash}SET search_path = shadow, pg_catalog;\n{hash}SET search_path = shadow, public, pg_catalog;\n{hash}\
         SET search_path = public;\n{temporary}\nSET search_path = pg_temp, shadow, pg_catalog, public;\n{hash}"
    ))?;
    let lines: Vec<&str> = output.lines().collect();
    // The temporary objects may appear in the coverage only.
    let shown = |line: &str| {
        line.split('|').enumerate().filter(|(at, _)| *at != 5).map(|(_, hash)| hash.to_owned()).collect::<Vec<_>>()
    };
    ensure!(lines.len() == 4, "{output}");
    ensure!(
        lines.iter().all(|line| shown(line) == shown(lines[0])),
        "objects in front of the search_path show:\n{output}"
    );
    ensure!(
        lines[1] == lines[0] && lines[2] == lines[0],
        "objects in front of the search_path show in the account:\n{output}"
    );
    Ok(())
}

/// A twin, with another result, of every function and operator that a catalog query could call, and of catalogs and types.
const SHADOWS: &str = r#"
CREATE SCHEMA shadow;
DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.proname, oidvectortypes(p.proargtypes) AS args, format_type(p.prorettype, NULL) AS result
           FROM pg_proc p
           WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset
             AND (p.proname ~ '^(pg_get_|has_|quote_|array_|obj_desc|col_desc|shobj_|format|string_to|regexp_|to_reg|pg_describe|pg_identify|acl|current_)'
                  OR p.proname IN ('left', 'replace', 'split_part', 'coalesce', 'lower', 'upper', 'length', 'concat', 'translate', 'format_type', 'md5'))
             AND p.prorettype NOT IN (SELECT oid FROM pg_type WHERE typtype = 'p')
             AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) a JOIN pg_type t ON t.oid = a WHERE t.typtype = 'p')
  LOOP
    EXECUTE format('CREATE FUNCTION shadow.%I(%s) RETURNS %s LANGUAGE sql AS %L', f.proname, f.args, f.result, 'SELECT NULL::' || f.result);
  END LOOP;
  FOR f IN SELECT o.oprname, format_type(o.oprleft, NULL) AS l, format_type(o.oprright, NULL) AS r, format_type(o.oprresult, NULL) AS result, o.oid
           FROM pg_operator o
           WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprname IN ('=', '<>', '<', '>', '||', '~', '!~', '~~', '&', '@>', '+', '-', '*', '/')
             AND o.oprkind = 'b' AND o.oprresult <> 0
             AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid IN (o.oprleft, o.oprright, o.oprresult) AND t.typtype = 'p')
  LOOP
    EXECUTE format('CREATE FUNCTION shadow.op_%s(%s, %s) RETURNS %s LANGUAGE sql AS %L', f.oid, f.l, f.r, f.result, 'SELECT NULL::' || f.result);
    EXECUTE format('CREATE OPERATOR shadow.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = shadow.op_%s)', f.oprname, f.l, f.r, f.oid);
  END LOOP;
END $$;
CREATE TABLE shadow.pg_class (oid oid, relname name);
CREATE TABLE shadow.pg_attribute (attname name);
CREATE VIEW shadow.pg_namespace AS SELECT 1 AS oid;
CREATE VIEW shadow.pg_roles AS SELECT 1 AS oid;
CREATE TABLE shadow.pg_settings (name int);
CREATE TYPE shadow.oid AS ENUM ('a');
CREATE TYPE shadow.regclass AS ENUM ('a');
CREATE TYPE shadow.name AS ENUM ('a');
CREATE TYPE shadow.text AS ENUM ('a');
CREATE TYPE shadow.jsonb AS ENUM ('a');
CREATE TYPE shadow.int4 AS ENUM ('a');
"#;

fn all() -> String {
    HOSTILE.iter().map(|setting| format!("SET {setting};\n")).collect()
}
