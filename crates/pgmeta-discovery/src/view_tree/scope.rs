//! The range table of one query: what its variables refer to, and which outer joins fill them with nulls.

use std::collections::BTreeSet;

use pgmeta_core::interrupt::check;
use rustc_hash::FxHashSet;

use super::node::Item;
use super::nullness::{Filling, Nullness, Side};
use super::query::{self, Level, nth};
use super::trace::{Output, Source, Tracer};

/// Kinds of entries in a range table (RTEKind).
mod kind {
    pub const RELATION: i64 = 0;
    pub const SUBQUERY: i64 = 1;
    pub const JOIN: i64 = 2;
    pub const FUNCTION: i64 = 3;
    pub const VALUES: i64 = 5;
    pub const WITH: i64 = 6;
    pub const GROUP: i64 = 9;
}

/// Kinds of joins (JoinType).
mod join {
    pub const INNER: i64 = 0;
    pub const LEFT: i64 = 1;
    pub const RIGHT: i64 = 3;
}

/// An entry of a range table.
enum Entry<'a> {
    Relation {
        oid: u32,
        in_children: bool,
    },
    Subquery(Vec<Output>),
    Values(Item<'a>),
    With {
        name: &'a str,
        levels: i64,
    },
    /// The expressions over other entries that its columns are: of a join, or of GROUP BY.
    Expressions(Vec<Item<'a>>),
    /// A function, with the number of its column WITH ORDINALITY.
    Function {
        ordinality: Option<i64>,
    },
    Unknown,
}

/// A variable, by its entry and number.
pub type Variable = (usize, i64);

/// The range table of a query.
pub struct Scope<'a> {
    pub tracer: &'a Tracer<'a>,
    /// Whether GROUP BY makes groups, of which each has a row.
    pub is_grouped: bool,
    /// Whether GROUP BY leaves out columns for some rows.
    pub has_grouping_sets: bool,
    entries: Vec<Entry<'a>>,
    fillings: Vec<BTreeSet<Filling>>,
    /// The variables that a condition requires not to be null.
    required: FxHashSet<Variable>,
    level: &'a Level<'a>,
    stored: bool,
}

impl<'a> Scope<'a> {
    pub fn of(tracer: &'a Tracer<'a>, query: Item<'a>, level: &'a Level<'a>, stored: bool) -> Self {
        let has_grouping_sets = query.field("groupingSets").is_some();
        let entries: Vec<Entry<'a>> =
            query.list("rtable").map(|entry| Entry::of(tracer, entry, level, stored)).collect();
        let mut scope = Self {
            tracer,
            is_grouped: query.field("groupClause").is_some() && !has_grouping_sets,
            has_grouping_sets,
            fillings: vec![BTreeSet::new(); entries.len()],
            entries,
            required: FxHashSet::default(),
            level,
            stored,
        };
        if let Some(tree) = query.field("jointree") {
            scope.join(tree);
        }
        scope
    }

    /// Notes which joins fill which entries, and which variables the conditions require.
    fn join(&mut self, tree: Item<'a>) {
        let mut conditions = Vec::new();
        let mut waiting = vec![(tree, BTreeSet::new())];
        while let Some((node, fillings)) = waiting.pop() {
            check();
            // A condition of a join that is filled as a whole does not hold for the rows that fill it.
            let holds = fillings.is_empty();
            match node.tag() {
                "FROMEXPR" => {
                    conditions.extend(node.field("quals").filter(|_| holds));
                    waiting.extend(node.list("fromlist").map(|item| (item, fillings.clone())));
                }
                "JOINEXPR" => {
                    let own = self.fill(node.number_of("rtindex"), &fillings);
                    let kind = node.number_of("jointype");
                    if kind == Some(join::INNER) {
                        conditions.extend(node.field("quals").filter(|_| holds));
                    }
                    for (name, side) in [("larg", Side::Left), ("rarg", Side::Right)] {
                        let is_kept = match kind {
                            Some(join::INNER) => true,
                            Some(join::LEFT) => side == Side::Left,
                            Some(join::RIGHT) => side == Side::Right,
                            _ => false,
                        };
                        let mut inner = fillings.clone();
                        if !is_kept {
                            inner.insert((own, side));
                        }
                        waiting.extend(node.field(name).map(|item| (item, inner)));
                    }
                }
                "RANGETBLREF" => {
                    self.fill(node.number_of("rtindex"), &fillings);
                }
                _ => {}
            }
        }
        for condition in conditions {
            self.require(condition);
        }
    }

    fn fill(&mut self, number: Option<i64>, fillings: &BTreeSet<Filling>) -> usize {
        let number = number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
        if let Some(own) = number.checked_sub(1).and_then(|at| self.fillings.get_mut(at)) {
            own.clone_from(fillings);
        }
        number
    }

    /// Notes what a condition requires: `x IS NOT NULL`, by itself or with AND. A row in which an outer join has filled the
    /// variable does not pass, so no row that passes is filled by that join.
    fn require(&mut self, condition: Item<'a>) {
        let mut waiting = vec![condition];
        while let Some(condition) = waiting.pop() {
            check();
            match condition.tag() {
                "BOOLEXPR" if condition.field("boolop").is_some_and(|word| word.is("and")) => {
                    waiting.extend(condition.list("args"));
                }
                "NULLTEST" if condition.number_of("nulltesttype") == Some(1) && !condition.flag("argisrow") => {
                    let Some(variable) = condition.field("arg").and_then(variable) else { continue };
                    self.required.insert(variable);
                    let variable = self.resolve(variable);
                    self.required.insert(variable);
                    let absent = self.fillings.get(variable.0 - 1).cloned().unwrap_or_default();
                    self.fillings.iter_mut().for_each(|own| own.retain(|filling| !absent.contains(filling)));
                }
                _ => {}
            }
        }
    }

    /// Follows the columns of joins to those that they are.
    fn resolve(&self, mut own: Variable) -> Variable {
        // Each step is to an entry inside of the join.
        for _ in 0..self.entries.len() {
            let Some(Entry::Expressions(columns)) = self.entries.get(own.0 - 1) else { break };
            let at = usize::try_from(own.1 - 1).ok();
            let Some(next) = at.and_then(|at| columns.get(at)).and_then(|&item| variable(item)) else { break };
            own = next;
        }
        own
    }

    /// Returns the columns of an arm of a set operation.
    pub fn arm(&self, reference: Item<'_>) -> Vec<Output> {
        let number = reference.number_of("rtindex").and_then(|number| usize::try_from(number).ok());
        match number.and_then(|number| self.entries.get(number.checked_sub(1)?)) {
            Some(Entry::Subquery(outputs)) => outputs.clone(),
            _ => Vec::new(),
        }
    }

    /// Returns what is known of a column of the result.
    pub fn output(&self, expression: Item<'_>) -> Output {
        Output { never_null: self.nullness(expression).is_never(), source: self.source(expression) }
    }

    /// Returns the column that an expression shows unchanged.
    fn source(&self, expression: Item<'_>) -> Source {
        let Some((entry, number)) = variable(expression) else { return Source::None };
        match self.entries.get(entry - 1) {
            Some(Entry::Expressions(columns)) => match nth_item(columns, number) {
                Some(column) => self.tracer.deeper(|| self.source(column)).unwrap_or(Source::None),
                None => Source::None,
            },
            Some(entry) => self.column(entry, number).source,
            None => Source::None,
        }
    }

    /// Returns when a variable is null.
    pub fn variable(&self, item: Item<'_>) -> Nullness {
        let Some((entry, number)) = variable(item) else { return Nullness::Unknown };
        if self.required.contains(&(entry, number)) {
            return Nullness::NEVER;
        }
        let (Some(own), Some(fillings)) = (self.entries.get(entry - 1), self.fillings.get(entry - 1)) else {
            return Nullness::Unknown;
        };
        let inside = match own {
            Entry::Expressions(columns) => match nth_item(columns, number) {
                Some(column) => self.nullness(column),
                None => Nullness::Unknown,
            },
            own => Nullness::never_if(self.column(own, number).never_null),
        };
        Nullness::any([inside, Nullness::Only(fillings.clone())])
    }

    /// Returns a column of an entry, as it is before any join.
    fn column(&self, entry: &Entry<'_>, number: i64) -> Output {
        match entry {
            Entry::Relation { oid, in_children } => self.tracer.column(*oid, number, *in_children, self.stored),
            Entry::Subquery(outputs) => nth(outputs, number),
            Entry::Values(rows) => {
                let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
                let is_constant = |row: Item<'_>| {
                    row.items().nth(at).is_some_and(|value| value.tag() == "CONST" && !value.flag("constisnull"))
                };
                Output { never_null: rows.items().all(is_constant), source: Source::None }
            }
            Entry::With { name, levels } => self.level.with_column(name, *levels, number),
            Entry::Function { ordinality } => Output { never_null: *ordinality == Some(number), source: Source::None },
            Entry::Expressions(_) | Entry::Unknown => Output::UNKNOWN,
        }
    }
}

impl<'a> Entry<'a> {
    fn of(tracer: &Tracer<'_>, entry: Item<'a>, level: &Level<'_>, stored: bool) -> Self {
        let found = match entry.number_of("rtekind") {
            Some(kind::RELATION) => entry.number_of("relid").and_then(|oid| {
                let oid = u32::try_from(oid).ok()?;
                Some(Entry::Relation { oid, in_children: entry.flag("inh") })
            }),
            Some(kind::SUBQUERY) => entry.field("subquery").map(|query| {
                let outputs = tracer.deeper(|| query::outputs(tracer, query, Some(level), stored));
                Entry::Subquery(outputs.unwrap_or_default())
            }),
            Some(kind::JOIN) => Some(Entry::Expressions(entry.list("joinaliasvars").collect())),
            Some(kind::GROUP) => Some(Entry::Expressions(entry.list("groupexprs").collect())),
            Some(kind::VALUES) => entry.field("values_lists").map(Entry::Values),
            Some(kind::WITH) => entry.field("ctename").and_then(Item::word).map(|name| {
                let levels = entry.number_of("ctelevelsup").unwrap_or_default();
                Entry::With { name, levels }
            }),
            Some(kind::FUNCTION) => {
                let columns = entry.list("functions").map(|own| own.number_of("funccolcount"));
                let before: Option<i64> = columns.sum();
                let ordinality = before.filter(|_| entry.flag("funcordinality")).map(|before| before + 1);
                Some(Entry::Function { ordinality })
            }
            _ => None,
        };
        found.unwrap_or(Entry::Unknown)
    }
}

fn nth_item<'a>(items: &[Item<'a>], number: i64) -> Option<Item<'a>> {
    items.get(usize::try_from(number - 1).ok()?).copied()
}

/// Returns the variable of this query that an item is. Those of queries around it are not looked into.
fn variable(item: Item<'_>) -> Option<Variable> {
    if item.tag() != "VAR" || item.number_of("varlevelsup") != Some(0) {
        return None;
    }
    let entry = usize::try_from(item.number_of("varno")?).ok().filter(|&entry| entry > 0)?;
    Some((entry, item.number_of("varattno")?))
}
