//! Breaks the cycles that a catalog can hold: what can be made in two steps is.

use crate::ddl::options::Section;
use crate::ddl::order::{Edge, Graph, Node, Plan, Via};
use crate::ddl::render::Part;
use crate::model::{Object, ObjectKind, ObjectRef};

/// Takes objects apart until no cycle is left.
pub(super) fn repair<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>) {
    recursive_functions(graph, plan);
    loop {
        let cycles = components(graph);
        if cycles.is_empty() {
            return;
        }
        for cycle in cycles {
            break_one(graph, plan, &cycle);
        }
    }
}

/// Applies the first repair that the cycle allows.
fn break_one<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) {
    let inside = |at: usize| cycle.binary_search(&at).is_ok();
    if shell_types(graph, cycle)
        || separate_checks(graph, plan, cycle)
        || placeholder_views(graph, plan, cycle)
        || separate_defaults(graph, plan, cycle)
        || placeholder_function(graph, plan, cycle)
    {
        return;
    }
    // No catalog is known to get here; the server will say what is wrong with the order.
    if let Some(&last) = cycle.last() {
        graph.nodes[last].edges.retain(|edge| !inside(edge.to));
    }
}

/// What needs a base or range type inside the cycle (its I/O functions) can do with its shell.
fn shell_types(graph: &mut Graph<'_>, cycle: &[usize]) -> bool {
    split(graph, cycle, Part::Shell, |graph, at| match graph.nodes[at].object {
        ObjectRef::Type(object) => object.has_shell().then(Vec::new),
        _ => None,
    })
}

/// What needs a view inside the cycle can do with a placeholder that has its columns.
fn placeholder_views<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let views: Vec<_> = cycle.iter().filter(|&&at| graph.nodes[at].part == Part::Main).copied().collect();
    let done = split(graph, cycle, Part::Placeholder, |graph, at| match graph.nodes[at].object {
        ObjectRef::View(view) => Some(
            view.depends_on
                .iter()
                .filter(|key| matches!(key.kind, ObjectKind::Type | ObjectKind::Collation))
                .filter_map(|key| graph.main.get(key))
                .map(|&to| Edge { to, via: Via::Whole })
                .chain(graph.resolve(&graph.nodes[at].object.render().requires(), Via::Whole))
                .collect(),
        ),
        _ => None,
    });
    for at in views {
        if let ObjectRef::View(view) = graph.nodes[at].object {
            plan.with_placeholder.insert(view.key());
        }
    }
    done
}

/// A function whose body calls it needs a placeholder of itself, which no cycle of steps tells.
fn recursive_functions<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>) {
    for function in &graph.model.functions {
        let key = function.key();
        if let Some(&at) = graph.main.get(&key)
            && function.depends_on.contains(&key)
        {
            split(graph, &[at], Part::Placeholder, |graph, at| Some(graph.nodes[at].edges.clone()));
            plan.with_placeholder.insert(key);
        }
    }
}

/// What needs a function inside the cycle can do with a placeholder that has its signature: where the function's body
/// is parsed when it is made (BEGIN ATOMIC), it may need what needs the function.
fn placeholder_function<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let parsed = |at: usize| match graph.nodes[at].object {
        ObjectRef::Function(function) if graph.nodes[at].part == Part::Main => {
            function.sql_body.is_some().then(|| function.key())
        }
        _ => None,
    };
    let Some((chosen, key)) = cycle.iter().find_map(|&at| Some((at, parsed(at)?))) else {
        return false;
    };
    plan.with_placeholder.insert(key);
    split(graph, cycle, Part::Placeholder, |graph, at| (at == chosen).then(|| graph.nodes[at].edges.clone()))
}

/// Gives the objects that `needs` accepts a first part, to which the edges inside the cycle are moved.
fn split<'m>(
    graph: &mut Graph<'m>,
    cycle: &[usize],
    part: Part,
    needs: impl Fn(&Graph<'m>, usize) -> Option<Vec<Edge>>,
) -> bool {
    let mut done = false;
    for &at in cycle {
        if graph.nodes[at].part != Part::Main {
            continue;
        }
        let Some(mut edges) = needs(graph, at) else {
            continue;
        };
        edges.retain(|edge| !cycle.contains(&edge.to));
        let first = graph.nodes.len();
        let Node { object, kind, .. } = graph.nodes[at];
        graph.nodes.push(Node { object, kind, part, section: Section::PreData, edges });
        for &other in cycle {
            if other != at {
                for edge in &mut graph.nodes[other].edges {
                    if edge.to == at {
                        edge.to = first;
                        done = true;
                    }
                }
            }
        }
        graph.nodes[at].edges.push(Edge { to: first, via: Via::Whole });
    }
    done
}

/// Checks of tables and domains become statements of their own.
fn separate_checks<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let mut done = false;
    for &at in cycle {
        let inner: Vec<Via> = vias(graph, cycle, at);
        for via in inner {
            let (object, key) = match via {
                Via::Check(position) => {
                    let constraint = &graph.model.constraints[position];
                    (ObjectRef::Constraint(constraint), constraint.key())
                }
                Via::DomainCheck(position) => match graph.nodes[at].object {
                    ObjectRef::Domain(domain) => (graph.nodes[at].object, domain.check_key(position)),
                    _ => continue,
                },
                Via::Whole | Via::Default(_) => continue,
            };
            let part = if let Via::DomainCheck(position) = via { Part::Check(position) } else { Part::Main };
            detach(graph, at, via, object, part, Section::PostData);
            plan.separate_checks.insert(key);
            done = true;
        }
    }
    done
}

/// Defaults become statements of their own.
fn separate_defaults<'m>(graph: &mut Graph<'m>, plan: &mut Plan<'m>, cycle: &[usize]) -> bool {
    let mut done = false;
    for &at in cycle {
        for via in vias(graph, cycle, at) {
            if let Via::Default(position) = via {
                let object = graph.nodes[at].object;
                detach(graph, at, via, object, Part::Default(position), Section::PreData);
                plan.separate_defaults.insert((object.object().key(), position));
                done = true;
            }
        }
    }
    done
}

/// Returns through which parts the step takes part in the cycle.
fn vias(graph: &Graph<'_>, cycle: &[usize], at: usize) -> Vec<Via> {
    let edges = graph.nodes[at].edges.iter().filter(|edge| cycle.contains(&edge.to));
    let mut found: Vec<Via> = edges.map(|edge| edge.via).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Moves the edges of one part of a step to a new step that follows it.
fn detach<'m>(graph: &mut Graph<'m>, at: usize, via: Via, object: ObjectRef<'m>, part: Part, section: Section) {
    let (mut moved, kept): (Vec<Edge>, Vec<Edge>) = graph.nodes[at].edges.iter().partition(|edge| edge.via == via);
    graph.nodes[at].edges = kept;
    for edge in &mut moved {
        edge.via = Via::Whole;
    }
    moved.push(Edge { to: at, via: Via::Whole });
    let kind = object.object().key().kind;
    graph.nodes.push(Node { object, kind, part, section, edges: moved });
}

/// Tarjan's strongly connected components of more than one step, each sorted. Iterative: chains can be long.
fn components(graph: &Graph<'_>) -> Vec<Vec<usize>> {
    const NONE: usize = usize::MAX;
    let count = graph.nodes.len();
    let (mut index, mut low) = (vec![NONE; count], vec![0; count]);
    let mut on_stack = vec![false; count];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if index[root] != NONE {
            continue;
        }
        let mut calls = vec![(root, 0)];
        while let Some(&mut (at, ref mut edge)) = calls.last_mut() {
            if *edge == 0 && index[at] == NONE {
                (index[at], low[at]) = (next, next);
                next += 1;
                stack.push(at);
                on_stack[at] = true;
            }
            if let Some(to) = graph.nodes[at].edges.get(*edge).map(|edge| edge.to) {
                *edge += 1;
                if index[to] == NONE {
                    calls.push((to, 0));
                } else if on_stack[to] {
                    low[at] = low[at].min(index[to]);
                }
                continue;
            }
            calls.pop();
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[at]);
            }
            if low[at] == index[at] {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    component.push(member);
                    if member == at {
                        break;
                    }
                }
                if component.len() > 1 {
                    component.sort_unstable();
                    found.push(component);
                }
            }
        }
    }
    found.sort();
    found
}
