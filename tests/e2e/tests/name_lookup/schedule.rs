//! The scheduler in databases with twins, and in databases without the extension whose owner has created look-alikes of its
//! objects.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::Outcome;

use super::stage::{BARE, CALM, HOSTILE, Stage};

/// The real databases of the scheduler, with their paths.
const SERVED: &[(&str, Option<&str>)] = &[("served_usual", None), ("served_last", Some("public, pg_catalog"))];

/// The kinds of relations that the owner has created as look-alikes.
const FORGED: &[(&str, &str)] = &[("forged_views", "view"), ("forged_tables", "table")];

/// Runs the scheduler for some intervals; returns the faults. The log shows whether twins and traps ran.
pub fn run(stage: &Stage) -> Result<Vec<String>> {
    for (database, path) in SERVED {
        stage.copy(database, HOSTILE, *path)?;
        let alter = "SELECT tools.pgmeta_archive_policy_alter(name, '{\"schedule\": \"1 second\"}'::pg_catalog.jsonb) FROM pgmeta.archive_policies";
        stage.server.psql(database, alter)?;
    }
    for (database, kind) in FORGED {
        stage.copy(database, BARE, None)?;
        forge(stage, database, kind)?;
    }
    let names: Vec<&str> = SERVED.iter().map(|(name, _)| *name).chain(FORGED.iter().map(|(name, _)| *name)).collect();
    stage.server.psql("postgres", &format!("ALTER SYSTEM SET pgmeta.archive_databases = '{}'", names.join(",")))?;
    let before = stage.server.log()?.len();
    stage.server.restart()?;
    let mut wrong = Vec::new();
    for (database, _) in SERVED {
        wrong.extend(wait(stage, database)?);
    }
    // Two intervals, and the time that workers need.
    std::thread::sleep(Duration::from_secs(4));
    stage.server.psql("postgres", "ALTER SYSTEM RESET pgmeta.archive_databases")?;
    stage.server.restart()?;
    let log = stage.server.log()?;
    // A look-alike policy must have no effect: no worker starts, and no error about it is logged.
    let orders = log[before..].lines().filter(|line| line.contains("forged") && !line.contains("ran as"));
    wrong.extend(orders.take(3).map(|line| format!("- the schedule has looked at a forged policy: {line}")));
    Ok(wrong)
}

/// Waits until all due partitions are archived.
fn wait(stage: &Stage, database: &str) -> Result<Option<String>> {
    const DONE: &str =
        "SET search_path = pg_catalog; SELECT count(DISTINCT partition) FROM pgmeta.archives WHERE state = 'retired'";
    let begun = Instant::now();
    loop {
        let found = stage.server.psql(database, DONE)?;
        if found == "14" {
            return Ok(None);
        }
        if begun.elapsed() > Duration::from_secs(20) {
            let states = stage
                .server
                .psql(database, "SELECT policy, partition, state, error FROM pgmeta.archives ORDER BY id")?;
            return Ok(Some(format!("- the schedule in {database} has archived {found} of 14:\n{states}")));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// As the database's owner, creates look-alikes of the extension's relations, all of one kind, each with a trap that fires
/// when it is read or written, and one that fires at the commit.
fn forge(stage: &Stage, database: &str, kind: &str) -> Outcome {
    stage.server.psql("postgres", &format!("ALTER DATABASE {database} OWNER TO twin_maker"))?;
    // The real columns, with values that would make the scheduler act.
    const COLUMNS: &str = "SELECT c.relname, string_agg(format('%s::%s AS %I', COALESCE(v.value, 'NULL'), format_type(a.atttypid, -1), a.attname), ', ' ORDER BY a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN (VALUES ('name', '''forged'''), ('options', '''{\"schedule\": \"1 second\"}'''), ('parent', '''public.bait'''), ('storage', '''cold'''),
            ('retention', '''1 day'''), ('created_at', '''2020-01-01'''), ('owner', '''postgres'''), ('paused', 'false'), ('id', '1'),
            ('policy', '''forged'''), ('state', '''scanning'''), ('started_at', '''2020-01-01''')) AS v (name, value) ON v.name = a.attname
        WHERE c.relnamespace = 'pgmeta'::regnamespace AND c.relkind = 'r' GROUP BY 1 ORDER BY 1";
    let relations = stage.server.psql(CALM, COLUMNS)?;
    ensure!(relations.lines().count() >= 4, "the extension has few tables: {relations}");
    let mut script = "CREATE SCHEMA pgmeta;
        CREATE TABLE public.bait (at date) PARTITION BY RANGE (at);
        CREATE TABLE public.bait_1 PARTITION OF public.bait FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
        CREATE TABLE public.trap (x int);
        CREATE FUNCTION public.spring() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.twin_ran('deferred trigger in schema pgmeta'); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER spring AFTER INSERT OR UPDATE ON public.trap DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.spring();
        CREATE FUNCTION public.lay() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
            PERFORM public.twin_ran('relation of schema pgmeta'); INSERT INTO public.trap VALUES (1); RETURN true; END $$;\n"
        .to_owned();
    for line in relations.lines() {
        let Some((name, columns)) = line.split_once('|') else { continue };
        script += &match kind {
            "view" => format!("CREATE VIEW pgmeta.{name} AS SELECT {columns} WHERE public.lay();\n"),
            _ => format!(
                "CREATE TABLE pgmeta.{name} AS SELECT {columns};
                CREATE CONSTRAINT TRIGGER spring AFTER INSERT OR UPDATE ON pgmeta.{name} DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION public.spring();\n"
            ),
        };
    }
    stage.server.run_psql(database, "twin_maker", &script)?.checked("forging")?;
    Ok(())
}
