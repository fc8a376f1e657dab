//! Enums, composite types and domains of the model.

use pgmeta_core::ident::qualified;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Attribute, Domain, DomainCheck, DomainNotNull, ObjectKind, QualifiedName, Type};
use rustc_hash::FxHashMap;

use crate::constraint::CheckDefinition;
use crate::default_names::{Label, Taken};
use crate::to_model::Maker;
use crate::to_model::names::collation_place;

impl Maker<'_> {
    pub fn add_types(&mut self) {
        for given in &self.definition.enums {
            check();
            self.model.types.push(Type {
                schema: self.schema(given.schema.as_ref()),
                name: given.name.clone(),
                enum_labels: Some(given.values.clone()),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::Type),
                ..Type::default()
            });
        }
        for given in &self.definition.composites {
            check();
            let attributes = given.attributes.iter().map(|own| Attribute {
                name: own.name.clone(),
                data_type: self.names.data_type(&own.r#type),
                collation: own.collation.as_deref().map(collation),
                comment: own.comment.clone(),
                ..Attribute::default()
            });
            self.model.types.push(Type {
                schema: self.schema(given.schema.as_ref()),
                name: given.name.clone(),
                attributes: Some(attributes.collect()),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::Type),
                ..Type::default()
            });
        }
        for given in &self.definition.domains {
            check();
            self.model.domains.push(Domain {
                schema: self.schema(given.schema.as_ref()),
                name: given.name.clone(),
                base_type: self.names.data_type(&given.r#type),
                collation: given.collation.as_deref().map(collation),
                default: given.default.as_ref().map(|own| own.0.clone()),
                not_null: given.not_null.then(DomainNotNull::default),
                checks: domain_checks(&given.name, &given.checks),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::Type),
                ..Domain::default()
            });
        }
        self.add_inherited_defaults();
    }

    /// Gives domains over domains their defaults, as the server does.
    fn add_inherited_defaults(&mut self) {
        let domains = &mut self.model.domains;
        let places: FxHashMap<String, usize> =
            domains.iter().enumerate().map(|(at, own)| (qualified(&own.schema, &own.name), at)).collect();
        // A chain is as long as there are domains, at most.
        for _ in 0..domains.len() {
            check();
            let found: Vec<(usize, Option<String>)> = domains
                .iter()
                .enumerate()
                .filter(|(_, own)| own.default.is_none())
                .filter_map(|(at, own)| Some((at, domains[*places.get(&*own.base_type)?].default.clone())))
                .filter(|(_, default)| default.is_some())
                .collect();
            if found.is_empty() {
                break;
            }
            found.into_iter().for_each(|(at, default)| domains[at].default = default);
        }
    }
}

/// Returns the checks of a domain, each with a name, sorted by name.
fn domain_checks(domain: &str, given: &[CheckDefinition]) -> Vec<DomainCheck> {
    let mut taken = Taken::default();
    let place = domain.into();
    given.iter().filter_map(|own| own.0.name.as_ref()).for_each(|name| taken.add(Label::Check, &place, name));
    let one = |own: &CheckDefinition| DomainCheck {
        name: own.0.name.clone().unwrap_or_else(|| taken.choose(Label::Check, &place, domain, "")),
        expression: own.0.expression.clone(),
        not_valid: own.0.not_valid,
        comment: own.0.comment.clone(),
        ..DomainCheck::default()
    };
    let mut checks: Vec<DomainCheck> = given.iter().map(one).collect();
    checks.sort_by(|one, other| one.name.cmp(&other.name));
    checks
}

fn collation(written: &str) -> QualifiedName {
    let (schema, name) = collation_place(written);
    QualifiedName { schema, name }
}
