//! Breaks dependency cycles of a catalog by creating objects in two steps.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::components::cycles;
use crate::ddl::graph::{Edge, Graph, Node, Via};
use crate::ddl::step::Plan;
use crate::interrupt::check;
use crate::model::{Object, ObjectKind, ObjectRef, Part, Section};

/// After this number of rounds, all remaining objects get placeholders at once: each round traverses the whole graph.
const ROUNDS: usize = 16;

/// Splits objects until no cycle is left.
pub fn repair<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>) {
    recursive_functions(graph, plan);
    for round in 1.. {
        let cycles = cycles(graph.nodes.len(), |node, at| graph.nodes[node].edges.get(at).map(|edge| edge.to));
        if cycles.is_empty() {
            return;
        }
        for cycle in cycles {
            break_one(graph, plan, &cycle, round < ROUNDS);
        }
    }
}

/// Applies the first repair that the cycle allows. `sparing`: with as few placeholders of functions as possible.
fn break_one<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize], sparing: bool) {
    if shell_types(graph, cycle)
        || separate_checks(graph, plan, cycle)
        || placeholder_views(graph, plan, cycle)
        || separate_defaults(graph, plan, cycle)
        || placeholder_functions(graph, plan, cycle, sparing)
    {
        return;
    }
    // No known catalog reaches this point. The server's error will show the problem.
    for &at in cycle {
        graph.nodes[at].edges.retain(|edge| edge.to > at || !is_in(cycle, edge.to));
    }
}

/// Returns whether a step is in the cycle, whose steps are in order.
fn is_in(cycle: &[usize], at: usize) -> bool {
    check();
    cycle.binary_search(&at).is_ok()
}

/// Objects in the cycle that need a base or range type (its I/O functions) can use its shell.
fn shell_types(graph: &mut Graph<'_>, cycle: &[usize]) -> bool {
    split(graph, cycle, Part::Shell, |graph, at| {
        let ObjectRef::Type(object) = graph.nodes[at].object else { return None };
        object.has_shell().then(Vec::new)
    })
}

/// Objects in the cycle that need a view can use a placeholder with its columns.
fn placeholder_views<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let views: Vec<_> = cycle.iter().filter(|&&at| graph.nodes[at].part == Part::Main).copied().collect();
    let done = split(graph, cycle, Part::Placeholder, |graph, at| {
        let ObjectRef::View(view) = graph.nodes[at].object else { return None };
        let types = view.depends_on.iter().filter(|key| matches!(key.kind, ObjectKind::Type | ObjectKind::Collation));
        let types = types.filter_map(|key| graph.main.get(key)).map(|&to| Edge { to, via: Via::Whole });
        Some(types.chain(graph.resolve(&graph.nodes[at].object.requires(), Via::Whole)).collect())
    });
    for at in views {
        if let ObjectRef::View(view) = graph.nodes[at].object {
            plan.with_placeholder.insert(view.key());
        }
    }
    done
}

/// A function whose body calls it needs a placeholder of itself: no cycle of steps shows this.
fn recursive_functions<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>) {
    for function in &graph.model.functions {
        check();
        let key = function.key();
        if let Some(&at) = graph.main.get(&key)
            && function.depends_on.contains(&key)
        {
            split(graph, &[at], Part::Placeholder, |graph, at| Some(graph.nodes[at].edges.clone()));
            plan.with_placeholder.insert(key);
        }
    }
}

/// Objects in the cycle that need a function can use a placeholder with its signature: the server parses a BEGIN ATOMIC body when
/// it creates the function, so the body may need them. The placeholder of the first function may be enough.
fn placeholder_functions<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize], sparing: bool) -> bool {
    let parsed = |at: usize| {
        let ObjectRef::Function(function) = graph.nodes[at].object else { return None };
        (graph.nodes[at].part == Part::Main && function.sql_body.is_some()).then(|| function.key())
    };
    let all = cycle.iter().filter_map(|&at| Some((at, parsed(at)?)));
    let chosen: FxHashMap<_, _> = all.take(if sparing { 1 } else { usize::MAX }).collect();
    let needs = |graph: &Graph<'m>, at| chosen.contains_key(&at).then(|| graph.nodes[at].edges.clone());
    let done = split(graph, cycle, Part::Placeholder, needs);
    plan.with_placeholder.extend(chosen.into_values());
    done
}

/// Gives the objects that `needs` accepts a first part, and moves the edges inside the cycle to it.
fn split<'m>(
    graph: &mut Graph<'m>,
    cycle: &[usize],
    part: Part,
    needs: impl Fn(&Graph<'m>, usize) -> Option<Vec<Edge>>,
) -> bool {
    let mut firsts = FxHashMap::default();
    for &at in cycle {
        check();
        if graph.nodes[at].part != Part::Main {
            continue;
        }
        let Some(mut edges) = needs(graph, at) else {
            continue;
        };
        edges.retain(|edge| !is_in(cycle, edge.to));
        firsts.insert(at, graph.nodes.len());
        let Node { object, kind, .. } = graph.nodes[at];
        graph.nodes.push(Node { object, kind, part, section: Section::PreData, edges });
    }
    if firsts.is_empty() {
        return false;
    }
    let mut done = false;
    for &at in cycle {
        for edge in &mut graph.nodes[at].edges {
            check();
            if let Some(&first) = firsts.get(&edge.to).filter(|_| edge.to != at) {
                edge.to = first;
                done = true;
            }
        }
        if let Some(&first) = firsts.get(&at) {
            graph.nodes[at].edges.push(Edge { to: first, via: Via::Whole });
        }
    }
    done
}

/// Checks of tables and domains get statements of their own.
fn separate_checks<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let mut done = false;
    for &at in cycle {
        let mut checks = Vec::new();
        for via in vias(graph, cycle, at) {
            let (object, key) = match via {
                Via::Check(position) => {
                    let constraint = &graph.model.constraints[position];
                    (ObjectRef::Constraint(constraint), constraint.key())
                }
                Via::DomainCheck(position) => {
                    let ObjectRef::Domain(domain) = graph.nodes[at].object else { continue };
                    (graph.nodes[at].object, domain.check_key(position))
                }
                Via::Whole | Via::Default(_) => continue,
            };
            let part = if let Via::DomainCheck(position) = via { Part::Check(position) } else { Part::Main };
            checks.push((via, object, part));
            plan.separate_checks.insert(key);
        }
        done |= !checks.is_empty();
        detach(graph, at, checks, Section::PostData);
    }
    done
}

/// Defaults get statements of their own.
fn separate_defaults<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let mut done = false;
    for &at in cycle {
        let object = graph.nodes[at].object;
        let mut defaults = Vec::new();
        for via in vias(graph, cycle, at) {
            if let Via::Default(position) = via {
                defaults.push((via, object, Part::Default(position)));
                plan.separate_defaults.insert((object.object().key(), position));
            }
        }
        done |= !defaults.is_empty();
        detach(graph, at, defaults, Section::PreData);
    }
    done
}

/// Returns the separable parts by which a step takes part in the cycle.
fn vias(graph: &Graph<'_>, cycle: &[usize], at: usize) -> Vec<Via> {
    let edges = graph.nodes[at].edges.iter().filter(|edge| edge.via != Via::Whole && is_in(cycle, edge.to));
    let mut found: Vec<Via> = edges.map(|edge| edge.via).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Moves the edges of parts of a step to new steps after it.
fn detach<'m>(graph: &mut Graph<'m>, at: usize, parts: Vec<(Via, ObjectRef<'m>, Part)>, section: Section) {
    if parts.is_empty() {
        return;
    }
    let mut moved: BTreeMap<Via, Vec<Edge>> = parts.iter().map(|(via, ..)| (*via, Vec::new())).collect();
    graph.nodes[at].edges.retain(|edge| match moved.get_mut(&edge.via) {
        Some(edges) => {
            edges.push(Edge { to: edge.to, via: Via::Whole });
            false
        }
        None => true,
    });
    for (via, object, part) in parts {
        check();
        let mut edges = moved.remove(&via).unwrap_or_default();
        edges.push(Edge { to: at, via: Via::Whole });
        let kind = object.object().key().kind;
        graph.nodes.push(Node { object, kind, part, section, edges });
    }
}
