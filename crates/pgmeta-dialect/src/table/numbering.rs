//! Which columns the dialect numbers: identity columns, and those whose default is the next number of a sequence.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, ConstraintKind, Sequence};

use crate::expression::{Class, Expr, parse};
use crate::target::Numbering;

use super::World;
use super::plan::{ColumnPlan, TablePlan};

/// Decides which column of each table is numbered.
pub(super) fn decide(world: World<'_, '_>, plans: &mut [TablePlan<'_>]) {
    for plan in plans {
        check();
        let key: Vec<usize> = plan
            .constraints
            .iter()
            .filter(|(_, own)| own.kind == ConstraintKind::PrimaryKey)
            .flat_map(|(_, own)| own.columns.iter().filter_map(|name| plan.position(name)))
            .collect();
        let candidates: Vec<usize> = (0..plan.columns.len()).filter(|at| is_candidate(&plan.columns[*at])).collect();
        let leading = key.first().filter(|at| candidates.contains(at));
        let chosen = match world.target.facts().numbering {
            Numbering::PrimaryKey => leading.filter(|_| key.len() == 1),
            Numbering::LeadsKey | Numbering::Any => leading.or(candidates.first()),
        };
        if let Some(at) = chosen.copied() {
            let column = plan.columns[at].column;
            let sequence = sequence_of(world, plan, &column.name, column.default.as_deref());
            plan.columns[at].numbered = Some(sequence.map_or((1, 1), |own| (own.start, own.increment)));
            plan.columns[at].not_null = true;
        }
    }
}

fn is_candidate(column: &ColumnPlan<'_>) -> bool {
    let is_numbered = column.column.identity.is_some()
        || column.column.default.as_deref().is_some_and(|own| sequence_name(own).is_some());
    is_numbered && column.class == Class::Integer && column.column.generated.is_none()
}

/// Returns the sequence that numbers a column.
pub(super) fn sequence_of<'m>(
    world: World<'_, 'm>,
    plan: &TablePlan<'_>,
    column: &str,
    default: Option<&str>,
) -> Option<&'m Sequence> {
    let identity = world.index.identity_sequence(plan.table, column);
    identity.or_else(|| {
        let (schema, name) = sequence_name(default?)?;
        world.index.sequence(&schema, &name)
    })
}

/// Returns the sequence that numbers a column of a table.
pub(crate) fn numbering_sequence<'m>(
    world: World<'_, 'm>,
    plan: &TablePlan<'_>,
    column: &Column,
) -> Option<&'m Sequence> {
    sequence_of(world, plan, &column.name, column.default.as_deref())
}

/// Returns the schema and name of the sequence whose next number a default is.
pub(crate) fn sequence_name(default: &str) -> Option<(String, String)> {
    if !default.contains("nextval(") {
        return None;
    }
    let mut expression = parse(default).ok()?;
    while let Expr::Cast(of, _) = expression {
        expression = *of;
    }
    let Expr::Call(name, arguments) = expression else { return None };
    let argument = if name == "nextval" { arguments.into_iter().next()? } else { return None };
    let mut argument = argument;
    while let Expr::Cast(of, _) = argument {
        argument = *of;
    }
    let Expr::Text(text) = argument else { return None };
    match parse(&text).ok()? {
        Expr::Column(path) => match path.as_slice() {
            [schema, name] => Some((schema.clone(), name.clone())),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_found_in_defaults() {
        let name = |default: &str| sequence_name(default).map(|(schema, name)| format!("{schema}|{name}"));
        assert_eq!(name("nextval('app.orders_id_seq'::regclass)").as_deref(), Some("app|orders_id_seq"));
        assert_eq!(name("nextval('app.\"Odd seq\"'::regclass)").as_deref(), Some("app|Odd seq"));
        assert_eq!(name("(nextval('app.s'::regclass))::integer").as_deref(), Some("app|s"));
        assert_eq!(name("(nextval('app.s'::regclass) + 1)"), None);
    }
}
