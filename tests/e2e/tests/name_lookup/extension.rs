//! CREATE EXTENSION in a database with twins: the extension does not depend on them.

use anyhow::Result;

use super::stage::{BARE, CALM, Stage};

/// The objects of the script: functions with their comments, privileges and defaults, and views.
const MADE: &str = "SET search_path = pg_catalog;
SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), obj_description(p.oid, 'pg_proc'),
    (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(p.proacl) a)
FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pgmeta' JOIN pg_proc p ON p.oid = d.objid
WHERE d.deptype = 'e' AND d.classid = 'pg_proc'::regclass ORDER BY 1, 2;
SELECT c.relname, replace(replace(pg_get_viewdef(c.oid), 'public.', ''), 'tools.', '') FROM pg_class c
WHERE c.relnamespace IN ('pgmeta'::regnamespace, 'pgmeta_registry'::regnamespace) AND c.relkind = 'v' ORDER BY 1;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace IN ('pgmeta'::regnamespace, 'pgmeta_registry'::regnamespace) ORDER BY 1;
SELECT a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid IN (SELECT oid FROM pg_class WHERE relnamespace IN ('pgmeta'::regnamespace, 'pgmeta_registry'::regnamespace) AND relkind IN ('r', 'v')) AND a.attnum > 0 ORDER BY 1, a.attnum;";

/// Objects of other owners that members of the extension, or their parts, depend on.
const BOUND: &str = "SET search_path = pg_catalog;
WITH RECURSIVE own (classid, objid) AS (
    SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pgmeta' WHERE d.deptype = 'e'
    UNION
    SELECT d.classid, d.objid FROM pg_depend d JOIN own o ON d.refclassid = o.classid AND d.refobjid = o.objid WHERE d.deptype IN ('a', 'i')
)
SELECT DISTINCT pg_describe_object(d.classid, d.objid, 0) || ' depends on ' || pg_describe_object(d.refclassid, d.refobjid, 0)
FROM own o JOIN pg_depend d USING (classid, objid)
WHERE d.deptype = 'n' AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass, 'pg_class'::regclass)
    -- Views of the server are not pinned.
    AND d.refobjid >= 16384
    AND NOT EXISTS (SELECT FROM own x WHERE x.classid = d.refclassid AND x.objid = d.refobjid) ORDER BY 1";

/// Returns the objects of the extension in a database without twins.
pub fn installed(stage: &Stage) -> Result<String> {
    Ok(stage.server.psql(CALM, MADE)?.replace("tools.", ""))
}

/// Creates, drops and creates the extension among twins as the superuser; returns the differences.
pub fn install_among_twins(stage: &Stage, expected: &str) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (path, of_database) in [("usual", None), ("last", Some("public, pg_catalog"))] {
        for schema in ["public", "tools"] {
            let (database, what) =
                (format!("create_{path}_{schema}"), format!("CREATE EXTENSION SCHEMA {schema}, path {path}"));
            stage.copy(&database, BARE, of_database)?;
            let create = format!("CREATE EXTENSION pgmeta SCHEMA {schema};");
            let script = format!("CREATE SCHEMA tools; {create}\nDROP EXTENSION pgmeta;\n{create}");
            let output = stage.server.run_psql(&database, "postgres", &script)?;
            if !output.ok {
                wrong.push(format!("- {what}: {}", output.stderr));
                continue;
            }
            let made = stage.server.psql(&database, MADE)?.replace("public.", "").replace("tools.", "");
            wrong.extend(super::calls::difference(&what, expected, &made));
            let bound = stage.server.psql(&database, BOUND)?;
            wrong.extend(bound.lines().map(|line| format!("- {what}: {line}")));
        }
    }
    Ok(wrong)
}
