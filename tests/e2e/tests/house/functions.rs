//! House rules of all SQL functions, as the server sees them: comments, rights, volatility, names of arguments.

use std::fs;

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome};

use super::{relative, sources};

/// The rules of design.md, section 4, for every SQL function.
#[test]
fn sql_functions_follow_the_conventions() -> Outcome {
    let database = Database::with_pgmeta("conventions")?;
    let members = "FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' \
        JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pgmeta'";
    let without_comment = database.psql(&format!(
        "SELECT p.oid::regprocedure {members} WHERE proname NOT LIKE E'\\\\_%' AND obj_description(p.oid, 'pg_proc') IS NULL"
    ))?;
    ensure!(without_comment.is_empty(), "public functions without a comment:\n{without_comment}");
    let names = database.psql(&format!("SELECT p.oid::regprocedure {members} WHERE proname !~ '^_?pgmeta_'"))?;
    ensure!(names.is_empty(), "names that are not pgmeta's:\n{names}");
    let open = database.psql(&format!(
        "SELECT p.oid::regprocedure {members} WHERE proname LIKE E'\\\\_%' AND has_function_privilege('public', p.oid, 'EXECUTE')"
    ))?;
    ensure!(open.is_empty(), "private functions that everybody may call:\n{open}");
    let definer = database.psql(&format!("SELECT p.oid::regprocedure {members} WHERE prosecdef"))?;
    // It shows the activity of all sessions, which the server shows to pg_read_all_stats only.
    ensure!(definer == "_pgmeta_archive_progress()", "functions with their owner's rights:\n{definer}");

    // The script states volatility and parallel safety instead of using the defaults.
    let volatile = database.psql(&format!("SELECT proname {members} WHERE provolatile = 'v' GROUP BY 1 ORDER BY 1"))?;
    let writers = [
        "_pgmeta_guard",
        "pgmeta_api",
        "pgmeta_apply",
        "pgmeta_archive",
        "pgmeta_archive_adopt",
        "pgmeta_archive_cancel",
        // Files may change between two calls.
        "pgmeta_archive_compare",
        "pgmeta_archive_delete",
        "pgmeta_archive_health",
        "pgmeta_archive_policy_alter",
        "pgmeta_archive_policy_create",
        "pgmeta_archive_policy_drop",
        "pgmeta_archive_policy_pause",
        "pgmeta_archive_policy_resume",
        "pgmeta_archive_restore",
        "pgmeta_archive_retry",
        "pgmeta_archive_retry_all",
        "pgmeta_archive_run",
        "pgmeta_archive_start",
        // Writes to a storage for a moment.
        "pgmeta_archive_validate",
        "pgmeta_archive_verify",
        "pgmeta_definition_comment",
        "pgmeta_definition_comment_reply",
        "pgmeta_definition_comment_resolve",
        "pgmeta_definition_copy",
        "pgmeta_definition_create",
        "pgmeta_definition_delete",
        "pgmeta_definition_deploy",
        // It may run a script in a scratch database.
        "pgmeta_definition_import",
        "pgmeta_definition_purge",
        "pgmeta_definition_rename",
        "pgmeta_definition_restore",
        "pgmeta_definition_rollback",
        "pgmeta_definition_share",
        "pgmeta_definition_undeploy",
        "pgmeta_definition_update",
        // The counters of a session change with each call.
        "pgmeta_discovery_stats",
        "pgmeta_document_to_directory",
        "pgmeta_export_to_directory",
        // Files may change between two calls.
        "pgmeta_import_sqlite",
        // Runs statements if it is asked to.
        "pgmeta_lint_sql",
        "pgmeta_rehearse",
        "pgmeta_snapshot_delete",
        "pgmeta_snapshot_from_sql",
        "pgmeta_snapshot_save",
        "pgmeta_template_create",
    ];
    ensure!(volatile == writers.join("\n"), "volatile functions: {volatile}");
    let mut unstated = Vec::new();
    for path in sources("src/api")? {
        let text = fs::read_to_string(&path)?;
        for (at, _) in text.match_indices("#[pg_extern") {
            let attribute: String = text[at..].split(")]").next().unwrap_or_default().to_lowercase();
            // A procedure has neither.
            if attribute.contains("create procedure") {
                continue;
            }
            let states = |words: &[&str]| words.iter().any(|word| attribute.contains(word));
            // A macro's argument is replaced by the value at each use.
            let volatility = states(&["stable", "immutable", "volatile", "$volatility", "$sql"]);
            let parallel = states(&[
                "parallel_safe",
                "parallel_unsafe",
                "parallel_restricted",
                "parallel unsafe",
                "parallel safe",
                "$sql",
            ]);
            if !volatility || !parallel {
                unstated.push(format!("{}: {attribute}", relative(&path)));
            }
        }
    }
    ensure!(unstated.is_empty(), "volatility or parallel safety is not stated:\n{}", unstated.join("\n"));
    Ok(())
}

/// Arguments with the same meaning have the same name in all functions.
#[test]
fn arguments_have_the_same_names() -> Outcome {
    let database = Database::with_pgmeta("arguments")?;
    let known = [
        "content",
        "document",
        "schemas",
        "types",
        "name_pattern",
        "on_error",
        "options",
        "format",
        "directory",
        "name",
        "object",
        "type",
        "names",
        "args",
        "snapshot",
        "version",
        "comment",
        "ddl",
        "source",
        "target",
        "partition",
        "parent",
        "storage",
        "policy",
        "workers",
        "retention",
        "at",
        "id",
        "pattern",
        "max_chars",
        "dialect",
        "sql",
        "definition",
        "message",
        "expected_version",
        "from_version",
        "to_version",
        "search",
        "page",
        "page_size",
        "role",
        "rights",
        "path",
        "text",
        "method",
        "query",
        "body",
        "parameters",
        "description",
        "database",
    ];
    let used = database.psql(
        "SELECT DISTINCT name FROM pg_proc p, unnest(p.proargnames, COALESCE(p.proargmodes, array_fill('i'::\"char\", ARRAY[COALESCE(cardinality(p.proargnames), 0)]))) AS a (name, mode) \
         WHERE p.proname LIKE 'pgmeta\\_%' AND p.proargnames IS NOT NULL AND a.mode = 'i'",
    )?;
    let strange: Vec<&str> = used.lines().filter(|name| !known.contains(name)).collect();
    ensure!(strange.is_empty(), "arguments with other names: {strange:?}");
    let options = database.psql(
        "SELECT p.oid::regprocedure FROM pg_proc p WHERE p.proname LIKE 'pgmeta\\_%' AND 'options' = ANY (p.proargnames[:p.pronargs]) \
         AND pg_get_function_arguments(p.oid) NOT LIKE '%options jsonb DEFAULT ''{}''::jsonb%'",
    )?;
    ensure!(options.is_empty(), "options without the default '{{}}':\n{options}");
    Ok(())
}
