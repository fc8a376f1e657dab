//! The cast by which values of one type become values of another: finds what the server's `find_coercion_pathway` would find, from
//! both models. Prints nothing.

use rustc_hash::FxHashSet;

use crate::ddl::Context;
use crate::diff::normalized_attributes;
use crate::ident::ident;
use crate::model::{Cast, CastContext, CastMethod, Domain, ObjectRef, Type};
use crate::plan::conversion::facts::Facts;
use crate::plan::conversion::known::{self, Known};
use crate::plan::conversion::length;
use crate::plan::conversion::loss::Loss;
use crate::plan::conversion::shape::Shape;

/// The types of both models.
#[derive(Clone, Copy, Debug)]
pub struct Types<'a, 'm> {
    pub old: &'a Context<'m>,
    pub new: &'a Context<'m>,
    /// The identities of types that are recreated while the old ones exist under temporary names.
    pub recreated_types: Option<&'a FxHashSet<String>>,
}

/// A base type, the properties of the domains over it, and the type in its model.
struct Resolved<'m> {
    shape: Shape,
    is_domain: bool,
    /// One of the domains has a check or is NOT NULL.
    is_constrained: bool,
    own: Option<&'m Type>,
    /// Its name in `known`.
    name: String,
}

fn resolve<'m>(side: &Context<'m>, shape: &Shape) -> Resolved<'m> {
    let mut found =
        Resolved { shape: shape.clone(), is_domain: false, is_constrained: false, own: None, name: String::new() };
    // The elements of an array are resolved separately.
    while !found.shape.is_array
        && let Some(domain) = domain(side, &found.shape)
    {
        found.is_domain = true;
        found.is_constrained |= domain.not_null.is_some() || !domain.checks.is_empty();
        found.shape = Shape::of(&domain.base_type);
    }
    if !found.shape.is_array
        && let Some(ObjectRef::Type(own)) = side.type_named(&found.shape.base)
    {
        found.own = Some(own);
    }
    found.name = name(side, &found.shape);
    found
}

fn domain<'m>(side: &Context<'m>, shape: &Shape) -> Option<&'m Domain> {
    if let ObjectRef::Domain(domain) = side.type_named(&shape.base)? { Some(domain) } else { None }
}

/// Returns the name of a type in `known`: an extension's type is prefixed with the extension.
fn name(side: &Context<'_>, shape: &Shape) -> String {
    let base = shape.family();
    let own = || {
        let at = known::extension_types().find(|(extension, name)| {
            let known = side.model.extensions.iter().filter(|own| &*own.name == *extension);
            known.into_iter().any(|own| base == format!("{}.{}", ident(&own.schema), ident(name)))
        });
        at.map(|(extension, name)| format!("{extension}.{name}"))
    };
    let base = base.contains('.').then(own).flatten().unwrap_or_else(|| base.to_owned());
    if shape.is_array { format!("{base}[]") } else { base }
}

impl<'m> Types<'_, 'm> {
    /// Returns the effects of the conversion that the server finds for an assignment, or for an explicit cast.
    pub fn path(&self, source: &Shape, target: &Shape, explicit: bool) -> Option<Facts> {
        if source == target && !self.is_type_recreated(&source.base) {
            return Some(Facts::default());
        }
        let (from, to) = (resolve(self.old, source), resolve(self.new, target));
        let facts = self.between(&from, &to, explicit)?;
        // The domain checks each value.
        Some(if to.is_constrained { facts.and(Facts::rewritten([], true)) } else { facts })
    }

    fn between(&self, from: &Resolved<'m>, to: &Resolved<'m>, explicit: bool) -> Option<Facts> {
        if from.shape.is_array == to.shape.is_array
            && from.name == to.name
            && !from.shape.is_array
            && !self.is_type_recreated(&from.shape.base)
        {
            let mut facts = length::applied(&from.shape, &to.shape, None);
            // The server does not see the modifier of a domain's base type.
            facts.rewrites |= from.is_domain && to.shape.is_modified();
            return Some(facts);
        }
        if let Some(known) = self.cast(from, to) {
            let is_allowed = explicit || known.context != CastContext::Explicit;
            return is_allowed.then(|| self.by_cast(&known, from, to));
        }
        if from.shape.is_array && to.shape.is_array {
            let (source, target) = (from.shape.element(), to.shape.element());
            let same = from.name == to.name && !self.is_type_recreated(&source.base);
            let mut facts = self.path(&source, &target, explicit)?;
            // The server converts each element, unless only a modifier is removed.
            facts.rewrites = !same || ((source != target || from.is_domain) && target.is_modified());
            return Some(facts);
        }
        if is_string(to) {
            return Some(self.as_text(from, to));
        }
        (explicit && is_string(from)).then(|| {
            if to.name == known::ONE_BYTE {
                return Facts::rewritten([Loss::FirstByte], false);
            }
            let kept = known::keeps_letters(&to.name) || to.own.is_some_and(|own| own.enum_labels.is_some());
            let spelling = (!kept).then_some(Loss::Spelling);
            Facts::rewritten(spelling, true).and(length::applied(&from.shape, &to.shape, None))
        })
    }

    fn by_cast(&self, known: &Known, from: &Resolved<'m>, to: &Resolved<'m>) -> Facts {
        let rewrites = known.method != CastMethod::Binary;
        let mut facts = Facts { rewrites, fails: known.fails, losses: known.losses.iter().copied().collect() };
        narrow(&from.shape, &to.shape, &mut facts);
        if is_short(&from.shape, None) {
            facts.losses.remove(&Loss::NameEnd);
        }
        if from.name == "jsonb" && to.name != "json" && self.major() >= 18 {
            facts.losses.insert(Loss::Nulls);
        }
        let mut length = length::applied(&from.shape, &to.shape, None);
        length.rewrites = to.shape.is_modified();
        facts.and(length)
    }

    /// Returns the conversion of values to a string type through their text.
    fn as_text(&self, from: &Resolved<'m>, to: &Resolved<'m>) -> Facts {
        let labels = from.own.and_then(|own| own.enum_labels.as_ref());
        let longest = labels.map(|labels| labels.iter().map(|label| label.chars().count()).max().unwrap_or(0));
        let longest = longest.and_then(|longest| i32::try_from(longest).ok());
        let cut = (to.name == "name" && !is_short(&from.shape, longest)).then_some(Loss::NameEnd);
        let case = (to.name == "citext.citext").then_some(Loss::Case);
        Facts::rewritten(cut.into_iter().chain(case), false).and(length::applied(&from.shape, &to.shape, longest))
    }

    /// Returns the type in an explicit cast. It has no modifier: an explicit cast would cut off long values, and the assignment that
    /// follows raises an error.
    pub fn cast_target(&self, source: &Shape, target: &Shape) -> String {
        let (from, to) = (resolve(self.old, source), resolve(self.new, target));
        match (&*from.name, &*to.name) {
            // The cast gets the number of bits from the modifier.
            ("integer" | "bigint", "bit") => to.shape.sql(),
            ("integer[]" | "bigint[]", "bit[]") => to.shape.sql(),
            _ => to.shape.unmodified(),
        }
    }

    /// Returns whether values of a user's type are converted to a string through their text.
    pub fn prints_own(&self, source: &Shape, target: &Shape) -> bool {
        let (from, to) = (resolve(self.old, &source.element()), resolve(self.new, &target.element()));
        from.own.is_some() && is_string(&to) && self.cast(&from, &to).is_none()
    }

    /// Returns the type to cast to if bit strings become longer, which no assignment does, with the effects of domains.
    pub fn longer_bits(&self, source: &Shape, target: &Shape) -> Option<(String, Facts)> {
        if source.is_array != target.is_array {
            return None;
        }
        let (from, to) = (resolve(self.old, &source.element()), resolve(self.new, &target.element()));
        let are_bits = from.name == "bit" && to.name == "bit" && from.shape.length()? < to.shape.length()?;
        let brackets = if target.is_array { "[]" } else { "" };
        are_bits.then(|| (format!("{}{brackets}", to.shape.sql()), Facts::rewritten([], to.is_constrained)))
    }

    /// Returns the conversion through the text of the values.
    pub fn through_text(&self, source: &Shape, target: &Shape) -> Facts {
        let (from, to) = (resolve(self.old, source), resolve(self.new, target));
        let [old, new] = [(self.old, &from), (self.new, &to)].map(|(side, own)| match own.shape.is_array {
            true => resolve(side, &own.shape.element()).own,
            false => own.own,
        });
        let facts = match (old, new) {
            (Some(old), Some(new)) => read_again(old, new),
            _ => Facts::rewritten([Loss::Text], true),
        };
        if to.is_constrained { facts.and(Facts::rewritten([], true)) } else { facts }
    }

    fn cast(&self, from: &Resolved<'m>, to: &Resolved<'m>) -> Option<Known> {
        if let Some(own) = self.own_cast(&from.shape, &to.shape) {
            return Some(own);
        }
        known::cast(&from.name, &to.name, self.major())
    }

    /// Returns a user's cast. It exists when columns change: casts are created before tables change, and dropped casts no longer exist.
    fn own_cast(&self, source: &Shape, target: &Shape) -> Option<Known> {
        let [from, to] = [source, target].map(|shape| {
            let brackets = if shape.is_array { "[]" } else { "" };
            format!("{}{brackets}", shape.family())
        });
        let is_it = |cast: &&Cast| *cast.source == *from && *cast.target_type == *to;
        let cast = self.new.model.casts.iter().find(is_it)?;
        if !self.is_same_object(&source.base) || !self.is_same_object(&target.base) {
            return None;
        }
        let (fails, losses): (bool, &[Loss]) = match cast.method {
            CastMethod::Binary => (false, &[]),
            CastMethod::Function => (true, &[Loss::Function]),
            CastMethod::InOut => (true, &[Loss::Text]),
        };
        Some(Known { context: cast.context, method: cast.method, fails, losses })
    }

    /// Returns whether a type is the same object in both models.
    fn is_same_object(&self, base: &str) -> bool {
        match (self.old.type_named(base), self.new.type_named(base)) {
            (Some(old), Some(new)) => {
                normalized_attributes(old) == normalized_attributes(new) && !self.is_type_recreated(base)
            }
            // It is new, or belongs to the server or an extension.
            (None, _) => true,
            (Some(_), None) => false,
        }
    }

    fn is_type_recreated(&self, base: &str) -> bool {
        self.recreated_types.is_some_and(|recreated_types| recreated_types.contains(base))
    }

    /// Returns the major version of the server of the old model.
    fn major(&self) -> u32 {
        self.old.model.server_version_num / 10_000
    }
}

/// Returns whether the server has a type in its string category.
fn is_string(resolved: &Resolved<'_>) -> bool {
    let category = resolved.own.and_then(|own| own.base.as_ref()).and_then(|base| base.category);
    !resolved.shape.is_array && (known::is_string(&resolved.name) || category == Some('S'))
}

/// Returns whether the text of a type's values is never longer than a name.
fn is_short(source: &Shape, longest: Option<i32>) -> bool {
    let bytes = if matches!(source.family(), "character varying" | "character") { 4 } else { 1 };
    length::longest_text(source).or(longest).is_some_and(|longest| longest * bytes < 64)
}

/// Removes the effects that values with few digits or bits cannot have.
fn narrow(source: &Shape, target: &Shape, facts: &mut Facts) {
    let most = |limit: i32| source.length().is_some_and(|length| length <= limit);
    let digits = source.digits();
    match (source.family(), target.family()) {
        ("bit", "integer" | "bigint") => {
            facts.fails = !most(if target.family() == "integer" { 32 } else { 64 });
            if source.length().is_none() {
                facts.losses.insert(Loss::Width);
            }
        }
        // Without a length it has one bit.
        ("integer" | "bigint", "bit") => facts.cuts_bits(!target.is_modified()),
        ("numeric", "smallint" | "integer" | "bigint") if digits.is_some_and(|(_, behind)| behind <= 0) => {
            facts.losses.remove(&Loss::Fraction);
        }
        ("numeric", "double precision" | "real") => {
            let (range, exact) = if target.family() == "real" { (37, 6) } else { (307, 15) };
            if let Some((whole, behind)) = digits {
                facts.fails = whole > range || behind > range;
                if whole + behind <= exact && behind >= 0 {
                    facts.losses.remove(&Loss::Digits);
                }
            }
        }
        ("numeric", "money") if digits.is_some_and(|(_, behind)| behind <= 2) => {
            facts.losses.remove(&Loss::Digits);
        }
        _ => {}
    }
}

/// Returns the conversion of values through their text when a type is recreated.
fn read_again(old: &Type, new: &Type) -> Facts {
    if let (Some(old), Some(new)) = (&old.enum_labels, &new.enum_labels) {
        return Facts::rewritten([], old.iter().any(|label| !new.contains(label)));
    }
    if let (Some(old), Some(new)) = (&old.attributes, &new.attributes) {
        let same = old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.data_type == new.data_type);
        return Facts::rewritten((!same).then_some(Loss::Text), true);
    }
    if let (Some(old), Some(new)) = (&old.range, &new.range) {
        let same = old.subtype == new.subtype;
        return Facts::rewritten((!same).then_some(Loss::Text), !same);
    }
    Facts::rewritten([Loss::Text], true)
}
