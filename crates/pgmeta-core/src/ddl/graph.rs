//! The graph of steps and their needs. Orders nothing.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interrupt::check;
use crate::model::{
    ConstraintKind, ExpressionPlace, Model, Object, ObjectKey, ObjectKind, ObjectPart, ObjectRef, Part, Section, Table,
};
use crate::parallel::Executor;

/// A step before it is ordered.
#[derive(Debug)]
pub struct Node<'m> {
    pub object: ObjectRef<'m>,
    pub kind: ObjectKind,
    pub part: Part,
    pub section: Section,
    pub edges: Vec<Edge>,
}

/// What a step needs, and the part of its object that needs it: that part may become a step of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    pub to: usize,
    pub via: Via,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    Whole,
    /// The default of the column at this position, or of a domain.
    Default(usize),
    /// The check constraint at this position of the model's list.
    Check(usize),
    /// The check at this position of the domain's list.
    DomainCheck(usize),
}

/// What a step adds to a table and its children.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Added<'m> {
    NotNull(&'m str),
    Check(&'m str),
    Exclusion,
}

/// The needs of a step, and the other parts of its object.
type Connection<'m> = (Vec<Edge>, Vec<Node<'m>>);

/// The graph of steps.
#[derive(Debug)]
pub struct Graph<'m> {
    pub model: &'m Model,
    pub nodes: Vec<Node<'m>>,
    pub main: FxHashMap<ObjectKey, usize>,
    casts: FxHashMap<&'m ObjectKey, Vec<ObjectKey>>,
}

impl<'m> Graph<'m> {
    /// Builds the graph of a model's objects. `separate_checks` get statements of their own.
    pub fn of(model: &'m Model, separate_checks: &FxHashSet<ObjectKey>, executor: &impl Executor) -> Self {
        let casts = model.casts_by_function();
        let mut graph = Graph { model, nodes: Vec::with_capacity(model.len()), main: FxHashMap::default(), casts };
        graph.main.reserve(model.len());
        for object in model.objects() {
            check();
            if let ObjectRef::Constraint(constraint) = object
                && constraint.is_inline_check()
                && graph.main.contains_key(&constraint.table_key())
                && (separate_checks.is_empty() || !separate_checks.contains(&constraint.key()))
            {
                continue;
            }
            let section = object.section();
            // Attached indexes refer to the index of a constraint by the key of an index.
            if let ObjectRef::Constraint(constraint) = object
                && constraint.index.is_some()
            {
                let index = constraint.index_key();
                graph.main.insert(index, graph.nodes.len());
            }
            let key = object.object().key();
            graph.nodes.push(Node { object, kind: key.kind, part: Part::Main, section, edges: Vec::new() });
            graph.main.insert(key, graph.nodes.len() - 1);
        }
        let mut parts = Vec::new();
        for (at, (edges, parts_of)) in graph.connections(executor).into_iter().enumerate() {
            graph.nodes[at].edges = edges;
            parts.extend(parts_of);
        }
        graph.nodes.extend(parts);
        for (position, constraint) in model.constraints.iter().enumerate() {
            check();
            if !constraint.is_inline_check() || graph.main.contains_key(&constraint.key()) {
                continue;
            }
            if let Some(&table) = graph.main.get(&constraint.table_key()) {
                let needs = graph.resolve_casting(&constraint.depends_on, Via::Check(position), true);
                let others = needs.into_iter().filter(|edge| edge.to != table);
                graph.nodes[table].edges.extend(others);
            }
        }
        for node in &mut graph.nodes {
            check();
            node.edges.sort_unstable();
            node.edges.dedup();
        }
        graph
    }

    /// Returns for each step its needs, and the steps for the other parts of its object.
    fn connections(&self, executor: &impl Executor) -> Vec<Connection<'m>> {
        let connections = |steps: Range<usize>| steps.map(|at| self.connection(at)).collect::<Vec<_>>();
        let all = self.nodes.len();
        let half = all / 2;
        let (second, mut first) = executor.join_if_large(all, || connections(half..all), || connections(0..half));
        first.extend(second);
        first
    }

    fn connection(&self, at: usize) -> Connection<'m> {
        check();
        let Node { object, kind, .. } = self.nodes[at];
        let mut edges = self.resolve(&object.requires(), Via::Whole);
        let shared = object.object().shared();
        for name in shared.depends_on_extensions {
            edges.extend(self.resolve(&[ObjectKey::global(ObjectKind::Extension, name)], Via::Whole));
        }
        let depends_on = shared.depends_on;
        let parts = object.parts();
        if let ObjectRef::Domain(domain) = object
            && domain.default.is_some()
        {
            // CREATE DOMAIN contains the types and the collation; the default needs everything else.
            let (whole, default): (Vec<_>, Vec<_>) = depends_on
                .iter()
                .cloned()
                .partition(|key| matches!(key.kind, ObjectKind::Type | ObjectKind::Collation));
            edges.extend(self.resolve(&whole, Via::Whole));
            edges.extend(self.resolve_casting(&default, Via::Default(0), true));
        } else {
            edges.extend(self.resolve_casting(depends_on, Via::Whole, object.may_cast()));
        }
        object.each_expression(&mut |place, needs| {
            let via = match place {
                ExpressionPlace::Default(position) => Via::Default(position),
                // A generation expression cannot be added later.
                ExpressionPlace::Generated(_) | ExpressionPlace::ViewDefault => Via::Whole,
                ExpressionPlace::Check(position) => Via::DomainCheck(position),
            };
            // A check that is not valid is a part of its own.
            let part = if let Via::DomainCheck(position) = via { Part::Check(position) } else { Part::Main };
            if parts.iter().any(|own| own.part == part) {
                return;
            }
            edges.extend(self.resolve_casting(needs, via, true));
        });
        edges.retain(|edge| edge.to != at);
        let parts = parts.into_iter().map(|ObjectPart { part, section, requires }| {
            let mut edges = self.resolve(&requires, Via::Whole);
            edges.push(Edge { to: at, via: Via::Whole });
            Node { object, kind, part, section, edges }
        });
        (edges, parts.collect())
    }

    /// Children inherit a constraint that is added later, so they must exist first, with their own constraints.
    pub fn children_first(&mut self) {
        let mut added: FxHashMap<(&str, &str), Vec<(Added<'_>, usize)>> = FxHashMap::default();
        let mut attached: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        for (at, node) in self.nodes.iter().enumerate() {
            check();
            let (schema, table, what) = match (node.object, node.part) {
                (ObjectRef::Table(table), Part::NotNull(position)) => match table.columns.get(position) {
                    Some(column) => (&table.schema, &table.name, Added::NotNull(&column.name)),
                    None => continue,
                },
                (ObjectRef::Constraint(check), Part::Main)
                    if check.kind == ConstraintKind::Check && !check.inherited =>
                {
                    (&check.schema, &check.table, Added::Check(&check.name))
                }
                (ObjectRef::Constraint(constraint), Part::Main)
                    if constraint.on_partitioned && constraint.excludes() =>
                {
                    (&constraint.schema, &constraint.table, Added::Exclusion)
                }
                (ObjectRef::Table(table), Part::Attach) => {
                    attached.insert((&table.schema, &table.name), at);
                    continue;
                }
                _ => continue,
            };
            added.entry((schema, table)).or_default().push((what, at));
        }
        let none = Vec::new();
        let main = |child: &Table| self.main.get(&child.key()).copied();
        let mut edges = Vec::new();
        for child in self.model.tables.iter().filter(|_| !added.is_empty()) {
            let mut own: FxHashMap<Added<'_>, Vec<usize>> = FxHashMap::default();
            for &(what, at) in added.get(&(&*child.schema, &*child.name)).unwrap_or(&none) {
                own.entry(what).or_default().push(at);
            }
            for parent in child.parents() {
                check();
                for &(what, at) in added.get(&(&*parent.schema, &*parent.name)).unwrap_or(&none) {
                    let attach = attached.get(&(&*child.schema, &*child.name)).copied();
                    edges.extend(attach.or_else(|| main(child)).map(|to| (at, to)));
                    if what == Added::Exclusion {
                        continue;
                    }
                    check();
                    let same = own.get(&what).into_iter().flatten();
                    edges.extend(same.map(|&to| (at, to)));
                }
            }
        }
        for (at, to) in edges {
            self.nodes[at].edges.push(Edge { to, via: Via::Whole });
        }
    }

    pub fn resolve(&self, keys: &[ObjectKey], via: Via) -> Vec<Edge> {
        self.resolve_casting(keys, via, false)
    }

    /// The same. With `casting`, adds the casts of the functions among the keys.
    fn resolve_casting<'k>(&self, keys: impl IntoIterator<Item = &'k ObjectKey>, via: Via, casting: bool) -> Vec<Edge> {
        let mut edges = Vec::new();
        for key in keys {
            check();
            let casts = self.casts.get(key).filter(|_| casting).into_iter().flatten();
            let found = casts.chain([key]).filter_map(|key| self.main.get(key));
            edges.extend(found.map(|&to| Edge { to, via }));
        }
        edges
    }
}

/// The edges in the other direction: the steps that need each step, in one list.
pub struct NeededBy {
    steps: Vec<usize>,
    /// The first position of each step's users; a range ends where the next one begins.
    begins: Vec<usize>,
}

impl NeededBy {
    pub fn new(graph: &Graph<'_>) -> Self {
        let edges =
            || graph.nodes.iter().enumerate().flat_map(|(at, node)| node.edges.iter().map(move |edge| (edge.to, at)));
        let mut begins = vec![0; graph.nodes.len() + 1];
        for (to, _) in edges() {
            check();
            begins[to + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut free = begins.clone();
        let mut steps = vec![0; edges().count()];
        for (to, at) in edges() {
            check();
            steps[free[to]] = at;
            free[to] += 1;
        }
        Self { steps, begins }
    }

    pub fn of(&self, at: usize) -> &[usize] {
        &self.steps[self.begins[at]..self.begins[at + 1]]
    }
}
