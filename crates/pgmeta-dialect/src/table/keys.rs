//! How long the columns of keys may be. Columns without a length get one, if a dialect has a greatest key.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ConstraintKind;
use rustc_hash::FxHashMap;

use crate::expression::Class;
use crate::target::{KeyLimit, KeyPart};

use super::World;
use super::plan::TablePlan;

/// A column: the position of its table, and its own.
type At = (usize, usize);

/// How often lengths are handed on from a referenced column to those that refer to it.
const PASSES: usize = 8;

/// Gives the columns of keys types that fit into them.
pub(super) fn limit_lengths(world: World<'_, '_>, plans: &mut [TablePlan<'_>]) {
    let Some(limit) = world.target.facts().key else { return };
    let by_name: FxHashMap<(&str, &str), usize> =
        plans.iter().enumerate().map(|(at, plan)| ((&*plan.table.schema, &*plan.table.name), at)).collect();
    let (mut lengths, mut pairs) = (FxHashMap::default(), Vec::new());
    for (table, plan) in plans.iter().enumerate() {
        let position = |name: &str| plan.position(name).map(|at| (table, at));
        for (_, own) in &plan.constraints {
            check();
            if matches!(own.kind, ConstraintKind::Check | ConstraintKind::Exclusion) {
                continue;
            }
            let key: Vec<At> = own.columns.iter().filter_map(|name| position(name)).collect();
            if let Some(foreign) = &own.foreign_key
                && let Some(parent) = by_name.get(&(&*foreign.table.schema, &*foreign.table.name))
            {
                let targets = foreign.columns.iter().filter_map(|name| Some((*parent, plans[*parent].position(name)?)));
                let targets: Vec<At> = targets.collect();
                pairs.extend(key.iter().copied().zip(targets.iter().copied()));
                fit(plans, &targets, limit, &mut lengths);
            }
            fit(plans, &key, limit, &mut lengths);
        }
        for (_, own) in &plan.indexes {
            check();
            if own.unique {
                let key: Vec<At> = own.columns.iter().filter_map(|key| position(key.column.as_deref()?)).collect();
                fit(plans, &key, limit, &mut lengths);
            }
        }
    }
    hand_on(plans, &pairs, &mut lengths);
    if world.target.facts().equal_types {
        hand_on_integers(world, plans, &pairs);
    }
    let mut limits: Vec<(At, u32)> = lengths.into_iter().collect();
    limits.sort_unstable();
    for ((table, column), length) in limits {
        let column = &mut plans[table].columns[column];
        column.out = world.target.data_type(&column.data_type, Some(length));
    }
}

/// Returns the length that a column has by its type; the second is absent for any length.
fn sized(plans: &[TablePlan<'_>], (table, column): At) -> Option<(u32, Option<u32>)> {
    match plans[table].columns[column].out.key {
        KeyPart::Sized(unit, length) => Some((unit, length)),
        KeyPart::Fixed(_) | KeyPart::Never => None,
    }
}

/// Shares the bytes of a key among its columns.
fn fit(plans: &[TablePlan<'_>], key: &[At], limit: KeyLimit, lengths: &mut FxHashMap<At, u32>) {
    let fixed: u32 = key
        .iter()
        .map(|(table, column)| match plans[*table].columns[*column].out.key {
            KeyPart::Fixed(bytes) => bytes,
            KeyPart::Sized(..) | KeyPart::Never => 0,
        })
        .sum();
    let parts: Vec<(At, u32, Option<u32>)> =
        key.iter().filter_map(|at| sized(plans, *at).map(|(unit, length)| (*at, unit, length))).collect();
    let wanted = |length: Option<u32>| length.unwrap_or(limit.length);
    let bytes: u32 = parts.iter().map(|(_, unit, length)| unit.saturating_mul(wanted(*length))).sum();
    let units: u32 = parts.iter().map(|(_, unit, _)| unit).sum();
    let share = limit.bytes.saturating_sub(fixed) / units.max(1);
    let is_long = fixed.saturating_add(bytes) > limit.bytes;
    for (at, _, length) in parts {
        let fitting = if is_long { wanted(length).min(share.max(1)) } else { wanted(length) };
        if length.is_none_or(|length| fitting < length) {
            let own = lengths.entry(at).or_insert(fitting);
            *own = (*own).min(fitting);
        }
    }
}

/// An integer has the type of the column that it refers to: it has no values that the other has not.
fn hand_on_integers(world: World<'_, '_>, plans: &mut [TablePlan<'_>], pairs: &[(At, At)]) {
    for _ in 0..PASSES {
        let mut changed = false;
        for (child, parent) in pairs {
            check();
            let of = &plans[parent.0].columns[parent.1];
            let (class, base, sql) = (of.class, of.data_type.base.clone(), of.out.sql.clone());
            let own = &mut plans[child.0].columns[child.1];
            if class != Class::Integer || own.class != Class::Integer || own.out.sql == sql {
                continue;
            }
            own.data_type.base = base;
            own.out = world.target.data_type(&own.data_type, None);
            own.out.loss = Some("the type of the column that it refers to".to_owned());
            changed = true;
        }
        if !changed {
            return;
        }
    }
}

/// A column of any length has the length of the column that it refers to.
fn hand_on(plans: &[TablePlan<'_>], pairs: &[(At, At)], lengths: &mut FxHashMap<At, u32>) {
    for _ in 0..PASSES {
        let mut changed = false;
        for (child, parent) in pairs {
            check();
            let (Some((_, child_length)), Some((_, parent_length))) = (sized(plans, *child), sized(plans, *parent))
            else {
                continue;
            };
            let length = |at: &At, own: Option<u32>, lengths: &FxHashMap<At, u32>| lengths.get(at).copied().or(own);
            let (own, target) = (length(child, child_length, lengths), length(parent, parent_length, lengths));
            let (Some(own), Some(target)) = (own, target) else { continue };
            if child_length.is_none() && own != target && own > target {
                lengths.insert(*child, target);
                changed = true;
            } else if parent_length.is_none() && child_length.is_none() && target > own {
                lengths.insert(*parent, own);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}
