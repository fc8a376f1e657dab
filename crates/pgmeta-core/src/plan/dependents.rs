//! Which objects of the old side must make way: what depends on something that is made anew, or on a column that goes.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::is_inline_check;
use crate::model::{ConstraintKind, Model, ObjectKey, ObjectKind, ObjectRef};
use crate::plan::alter::Loss;

/// How an object depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Whole,
    /// Through the default of the column at this position of the table; or a domain's default.
    Default(usize),
    /// Through the check at this position of the domain.
    DomainCheck(usize),
}

/// Who depends on whom, by key.
#[derive(Debug, Default)]
pub struct Dependents<'m> {
    pub objects: FxHashMap<ObjectKey, ObjectRef<'m>>,
    on: FxHashMap<ObjectKey, Vec<(ObjectKey, Link)>>,
}

impl<'m> Dependents<'m> {
    pub fn of(model: &'m Model) -> Self {
        let mut dependents = Self::default();
        for object in model.objects() {
            let key = object.object().key();
            // The index behind a constraint is addressed as an index by those attached to it.
            if let ObjectRef::Constraint(constraint) = object
                && constraint.index.is_some()
            {
                let index = ObjectKey::in_schema(ObjectKind::Index, &constraint.schema, &constraint.name);
                dependents.on.entry(index).or_default().push((key.clone(), Link::Whole));
            }
            for needed in object.render().requires().into_iter().chain(object.object().shared().depends_on.to_vec()) {
                dependents.add(needed, &key, Link::Whole);
            }
            for (_, _, needs) in object.render().parts() {
                for needed in needs {
                    dependents.add(needed, &key, Link::Whole);
                }
            }
            match object {
                ObjectRef::Table(table) => {
                    for (position, column) in table.columns.iter().enumerate() {
                        let link = if column.generated.is_some() { Link::Whole } else { Link::Default(position) };
                        for needed in &column.default_depends_on {
                            dependents.add(needed.clone(), &key, link);
                        }
                    }
                }
                ObjectRef::Domain(domain) => {
                    for (position, check) in domain.checks.iter().enumerate() {
                        for needed in &check.depends_on {
                            dependents.add(needed.clone(), &key, Link::DomainCheck(position));
                        }
                    }
                }
                _ => {}
            }
            dependents.objects.insert(key, object);
        }
        dependents
    }

    fn add(&mut self, on: ObjectKey, dependent: &ObjectKey, link: Link) {
        if on != *dependent {
            self.on.entry(on).or_default().push((dependent.clone(), link));
        }
    }

    pub fn on(&self, key: &ObjectKey) -> &[(ObjectKey, Link)] {
        self.on.get(key).map_or(&[], Vec::as_slice)
    }

    /// Returns those that must let go of columns before they can go or change their type.
    pub fn of_columns(&self, table: &ObjectKey, losses: &[Loss]) -> Vec<ObjectKey> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        for (key, link) in self.on(table) {
            let Some(&object) = self.objects.get(key) else { continue };
            if *link == Link::Whole && seen.insert(key) && losses.iter().any(|loss| holds(object, table, loss)) {
                found.push(key.clone());
            }
        }
        found
    }
}

/// Returns whether an object that depends on a table may depend on one of its columns: its text names it.
fn holds(object: ObjectRef<'_>, table: &ObjectKey, loss: &Loss) -> bool {
    let Loss { column, retyped } = loss;
    match object {
        ObjectRef::View(view) => mentions(&view.definition, column),
        ObjectRef::MaterializedView(view) => mentions(&view.definition, column),
        ObjectRef::Function(function) => function.sql_body.as_deref().is_some_and(|body| mentions(body, column)),
        ObjectRef::Rule(rule) => rule.definition.as_deref().is_some_and(|text| mentions(text, column)),
        ObjectRef::Policy(policy) => {
            [&policy.using, &policy.with_check].into_iter().flatten().any(|text| mentions(text, column))
        }
        ObjectRef::Trigger(trigger) => {
            trigger.update_of.contains(column)
                || trigger.condition.as_deref().is_some_and(|text| mentions(text, column))
        }
        ObjectRef::Publication(publication) => publication.tables.iter().any(|published| {
            published.name == table.names[1]
                && (published.row_filter.as_deref().is_some_and(|text| mentions(text, column))
                    || (!retyped && published.columns.as_ref().is_some_and(|columns| columns.contains(column))))
        }),
        // The server makes the indexes and constraints of a column anew when its type changes, but a foreign key must
        // have the same type on both sides all the time.
        ObjectRef::Constraint(constraint) => {
            let own = constraint.columns.contains(column) && *table == constraint.table_key();
            let other = constraint.foreign_key.as_ref().is_some_and(|key| {
                key.columns.contains(column) && key.table.schema == table.names[0] && key.table.name == table.names[1]
            });
            match constraint.kind {
                ConstraintKind::ForeignKey => own || other,
                ConstraintKind::Check if is_inline_check(constraint) && constraint.inherited => false,
                ConstraintKind::Check | ConstraintKind::Exclusion => {
                    constraint.expression.as_deref().is_some_and(|text| mentions(text, column))
                }
                _ => own && !retyped,
            }
        }
        ObjectRef::Index(index) => {
            let texts = index
                .columns
                .iter()
                .filter_map(|column| column.expression.as_deref())
                .chain(index.predicate.as_deref());
            let named =
                index.columns.iter().any(|own| own.column.as_ref() == Some(column)) || index.include.contains(column);
            texts.into_iter().any(|text| mentions(text, column)) || (named && !retyped)
        }
        ObjectRef::StatisticsObject(_) => !retyped,
        _ => false,
    }
}

/// Returns whether a text names a column, or takes whole rows.
fn mentions(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let found = text.match_indices(name).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part) && !text[at + name.len()..].chars().next().is_some_and(part)
    });
    found || text.contains(".*")
}
