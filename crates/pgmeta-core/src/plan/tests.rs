//! Plans of small models, as text: which statements, in which transactions. Models are JSON, as snapshots are.

use crate::diff::diff;
use crate::model::Model;
use crate::plan::{Hazard, Options, PlanError, plan, replaced};

/// Returns a model of these lists.
fn model(lists: &str) -> Model {
    let text = format!(r#"{{"format_version": 1, "server_version_num": 150000, {lists}}}"#);
    Model::from_json(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Returns the plan between two snapshots, each step as `transaction: statement`, without steps that only report something.
fn steps(old: &str, new: &str) -> Vec<String> {
    let steps = plan(&model(old), &model(new), &[], &Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let number = |transaction: Option<i32>| transaction.map_or("-".to_owned(), |number| number.to_string());
    let done = steps.iter().filter(|step| !step.statement.is_note());
    done.map(|step| format!("{}: {}", number(step.transaction), step.statement.sql)).collect()
}

const TABLE: &str = r#"{"schema": "s", "name": "t", "columns": [{"name": "a", "data_type": "integer"}]}"#;

fn view(definition: &str, columns: &str) -> String {
    format!(
        r#"{{"schema": "s", "name": "v", "definition": "{definition}", "columns": [{columns}],
            "depends_on": [{{"type": "table", "names": ["s", "t"]}}]}}"#
    )
}

#[test]
fn equal_models_need_no_steps_in_any_column_order() {
    let table = |columns: &str| format!(r#""tables": [{{"schema": "s", "name": "t", "columns": [{columns}]}}]"#);
    let (a, b) = (r#"{"name": "a", "data_type": "integer"}"#, r#"{"name": "b", "data_type": "text"}"#);
    assert!(steps(&table(&format!("{a}, {b}")), &table(&format!("{b}, {a}"))).is_empty());
}

#[test]
fn a_view_is_recreated_for_a_column_type_change() {
    let column = |data_type: &str| format!(r#"{{"name": "a", "data_type": "{data_type}"}}"#);
    let side = |data_type: &str| {
        let columns = column(data_type);
        let table = format!(r#"{{"schema": "s", "name": "t", "columns": [{columns}]}}"#);
        format!(r#""tables": [{table}], "views": [{}]"#, view("SELECT t.a FROM s.t", &columns))
    };
    assert_eq!(
        steps(&side("integer"), &side("bigint")),
        [
            "1: DROP VIEW s.v",
            "1: ALTER TABLE s.t ALTER COLUMN a TYPE bigint",
            "1: CREATE VIEW s.v AS\nSELECT t.a FROM s.t",
        ]
    );
}

#[test]
fn a_view_can_get_a_trailing_column() {
    let side =
        |definition: &str, columns: &str| format!(r#""tables": [{TABLE}], "views": [{}]"#, view(definition, columns));
    let a = r#"{"name": "a", "data_type": "integer"}"#;
    let both = format!(r#"{a}, {{"name": "x", "data_type": "integer"}}"#);
    assert_eq!(
        steps(&side("SELECT t.a FROM s.t", a), &side("SELECT t.a, 1 AS x FROM s.t", &both)),
        ["1: CREATE OR REPLACE VIEW s.v AS\nSELECT t.a, 1 AS x FROM s.t"]
    );
}

#[test]
fn unalterable_changes_are_reported_as_replacement() {
    let column = r#"{"name": "a", "data_type": "integer"}"#;
    let side = |columns: &str, labels: &str, comment: &str| {
        model(&format!(
            r#""tables": [{{"schema": "s", "name": "t", "columns": [{column}], "comment": "{comment}"}}],
               "types": [{{"schema": "s", "name": "e", "enum_labels": [{labels}]}}],
               "indexes": [{{"schema": "s", "name": "i", "table": "t", "method": "btree", "columns": [{columns}]}}]"#
        ))
    };
    let (old, new) =
        (side(r#"{"column": "a"}"#, r#""a", "b""#, "x"), side(r#"{"expression": "(a + 1)"}"#, r#""a""#, "y"));
    let changes = diff(&old, &new);
    let replaced = replaced(&old, &new, &changes, &Options::default());
    let mut names: Vec<&str> = replaced.iter().map(|key| key.name()).collect();
    names.sort_unstable();
    assert_eq!((changes.len(), names), (3, vec!["e", "i"]));
}

#[test]
fn labels_are_committed_before_they_are_used() {
    let side = |labels: &str| format!(r#""types": [{{"schema": "s", "name": "e", "enum_labels": [{labels}]}}]"#);
    assert_eq!(
        steps(&side(r#""b""#), &side(r#""a", "b", "it's""#)),
        ["1: ALTER TYPE s.e ADD VALUE 'a' BEFORE 'b'", "2: ALTER TYPE s.e ADD VALUE 'it''s' AFTER 'b'"]
    );
}

#[test]
fn requirements_are_dropped_after_their_dependents_change() {
    let side = |default: &str, functions: &str| {
        format!(
            r#""functions": [{functions}], "tables": [{{"schema": "s", "name": "t", "columns": [
                {{"name": "a", "data_type": "integer", "default": "s.{default}()",
                  "default_depends_on": [{{"type": "function", "names": ["s", "{default}"]}}]}}]}}]"#
        )
    };
    let function = |name: &str| {
        format!(
            r#"{{"schema": "s", "name": "{name}", "arguments": [], "language": "sql", "returns": "integer",
                "definition": "SELECT 1"}}"#
        )
    };
    assert_eq!(
        steps(&side("f", &function("f")), &side("g", &function("g"))),
        [
            "1: SET LOCAL check_function_bodies = off",
            "1: CREATE FUNCTION s.g() RETURNS integer\n    LANGUAGE sql\n    AS $$SELECT 1$$",
            "1: ALTER TABLE s.t ALTER COLUMN a SET DEFAULT s.g()",
            "1: DROP FUNCTION s.f()",
        ]
    );
}

#[test]
fn online_indexes_and_checks_do_not_block_the_table() {
    let check = r#""constraints": [{"schema": "s", "table": "t", "name": "c", "kind": "check", "columns": [], "expression": "(a > 0)"}]"#;
    let index =
        r#""indexes": [{"schema": "s", "name": "i", "table": "t", "method": "btree", "columns": [{"column": "a"}]}]"#;
    assert_eq!(
        steps(&format!(r#""tables": [{TABLE}]"#), &format!(r#""tables": [{TABLE}], {check}, {index}"#)),
        [
            "1: ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "2: ALTER TABLE s.t VALIDATE CONSTRAINT c",
            "-: CREATE INDEX CONCURRENTLY i ON s.t USING btree (a)",
        ]
    );
}

fn index(columns: &str, more: &str) -> String {
    format!(
        r#""indexes": [{{"schema": "s", "name": "i", "table": "t", "method": "btree",
            "columns": [{{"column": "{columns}"}}]{more}}}]"#
    )
}

#[test]
fn an_index_is_dropped_after_its_successor_is_built() {
    let table = TABLE.replace("]}", r#", {"name": "b", "data_type": "integer"}]}"#);
    let side = |index: &str| format!(r#""tables": [{table}], {index}"#);
    assert_eq!(
        steps(&side(&index("a", "")), &side(&index("b", ""))),
        [
            "1: ALTER INDEX s.i RENAME TO i_de7d1b72_old",
            "-: CREATE INDEX CONCURRENTLY i ON s.t USING btree (b)",
            "-: DROP INDEX CONCURRENTLY s.i_de7d1b72_old",
        ]
    );
}

#[test]
fn an_index_is_dropped_before_its_column() {
    let table = TABLE.replace("\"a\"", "\"b\"");
    let (old, new) = (format!(r#""tables": [{TABLE}], {}"#, index("a", "")), index("b", ""));
    let steps = steps(&old, &format!(r#""tables": [{table}], {new}"#));
    assert!(steps[0].contains("DROP INDEX CONCURRENTLY s.i"), "{steps:?}");
}

#[test]
fn an_invalid_index_is_dropped_first() {
    let table = TABLE.replace("]}", r#"], "invalid_indexes": ["i", "other"]}"#);
    let old = format!(r#""tables": [{table}]"#);
    assert!(steps(&old, &format!(r#""tables": [{TABLE}]"#)).is_empty());
    assert_eq!(
        steps(&old, &format!(r#""tables": [{TABLE}], {}"#, index("a", ""))),
        ["-: DROP INDEX CONCURRENTLY s.i", "-: CREATE INDEX CONCURRENTLY i ON s.t USING btree (a)"]
    );
}

#[test]
fn a_partition_is_detached_before_it_is_dropped() {
    let part = |name: &str, bound: &str| {
        format!(
            r#"{{"schema": "s", "name": "{name}", "columns": [{{"name": "a", "data_type": "integer", "inherited": true}}],
                "partition_of": {{"parent": {{"schema": "s", "name": "t"}}, "bound": "{bound}"}}}}"#
        )
    };
    let parent = TABLE.replace("]}", r#"], "partition_by": "LIST (a)"}"#);
    let side = |parts: &[String]| format!(r#""tables": [{parent}, {}]"#, parts.join(", "));
    let (one, two) = (part("p1", "FOR VALUES IN (1)"), part("p2", "FOR VALUES IN (2)"));
    assert_eq!(
        steps(&side(&[one.clone(), two.clone()]), &side(std::slice::from_ref(&one))),
        ["-: ALTER TABLE s.t DETACH PARTITION s.p2 CONCURRENTLY", "1: DROP TABLE s.p2"]
    );
    let rest = part("rest", "DEFAULT");
    assert_eq!(steps(&side(&[one.clone(), two, rest.clone()]), &side(&[one, rest])), ["1: DROP TABLE s.p2"]);
}

#[test]
fn masked_secrets_are_not_changed() {
    let side = |password: &str| {
        format!(
            r#""user_mappings": [{{"user": "u", "server": "v", "options": [{{"name": "password", "value": "{password}"}}]}}]"#
        )
    };
    assert!(steps(&side("known"), &side("********")).is_empty());
    assert_eq!(steps(&side("********"), &side("new")).len(), 1);
    let side = |password: &str| {
        format!(r#""subscriptions": [{{"name": "s", "publications": ["p"], "connection": "password={password}"}}]"#)
    };
    assert!(steps(&side("known"), &side("********")).is_empty());
    assert_eq!(steps(&side("********"), &side("new")).len(), 1);
}

#[test]
fn a_partly_masked_option_is_not_changed() {
    let side = |value: &str| {
        format!(
            r#""servers": [{{"name": "s", "foreign_data_wrapper": "w", "options": [{{"name": "conn", "value": "{value}"}}]}}]"#
        )
    };
    assert!(steps(&side("host=x password=known"), &side("host=x password=********")).is_empty());
    assert_eq!(steps(&side("host=x password=********"), &side("host=x password=new")).len(), 1);
}

#[test]
fn only_relocatable_extensions_move() {
    let side = |name: &str, schema: &str, fixed: bool, used: &str| {
        format!(
            r#""extensions": [{{"name": "{name}", "schema": "{schema}", "version": "1", "not_relocatable": {fixed}}}],
            "tables": [{{"schema": "s", "name": "t", "depends_on": [{used}],
                "columns": [{{"name": "a", "data_type": "integer"}}]}}]"#
        )
    };
    let uses = r#"{"type": "extension", "names": ["x"]}"#;
    let set = "1: ALTER EXTENSION x SET SCHEMA b".to_owned();
    for used in ["", uses] {
        assert_eq!(steps(&side("x", "a", false, used), &side("x", "b", false, used)), std::slice::from_ref(&set));
    }
    // Whether the extension is relocatable in the new model does not matter.
    assert_eq!(steps(&side("x", "a", false, ""), &side("x", "b", true, "")), [set]);
    let made = ["1: DROP EXTENSION x", "1: CREATE EXTENSION IF NOT EXISTS x WITH SCHEMA b VERSION '1'"];
    assert_eq!(steps(&side("x", "a", true, ""), &side("x", "b", true, "")), made);
    for (name, used) in [("x", uses), ("pgmeta", "")] {
        let (old, new) = (side(name, "a", true, used), side(name, "b", true, used));
        assert!(steps(&old, &new).is_empty());
        assert_eq!(diff(&model(&old), &model(&new)).len(), 1);
    }
    assert!(diff(&model(&side("x", "a", false, "")), &model(&side("x", "a", true, ""))).is_empty());
}

/// If the option `owner` is false, a recreated object keeps its owner: it does not belong to the role that runs the plan.
#[test]
fn recreated_objects_keep_their_owner() {
    let side = |owner: &str, data_type: &str| {
        let column = format!(r#"{{"name": "a", "data_type": "{data_type}"}}"#);
        let table = format!(r#"{{"schema": "s", "name": "t", "owner": "app", "columns": [{column}]}}"#);
        let of = |name: &str| {
            format!(
                r#"{{"schema": "s", "name": "{name}", "owner": "{owner}", "definition": "SELECT t.a FROM s.t", "columns": [{column}],
                    "depends_on": [{{"type": "table", "names": ["s", "t"]}}]}}"#
            )
        };
        let function = format!(
            r#"{{"schema": "s", "name": "f", "owner": "{owner}", "arguments": [], "language": "sql", "returns": "{data_type}", "definition": "SELECT 1"}}"#
        );
        format!(
            r#""tables": [{table}], "views": [{}], "materialized_views": [{}], "functions": [{function}]"#,
            of("v"),
            of("m")
        )
    };
    let options = Options { owner: false, ..Options::default() };
    let steps = plan(&model(&side("app", "integer")), &model(&side("other", "bigint")), &[], &options)
        .unwrap_or_else(|error| panic!("{error}"));
    let owners: Vec<&str> =
        steps.iter().map(|step| &*step.statement.sql).filter(|sql| sql.contains("OWNER TO")).collect();
    assert_eq!(
        owners,
        [
            "ALTER FUNCTION s.f() OWNER TO app",
            "ALTER VIEW s.v OWNER TO app",
            "ALTER MATERIALIZED VIEW s.m OWNER TO app"
        ]
    );
}

/// If the option `drops` is false, a plan keeps and reports all that the target lacks: objects, columns, labels.
#[test]
fn objects_that_are_kept_are_reported() {
    let side = |columns: &str, labels: &str, more: &str| {
        format!(
            r#""types": [{{"schema": "s", "name": "e", "enum_labels": [{labels}]}}],
               "tables": [{{"schema": "s", "name": "t", "columns": [{columns}]}}{more}]"#
        )
    };
    let (a, b) = (r#"{"name": "a", "data_type": "integer"}"#, r#"{"name": "b", "data_type": "integer"}"#);
    let dead = r#", {"schema": "s", "name": "dead", "columns": []}"#;
    let (old, new) = (side(&format!("{a}, {b}"), r#""x", "y""#, dead), side(a, r#""x", "z""#, ""));
    let options = Options { drops: false, ..Options::default() };
    let steps = plan(&model(&old), &model(&new), &[], &options).unwrap_or_else(|error| panic!("{error}"));
    let sql: Vec<&str> = steps.iter().map(|step| &*step.statement.sql).collect();
    assert_eq!(
        sql,
        [
            "ALTER TYPE s.e ADD VALUE 'z' AFTER 'y'",
            "-- ALTER TYPE s.e DROP VALUE 'y'",
            "-- ALTER TABLE s.t DROP COLUMN b",
            "-- DROP TABLE s.dead",
        ]
    );
    assert_eq!(steps.iter().filter(|step| step.statement.is_note()).count(), 3);
}

/// A dropped partition is detached first if foreign keys refer to its parent: the keys stay, and the server checks the rows
/// before any is lost.
#[test]
fn a_referenced_partition_is_detached_before_it_is_dropped() {
    let side = |partition: &str| {
        format!(
            r#""tables": [{{"schema": "s", "name": "p", "partition_by": "LIST (a)", "columns": [{{"name": "a", "data_type": "integer"}}]}},
                {{"schema": "s", "name": "r", "columns": [{{"name": "a", "data_type": "integer"}}]}}{partition}],
               "constraints": [{{"schema": "s", "table": "p", "name": "p_pkey", "kind": "primary key", "columns": ["a"], "index": {{}},
                  "on_partitioned": true}},
                {{"schema": "s", "table": "r", "name": "f", "kind": "foreign key", "columns": ["a"],
                  "foreign_key": {{"table": {{"schema": "s", "name": "p"}}, "columns": ["a"]}}}}]"#
        )
    };
    let partition = r#", {"schema": "s", "name": "q", "columns": [{"name": "a", "data_type": "integer", "inherited": true, "has_parent": true}],
        "partition_of": {"parent": {"schema": "s", "name": "p"}, "bound": "FOR VALUES IN (1)"}}"#;
    let steps = plan(&model(&side(partition)), &model(&side("")), &[], &Options::default())
        .unwrap_or_else(|error| panic!("{error}"));
    let sql: Vec<&str> = steps.iter().map(|step| &*step.statement.sql).collect();
    assert_eq!(sql, ["ALTER TABLE s.p DETACH PARTITION s.q", "DROP TABLE s.q"]);
    assert_eq!(steps[0].transaction, steps[1].transaction);
    assert!(steps[0].statement.hazards.contains(&Hazard::MayFailOnData));
}

/// The option `drops` protects rows, too: partitions that the target lacks stay when the table above is recreated.
#[test]
fn omitted_partitions_and_columns_stay() {
    let options = Options { drops: false, ..Options::default() };
    let table = |by: &str, columns: &str| {
        format!(r#"{{"schema": "s", "name": "p", {by} "columns": [{{"name": "a", "data_type": "integer"}}{columns}]}}"#)
    };
    let partition = r#"{"schema": "s", "name": "q", "columns": [{"name": "a", "data_type": "integer", "inherited": true, "has_parent": true}],
        "partition_of": {"parent": {"schema": "s", "name": "p"}, "bound": "FOR VALUES IN (1)"}}"#;
    let list = table(r#""partition_by": "LIST (a)","#, "");
    let (old, new) = (
        format!(r#""tables": [{list}, {partition}]"#),
        format!(r#""tables": [{}]"#, table(r#""partition_by": "HASH (a)","#, "")),
    );
    let steps = plan(&model(&old), &model(&new), &[], &options).unwrap_or_else(|error| panic!("{error}"));
    let sql: Vec<&str> = steps.iter().map(|step| step.statement.sql.lines().next().unwrap_or_default()).collect();
    let expected =
        ["ALTER TABLE s.p DETACH PARTITION s.q", "DROP TABLE s.p", "CREATE TABLE s.p (", "-- DROP TABLE s.q"];
    assert_eq!(sql, expected);
    let wide = format!(r#""tables": [{}]"#, table("", r#", {"name": "b", "data_type": "text"}"#));
    let refused = plan(&model(&wide), &model(&format!(r#""tables": [{list}]"#)), &[], &options);
    assert!(matches!(refused, Err(PlanError::CannotCopy { why, .. }) if why.starts_with("column b would be dropped")));
}

/// Columns generated from a retyped column are dropped before its change and created after it, even if a view needs them earlier.
#[test]
fn generated_columns_come_after_their_source_columns() {
    let side = |of: &str| {
        format!(
            r#""tables": [{{"schema": "s", "name": "t", "columns": [{{"name": "k", "data_type": "{of}"}},
                {{"name": "n", "data_type": "{of}"}}, {{"name": "g", "data_type": "integer", "default": "(k * 2)", "generated": "STORED"}}]}}],
               "views": [{}]"#,
            view("SELECT g FROM s.t", r#"{"name": "g", "data_type": "integer"}"#)
        )
    };
    let steps = plan(&model(&side("integer")), &model(&side("bigint")), &[], &Options::default())
        .unwrap_or_else(|error| panic!("{error}"));
    let at = |text: &str| steps.iter().position(|step| step.statement.sql.contains(text)).unwrap_or(usize::MAX);
    assert!(at("DROP COLUMN g") < at("ALTER COLUMN k TYPE"));
    assert!(at("ALTER COLUMN k TYPE") <= at("ADD COLUMN g") && at("ADD COLUMN g") < at("CREATE VIEW"));
}

#[test]
fn a_copy_that_would_lose_kept_objects_is_an_error() {
    let comment = r#""comment": "c""#;
    let grant = r#""privileges": [{"grantee": "r", "grantor": "o", "privileges": ["SELECT"]}]"#;
    let label = r#""security_labels": [{"provider": "p", "label": "l"}]"#;
    let error = |what: &str, options: Options| {
        let column = r#""columns": [{"name": "a", "data_type": "integer"}]"#;
        let side = |more: &str| {
            let table = format!(r#"{{"schema": "s", "name": "t", {column}, "owner": "o", {what}{more}}}"#);
            model(&format!(r#""tables": [{table}]"#))
        };
        match plan(&side(""), &side(r#", "partition_by": "RANGE (a)""#), &[], &options) {
            Err(PlanError::CannotCopy { table, why }) => format!("{table}: {why}"),
            other => format!("{other:?}"),
        }
    };
    let all = Options::default;
    // The option `drops` hides none of the other reasons.
    for drops in [true, false] {
        let told = |what: &str, options: Options| error(what, Options { drops, ..options });
        assert_eq!(
            told(comment, Options { comments: false, ..all() }),
            r#"s.t: the option "comments" is false, and the table has some"#
        );
        assert_eq!(
            told(grant, Options { privileges: false, ..all() }),
            r#"s.t: the option "privileges" is false, and the table has some"#
        );
        assert_eq!(
            told(label, Options { security_labels: false, ..all() }),
            r#"s.t: the option "security_labels" is false, and the table has some"#
        );
        assert_eq!(
            told(comment, Options { types: Some(vec!["table".into()]), ..all() }),
            r#"s.t: the option "types" may exclude objects of the table"#
        );
    }
}

#[test]
fn columns_that_become_not_null_share_a_scan() {
    let side = |attributes: &str| {
        let column = |name: &str| format!(r#"{{"name": "{name}", "data_type": "integer"{attributes}}}"#);
        format!(r#""tables": [{{"schema": "s", "name": "t", "columns": [{}, {}]}}]"#, column("a"), column("b"))
    };
    assert_eq!(
        steps(&side(""), &side(r#", "not_null": {}"#)),
        [
            "1: ALTER TABLE s.t ADD CONSTRAINT t_a_not_null_check CHECK (a IS NOT NULL) NOT VALID,\n    \
             ADD CONSTRAINT t_b_not_null_check CHECK (b IS NOT NULL) NOT VALID",
            "2: ALTER TABLE s.t VALIDATE CONSTRAINT t_a_not_null_check,\n    VALIDATE CONSTRAINT t_b_not_null_check",
            "3: ALTER TABLE s.t ALTER COLUMN a SET NOT NULL,\n    ALTER COLUMN b SET NOT NULL",
            "3: ALTER TABLE s.t DROP CONSTRAINT t_a_not_null_check,\n    DROP CONSTRAINT t_b_not_null_check",
        ]
    );
}

#[test]
fn a_unique_index_becomes_the_constraint_of_its_name() {
    let index = |columns: &str| {
        format!(
            r#""tables": [{TABLE}], "indexes": [{{"schema": "s", "name": "n", "table": "t", "method": "btree",
                "columns": [{columns}], "unique": true}}]"#
        )
    };
    let constraint = format!(
        r#""tables": [{TABLE}], "constraints": [{{"schema": "s", "table": "t", "name": "n", "kind": "unique",
            "columns": ["a"], "index": {{}}}}]"#
    );
    let by_index = "1: ALTER TABLE s.t ADD CONSTRAINT n UNIQUE USING INDEX n";
    assert_eq!(steps(&index(r#"{"column": "a"}"#), &constraint), [by_index]);
    let other = steps(&index(r#"{"column": "a", "descending": true}"#), &constraint);
    assert!(other.len() > 1 && !other.iter().any(|step| step == by_index), "{other:?}");
}

#[test]
fn a_trigger_is_replaced_in_place() {
    let side = |level: &str, firing: &str, function: &str| {
        format!(
            r#""tables": [{TABLE}], "functions": [{{"schema": "s", "name": "{function}", "language": "plpgsql",
                "arguments": [], "returns": "trigger"}}], "triggers": [{{"schema": "s", "table": "t", "name": "tr", "on": "table",
                "timing": "AFTER", "events": ["INSERT"], "level": "{level}", "firing": "{firing}",
                "function": {{"schema": "s", "name": "{function}"}}}}]"#
        )
    };
    assert_eq!(
        steps(&side("ROW", "disabled", "f"), &side("STATEMENT", "disabled", "f")),
        [
            "1: CREATE OR REPLACE TRIGGER tr AFTER INSERT ON s.t FOR EACH STATEMENT EXECUTE FUNCTION s.f()",
            "1: ALTER TABLE s.t DISABLE TRIGGER tr",
        ]
    );
    let moved = steps(&side("ROW", "origin", "f"), &side("ROW", "origin", "g"));
    assert!(moved.iter().any(|step| step == "1: DROP TRIGGER tr ON s.t"), "its function is dropped: {moved:?}");
}

#[test]
fn columns_stay_unique_under_another_name() {
    let index = |name: &str| {
        format!(
            r#"{{"schema": "s", "name": "{name}", "table": "t", "method": "btree", "columns": [{{"column": "a"}}],
                "unique": true}}"#
        )
    };
    let constraint = r#"{"schema": "s", "table": "t", "name": "c", "kind": "unique", "columns": ["a"], "index": {}}"#;
    let of_index = format!(r#""tables": [{TABLE}], "indexes": [{}]"#, index("n"));
    let of_constraint = format!(r#""tables": [{TABLE}], "constraints": [{constraint}]"#);
    assert_eq!(
        steps(&of_index, &format!(r#""tables": [{TABLE}], "indexes": [{}]"#, index("m"))),
        ["-: CREATE UNIQUE INDEX CONCURRENTLY m ON s.t USING btree (a)", "-: DROP INDEX CONCURRENTLY s.n",]
    );
    assert_eq!(
        steps(&of_index, &of_constraint),
        [
            "-: CREATE UNIQUE INDEX CONCURRENTLY c ON s.t (a)",
            "1: DROP INDEX s.n",
            "1: ALTER TABLE s.t ADD CONSTRAINT c UNIQUE USING INDEX c",
        ]
    );
    assert_eq!(
        steps(&of_constraint, &of_index),
        ["1: ALTER TABLE s.t DROP CONSTRAINT c", "1: CREATE UNIQUE INDEX n ON s.t USING btree (a)"]
    );
}

/// A table `s.t` with these columns, constraints and indexes, each as its own attributes.
fn table_of(columns: &[&str], constraints: &[&str], indexes: &[&str]) -> String {
    let columns: Vec<String> =
        columns.iter().map(|name| format!(r#"{{"name": "{name}", "data_type": "integer"}}"#)).collect();
    let on_table = |list: &[&str]| {
        let each = list.iter().map(|own| format!(r#"{{"schema": "s", "table": "t", {own}}}"#));
        each.collect::<Vec<_>>().join(", ")
    };
    format!(
        r#""tables": [{{"schema": "s", "name": "t", "columns": [{}]}}], "constraints": [{}], "indexes": [{}]"#,
        columns.join(", "),
        on_table(constraints),
        on_table(indexes)
    )
}

/// Indexes that depend on a dropped column, a needed name or a unique property are dropped before.
#[test]
fn unique_indexes_and_constraints_are_dropped_before_conflicts() {
    let index = |name: &str, rest: &str| {
        format!(r#""name": "{name}", "method": "btree", "unique": true, "columns": [{{"column": "a"}}]{rest}"#)
    };
    let key = |name: &str, kind: &str, column: &str, index: &str| {
        format!(r#""name": "{name}", "kind": "{kind}", "columns": ["{column}"], "index": {{{index}}}"#)
    };
    let before = |steps: &[String], first: &str, then: &str| {
        let place = |text: &str| steps.iter().position(|step| step.contains(text));
        assert!(place(first).is_some() && place(first) < place(then), "{first}, then {then}: {steps:#?}");
    };
    let (with_b, plain) = (index("n", r#", "include": ["b"]"#), index("m", ""));
    let found = steps(&table_of(&["a", "b"], &[], &[&with_b]), &table_of(&["a"], &[], &[&plain]));
    before(&found, "DROP INDEX", "DROP COLUMN b");
    let (with_b, plain) = (key("z", "unique", "a", r#""include": ["b"]"#), key("y", "unique", "a", ""));
    let found = steps(&table_of(&["a", "b"], &[&with_b], &[]), &table_of(&["a"], &[&plain], &[]));
    before(&found, "DROP CONSTRAINT z", "DROP COLUMN b");
    let of_b = key("n", "unique", "b", "");
    let found =
        steps(&table_of(&["a", "b"], &[], &[&index("n", "")]), &table_of(&["a", "b"], &[&of_b], &[&index("m", "")]));
    before(&found, "DROP INDEX", "CONSTRAINT n UNIQUE");
    let (old_key, new_key, unique) =
        (key("pk", "primary key", "b", ""), key("a_pk", "primary key", "a", ""), key("z_u", "unique", "b", ""));
    let found = steps(&table_of(&["a", "b"], &[&old_key], &[]), &table_of(&["a", "b"], &[&new_key, &unique], &[]));
    before(&found, "DROP CONSTRAINT pk", "ADD CONSTRAINT a_pk");
}
