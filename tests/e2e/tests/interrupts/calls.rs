//! A repeatable call of each public function and procedure. Runs nothing itself.

/// A call, and its requirements.
#[derive(Debug)]
pub struct Call {
    /// The routine as `regprocedure` prints it.
    pub routine: &'static str,
    /// The expression after FROM or CALL.
    pub call: &'static str,
    /// PL/pgSQL statements before each call.
    pub before: &'static str,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Function,
    /// Another form of a function that has an entry with all contexts: it is tried less often.
    Form,
    /// It commits, so it cannot be called in an exception block.
    Procedure,
}

const fn call(routine: &'static str, call: &'static str) -> Call {
    Call { routine, call, before: "", kind: Kind::Function }
}

const fn form(routine: &'static str, call: &'static str) -> Call {
    Call { routine, call, before: "", kind: Kind::Form }
}

const fn after(before: &'static str, call: Call) -> Call {
    Call { before, ..call }
}

const APPLIED: &str = "DROP SCHEMA IF EXISTS ap CASCADE; CREATE SCHEMA ap;
    CREATE TABLE ap.t (id int PRIMARY KEY, n int); INSERT INTO ap.t SELECT g, g FROM generate_series(1, 10) g;";
const NO_POLICY: &str = "DELETE FROM pgmeta.archive_policies WHERE name = 'made';";
const POLICY: &str = "DELETE FROM pgmeta.archive_policies WHERE name = 'made';
    INSERT INTO pgmeta.archive_policies (name, parent, storage, retention, owner, owner_oid, origin)
        SELECT 'made', 'ev', 'cold', '99 years', p.owner, p.owner_oid, p.origin FROM pgmeta.archive_policies p WHERE p.name = 'ev';";
const LIVE: &str = "IF to_regclass('ev_3') IS NULL THEN
    CREATE TABLE ev_3 PARTITION OF ev FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
    INSERT INTO ev SELECT g, '2024-03-02', 'x' FROM generate_series(1, 50) g; END IF;";
const FAILED: &str = "UPDATE pgmeta.archive_records SET state = 'failed', held = false WHERE id = 3;";
/// Makes the manifest's record belong to another location, so that no record has its contents.
const UNKNOWN: &str = "DELETE FROM pgmeta.archive_records WHERE partition = 'public.found' AND id <> 4;
    UPDATE pgmeta.archive_records SET manifest_sha256 = NULL, location = rtrim(location, '/') || '/' WHERE id = 4;";
const IDLE: &str = "WHILE EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'pgmeta archive') LOOP
    PERFORM pg_sleep(0.002); PERFORM pg_stat_clear_snapshot(); END LOOP;";

/// A definition with two versions, of which none is deployed.
const STORED: &str = "DROP SCHEMA IF EXISTS st CASCADE; DELETE FROM pgmeta_registry.definitions; DELETE FROM pgmeta_registry.templates;
    PERFORM pgmeta_definition_create('stored', '{\"schema\": \"st\", \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"id\", \"type\": \"int\", \"primary_key\": true}]}]}');
    PERFORM pgmeta_definition_update('stored', jsonb_set(pgmeta_definition_get('stored'), '{tables,0,columns,1}', '{\"name\": \"a\", \"type\": \"text\"}'));";
/// The same, with the first version deployed.
macro_rules! deployed {
    () => {
        "DROP SCHEMA IF EXISTS st CASCADE; DELETE FROM pgmeta_registry.definitions;
    PERFORM pgmeta_definition_create('stored', '{\"schema\": \"st\", \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"id\", \"type\": \"int\", \"primary_key\": true}]}]}');
    PERFORM pgmeta_definition_deploy('stored');
    PERFORM pgmeta_definition_update('stored', jsonb_set(pgmeta_definition_get('stored'), '{tables,0,columns,1}', '{\"name\": \"a\", \"type\": \"text\"}'));"
    };
}
const DEPLOYED: &str = deployed!();
const DELETED: &str = concat!(deployed!(), " PERFORM pgmeta_definition_delete('stored');");
const COMMENTED: &str = concat!(deployed!(), " PERFORM pgmeta_definition_comment('stored', '', 'why?');");

/// An SQLite database: a table with an index.
macro_rules! sqlite_database {
    () => {
        "decode('53514c69746520666f726d61742033000200010100402020000000020000000300000000000000000000000200000004000000000000000000000001' || repeat('0', 70) || '02002e63010d00000002011c00016c011c' || repeat('0', 344) || '4e0206171d170177696e64657862795f7469746c656e6f7465730343524541544520494e4445582062795f7469746c65204f4e206e6f74657320287469746c6520434f4c4c415445204e4f4341534529811101071717170182017461626c656e6f7465736e6f74657302435245415445205441424c45206e6f7465732028696420494e5445474552205052494d415259204b45592c207469746c65205641524348415228343029204e4f54204e554c4c2c20646f6e6520424f4f4c45414e2044454641554c5420302c20434845434b20286c656e677468287469746c6529203e203029290d0000000002' || repeat('0', 1012) || '0a0000000002' || repeat('0', 1012), 'hex')"
    };
}
const SQLITE_OF_BYTES: &str = concat!("pgmeta_import_sqlite(", sqlite_database!(), ")");
/// In statements of their own: one does not see the large object that it makes.
const SQLITE_FILE: &str = concat!(
    "PERFORM lo_from_bytea(4711, ",
    sqlite_database!(),
    "); PERFORM lo_export(4711, fx.folder() || '/notes.db'); PERFORM lo_unlink(4711);"
);

/// If a call of the first form covers the code, the others are forms.
pub const CALLS: &[Call] = &[
    call("pgmeta_ddl(text,jsonb)", "pgmeta_ddl('app.orders')"),
    form("pgmeta_ddl(oid,jsonb)", "pgmeta_ddl('re'::regnamespace::oid)"),
    form("pgmeta_ddl(regclass,jsonb)", "pgmeta_ddl('app.orders'::regclass)"),
    form("pgmeta_ddl(regprocedure,jsonb)", "pgmeta_ddl('app.order_total(bigint, date)'::regprocedure)"),
    form("pgmeta_ddl(regproc,jsonb)", "pgmeta_ddl('app.order_total'::regproc)"),
    form("pgmeta_ddl(regtype,jsonb)", "pgmeta_ddl('app.amount'::regtype)"),
    form("pgmeta_ddl(regoperator,jsonb)", "pgmeta_ddl('fx.<<<(int, int)'::regoperator)"),
    form("pgmeta_ddl(regoper,jsonb)", "pgmeta_ddl('fx.<<<'::regoper)"),
    form("pgmeta_ddl(regcollation,jsonb)", "pgmeta_ddl('fx.collation'::regcollation)"),
    form("pgmeta_ddl(regconfig,jsonb)", "pgmeta_ddl('fx.config'::regconfig)"),
    form("pgmeta_ddl(regdictionary,jsonb)", "pgmeta_ddl('fx.dictionary'::regdictionary)"),
    form("pgmeta_ddl(regnamespace,jsonb)", "pgmeta_ddl('re'::regnamespace)"),
    form("pgmeta_ddl(regrole,jsonb)", "pgmeta_ddl('shop_app'::regrole)"),
    call("pgmeta_object_ddl(text,text[],text[],jsonb)", "pgmeta_object_ddl('table', '{app,orders}')"),
    call("pgmeta_objects(text[],text[],text,text,jsonb)", "pgmeta_objects('{re}')"),
    form("pgmeta_objects(text,text[],text,text,jsonb)", "pgmeta_objects('broken', on_error => 'warn')"),
    form("pgmeta_objects(text,text,text,text,jsonb)", "pgmeta_objects('re', 'table, view')"),
    call("pgmeta_export(text[],text[],text,text,jsonb,text)", "pgmeta_export('{re}')"),
    form("pgmeta_export(text,text[],text,text,jsonb,text)", "pgmeta_export('app', options => '{\"progress\": true}')"),
    form("pgmeta_export(text,text,text,text,jsonb,text)", "pgmeta_export('app', 'table, view')"),
    call("pgmeta_export_files(text[],text[],text,text,jsonb)", "pgmeta_export_files('{re}')"),
    form("pgmeta_export_files(text,text[],text,text,jsonb)", "pgmeta_export_files('app')"),
    form("pgmeta_export_files(text,text,text,text,jsonb)", "pgmeta_export_files('app', 'table, view')"),
    call("pgmeta_export_tar(text[],text[],text,text,jsonb)", "pgmeta_export_tar('{re}')"),
    form("pgmeta_export_tar(text,text[],text,text,jsonb)", "pgmeta_export_tar('app')"),
    form("pgmeta_export_tar(text,text,text,text,jsonb)", "pgmeta_export_tar('app', 'table, view')"),
    call(
        "pgmeta_export_to_directory(text,text[],text[],text,text,jsonb)",
        "pgmeta_export_to_directory(fx.folder(), '{re}')",
    ),
    form(
        "pgmeta_export_to_directory(text,text,text[],text,text,jsonb)",
        "pgmeta_export_to_directory(fx.folder(), 're')",
    ),
    form(
        "pgmeta_export_to_directory(text,text,text,text,text,jsonb)",
        "pgmeta_export_to_directory(fx.folder(), 're', 'table, view', options => '{\"prune\": true}')",
    ),
    call("pgmeta_snapshot(text[],jsonb)", "pgmeta_snapshot('{re}', '{\"sizes\": true}')"),
    form("pgmeta_snapshot(text,jsonb)", "pgmeta_snapshot('app')"),
    call("pgmeta_snapshot_ddl(jsonb,jsonb)", "pgmeta_snapshot_ddl(fx.document('app'))"),
    call("pgmeta_snapshot_schema()", "pgmeta_snapshot_schema()"),
    call("pgmeta_snapshot_save(text,jsonb,text)", "pgmeta_snapshot_save('saved again', fx.document('re'))"),
    call("pgmeta_snapshot_load(text,bigint)", "pgmeta_snapshot_load('saved')"),
    after(
        "PERFORM pgmeta_snapshot_save('gone', fx.document('re'));",
        call("pgmeta_snapshot_delete(text,bigint)", "pgmeta_snapshot_delete('gone')"),
    ),
    call("pgmeta_snapshot_from_sql(text,jsonb)", "pgmeta_snapshot_from_sql('CREATE TABLE t (a int)')"),
    call("pgmeta_coverage(text[])", "pgmeta_coverage('{re}')"),
    form("pgmeta_coverage(text)", "pgmeta_coverage('app')"),
    call("pgmeta_lint(text[],jsonb)", "pgmeta_lint('{re}', '{\"rules\": [\"all\"]}')"),
    form("pgmeta_lint(text,jsonb)", "pgmeta_lint('app')"),
    form("pgmeta_lint(jsonb,jsonb)", "pgmeta_lint(fx.document('re'))"),
    form("pgmeta_lint(json,jsonb)", "pgmeta_lint(fx.document('re')::json)"),
    call("pgmeta_lint_plan(jsonb,jsonb,jsonb)", "pgmeta_lint_plan(fx.document('re'), fx.document('re_wanted'))"),
    form(
        "pgmeta_lint_plan(json,json,jsonb)",
        "pgmeta_lint_plan(fx.document('re')::json, fx.document('re_wanted')::json)",
    ),
    form("pgmeta_lint_plan(jsonb,text,jsonb)", "pgmeta_lint_plan(fx.document('re_wanted'), 'saved')"),
    form("pgmeta_lint_plan(text,jsonb,jsonb)", "pgmeta_lint_plan('saved', fx.document('re_wanted'))"),
    form("pgmeta_lint_plan(text,text,jsonb)", "pgmeta_lint_plan('saved', 'saved')"),
    call(
        "pgmeta_lint_sql(text,jsonb)",
        "pgmeta_lint_sql('ALTER TABLE re.t ADD x int; DROP TABLE re.t', '{\"rehearse\": true}')",
    ),
    call("pgmeta_recommendations(text[],jsonb)", "pgmeta_recommendations('{re}'::text[])"),
    form("pgmeta_recommendations(text,jsonb)", "pgmeta_recommendations('app')"),
    call("pgmeta_lint_rules()", "pgmeta_lint_rules()"),
    call("pgmeta_lint_sarif(text[],jsonb)", "pgmeta_lint_sarif('{re}')"),
    form("pgmeta_lint_sarif(text,jsonb)", "pgmeta_lint_sarif('app')"),
    // It returns a row for each section that the session has counted, so it comes before calls that count more sections.
    after("PERFORM pgmeta_discover('app');", call("pgmeta_discovery_stats()", "pgmeta_discovery_stats()")),
    call(
        "pgmeta_discover(text[],jsonb)",
        "pgmeta_discover('{re}'::text[], '{\"virtual\": true, \"on_error\": \"warn\"}')",
    ),
    form("pgmeta_discover(text,jsonb)", "pgmeta_discover('app', '{\"sections\": [\"statistics\", \"tables\"]}')"),
    form("pgmeta_discover(jsonb,jsonb)", "pgmeta_discover(pgmeta_snapshot('app'))"),
    form("pgmeta_discover(json,jsonb)", "pgmeta_discover(pgmeta_snapshot('app')::json)"),
    call("pgmeta_discover_schema()", "pgmeta_discover_schema()"),
    call("pgmeta_relationships(text[],jsonb)", "pgmeta_relationships('{app,auth}'::text[])"),
    form("pgmeta_relationships(text,jsonb)", "pgmeta_relationships('app')"),
    call("pgmeta_diagram(text[],text,jsonb)", "pgmeta_diagram('{re}'::text[], 'svg')"),
    form("pgmeta_diagram(text,text,jsonb)", "pgmeta_diagram('app')"),
    call("pgmeta_context(text[],integer,jsonb)", "pgmeta_context('{app}'::text[], 500)"),
    form("pgmeta_context(text,integer,jsonb)", "pgmeta_context('app')"),
    call(
        "pgmeta_definition_import(text,text,jsonb)",
        "pgmeta_definition_import('snapshot', pgmeta_snapshot('re')::text)",
    ),
    call("pgmeta_import_sqlite(bytea,jsonb)", SQLITE_OF_BYTES),
    after(SQLITE_FILE, form("pgmeta_import_sqlite(text,jsonb)", "pgmeta_import_sqlite(fx.folder() || '/notes.db')")),
    call("pgmeta_definition_schema()", "pgmeta_definition_schema()"),
    call("pgmeta_definition_from(text[],jsonb)", "pgmeta_definition_from('{re}'::text[], '{\"warn\": false}')"),
    form("pgmeta_definition_from(text,jsonb)", "pgmeta_definition_from('app', '{\"warn\": false}')"),
    call(
        "pgmeta_definition_validate(jsonb,jsonb)",
        "pgmeta_definition_validate(pgmeta_definition_from('re', '{\"warn\": false}'))",
    ),
    call(
        "pgmeta_definition_sql(jsonb,text,jsonb)",
        "pgmeta_definition_sql(pgmeta_definition_from('re', '{\"warn\": false}'))",
    ),
    call(
        "pgmeta_definition_complexity(jsonb)",
        "pgmeta_definition_complexity(pgmeta_definition_from('re', '{\"warn\": false}'))",
    ),
    after(
        STORED,
        call(
            "pgmeta_definition_create(text,jsonb,text,jsonb)",
            "(SELECT pgmeta_definition_create('made', '{}') IS NOT NULL) AS made",
        ),
    ),
    after(
        STORED,
        call("pgmeta_definition_update(text,jsonb,text,integer)", "pgmeta_definition_update('stored', '{}')"),
    ),
    after(STORED, call("pgmeta_definition_get(text,integer)", "pgmeta_definition_get('stored', 1)")),
    after(
        STORED,
        call(
            "pgmeta_definition_copy(text,text)",
            "(SELECT pgmeta_definition_copy('stored', 'copied') IS NOT NULL) AS copied",
        ),
    ),
    after(STORED, call("pgmeta_definition_rename(text,text)", "pgmeta_definition_rename('stored', 'renamed')")),
    after(STORED, call("pgmeta_definition_delete(text)", "pgmeta_definition_delete('stored')")),
    after(DELETED, call("pgmeta_definition_restore(text)", "pgmeta_definition_restore('stored')")),
    after(DELETED, call("pgmeta_definition_purge(text)", "pgmeta_definition_purge('stored')")),
    after(
        STORED,
        call("pgmeta_definition_share(text,regrole,text[])", "pgmeta_definition_share('stored', 'shop_app', '{read}')"),
    ),
    after(STORED, call("pgmeta_definition_diff(text,integer,integer)", "pgmeta_definition_diff('stored', 1, 2)")),
    after(
        STORED,
        call(
            "pgmeta_definition_migration(text,integer,integer,text,jsonb)",
            "pgmeta_definition_migration('stored', 1, 2)",
        ),
    ),
    after(STORED, call("pgmeta_definition_impact(text,integer)", "pgmeta_definition_impact('stored', 1)")),
    after(STORED, call("pgmeta_definition_export(text,text)", "pgmeta_definition_export('stored', 'mermaid')")),
    after(DEPLOYED, call("pgmeta_definition_status(text)", "pgmeta_definition_status('stored')")),
    after(
        DEPLOYED,
        call(
            "pgmeta_definition_deploy(text,integer,jsonb)",
            "(SELECT count(*) FROM pgmeta_definition_deploy('stored', options => '{\"allow_hazards\": \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK, DELETES_DATA\"}')) AS deployed",
        ),
    ),
    after(
        DEPLOYED,
        call(
            "pgmeta_definition_rollback(text,integer,jsonb)",
            "(SELECT count(*) FROM pgmeta_definition_rollback('stored', 2, '{\"allow_hazards\": \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK, DELETES_DATA\"}')) AS deployed",
        ),
    ),
    after(
        DEPLOYED,
        call(
            "pgmeta_definition_undeploy(text,jsonb)",
            "(SELECT count(*) FROM pgmeta_definition_undeploy('stored', '{\"allow_hazards\": \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK, DELETES_DATA\"}')) AS dropped",
        ),
    ),
    after(
        STORED,
        call(
            "pgmeta_definition_comment(text,text,text)",
            "(SELECT pgmeta_definition_comment('stored', '', 'why?') > 0) AS made",
        ),
    ),
    after(
        COMMENTED,
        call(
            "pgmeta_definition_comment_reply(bigint,text)",
            "(SELECT pgmeta_definition_comment_reply(max(id), 'so') > 0 FROM pgmeta.definition_comments) AS made",
        ),
    ),
    after(
        COMMENTED,
        call(
            "pgmeta_definition_comment_resolve(bigint)",
            "(SELECT pgmeta_definition_comment_resolve(max(id)) FROM pgmeta.definition_comments) AS made",
        ),
    ),
    after(STORED, call("pgmeta_template_create(text,jsonb,text)", "pgmeta_template_create('made', '{}')")),
    call("pgmeta_definition_list(text,integer,integer,jsonb)", "pgmeta_definition_list()"),
    call("pgmeta_definition_losses(jsonb,text)", "pgmeta_definition_losses(pgmeta_template_apply('shop'), 'sqlite')"),
    call("pgmeta_template_list()", "pgmeta_template_list()"),
    call("pgmeta_template_get(text)", "pgmeta_template_get('blog')"),
    call("pgmeta_template_apply(text,jsonb)", "pgmeta_template_apply('blog', '{\"schema\": \"news\"}')"),
    call("pgmeta_api(text,text,jsonb,jsonb)", "pgmeta_api('GET', '/api/v1/schemas')"),
    call("pgmeta_api_openapi()", "pgmeta_api_openapi()"),
    call("pgmeta_dialect_sql(text[],text,jsonb)", "pgmeta_dialect_sql('{re}'::text[], 'sqlite')"),
    form("pgmeta_dialect_sql(text,text,jsonb)", "pgmeta_dialect_sql('app', 'mariadb')"),
    form("pgmeta_dialect_sql(jsonb,text,jsonb)", "pgmeta_dialect_sql(pgmeta_snapshot('app'), 'mysql')"),
    call("pgmeta_dialect_losses(text[],text,jsonb)", "pgmeta_dialect_losses('{re}'::text[], 'mssql')"),
    form("pgmeta_dialect_losses(text,text,jsonb)", "pgmeta_dialect_losses('app', 'sqlite')"),
    form("pgmeta_dialect_losses(jsonb,text,jsonb)", "pgmeta_dialect_losses(pgmeta_snapshot('app'), 'sqlite')"),
    call("pgmeta_capabilities(text,text)", "pgmeta_capabilities('mysql', '8.0')"),
    call("pgmeta_fingerprint(text[])", "pgmeta_fingerprint('{re}')"),
    form("pgmeta_fingerprint(text)", "pgmeta_fingerprint('app')"),
    call("pgmeta_diff(text,text,jsonb)", "pgmeta_diff('re', 'ap')"),
    form("pgmeta_diff(jsonb,jsonb,jsonb)", "pgmeta_diff(fx.document('re'), fx.document('re_wanted'))"),
    call("pgmeta_plan(jsonb,jsonb,jsonb)", "pgmeta_plan(fx.document('re'), fx.document('re_wanted'))"),
    call(
        "pgmeta_migration(jsonb,jsonb,text,text,text,jsonb)",
        "pgmeta_migration(fx.document('re'), fx.document('re_wanted'), 'goose', 'x', '1')",
    ),
    call("pgmeta_live(jsonb,jsonb)", "pgmeta_live(fx.document('re_wanted'), '{\"schemas\": [\"re\"]}')"),
    call("pgmeta_plan_live(jsonb,jsonb)", "pgmeta_plan_live(fx.document('re_wanted'), '{\"schemas\": [\"re\"]}')"),
    call("pgmeta_rehearse(jsonb,jsonb)", "pgmeta_rehearse(fx.document('re_wanted'), '{\"schemas\": [\"re\"]}')"),
    after(APPLIED, call("pgmeta_apply(jsonb,jsonb)", "pgmeta_apply(fx.document('ap_wanted'), fx.document('allowed'))")),
    call("pgmeta_drift(text,jsonb)", "pgmeta_drift('saved', '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_diff(json,json,jsonb)", "pgmeta_diff(fx.document('re')::json, fx.document('re_wanted')::json)"),
    form("pgmeta_diff(jsonb,text,jsonb)", "pgmeta_diff(fx.document('re_wanted'), 'saved')"),
    form("pgmeta_diff(text,jsonb,jsonb)", "pgmeta_diff('saved', fx.document('re_wanted'))"),
    form("pgmeta_plan(json,json,jsonb)", "pgmeta_plan(fx.document('re')::json, fx.document('re_wanted')::json)"),
    form("pgmeta_plan(jsonb,text,jsonb)", "pgmeta_plan(fx.document('re_wanted'), 'saved')"),
    form("pgmeta_plan(text,jsonb,jsonb)", "pgmeta_plan('saved', fx.document('re_wanted'))"),
    form("pgmeta_plan(text,text,jsonb)", "pgmeta_plan('saved', 'saved')"),
    form(
        "pgmeta_migration(json,json,text,text,text,jsonb)",
        "pgmeta_migration(fx.document('re')::json, fx.document('re_wanted')::json)",
    ),
    form("pgmeta_migration(jsonb,text,text,text,text,jsonb)", "pgmeta_migration(fx.document('re_wanted'), 'saved')"),
    form("pgmeta_migration(text,jsonb,text,text,text,jsonb)", "pgmeta_migration('saved', fx.document('re_wanted'))"),
    form("pgmeta_migration(text,text,text,text,text,jsonb)", "pgmeta_migration('saved', 'saved')"),
    form("pgmeta_snapshot_ddl(text,jsonb)", "pgmeta_snapshot_ddl('saved')"),
    form("pgmeta_snapshot_ddl(json,jsonb)", "pgmeta_snapshot_ddl(fx.document('re_wanted')::json)"),
    form("pgmeta_live(text,jsonb)", "pgmeta_live(fx.document('re_wanted')::text, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_live(json,jsonb)", "pgmeta_live(fx.document('re_wanted')::json, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_plan_live(text,jsonb)", "pgmeta_plan_live(fx.document('re_wanted')::text, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_plan_live(json,jsonb)", "pgmeta_plan_live(fx.document('re_wanted')::json, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_rehearse(text,jsonb)", "pgmeta_rehearse(fx.document('re_wanted')::text, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_rehearse(json,jsonb)", "pgmeta_rehearse(fx.document('re_wanted')::json, '{\"schemas\": [\"re\"]}')"),
    after(
        APPLIED,
        form("pgmeta_apply(text,jsonb)", "pgmeta_apply(fx.document('ap_wanted')::text, fx.document('allowed'))"),
    ),
    after(
        APPLIED,
        form("pgmeta_apply(json,jsonb)", "pgmeta_apply(fx.document('ap_wanted')::json, fx.document('allowed'))"),
    ),
    form("pgmeta_drift(jsonb,jsonb)", "pgmeta_drift(fx.document('re')::jsonb, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_drift(json,jsonb)", "pgmeta_drift(fx.document('re')::json, '{\"schemas\": [\"re\"]}')"),
    form("pgmeta_snapshot_save(text,text,text)", "pgmeta_snapshot_save('form', 'saved')"),
    form("pgmeta_snapshot_save(text,json,text)", "pgmeta_snapshot_save('form', fx.document('re')::json)"),
    call("pgmeta_help(text)", "pgmeta_help('ddl*')"),
    call("pgmeta_version()", "pgmeta_version()"),
    after(
        LIVE,
        call("pgmeta_archive(regclass,text,jsonb)", "pgmeta_archive('ev_3', 'cold', '{\"retire\": \"drop\"}')"),
    ),
    after(FAILED, call("pgmeta_archive_cancel(bigint)", "pgmeta_archive_cancel(3)")),
    after(FAILED, call("pgmeta_archive_retry(bigint)", "pgmeta_archive_retry(3)")),
    after(FAILED, call("pgmeta_archive_retry_all(text)", "pgmeta_archive_retry_all()")),
    call("pgmeta_archive_candidates(text,timestamp with time zone)", "pgmeta_archive_candidates('ev')"),
    call("pgmeta_archive_compare(bigint)", "pgmeta_archive_compare(1)"),
    call("pgmeta_archive_verify(bigint,jsonb)", "pgmeta_archive_verify(1)"),
    after(
        "DROP TABLE IF EXISTS ev_2;",
        call("pgmeta_archive_restore(bigint,jsonb)", "pgmeta_archive_restore(2, '{\"attach\": true}')"),
    ),
    call("pgmeta_archive_health()", "pgmeta_archive_health()"),
    call("pgmeta_metrics()", "pgmeta_metrics()"),
    call("pgmeta_archive_validate(text)", "pgmeta_archive_validate('ev')"),
    after(
        NO_POLICY,
        call(
            "pgmeta_archive_policy_create(text,regclass,text,interval,jsonb)",
            "pgmeta_archive_policy_create('made', 'ev', 'cold', interval '99 years')",
        ),
    ),
    after(
        NO_POLICY,
        form(
            "pgmeta_archive_policy_create(text,regclass,text,bigint,jsonb)",
            "pgmeta_archive_policy_create('made', 'numbers', 'cold', 1000)",
        ),
    ),
    after(
        NO_POLICY,
        form(
            "pgmeta_archive_policy_create(text,regclass,text,text,jsonb)",
            "pgmeta_archive_policy_create('made', 'ev', 'cold', '99 years')",
        ),
    ),
    after(
        POLICY,
        call(
            "pgmeta_archive_policy_alter(text,jsonb)",
            "pgmeta_archive_policy_alter('made', '{\"retire\": \"drop\"}')",
        ),
    ),
    after(POLICY, call("pgmeta_archive_policy_drop(text)", "pgmeta_archive_policy_drop('made')")),
    after(POLICY, call("pgmeta_archive_policy_pause(text)", "pgmeta_archive_policy_pause('made')")),
    after(POLICY, call("pgmeta_archive_policy_resume(text)", "pgmeta_archive_policy_resume('made')")),
    after(IDLE, call("pgmeta_archive_start(text,integer)", "pgmeta_archive_start('idle', 1)")),
    after(
        UNKNOWN,
        call(
            "pgmeta_archive_adopt(text,jsonb)",
            "pgmeta_archive_adopt('cold', '{\"prefix\": \"pgmeta_schema=public/pgmeta_table=found\"}')",
        ),
    ),
    Call {
        routine: "pgmeta_archive_delete(bigint,jsonb)",
        call: "pgmeta_archive_delete(fx.gone())",
        before: "PERFORM pgmeta_archive('gone', 'cold');",
        kind: Kind::Procedure,
    },
    Call {
        routine: "pgmeta_archive_run(text)",
        call: "pgmeta_archive_run('runs')",
        before: "DROP TABLE IF EXISTS run_1; CREATE TABLE run_1 PARTITION OF run FOR VALUES FROM (0) TO (100);
            INSERT INTO run SELECT g FROM generate_series(1, 50) g;",
        kind: Kind::Procedure,
    },
    call("pgmeta_document(text[],text,jsonb)", "pgmeta_document('{re}'::text[])"),
    form("pgmeta_document(text,text,jsonb)", "pgmeta_document('app', 'markdown')"),
    call(
        "pgmeta_document_to_directory(text,text[],text,jsonb)",
        "pgmeta_document_to_directory(fx.folder() || '/site', '{re}')",
    ),
    form(
        "pgmeta_document_to_directory(text,text,text,jsonb)",
        "pgmeta_document_to_directory(fx.folder() || '/pages', 're', 'markdown')",
    ),
    call("pgmeta_comment_coverage(text[])", "pgmeta_comment_coverage('{re}')"),
    form("pgmeta_comment_coverage(text)", "pgmeta_comment_coverage('app')"),
];
