//! Templates that come with pgmeta: each is created, deployed and works.

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome};

#[test]
fn templates_are_deployed_with_odd_names() -> Outcome {
    let database = Database::with_pgmeta("registry_templates")?;
    let names = database.psql("SELECT name FROM pgmeta_template_list()")?;
    ensure!(names.lines().count() == 6, "{names}");
    for name in names.lines() {
        for schema in [name.to_owned(), format!("Odd \\\"{name} '")] {
            let quoted = schema.replace('\'', "''");
            let create = format!(
                "SELECT pgmeta_definition_create('{quoted}', pgmeta_template_apply('{name}', '{{\"schema\": \"{quoted}\"}}'));
                SELECT pgmeta_definition_deploy('{quoted}');
                SELECT pgmeta_definition_status('{quoted}') ->> 'status'"
            );
            let status = database.psql(&create).context(schema.clone())?;
            ensure!(status.ends_with("deployed"), "{schema}: {status}");
        }
    }
    // What the pages promise.
    let audited = database.psql(
        "CREATE TABLE public.t (a int); CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON public.t FOR EACH ROW EXECUTE FUNCTION audit_log.record_change('audit_log');
        INSERT INTO public.t VALUES (1); UPDATE public.t SET a = 2; DELETE FROM public.t;
        SELECT string_agg(action, ',' ORDER BY id) FROM audit_log.changes",
    )?;
    ensure!(audited.ends_with("INSERT,UPDATE,DELETE"), "{audited}");
    Ok(())
}
