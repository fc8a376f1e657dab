//! `pgmeta_lint_sql`: faults and risks in the statements of a script.

use pgmeta_core::model::Model;
use pgmeta_lint::{
    Action, Assumptions, Need, ScriptFinding, Statement, Statistics, changed_types, dropped_extensions,
    functions_of_defaults, lint_script, named_schemas,
};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

use crate::api::lint::read_live;
use crate::api::lint_options::{ScriptOptions, of_script};
use crate::api::rehearse_script::{Rehearsal, rehearse};
use crate::api::rows::lint_row;
use crate::catalog;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::parser::parse;
use crate::rights::user_name;
use crate::spi::Connection;

returns_table! {
    /// A finding about a statement, or a statement that was rehearsed and has none.
    type StatementRow = statement_rows!(
        name!(statement, i32),
        name!(line, i32),
        name!(rule, Option<Text>),
        name!(level, Text),
        name!(category, Text),
        name!(type, Option<Text>),
        name!(schema, Option<Text>),
        name!(name, Option<Text>),
        name!(identity, Option<Text>),
        name!(column_name, Option<Text>),
        name!(title, Text),
        name!(description, Text),
        name!(detail, Text),
        name!(remediation, Text),
        name!(fix_sql, Option<Text>),
        name!(metadata, JsonB),
        name!(cache_key, Option<Text>),
        name!(locks, Option<Texts>),
        name!(rewrites, Option<Texts>),
    );
}

statement_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_lint_sql(sql: Option<Text>, options: default!(Option<Document>, "'{}'")) {
        of_sql(sql, options)
    }
}

fn of_sql(sql: Option<Text>, options: Option<Document>) -> Result<Vec<StatementRow>, Error> {
    let (options, own) = of_script(options)?;
    let Some(sql) = sql else { return Ok(Vec::new()) };
    let script = parse(&sql)?;
    let user = user_name(&Connection::open()?)?;
    let mut named = named_schemas(&script, &user);
    named.extend(catalog::schemas_of_types(&changed_types(&script), &dropped_extensions(&script))?);
    let schemas = catalog::script_schemas(&named)?;
    let (model, statistics) = match schemas.all.is_empty() {
        true => (Model::default(), Statistics::default()),
        false => read_live(Some(schemas.all), &[Need::Tables].into())?,
    };
    let mut assumptions = assumptions(&script, &model, own)?;
    (assumptions.search_path, assumptions.user) = (schemas.search_path, user);
    assumptions.unusable_schemas = schemas.unusable.into_iter().collect();
    let findings = lint_script(&script, &model, Some(&statistics), &assumptions, &options);
    let rehearsals = if own.rehearse { rehearse(&script)? } else { Vec::new() };
    Ok(rows(&script, findings, &rehearsals))
}

/// Returns what is known of the session that will run a script on the objects of a model.
pub fn assumptions(script: &[Statement], model: &Model, own: ScriptOptions) -> Result<Assumptions, Error> {
    let names = functions_of_defaults(script, model);
    let changes_types = |own: &Statement| own.actions.iter().any(|own| matches!(own, Action::AlterType { .. }));
    let changes_types = script.iter().any(changes_types);
    let casts = if changes_types { catalog::binary_casts()? } else { FxHashSet::default() };
    let classes = if changes_types { catalog::default_classes()? } else { FxHashMap::default() };
    Ok(Assumptions {
        in_transaction: own.in_transaction,
        functions: catalog::function_volatility(&names)?,
        binary_casts: casts,
        default_classes: classes,
        server_types: catalog::server_types()?,
        extension_types: catalog::extension_types(&dropped_extensions(script))?,
        ..Assumptions::default()
    })
}

fn rows(script: &[Statement], findings: Vec<ScriptFinding>, rehearsals: &[Rehearsal]) -> Vec<StatementRow> {
    let mut rows = Vec::new();
    let mut findings = findings.into_iter().peekable();
    for (at, statement) in script.iter().enumerate() {
        let rehearsal = rehearsals.get(at);
        let mut has_finding = false;
        while let Some(own) = findings.next_if(|own| own.statement == statement.number) {
            has_finding = true;
            rows.push(row(own, rehearsal));
        }
        if let Some(rehearsal) = rehearsal
            && !has_finding
        {
            rows.push(rehearsed_row(statement, rehearsal));
        }
    }
    rows
}

fn row(own: ScriptFinding, rehearsal: Option<&Rehearsal>) -> StatementRow {
    let ScriptFinding { statement, line, finding } = own;
    let (
        rule,
        level,
        category,
        kind,
        schema,
        name,
        identity,
        column,
        title,
        description,
        detail,
        remediation,
        fix,
        metadata,
        key,
    ) = lint_row(finding);
    let JsonB(mut metadata) = metadata;
    if let (Value::Object(metadata), Some(rehearsal)) = (&mut metadata, rehearsal) {
        metadata.extend(rehearsal.facts());
    }
    let (locks, rewrites) = effects(rehearsal);
    (
        number(statement),
        number(line),
        Some(rule),
        level,
        category,
        kind,
        schema,
        name,
        identity,
        column,
        title,
        description,
        detail,
        remediation,
        fix,
        JsonB(metadata),
        Some(key),
        locks,
        rewrites,
    )
}

/// Returns the row of a statement without findings.
fn rehearsed_row(statement: &Statement, rehearsal: &Rehearsal) -> StatementRow {
    let (locks, rewrites) = effects(Some(rehearsal));
    let metadata: Map<String, Value> = rehearsal.facts().collect();
    (
        number(statement.number),
        number(statement.line),
        None,
        "info".into(),
        "migration".into(),
        None,
        None,
        None,
        None,
        None,
        "Rehearsed".into(),
        "What the statement did before it was rolled back.".into(),
        rehearsal.detail().into(),
        String::new().into(),
        None,
        JsonB(json!(metadata)),
        None,
        locks,
        rewrites,
    )
}

fn effects(rehearsal: Option<&Rehearsal>) -> (Option<Texts>, Option<Texts>) {
    let texts = |list: &Option<Vec<String>>| list.clone().map(Texts::from);
    rehearsal.map_or((None, None), |own| (texts(&own.locks), texts(&own.rewrites)))
}

fn number(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
