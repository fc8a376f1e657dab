//! The columns of one view, traced through the views below it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use pgmeta_core::ident::Name;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::node::Tree;
use super::query;
use super::relations::{Relation, Relations};

/// The column of a table whose values a column of a view shows unchanged.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BaseColumn {
    /// The schema of the table.
    pub schema: Name,
    /// The name of the table.
    pub table: Name,
    /// The name of the column.
    pub column: Name,
}

/// A column of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewColumn {
    /// The name of the column.
    pub name: Name,
    /// Whether it may be null. False only where no row can contradict.
    pub nullable: bool,
    /// The column that it shows. `None`: it is computed, or shows several.
    pub base: Option<BaseColumn>,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Not known yet: a reference of a recursive query to itself.
    Any,
    /// A column of a table, by OID and number.
    Column(u32, i16),
    /// An expression, or several columns.
    None,
}

impl Source {
    /// Returns where values come from that come from either.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Source::Any, known) | (known, Source::Any) => known,
            (one, other) if one == other => one,
            _ => Source::None,
        }
    }
}

/// A column of a query's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    pub never_null: bool,
    pub source: Source,
}

impl Output {
    /// A column of which nothing is known.
    pub const UNKNOWN: Output = Output { never_null: false, source: Source::None };
}

/// So deeply nested, queries and expressions are not looked into: the stack of the thread is limited.
const DEEPEST: u32 = 200;

/// The columns of views by OID, and whether the rows were stored.
type Known = FxHashMap<(u32, bool), Rc<[Output]>>;

/// What is known of the views that have been traced.
pub struct Tracer<'r> {
    relations: &'r Relations,
    known: RefCell<Known>,
    depth: Cell<u32>,
}

impl<'r> Tracer<'r> {
    fn of(relations: &'r Relations) -> Self {
        Self { relations, known: RefCell::default(), depth: Cell::new(0) }
    }

    /// Calls a function for what is one level deeper, if that is not too deep.
    pub fn deeper<T>(&self, look: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return None;
        }
        self.depth.set(depth + 1);
        let found = look();
        self.depth.set(depth);
        Some(found)
    }

    /// Returns a column of a relation. What NOT NULL says of a table now, it may not have said when rows were `stored`.
    pub fn column(&self, oid: u32, number: i64, in_children: bool, stored: bool) -> Output {
        let Some(relation) = self.relations.get(&oid) else { return Output::UNKNOWN };
        let Some(at) = relation.columns.iter().position(|column| i64::from(column.number) == number) else {
            return Output::UNKNOWN;
        };
        let column = &relation.columns[at];
        if relation.tree.is_some() {
            let outputs = self.outputs(oid, relation, stored);
            return outputs.get(at).copied().unwrap_or(Output::UNKNOWN);
        }
        let never_null = if in_children { column.never_null_in_children } else { column.never_null };
        Output { never_null: never_null && !stored, source: Source::Column(oid, column.number) }
    }

    /// Returns the columns of a view.
    fn outputs(&self, oid: u32, relation: &Relation, stored: bool) -> Rc<[Output]> {
        let key = (oid, stored || relation.is_stored);
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }
        // A view that is made of itself, which cannot be read, has no columns until it is traced.
        self.known.borrow_mut().insert(key, Rc::new([]));
        let tree = relation.tree.as_deref().and_then(|text| Tree::read(text).ok());
        let outputs = tree.and_then(|tree| {
            let query = tree.root().items().next()?;
            let found = self.deeper(|| query::outputs(self, query, None, key.1))?;
            // A tree of another shape than the relation says nothing of it.
            (found.len() == relation.columns.len()).then_some(found)
        });
        let outputs: Rc<[Output]> = outputs.unwrap_or_default().into();
        self.known.borrow_mut().insert(key, Rc::clone(&outputs));
        outputs
    }

    fn base(&self, source: Source) -> Option<BaseColumn> {
        let Source::Column(oid, number) = source else { return None };
        let relation = self.relations.get(&oid)?;
        let column = relation.columns.iter().find(|column| column.number == number)?;
        Some(BaseColumn { schema: relation.schema.clone(), table: relation.name.clone(), column: column.name.clone() })
    }
}

/// The columns of views, by schema and name.
pub type Traced = BTreeMap<(Name, Name), Vec<ViewColumn>>;

/// Returns the columns of all views among the relations.
pub fn trace(relations: &Relations) -> Traced {
    let tracer = Tracer::of(relations);
    let views = relations.iter().filter(|(_, relation)| relation.tree.is_some());
    let columns = |(&oid, relation): (&u32, &'_ Relation)| {
        let columns = relation.columns.iter().map(|column| {
            let output = tracer.column(oid, column.number.into(), true, false);
            ViewColumn { name: column.name.clone(), nullable: !output.never_null, base: tracer.base(output.source) }
        });
        columns.collect()
    };
    views.map(|(oid, relation)| ((relation.schema.clone(), relation.name.clone()), columns((oid, relation)))).collect()
}
