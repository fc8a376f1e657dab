//! Builds valid models from random parts, in the form that the server prints.

use pgmeta_core::ident::{Name, ident, qualified};
use pgmeta_core::model::*;
use pgmeta_e2e::server;

use super::parts::{RawFunction, RawModel, RawTable};

/// Roles that get privileges; the tests create them.
pub const GRANTEES: [&str; 2] = ["pgmeta_property_a", "pgmeta property \"b\""];

/// A column's type, and a default in the form that the server prints.
struct DataType {
    sql: Name,
    default: String,
    key: Option<ObjectKey>,
}

/// Returns a literal as the server prints it, with unescaped backslashes.
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

/// Generates unique names.
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
    // An empty comment is not stored.
    text.clone().filter(|text| !text.is_empty())
}

pub fn build(raw: &RawModel, major: u32) -> Model {
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
            columns: [column(&first, "integer"), column(&second, "text")].map(Box::new).into(),
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
        let name_of_sequence = namer.name(&column.name);
        if identity.is_some() {
            let max = if &*data_type.sql == "integer" { i32::MAX.into() } else { i64::MAX };
            model.sequences.push(Sequence {
                schema: schema.clone(),
                name: name_of_sequence,
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
            default: with_default.then(|| data_type.default.clone().into()),
            collation: (is_text && column.extra & 1 != 0).then(|| "pg_catalog.\"C\"".into()),
            not_null: (column.not_null || identity.is_some()).then(Box::<NotNull>::default),
            identity,
            storage: (is_text && column.extra & 2 != 0).then_some(Storage::External),
            statistics_target: (column.extra & 16 != 0).then(|| i32::from(column.extra)),
            options: if column.extra & 32 == 0 { Box::default() } else { Box::new([setting("n_distinct", "-0.5")]) },
            comment: comment(&column.comment).map(Into::into),
            data_type: data_type.sql.clone(),
            ..Column::default()
        });
    }
    depends_on.sort();
    depends_on.dedup();
    let number = columns.iter().find(|column| &*column.data_type == "integer").map(|column| column.name.clone());
    add_constraints(model, raw, &schema, &name, &columns, number.as_ref(), namer);
    add_indexes(model, raw, &schema, &name, &columns, number.as_ref(), namer);
    let policies: Vec<Name> = raw.policies.iter().map(|(name, ..)| namer.name(name)).collect();
    for ((_, bits, value), policy) in raw.policies.iter().zip(policies).filter(|_| number.is_some()) {
        let condition =
            format!("({} < {})", number.as_deref().map(ident).unwrap_or_default(), value.unsigned_abs() / 2);
        let command = [PolicyCommand::All, PolicyCommand::Select, PolicyCommand::Update, PolicyCommand::Insert]
            [usize::from(bits % 4)];
        let inserts = command == PolicyCommand::Insert;
        model.policies.push(Policy {
            schema: schema.clone(),
            table: name.clone(),
            name: policy,
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
        columns: columns.into_iter().map(Box::new).collect(),
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

/// Returns the privileges of the owner and of others on a table.
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
    // Names are generated even if they are not used, so that later names do not change.
    let checks: Vec<Name> = raw.checks.iter().map(|(name, _)| namer.name(name)).collect();
    let (key, reference) = (namer.name(&raw.name), namer.name(&raw.name));
    let Some(number) = number else { return };
    for ((name, value), own) in raw.checks.iter().zip(checks) {
        model.constraints.push(Constraint {
            name: own,
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
        name: key,
        kind: if is_key { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique },
        columns: vec![number.clone()],
        index: Some(Box::new(ConstraintIndex {
            nulls_not_distinct: !is_key && raw.bits & (1 << 7) != 0,
            options: if raw.bits & (1 << 8) != 0 { vec![setting("fillfactor", "50")] } else { Vec::new() },
            ..ConstraintIndex::default()
        })),
        // Foreign keys cannot reference a deferrable key, so only tables without foreign keys have one.
        deferrable: deferrable && raw.bits & (1 << 9) != 0,
        initially_deferred: deferrable && raw.bits & (1 << 9) != 0 && raw.bits & (1 << 10) != 0,
        ..empty.clone()
    });
    let Some((_, target, bits)) = &raw.reference else { return };
    let targets: Vec<&Constraint> =
        model.constraints.iter().filter(|own| own.index.is_some() && !own.deferrable).collect();
    // Permanent tables cannot reference unlogged ones.
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
        name: reference,
        kind: ConstraintKind::ForeignKey,
        columns: vec![number.clone()],
        foreign_key: Some(Box::new(foreign_key)),
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
    let names: Vec<Name> = raw.indexes.iter().map(|(name, ..)| namer.name(name)).collect();
    if sortable.is_empty() {
        return;
    }
    for ((_, at, bits), name) in raw.indexes.iter().zip(names) {
        let column = sortable[at % sortable.len()];
        let lower = &*column.data_type == "text" && bits & 1 != 0;
        let descending = bits & 2 != 0;
        // An expression has the collation of its column.
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
            name,
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

/// Returns the server's version.
fn version() -> u32 {
    server().and_then(|server| Ok(server.psql("postgres", "SHOW server_version_num")?.parse()?)).unwrap_or(0)
}
