//! Random models: their DDL, loaded into a server, is read back as the same model (laws 2 and 4).
//!
//! The cases are the same in every run. `PGMETA_SEED` (a number, or `random`) and `PGMETA_CASES` choose others; a failure
//! prints the smallest model it was found with and the seed.

use anyhow::{Context, Result, ensure};
use pgmeta_core::ddl::{self, Options};
use pgmeta_core::ident::{Name, ident, literal, qualified};
use pgmeta_core::model::*;
use pgmeta_e2e::{Database, Outcome, same_text, server};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::Value;

const SEED: u64 = 20_261_121;
const CASES: u32 = 120;
const GRANTEES: [&str; 2] = ["pgmeta_property_a", "pgmeta property \"b\""];

#[test]
fn random_models_come_back() -> Outcome {
    let database = Database::with_pgmeta("property")?;
    for role in GRANTEES {
        let role = ident(role);
        database.psql(&format!("SELECT 'CREATE ROLE {}' WHERE to_regrole('{}') IS NULL \\gexec", role, role))?;
    }
    let major = server()?.major()?;
    let seed = match std::env::var("PGMETA_SEED").as_deref() {
        Ok("random") => std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.subsec_nanos().into(),
        Ok(number) => number.parse().context("PGMETA_SEED")?,
        Err(_) => SEED,
    };
    let cases = std::env::var("PGMETA_CASES").ok().map_or(Ok(CASES), |text| text.parse())?;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, max_shrink_iters: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let result = runner.run(&raw_model(), |raw| {
        let model = build(&raw, major);
        round_trip(&database, &model).map_err(|error| TestCaseError::fail(format!("{error:#}")))
    });
    match result {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, raw)) => {
            anyhow::bail!("PGMETA_SEED={seed}: {reason}\n\nthe smallest such model:\n{}", print(&build(&raw, major))?)
        }
        Err(TestError::Abort(reason)) => anyhow::bail!("PGMETA_SEED={seed}: {reason}"),
    }
}

fn print(model: &Model) -> Result<String> {
    ddl::export(model, &Options::default(), || Ok::<(), anyhow::Error>(()), &pgmeta_core::beside::InTurn)
}

/// Loads the model's DDL, reads the snapshot back, and takes all back.
fn round_trip(database: &Database<'_>, model: &Model) -> Outcome {
    let script = print(model)?;
    let schemas: Vec<String> = model.schemas.iter().map(|schema| literal(&schema.name)).collect();
    let schemas = format!("ARRAY[{}]::pg_catalog.text[]", schemas.join(", "));
    // A transaction can be read back before it is rolled back.
    let output = database.psql(&format!(
        "BEGIN;\n\\o /dev/null\n{script}\n\\o\nSELECT public.pgmeta_snapshot({schemas});\n\\echo =====\n\
         SELECT public.pgmeta_export({schemas});\nROLLBACK;"
    ));
    let output = output.with_context(|| format!("the DDL does not load:\n{script}"))?;
    let (snapshot, export) = output.split_once("\n=====\n").context("no snapshot")?;
    let snapshot: Value = serde_json::from_str(snapshot)?;
    let (wanted, found) = (comparable(serde_json::to_value(model)?), comparable(snapshot.clone()));
    same_text("the model and the snapshot", &pretty(&wanted)?, &pretty(&found)?)?;
    // What is printed from the snapshot is what was loaded, but for the order: only the server knows all dependencies.
    let printed = print(&Model::from_value(snapshot)?)?;
    same_text("the export and the DDL of the snapshot", export.trim_end(), printed.trim_end())?;
    let lines = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    ensure!(
        lines(&printed) == lines(&script),
        "the snapshot prints other lines than the model:\n{script}\n=====\n{printed}"
    );
    Ok(())
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

/// Takes the dependencies out: what a model says of them need not be all that the server finds.
fn comparable(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| name != "depends_on" && name != "default_depends_on");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

// ---- random parts: plain values, so that they can be made smaller -----------------------------------------------

#[derive(Clone, Debug)]
struct RawModel {
    schemas: Vec<(String, Option<String>)>,
    enums: Vec<(usize, String, Vec<String>)>,
    composites: Vec<(usize, String, Vec<usize>)>,
    domains: Vec<RawDomain>,
    sequences: Vec<(usize, String, bool, i64, i64, bool)>,
    tables: Vec<RawTable>,
    views: Vec<(usize, String, i32, String, Option<String>)>,
    functions: Vec<RawFunction>,
}

#[derive(Clone, Debug)]
struct RawDomain {
    schema: usize,
    name: String,
    base: usize,
    not_null: bool,
    default: bool,
    check: bool,
    comment: Option<String>,
}

#[derive(Clone, Debug)]
struct RawColumn {
    name: String,
    data_type: usize,
    not_null: bool,
    default: Option<String>,
    identity: bool,
    extra: u8,
    comment: Option<String>,
}

#[derive(Clone, Debug)]
struct RawTable {
    schema: usize,
    name: String,
    columns: Vec<RawColumn>,
    comment: Option<String>,
    bits: u16,
    checks: Vec<(String, i32)>,
    indexes: Vec<(String, usize, u8)>,
    policies: Vec<(String, u8, i32)>,
    reference: Option<(String, usize, u8)>,
    grants: Vec<u8>,
}

#[derive(Clone, Debug)]
struct RawFunction {
    schema: usize,
    name: String,
    arguments: Vec<(usize, Option<String>)>,
    body: String,
    bits: u16,
    comment: Option<String>,
}

/// Text with what is hard on its way through quotes, comments, psql and JSON.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a", "b", "Z", "0", "_", " ", "  ", "'", "\"", "\\", "$", "$$", "$_$", "%s", ";", "--", "/*", "*/", "\n", "\t",
        "\r", ":x", "\\q", "é", "e\u{301}", "漢", "🐘", "/", ".", "..", "(", ")", "{", "}", "[", ",", "=", "select",
        "NULL", "\u{202e}", "\u{a0}",
    ];
    vec(select(PIECES), 0..6).prop_map(|pieces| pieces.concat())
}

fn raw_model() -> impl Strategy<Value = RawModel> {
    let domain = (0..9usize, text(), 0..9usize, any::<[bool; 3]>(), option::of(text())).prop_map(
        |(schema, name, base, [not_null, default, check], comment)| RawDomain {
            schema,
            name,
            base,
            not_null,
            default,
            check,
            comment,
        },
    );
    let column = || {
        (
            text(),
            0..40usize,
            any::<bool>(),
            option::of(text()),
            any::<bool>(),
            any::<u8>(),
            option::weighted(0.2, text()),
        )
            .prop_map(|(name, data_type, not_null, default, identity, extra, comment)| RawColumn {
                name,
                data_type,
                not_null,
                default,
                identity,
                extra,
                comment,
            })
    };
    let table = (
        (0..9usize, text(), vec(column(), 0..6), option::of(text()), any::<u16>()),
        vec((text(), any::<i32>()), 0..3),
        vec((text(), 0..9usize, any::<u8>()), 0..3),
        vec((text(), any::<u8>(), any::<i32>()), 0..2),
        option::of((text(), 0..9usize, any::<u8>())),
        vec(any::<u8>(), 0..3),
    )
        .prop_map(|((schema, name, columns, comment, bits), checks, indexes, policies, reference, grants)| RawTable {
            schema,
            name,
            columns,
            comment,
            bits,
            checks,
            indexes,
            policies,
            reference,
            grants,
        });
    let function =
        (0..9usize, text(), vec((0..9usize, option::of(text())), 0..4), text(), any::<u16>(), option::of(text()))
            .prop_map(|(schema, name, arguments, body, bits, comment)| RawFunction {
                schema,
                name,
                arguments,
                body,
                bits,
                comment,
            });
    (
        vec((text(), option::of(text())), 1..4),
        vec((0..9usize, text(), vec(text(), 0..4)), 0..3),
        vec((0..9usize, text(), vec(0..9usize, 0..4)), 0..3),
        vec(domain, 0..3),
        vec((0..9usize, text(), any::<bool>(), 1..1000i64, 1..1000i64, any::<bool>()), 0..3),
        vec(table, 0..5),
        vec((0..9usize, text(), any::<i32>(), text(), option::of(text())), 0..3),
        vec(function, 0..3),
    )
        .prop_map(|(schemas, enums, composites, domains, sequences, tables, views, functions)| RawModel {
            schemas,
            enums,
            composites,
            domains,
            sequences,
            tables,
            views,
            functions,
        })
}

// ---- from random parts to a model that is possible ---------------------------------------------------------------

/// A column's type, and a default that the server prints as it is written here.
struct DataType {
    sql: Name,
    default: String,
    key: Option<ObjectKey>,
}

/// Returns a literal as the server prints it, backslashes as they are.
fn server_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn plain_types(text: &str) -> Vec<DataType> {
    let quoted = server_literal(text);
    let plain = |sql: &str, default: String| DataType { sql: sql.into(), default, key: None };
    vec![
        plain("integer", "42".into()),
        plain("text", format!("{quoted}::text")),
        plain("bigint", "'-7'::integer".into()),
        plain("numeric(10,2)", "0.5".into()),
        plain("character varying(60)", format!("{quoted}::character varying")),
        plain("boolean", "true".into()),
        plain("timestamp with time zone", "now()".into()),
        plain("jsonb", "'{}'::jsonb".into()),
        plain("integer[]", "'{1,2}'::integer[]".into()),
    ]
}

/// Gives names that are unique wherever they stand.
#[derive(Default)]
struct Namer {
    count: u32,
}

impl Namer {
    fn name(&mut self, text: &str) -> Name {
        self.count += 1;
        let start: String = text
            .chars()
            .scan(0, |bytes, c| {
                *bytes += c.len_utf8();
                (*bytes <= 18).then_some(c)
            })
            .collect();
        Name::from(format!("{start}_{}", self.count))
    }
}

fn owner() -> Option<Name> {
    Some("postgres".into())
}

fn comment(text: &Option<String>) -> Option<String> {
    // An empty comment is none.
    text.clone().filter(|text| !text.is_empty())
}

fn build(raw: &RawModel, major: u32) -> Model {
    let mut namer = Namer::default();
    let mut model = Model { format_version: FORMAT_VERSION, server_version_num: version(), ..Model::default() };
    for (name, text) in &raw.schemas {
        model.schemas.push(Schema {
            name: namer.name(name),
            owner: owner(),
            comment: comment(text),
            ..Schema::default()
        });
    }
    let schemas: Vec<Name> = model.schemas.iter().map(|schema| schema.name.clone()).collect();
    let schema = |at: usize| schemas[at % schemas.len()].clone();

    for (at, name, labels) in &raw.enums {
        let labels = labels.iter().map(|label| namer.name(label)).collect();
        let name = namer.name(name);
        model.types.push(Type {
            schema: schema(*at),
            name,
            enum_labels: Some(labels),
            owner: owner(),
            ..Type::default()
        });
    }
    for (at, name, attributes) in &raw.composites {
        let attribute = |at: &usize| {
            let types = plain_types("");
            Attribute { name: namer.name(""), data_type: types[at % types.len()].sql.clone(), ..Attribute::default() }
        };
        let attributes = attributes.iter().map(attribute).collect();
        let name = namer.name(name);
        model.types.push(Type {
            schema: schema(*at),
            name,
            attributes: Some(attributes),
            owner: owner(),
            ..Type::default()
        });
    }
    for domain in &raw.domains {
        let types = plain_types(&domain.name);
        let base = &types[domain.base % types.len()];
        let check = domain.check.then(|| DomainCheck {
            name: namer.name(&domain.name),
            expression: "(VALUE IS NOT NULL)".into(),
            ..DomainCheck::default()
        });
        model.domains.push(Domain {
            schema: schema(domain.schema),
            name: namer.name(&domain.name),
            base_type: base.sql.clone(),
            default: domain.default.then(|| base.default.clone()),
            not_null: domain.not_null.then(DomainNotNull::default),
            checks: check.into_iter().collect(),
            owner: owner(),
            comment: comment(&domain.comment),
            ..Domain::default()
        });
    }
    for (at, name, down, increment, start, cycle) in &raw.sequences {
        let (min, max) = if *down { (i64::MIN, -1) } else { (1, i64::MAX) };
        model.sequences.push(Sequence {
            schema: schema(*at),
            name: namer.name(name),
            data_type: "bigint".into(),
            start: if *down { -start } else { *start },
            increment: if *down { -increment } else { *increment },
            min,
            max,
            cache: 1 + increment % 3,
            cycle: *cycle,
            owner: owner(),
            ..Sequence::default()
        });
    }
    for table in &raw.tables {
        add_table(&mut model, table, schema(table.schema), &mut namer, major);
    }
    for (at, name, number, content, text) in &raw.views {
        let (first, second) = (namer.name(content), namer.name(name));
        let number = if *number < 0 { format!("'{number}'::integer") } else { number.to_string() };
        let column = |name: &Name, sql: &str| Column { name: name.clone(), data_type: sql.into(), ..Column::default() };
        model.views.push(View {
            schema: schema(*at),
            name: namer.name(name),
            definition: format!(
                " SELECT {number} AS {},\n    {}::text AS {}",
                ident(&first),
                server_literal(content),
                ident(&second)
            ),
            columns: vec![column(&first, "integer"), column(&second, "text")],
            owner: owner(),
            comment: comment(text),
            ..View::default()
        });
    }
    for function in &raw.functions {
        add_function(&mut model, function, schema(function.schema), &mut namer);
    }
    model.sort();
    model
}

fn add_table(model: &mut Model, raw: &RawTable, schema: Name, namer: &mut Namer, major: u32) {
    let bit = |at: u32| raw.bits & (1 << at) != 0;
    let name = namer.name(&raw.name);
    let mut columns: Vec<Column> = Vec::new();
    let mut depends_on = Vec::new();
    for column in &raw.columns {
        let mut types = plain_types(column.default.as_deref().unwrap_or_default());
        types.extend(
            model.types.iter().filter(|own| own.enum_labels.as_ref().is_some_and(|labels| !labels.is_empty())).map(
                |own| {
                    let sql = qualified(&own.schema, &own.name);
                    let first = own.enum_labels.as_ref().and_then(|labels| labels.first()).map_or("", |label| label);
                    DataType {
                        default: format!("{}::{sql}", server_literal(first)),
                        sql: sql.into(),
                        key: Some(own.object_key()),
                    }
                },
            ),
        );
        types.extend(model.domains.iter().map(|own| DataType {
            sql: qualified(&own.schema, &own.name).into(),
            default: "NULL".into(),
            key: Some(own.object_key()),
        }));
        let count = types.len();
        let data_type = &mut types[column.data_type % count];
        depends_on.extend(data_type.key.take());
        let is_int = matches!(&*data_type.sql, "integer" | "bigint");
        let identity = (column.identity && is_int && column.extra & 4 != 0).then_some(if column.extra & 8 == 0 {
            Identity::Always
        } else {
            Identity::ByDefault
        });
        let name_of_column = namer.name(&column.name);
        if identity.is_some() {
            let max = if &*data_type.sql == "integer" { i32::MAX.into() } else { i64::MAX };
            model.sequences.push(Sequence {
                schema: schema.clone(),
                name: namer.name(&column.name),
                data_type: data_type.sql.clone(),
                start: 1 + i64::from(column.extra),
                increment: 1,
                min: 1,
                max,
                cache: 1,
                identity: true,
                owned_by: Some(OwnedBy { schema: schema.clone(), table: name.clone(), column: name_of_column.clone() }),
                owner: owner(),
                ..Sequence::default()
            });
        }
        let with_default = column.default.is_some() && identity.is_none() && data_type.default != "NULL";
        let is_text = &*data_type.sql == "text";
        columns.push(Column {
            name: name_of_column,
            default: with_default.then(|| data_type.default.clone()),
            collation: (is_text && column.extra & 1 != 0).then(|| "pg_catalog.\"C\"".into()),
            not_null: (column.not_null || identity.is_some()).then(NotNull::default),
            identity,
            storage: (is_text && column.extra & 2 != 0).then_some(Storage::External),
            statistics_target: (column.extra & 16 != 0).then(|| i32::from(column.extra)),
            options: if column.extra & 32 == 0 { Vec::new() } else { vec![setting("n_distinct", "-0.5")] },
            comment: comment(&column.comment),
            data_type: data_type.sql.clone(),
            ..Column::default()
        });
    }
    depends_on.sort();
    depends_on.dedup();
    let number = columns.iter().find(|column| &*column.data_type == "integer").map(|column| column.name.clone());
    add_constraints(model, raw, &schema, &name, &columns, number.as_ref(), namer);
    add_indexes(model, raw, &schema, &name, &columns, number.as_ref(), namer);
    for (policy, bits, value) in raw.policies.iter().filter(|_| number.is_some()) {
        let condition =
            format!("({} < {})", number.as_deref().map(ident).unwrap_or_default(), value.unsigned_abs() / 2);
        let command = [PolicyCommand::All, PolicyCommand::Select, PolicyCommand::Update, PolicyCommand::Insert]
            [usize::from(bits % 4)];
        let inserts = command == PolicyCommand::Insert;
        model.policies.push(Policy {
            schema: schema.clone(),
            table: name.clone(),
            name: namer.name(policy),
            restrictive: bits & 4 != 0,
            command,
            roles: if bits & 8 == 0 { Vec::new() } else { vec![GRANTEES[1].into(), GRANTEES[0].into()] },
            using: (!inserts).then(|| condition.clone()),
            with_check: (inserts || (bits & 16 != 0 && command != PolicyCommand::Select)).then_some(condition),
            ..Policy::default()
        });
    }
    model.tables.push(Table {
        schema,
        name,
        columns,
        persistence: if bit(0) { Persistence::Unlogged } else { Persistence::Permanent },
        options: if bit(1) { vec![setting("fillfactor", "70"), setting("parallel_workers", "3")] } else { Vec::new() },
        replica_identity: if bit(2) { ReplicaIdentity::Full } else { ReplicaIdentity::Default },
        row_security: bit(3),
        force_row_security: bit(4),
        owner: owner(),
        comment: comment(&raw.comment),
        privileges: grants(&raw.grants, major),
        depends_on,
        ..Table::default()
    });
}

fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.into(), value: value.into() }
}

/// The owner's rights on a table, and others'.
fn grants(raw: &[u8], major: u32) -> Option<Vec<Grant>> {
    use Privilege::*;
    let mut own = vec![Insert, Select, Update, Delete, Truncate, References, Trigger];
    if major >= 17 {
        own.push(Maintain);
    }
    let grant = |grantee: &str, privileges: Vec<Privilege>, grantable: Vec<Privilege>| Grant {
        grantee: Some(grantee.into()),
        grantor: "postgres".into(),
        privileges: privileges.into_iter().collect(),
        grantable: grantable.into_iter().collect(),
    };
    let mut grants = vec![grant("postgres", own, Vec::new())];
    for (grantee, bits) in GRANTEES.iter().zip(raw) {
        let privileges: Vec<Privilege> = [Insert, Select, Update]
            .into_iter()
            .enumerate()
            .filter(|(at, _)| bits & (1 << at) != 0)
            .map(|(_, word)| word)
            .collect();
        let grantable = if bits & 8 == 0 { Vec::new() } else { privileges.clone() };
        if !privileges.is_empty() {
            grants.push(grant(grantee, privileges, grantable));
        }
    }
    (grants.len() > 1).then_some(grants)
}

fn add_constraints(
    model: &mut Model,
    raw: &RawTable,
    schema: &Name,
    table: &Name,
    columns: &[Column],
    number: Option<&Name>,
    namer: &mut Namer,
) {
    let empty = Constraint { schema: schema.clone(), table: table.clone(), ..Constraint::default() };
    let Some(number) = number else { return };
    for (name, value) in &raw.checks {
        model.constraints.push(Constraint {
            name: namer.name(name),
            kind: ConstraintKind::Check,
            expression: Some(format!("({} > {})", ident(number), value.unsigned_abs() / 2)),
            not_valid: value % 3 == 0,
            no_inherit: value % 5 == 0,
            comment: (value % 7 == 0).then(|| name.clone()).filter(|text| !text.is_empty()),
            ..empty.clone()
        });
    }
    let is_key = columns.iter().any(|column| column.name == *number && column.not_null.is_some());
    let deferrable = raw.bits & (1 << 6) != 0;
    model.constraints.push(Constraint {
        name: namer.name(&raw.name),
        kind: if is_key { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique },
        columns: vec![number.clone()],
        index: Some(ConstraintIndex {
            nulls_not_distinct: !is_key && raw.bits & (1 << 7) != 0,
            options: if raw.bits & (1 << 8) != 0 { vec![setting("fillfactor", "50")] } else { Vec::new() },
            ..ConstraintIndex::default()
        }),
        // A deferrable key cannot be referred to; that is for the tables that refer to none.
        deferrable: deferrable && raw.bits & (1 << 9) != 0,
        initially_deferred: deferrable && raw.bits & (1 << 9) != 0 && raw.bits & (1 << 10) != 0,
        ..empty.clone()
    });
    let Some((name, target, bits)) = &raw.reference else { return };
    let targets: Vec<&Constraint> =
        model.constraints.iter().filter(|own| own.index.is_some() && !own.deferrable).collect();
    // Permanent tables may not refer to unlogged ones.
    let unlogged = |own: &Constraint| {
        model.tables.iter().any(|other| {
            (&other.schema, &other.name) == (&own.schema, &own.table) && other.persistence == Persistence::Unlogged
        })
    };
    let targets: Vec<&Constraint> =
        targets.into_iter().filter(|own| raw.bits & 1 != 0 || (!unlogged(own) && own.table != *table)).collect();
    if targets.is_empty() {
        return;
    }
    let target = targets[target % targets.len()].clone();
    let actions =
        [ForeignKeyAction::NoAction, ForeignKeyAction::Cascade, ForeignKeyAction::SetNull, ForeignKeyAction::Restrict];
    let foreign_key = ForeignKey {
        table: RelationName { schema: target.schema.clone(), name: target.table.clone() },
        columns: target.columns.clone(),
        on_update: actions[usize::from(bits % 4)],
        on_delete: actions[usize::from(bits / 4 % 4)],
        matching: if bits & 64 == 0 { ForeignKeyMatch::Simple } else { ForeignKeyMatch::Full },
        ..ForeignKey::default()
    };
    model.constraints.push(Constraint {
        name: namer.name(name),
        kind: ConstraintKind::ForeignKey,
        columns: vec![number.clone()],
        foreign_key: Some(foreign_key),
        deferrable: bits & 16 != 0,
        initially_deferred: bits & 16 != 0 && bits & 32 != 0,
        not_valid: bits & 128 != 0,
        depends_on: vec![target.object_key()],
        ..empty
    });
}

fn add_indexes(
    model: &mut Model,
    raw: &RawTable,
    schema: &Name,
    table: &Name,
    columns: &[Column],
    number: Option<&Name>,
    namer: &mut Namer,
) {
    let sortable: Vec<&Column> = columns.iter().filter(|column| &*column.data_type != "jsonb").collect();
    if sortable.is_empty() {
        return;
    }
    for (name, at, bits) in &raw.indexes {
        let column = sortable[at % sortable.len()];
        let lower = &*column.data_type == "text" && bits & 1 != 0;
        let descending = bits & 2 != 0;
        // The collation of an expression is the column's.
        let of_column = IndexColumn {
            column: (!lower).then(|| column.name.clone()),
            expression: lower.then(|| format!("lower({})", ident(&column.name))),
            descending,
            nulls: match (bits & 4 != 0, descending) {
                (false, _) => NullsOrder::Default,
                (true, true) => NullsOrder::Last,
                (true, false) => NullsOrder::First,
            },
            ..IndexColumn::default()
        };
        model.indexes.push(Index {
            schema: schema.clone(),
            name: namer.name(name),
            table: table.clone(),
            method: "btree".into(),
            columns: vec![of_column],
            include: if bits & 8 == 0 { Vec::new() } else { vec![columns[0].name.clone()] },
            unique: bits & 16 != 0,
            nulls_not_distinct: bits & 16 != 0 && bits & 32 != 0,
            predicate: number.filter(|_| bits & 64 != 0).map(|number| format!("({} > 3)", ident(number))),
            options: if bits & 128 == 0 { Vec::new() } else { vec![setting("fillfactor", "60")] },
            ..Index::default()
        });
    }
}

fn add_function(model: &mut Model, raw: &RawFunction, schema: Name, namer: &mut Namer) {
    let bit = |at: u32| raw.bits & (1 << at) != 0;
    let count = raw.arguments.len();
    let argument = |(at, (data_type, name)): (usize, &(usize, Option<String>))| {
        let types = plain_types("it's");
        let own = &types[data_type % types.len()];
        // Types of arguments have no modifiers.
        let sql = own.sql.split('(').next().unwrap_or_default();
        Argument {
            data_type: sql.into(),
            name: name.as_ref().map(|name| namer.name(name)),
            default: (at + 1 == count && bit(0) && !own.sql.contains('(')).then(|| own.default.clone()),
            ..Argument::default()
        }
    };
    let arguments = raw.arguments.iter().enumerate().map(argument).collect();
    let returns_set = bit(1);
    model.functions.push(Function {
        schema,
        name: namer.name(&raw.name),
        arguments,
        language: "sql".into(),
        kind: FunctionKind::Function,
        returns: Some("text".into()),
        returns_set,
        volatility: [Volatility::Volatile, Volatility::Stable, Volatility::Immutable][usize::from(raw.bits % 3)],
        parallel: [Parallel::Unsafe, Parallel::Restricted, Parallel::Safe][usize::from(raw.bits / 4 % 3)],
        strict: bit(5),
        security_definer: bit(6),
        leakproof: bit(7),
        cost: bit(8).then_some(0.5),
        rows: (returns_set && bit(9)).then_some(7.0),
        settings: if bit(10) { vec![setting("work_mem", "3MB")] } else { Vec::new() },
        definition: Some(raw.body.clone()),
        owner: owner(),
        comment: comment(&raw.comment),
        ..Function::default()
    });
}

/// The version that the server will say.
fn version() -> u32 {
    server().and_then(|server| Ok(server.psql("postgres", "SHOW server_version_num")?.parse()?)).unwrap_or(0)
}
