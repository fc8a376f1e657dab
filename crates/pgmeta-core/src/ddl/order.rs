//! The order of statements: by dependency, then kind, then name. Breaks the cycles of a catalog as pg_dump does. Prints nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashSet;

use crate::ddl::cycles;
use crate::ddl::graph::{Graph, NeededBy, Node};
use crate::ddl::step::{Plan, Step};
use crate::interrupt::check;
use crate::model::{Constraint, ConstraintKind, Model, ObjectKey, ObjectRef, Part, Section};
use crate::parallel::{Executor, Sequential};

/// Orders the statements of a model.
pub fn plan<'m>(model: &'m Model, executor: &impl Executor) -> Plan<'m> {
    planned(model, FxHashSet::default(), executor)
}

/// The same. `separate_checks` get statements of their own, because their tables exist already.
pub fn plan_with(model: &Model, separate_checks: FxHashSet<ObjectKey>) -> Plan<'_> {
    planned(model, separate_checks, &Sequential)
}

fn planned<'m>(model: &'m Model, separate_checks: FxHashSet<ObjectKey>, executor: &impl Executor) -> Plan<'m> {
    let mut graph = Graph::of(model, &separate_checks, executor);
    let mut plan = Plan { separate_checks, ..Plan::default() };
    cycles::repair(&mut graph, &mut plan);
    graph.children_first();
    // Dropped on the other thread: sorting looks up no keys.
    let main = std::mem::take(&mut graph.main);
    ((), plan.steps) = executor.join_if_large(
        graph.nodes.len(),
        || drop(main),
        || {
            let needed_by = NeededBy::new(&graph);
            propagate_sections(&mut graph, &needed_by);
            sorted(&graph, &needed_by)
        },
    );
    plan
}

/// A step that needs one of the later section belongs to the later section, too.
fn propagate_sections(graph: &mut Graph<'_>, needed_by: &NeededBy) {
    let mut late: Vec<usize> =
        (0..graph.nodes.len()).filter(|&at| graph.nodes[at].section == Section::PostData).collect();
    while let Some(at) = late.pop() {
        for &other in needed_by.of(at) {
            check();
            if graph.nodes[other].section == Section::PreData {
                graph.nodes[other].section = Section::PostData;
                late.push(other);
            }
        }
    }
}

/// Kahn's algorithm. Of the steps without unmet needs, the first by section, kind and name comes next.
fn sorted<'m>(graph: &Graph<'m>, needed_by: &NeededBy) -> Vec<Step<'m>> {
    let mut waiting: Vec<usize> = graph.nodes.iter().map(|node| node.edges.len()).collect();
    // The lists of the model are sorted by key, so the position represents schema and name.
    let priorities: Vec<u8> = graph.nodes.iter().map(priority).collect();
    let rank = |at: usize| Reverse((graph.nodes[at].section, priorities[at], at));
    let mut ready: BinaryHeap<_> = (0..graph.nodes.len()).filter(|&at| waiting[at] == 0).map(rank).collect();
    let mut steps = Vec::with_capacity(graph.nodes.len());
    while let Some(Reverse((section, _, at))) = ready.pop() {
        let node = &graph.nodes[at];
        steps.push(Step { object: node.object, part: node.part, section });
        for &other in needed_by.of(at) {
            check();
            waiting[other] -= 1;
            if waiting[other] == 0 {
                ready.push(rank(other));
            }
        }
    }
    steps
}

/// The order of kinds where no dependency decides.
fn priority(node: &Node<'_>) -> u8 {
    let &Node { object, kind, part, .. } = node;
    match part {
        Part::Main => {}
        Part::Shell => return 15,
        Part::OwnedBy => return 52,
        Part::Default(_) => return 53,
        Part::Check(_) => return 69,
        Part::NotNull(_) => return 69,
        Part::Placeholder if matches!(object, ObjectRef::Function(_)) => return 20,
        Part::Placeholder => return 54,
        Part::Attach if matches!(object, ObjectRef::Table(_)) => return 51,
        Part::Attach => return 72,
        Part::RowSecurity => return 78,
        Part::Refresh => return 99,
    }
    let is_foreign_key = |own: &Constraint| own.kind == ConstraintKind::ForeignKey;
    if matches!(object, ObjectRef::Constraint(own) if is_foreign_key(own)) { 76 } else { kind.facts().place }
}
