//! Writes the files of a migration into a folder, for `scripts/check_formats.sh`: what each format must get right is
//! in it. Reads nothing; the steps are spelled here.
//!
//! `cargo run -p pgmeta-core --example migration_files -- FORMAT FOLDER`

use std::path::Path;

use pgmeta_core::model::{ObjectKey, ObjectKind};
use pgmeta_core::plan::format::{Format, Migration, migration};
use pgmeta_core::plan::{Hazard, Run, Statement, Step, Timeouts, numbered};

const FUNCTION: &str = "CREATE FUNCTION app.\"F;\"(INOUT a integer) LANGUAGE plpgsql AS $f$
BEGIN
    a := a + 1; -- it's one;
    IF a > 0 THEN
        RAISE NOTICE 'a;b -- c', 'd';
    END IF;
END;
$f$";

/// Every line that a tool would take for its own.
const TRAP: &str = "CREATE FUNCTION app.trap() RETURNS text LANGUAGE sql AS $f$
-- +goose Down
-- +goose StatementEnd
-- migrate:down
--changeset a:b
 --rollback DROP TABLE app.t;
SELECT '${user.name} \\ $run$'::text;
$f$";

const ATOMIC: &str = "CREATE FUNCTION app.atomic() RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;
    SELECT count(*) FROM app.t;
END";

fn statement(kind: ObjectKind, name: &str, sql: &str) -> Statement {
    Statement::new(&ObjectKey::in_schema(kind, &"app".into(), &name.into()), sql)
}

fn up() -> Vec<Step> {
    let mut function = statement(ObjectKind::Function, "F;", FUNCTION);
    function.key.args = std::sync::Arc::new(["integer".into()]);
    let label = statement(ObjectKind::Type, "mood", "ALTER TYPE app.mood ADD VALUE 'calm' BEFORE 'sad'");
    let label = label.run(Run::Alone).reason("a label is usable once it is committed\n; DROP TABLE app.old;");
    let table = "CREATE TABLE app.t (\n    a integer NOT NULL,\n    m app.mood DEFAULT 'calm'::app.mood\n)";
    // Outside of transactions nothing can put it together.
    let lines = "x\n--rollback DROP TABLE app.t;\n-- +goose Down\n--\n migrate:down\n--changeset a:b\n${user.name} changesetId\r\n\u{2028}";
    let trap = format!(
        "CREATE INDEX CONCURRENTLY \"i\n--rollback x\" ON app.t USING btree (a) WHERE ((a)::text <> '{lines}'::text)"
    );
    let trap =
        statement(ObjectKind::Index, "i\n--rollback x", &trap).run(Run::Outside).hazard(Hazard::IndexBuild).slow();
    let index = |name: &str, column: &str| {
        let sql = format!("CREATE INDEX CONCURRENTLY {name} ON app.t USING btree ({column})");
        statement(ObjectKind::Index, name, &sql).run(Run::Outside).hazard(Hazard::IndexBuild).slow()
    };
    let view = "CREATE VIEW app.v AS\n SELECT a FROM app.t WHERE m <> 'sad'";
    let steps = vec![
        function,
        statement(ObjectKind::Function, "trap", TRAP),
        label,
        statement(ObjectKind::Table, "t", table),
        statement(ObjectKind::Function, "atomic", ATOMIC),
        index("t_a", "a"),
        index("t_m", "m"),
        trap,
        statement(ObjectKind::View, "v", view),
    ];
    numbered(steps, Timeouts::default())
}

/// A label cannot be dropped, so the type is recreated.
fn down() -> Vec<Step> {
    let steps = vec![
        statement(ObjectKind::View, "v", "DROP VIEW app.v"),
        statement(ObjectKind::Index, "i\n--rollback x", "DROP INDEX CONCURRENTLY app.\"i\n--rollback x\"")
            .run(Run::Outside),
        statement(ObjectKind::Index, "t_m", "DROP INDEX CONCURRENTLY app.t_m").run(Run::Outside),
        statement(ObjectKind::Function, "atomic", "DROP FUNCTION app.atomic()"),
        statement(ObjectKind::Table, "t", "DROP TABLE app.t").hazard(Hazard::DeletesData),
        statement(ObjectKind::Function, "trap", "DROP FUNCTION app.trap()"),
        statement(ObjectKind::Function, "F;", "DROP FUNCTION app.\"F;\"(integer)"),
        statement(ObjectKind::Type, "mood", "ALTER TYPE app.mood RENAME TO mood_old"),
        statement(ObjectKind::Type, "mood", "CREATE TYPE app.mood AS ENUM ('sad')"),
        statement(ObjectKind::Type, "mood_old", "DROP TYPE app.mood_old"),
    ];
    numbered(steps, Timeouts::default())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(word), Some(folder)) = (args.next(), args.next()) else {
        return Err("usage: migration_files FORMAT FOLDER".into());
    };
    let format = Format::from_word(&word).ok_or_else(|| format!("no format {word}: {:?}", Format::ALL))?;
    let (up, down) = (up(), down());
    let whole = Migration { name: "Add t", version: Some("20240131120000"), up: &up, down: &down };
    for file in migration(format, &whole)? {
        let path = Path::new(&folder).join(file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, file.content)?;
    }
    Ok(())
}
