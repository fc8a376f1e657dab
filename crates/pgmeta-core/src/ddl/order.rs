//! The order of statements: by dependency, then kind, then name. Breaks the cycles that a catalog can hold as
//! pg_dump breaks them. Prints nothing.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::beside::{Beside, InTurn};
use crate::ddl::cycles;
use crate::ddl::options::Section;
use crate::ddl::render::Part;
use crate::interrupt::check;
use crate::model::{ConstraintKind, Model, Object, ObjectKey, ObjectKind, ObjectRef, Table};

/// One entry of the output: an object or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'m> {
    pub object: ObjectRef<'m>,
    pub part: Part,
    pub section: Section,
}

/// The steps in restorable order, and what was taken apart to get there.
#[derive(Debug, Default)]
pub struct Plan<'m> {
    pub steps: Vec<Step<'m>>,
    /// Checks, of tables and domains, that could not stand in the CREATE statement.
    pub separate_checks: FxHashSet<ObjectKey>,
    /// Defaults, by table and position, that could not stand in CREATE TABLE; a domain's is at position 0.
    pub separate_defaults: FxHashSet<(ObjectKey, usize)>,
    /// Views and functions that are made twice: first a placeholder.
    pub with_placeholder: FxHashSet<ObjectKey>,
}

// Hardly any schema has cycles: asked for each column and check, these make a key only where there is one.
impl Plan<'_> {
    pub fn is_separate_check(&self, key: impl FnOnce() -> ObjectKey) -> bool {
        !self.separate_checks.is_empty() && self.separate_checks.contains(&key())
    }

    pub fn is_separate_default(&self, key: impl FnOnce() -> ObjectKey, position: usize) -> bool {
        !self.separate_defaults.is_empty() && self.separate_defaults.contains(&(key(), position))
    }
}

/// A step while it is being ordered.
#[derive(Debug)]
pub(super) struct Node<'m> {
    pub object: ObjectRef<'m>,
    pub kind: ObjectKind,
    pub part: Part,
    pub section: Section,
    pub edges: Vec<Edge>,
}

/// What a step needs, and through which part of its object: that part may be taken apart from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Edge {
    pub to: usize,
    pub via: Via,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Via {
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

/// What a step needs, and the further parts of its object.
type Connection<'m> = (Vec<Edge>, Vec<Node<'m>>);

/// The graph of steps.
#[derive(Debug)]
pub(super) struct Graph<'m> {
    pub model: &'m Model,
    pub nodes: Vec<Node<'m>>,
    pub main: FxHashMap<ObjectKey, usize>,
    casts: FxHashMap<&'m ObjectKey, Vec<ObjectKey>>,
}

/// Orders the statements of a model.
pub fn plan<'m>(model: &'m Model, beside: &impl Beside) -> Plan<'m> {
    planned(model, FxHashSet::default(), beside)
}

/// The same with statements of their own for some checks, because their tables are there already.
pub fn plan_with(model: &Model, separate_checks: FxHashSet<ObjectKey>) -> Plan<'_> {
    planned(model, separate_checks, &InTurn)
}

fn planned<'m>(model: &'m Model, separate_checks: FxHashSet<ObjectKey>, beside: &impl Beside) -> Plan<'m> {
    let mut graph = Graph::of(model, &separate_checks, beside);
    let mut plan = Plan { separate_checks, ..Plan::default() };
    cycles::repair(&mut graph, &mut plan);
    graph.children_first();
    // Freed beside: sorting looks up no key.
    let main = std::mem::take(&mut graph.main);
    ((), plan.steps) = beside.both_of(
        graph.nodes.len(),
        || drop(main),
        || {
            let needed_by = NeededBy::new(&graph);
            graph.propagate_sections(&needed_by);
            graph.sorted(&needed_by)
        },
    );
    plan
}

impl<'m> Graph<'m> {
    fn of(model: &'m Model, separate_checks: &FxHashSet<ObjectKey>, beside: &impl Beside) -> Self {
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
            let render = object.render();
            let section = render.section();
            // The index behind a constraint is addressed as an index by those attached to it.
            if let ObjectRef::Constraint(constraint) = object
                && constraint.index.is_some()
            {
                let index = ObjectKey::in_schema(ObjectKind::Index, &constraint.schema, &constraint.name);
                graph.main.insert(index, graph.nodes.len());
            }
            let key = object.object().key();
            graph.nodes.push(Node { object, kind: key.kind, part: Part::Main, section, edges: Vec::new() });
            graph.main.insert(key, graph.nodes.len() - 1);
        }
        let mut parts = Vec::new();
        for (at, (edges, parts_of)) in graph.connections(beside).into_iter().enumerate() {
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

    /// Returns for each step what it needs, and the steps that are further parts of its object.
    fn connections(&self, beside: &impl Beside) -> Vec<Connection<'m>> {
        let connections = |steps: Range<usize>| steps.map(|at| self.connection(at)).collect::<Vec<_>>();
        let all = self.nodes.len();
        let half = all / 2;
        let (second, mut first) = beside.both_of(all, || connections(half..all), || connections(0..half));
        first.extend(second);
        first
    }

    fn connection(&self, at: usize) -> Connection<'m> {
        check();
        let Node { object, kind, .. } = self.nodes[at];
        let render = object.render();
        let mut edges = self.resolve(&render.requires(), Via::Whole);
        let shared = object.object().shared();
        for name in shared.depends_on_extensions {
            edges.extend(self.resolve(&[ObjectKey::global(ObjectKind::Extension, name)], Via::Whole));
        }
        let depends_on = shared.depends_on;
        match object {
            // A domain's types and collation stand in CREATE DOMAIN; what else it needs, its default does.
            ObjectRef::Domain(domain) if domain.default.is_some() => {
                let (whole, default): (Vec<_>, Vec<_>) = depends_on
                    .iter()
                    .cloned()
                    .partition(|key| matches!(key.kind, ObjectKind::Type | ObjectKind::Collation));
                edges.extend(self.resolve(&whole, Via::Whole));
                edges.extend(self.resolve_casting(&default, Via::Default(0), true));
            }
            _ => edges.extend(self.resolve_casting(depends_on, Via::Whole, object.may_cast())),
        }
        match object {
            ObjectRef::Table(table) => {
                for (position, column) in table.columns.iter().enumerate() {
                    // A generation expression cannot be added later.
                    let via = if column.generated.is_some() { Via::Whole } else { Via::Default(position) };
                    edges.extend(self.resolve_casting(&column.default_depends_on, via, true));
                }
            }
            ObjectRef::View(view) => {
                let needs = view.columns.iter().flat_map(|column| column.default_depends_on.iter());
                edges.extend(self.resolve_casting(needs, Via::Whole, true));
            }
            ObjectRef::Domain(domain) => {
                // One that is not valid is a part of its own.
                for (position, check) in domain.checks.iter().enumerate().filter(|(_, check)| !check.not_valid) {
                    edges.extend(self.resolve_casting(&check.depends_on, Via::DomainCheck(position), true));
                }
            }
            _ => {}
        }
        edges.retain(|edge| edge.to != at);
        let parts = render.parts().into_iter().map(|(part, section, needs)| {
            let mut edges = self.resolve(&needs, Via::Whole);
            edges.push(Edge { to: at, via: Via::Whole });
            Node { object, kind, part, section, edges }
        });
        (edges, parts.collect())
    }

    /// A constraint that is added to a table later is inherited by its children: they must exist, with their own.
    fn children_first(&mut self) {
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

    /// The same, `casting` with the casts that the functions among the keys make.
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

    /// A step that needs something of the later section belongs to it too.
    fn propagate_sections(&mut self, needed_by: &NeededBy) {
        let mut late: Vec<usize> =
            (0..self.nodes.len()).filter(|&at| self.nodes[at].section == Section::PostData).collect();
        while let Some(at) = late.pop() {
            for &other in needed_by.of(at) {
                check();
                if self.nodes[other].section == Section::PreData {
                    self.nodes[other].section = Section::PostData;
                    late.push(other);
                }
            }
        }
    }

    /// Kahn's algorithm; of the steps that are ready, the first by section, kind and name comes first.
    fn sorted(&self, needed_by: &NeededBy) -> Vec<Step<'m>> {
        let mut waiting: Vec<usize> = self.nodes.iter().map(|node| node.edges.len()).collect();
        // The model's lists are sorted by key, so the position stands for schema and name.
        let priorities: Vec<u8> = self.nodes.iter().map(priority).collect();
        let rank = |at: usize| Reverse((self.nodes[at].section, priorities[at], at));
        let mut ready: BinaryHeap<_> = (0..self.nodes.len()).filter(|&at| waiting[at] == 0).map(rank).collect();
        let mut steps = Vec::with_capacity(self.nodes.len());
        while let Some(Reverse((section, _, at))) = ready.pop() {
            let node = &self.nodes[at];
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
}

/// The edges the other way round: the steps that need each step, one after the other.
struct NeededBy {
    steps: Vec<usize>,
    /// Where the steps that need a step begin; the next one's beginning is the end.
    begins: Vec<usize>,
}

impl NeededBy {
    fn new(graph: &Graph<'_>) -> Self {
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

    fn of(&self, at: usize) -> &[usize] {
        &self.steps[self.begins[at]..self.begins[at + 1]]
    }
}

/// The order of kinds where nothing else decides.
fn priority(node: &Node<'_>) -> u8 {
    use ObjectKind::*;
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
    match kind {
        Role => 1,
        RoleMembership => 2,
        Tablespace => 3,
        Database => 4,
        ParameterPrivileges => 5,
        Schema => 10,
        Extension => 11,
        AccessMethod => 12,
        Language => 13,
        Collation => 14,
        Type => 16,
        DomainConstraint => 17,
        // Implicit casts and transforms change what a function's body means.
        Cast => 18,
        Transform => 19,
        Function => 20,
        Procedure => 21,
        Aggregate => 22,
        Operator => 23,
        OperatorFamily => 24,
        OperatorClass => 25,
        Conversion => 28,
        TextSearchParser => 30,
        TextSearchTemplate => 31,
        TextSearchDictionary => 32,
        TextSearchConfiguration => 33,
        ForeignDataWrapper => 40,
        Server => 41,
        UserMapping => 42,
        ExtensionMember => 43,
        Sequence => 45,
        Table => 50,
        ForeignTable => 50,
        DefaultValue => 53,
        View => 55,
        MaterializedView => 56,
        LargeObject => 60,
        TableConstraint => match object {
            ObjectRef::Constraint(constraint) if constraint.kind == ConstraintKind::ForeignKey => 76,
            _ => 70,
        },
        Index => 71,
        StatisticsObject => 73,
        Rule => 74,
        Trigger => 75,
        Policy => 79,
        Publication => 80,
        Subscription => 81,
        DefaultPrivileges => 85,
        EventTrigger => 90,
    }
}
