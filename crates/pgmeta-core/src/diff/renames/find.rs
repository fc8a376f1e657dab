//! Finds the objects to rename, the objects that are renamed with them, and the order. Changes nothing.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::relocate::token_length;
use crate::diff::renames::{NewNames, Rename, RenameError, Renamed, Wanted, is_callable};
use crate::ident::{Name, ident};
use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, ObjectRef};

/// The maximum length of PostgreSQL's names, in bytes.
const LENGTH: usize = 63;

/// Returns the wanted renames that have not been made yet, in an order in which they can be made.
pub fn all(old: &Model, new: &Model, wanted: &Wanted) -> Result<Vec<Rename>, RenameError> {
    let (olds, news) = (Known::of(old), Known::of(new));
    let mut renames = Vec::new();
    let moves = Moves::of(wanted);
    for (at, (text, value)) in wanted.iter().enumerate() {
        check();
        renames.extend(one(at, (text, value), &olds, &moves)?);
    }
    let implied = implied(old, new, &renames);
    renames.extend(implied);
    let renames = ordered(renames, &olds)?;
    let names = NewNames::of(&renames);
    for rename in &renames {
        if !news.by_text.contains_key(&names.typed(rename)) {
            let what = format!("{} {}", rename.word(), rename.identity());
            return Err(RenameError::NotInTarget { what, to: rename.to.to_string() });
        }
    }
    Ok(renames)
}

/// Returns the identity of an object or a part of one.
pub fn identity(what: Renamed, key: &ObjectKey, name: &str) -> String {
    match what {
        Renamed::Column | Renamed::Attribute | Renamed::Label => format!("{}.{}", key.identity(), ident(name)),
        Renamed::Child | Renamed::Object | Renamed::Domain | Renamed::Schema => key.identity(),
    }
}

/// Returns how an object is renamed, if its kind can be.
fn renamed_as(object: ObjectRef<'_>) -> Option<Renamed> {
    use ObjectKind::*;
    const OBJECTS: &[ObjectKind] =
        &[Table, ForeignTable, View, MaterializedView, Type, Sequence, Index, Function, Procedure, Aggregate];
    const CHILDREN: &[ObjectKind] = &[TableConstraint, Trigger, Rule, Policy];
    let kind = object.object().key().kind;
    if matches!(object, ObjectRef::Domain(_)) {
        Some(Renamed::Domain)
    } else if kind == Schema {
        Some(Renamed::Schema)
    } else if CHILDREN.contains(&kind) {
        Some(Renamed::Child)
    } else {
        OBJECTS.contains(&kind).then_some(Renamed::Object)
    }
}

/// All named objects and parts by identity, with and without their type.
struct Known {
    by_text: FxHashMap<String, Vec<Rename>>,
    unsupported: FxHashSet<String>,
}

impl Known {
    fn of(model: &Model) -> Self {
        let mut known = Self { by_text: FxHashMap::default(), unsupported: FxHashSet::default() };
        for object in model.objects() {
            check();
            let key = object.object().key();
            let Some(what) = renamed_as(object) else {
                known.unsupported.extend([key.identity(), key.to_string()]);
                continue;
            };
            known.add_parts(Renamed::Column, &key, object.columns().iter().map(|column| &column.name));
            if let ObjectRef::Type(own) = object {
                let attributes = own.attributes.iter().flatten();
                known.add_parts(Renamed::Attribute, &key, attributes.map(|attribute| &attribute.name));
                known.add_parts(Renamed::Label, &key, own.enum_labels.iter().flatten());
            }
            let from = match what {
                Renamed::Object | Renamed::Domain if key.names.len() > 1 => key.names[1].clone(),
                _ => Name::from(key.name()),
            };
            known.add(Rename { what, to: from.clone(), from, key });
        }
        known
    }

    fn add_parts<'a>(&mut self, what: Renamed, key: &ObjectKey, names: impl Iterator<Item = &'a Name>) {
        names.for_each(|name| self.add(Rename { what, key: key.clone(), from: name.clone(), to: name.clone() }));
    }

    fn add(&mut self, rename: Rename) {
        check();
        let identity = rename.identity();
        self.by_text.entry(format!("{} {identity}", rename.word())).or_default().push(rename.clone());
        self.by_text.entry(identity).or_default().push(rename);
    }
}

/// Other renames that affect an entry: the table of a column, and the types of a function's arguments, may have their new names
/// already.
struct Moves {
    /// By the identity without the type: the position of the entry, and the identity with the new name.
    moved: FxHashMap<String, Vec<(usize, String)>>,
}

impl Moves {
    fn of(wanted: &Wanted) -> Self {
        let bare = |text: &str| text.rsplit(' ').next().unwrap_or_default().to_owned();
        let mut moved: FxHashMap<String, Vec<(usize, String)>> = FxHashMap::default();
        for (at, (text, value)) in wanted.iter().enumerate() {
            check();
            let (before, _, after) = around(text);
            if let Some(name) = own_name(value, text) {
                let (old, new) = (bare(text), bare(&format!("{before}{}{after}", ident(&name))));
                if old != new {
                    moved.entry(old).or_default().push((at, new));
                }
            }
        }
        Self { moved }
    }

    /// Returns the identity of an entry after each one of the other renames alone, and after all of them.
    fn of_text(&self, text: &str, own: usize) -> Vec<String> {
        let mut met = BTreeSet::new();
        let all = self.moved_text(text, &mut |at| {
            met.insert(at);
            at != own
        });
        met.remove(&own);
        let mut texts: Vec<String> = met.iter().map(|only| self.moved_text(text, &mut |at| at == *only)).collect();
        if texts.len() > 1 {
            texts.push(all);
        }
        texts
    }

    /// Returns the text with the new names of the wanted entries.
    fn moved_text(&self, text: &str, wanted: &mut dyn FnMut(usize) -> bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            check();
            let ends = dotted(rest);
            let mut name = rest[..ends.last().copied().unwrap_or_default()].to_owned();
            rest = &rest[name.len()..];
            // The longest name first: the schema in a table's new name may have a new name, too.
            for end in ends.into_iter().rev() {
                let moves = name.get(..end).and_then(|old| self.moved.get(old));
                if let Some((_, new)) = moves.into_iter().flatten().find(|(at, _)| wanted(*at)) {
                    name = format!("{new}{}", &name[end..]);
                }
            }
            out += &name;
        }
        out
    }
}

/// Returns the end positions of the dotted names at the beginning of a text, or of its first token.
fn dotted(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while let Some(length) = token_length(&text[at..], "") {
        at += length;
        ends.push(at);
        match text[at..].strip_prefix('.') {
            Some(_) => at += 1,
            None => break,
        }
    }
    ends
}

/// Finds the object of one entry, or `None` if the rename has been made before.
fn one(at: usize, (text, value): (&str, &str), olds: &Known, moves: &Moves) -> Result<Option<Rename>, RenameError> {
    let bad = || RenameError::BadName { what: text.into(), to: value.into() };
    let to = own_name(value, text).filter(|to| !to.is_empty() && to.len() <= LENGTH).ok_or_else(bad)?;
    let mut texts = vec![text.to_owned()];
    texts.extend(moves.of_text(text, at));
    for text in &texts {
        match olds.by_text.get(text).map(Vec::as_slice) {
            Some([only]) => return Ok(Some(Rename { to: Name::from(&*to), ..only.clone() })),
            Some(several @ [_, _, ..]) => {
                let candidates: Vec<_> =
                    several.iter().map(|rename| format!("{} {}", rename.word(), rename.identity())).collect();
                return Err(RenameError::Ambiguous { what: text.clone(), candidates: candidates.join(", ") });
            }
            _ => {}
        }
    }
    let done = texts.iter().map(|text| {
        let (before, _, after) = around(text);
        format!("{before}{}{after}", ident(&to))
    });
    if done.into_iter().any(|text| olds.by_text.contains_key(&text)) {
        return Ok(None);
    }
    if olds.unsupported.contains(text) {
        return Err(RenameError::Unsupported(text.into()));
    }
    Err(RenameError::Missing(text.into()))
}

/// Splits an identity into the text before the object's own name, the name as written, and the text after it.
fn around(text: &str) -> (&str, &str, &str) {
    let end = text.find(" on ").or_else(|| text.find('(')).unwrap_or(text.len());
    let head = &text[..end];
    let (mut at, mut begin) = (0, 0);
    while let Some(length) = token_length(&head[at..], "") {
        at += length;
        if matches!(&head[at - length..at], "." | " ") {
            begin = at;
        }
    }
    (&text[..begin], &head[begin..], &text[end..])
}

/// Returns the name in a value: plain, in double quotes, or within the whole identity.
fn own_name(value: &str, text: &str) -> Option<String> {
    let (before, _, after) = around(text);
    // The type is optional.
    let bare = before.rsplit(' ').next().unwrap_or_default();
    let own = [before, bare].iter().find_map(|before| value.strip_prefix(before)?.strip_suffix(after)).unwrap_or(value);
    if own.starts_with('"') && token_length(own, "") == Some(own.len()) {
        return Some(own[1..own.len() - 1].replace("\"\"", "\""));
    }
    // The value names another schema or table. A name with a dot needs quotes.
    (!own.contains('.')).then(|| own.to_owned())
}

/// Returns constraints, indexes and sequences that have a renamed table's name in their own, if the target has them with the new name.
fn implied(old: &Model, new: &Model, renames: &[Rename]) -> Vec<Rename> {
    let keys = |model: &Model| {
        model.objects().inspect(|_| check()).map(|object| object.object().key()).collect::<FxHashSet<_>>()
    };
    let (olds, news) = (keys(old), keys(new));
    let tables = renames.iter().filter(|rename| {
        rename.what == Renamed::Object && matches!(rename.key.kind, ObjectKind::Table | ObjectKind::ForeignTable)
    });
    let tables: FxHashMap<_, _> =
        tables.map(|rename| ((&*rename.key.names[0], &*rename.key.names[1]), &*rename.to)).collect();
    let told: FxHashSet<(&ObjectKey, Renamed)> = renames.iter().map(|rename| (&rename.key, rename.what)).collect();
    let mut found = Vec::new();
    for object in old.objects() {
        check();
        let (schema, table, what) = if let ObjectRef::Constraint(own) = object {
            (&own.schema, &own.table, Renamed::Child)
        } else if let ObjectRef::Index(own) = object {
            (&own.schema, &own.table, Renamed::Object)
        } else if let ObjectRef::Sequence(own) = object
            && let Some(owner) = &own.owned_by
        {
            (&owner.schema, &owner.table, Renamed::Object)
        } else {
            continue;
        };
        let Some(to) = tables.get(&(&**schema, &**table)) else { continue };
        let key = object.object().key();
        let Some(rest) = key.name().strip_prefix(&**table).filter(|rest| rest.starts_with('_')) else { continue };
        let name = Name::from(format!("{to}{rest}"));
        let of_target = |name: &Name| {
            let mut key = key.clone();
            if what == Renamed::Child {
                key.names_mut()[1] = Name::from(*to);
            }
            if let Some(last) = key.names_mut().last_mut() {
                *last = name.clone();
            }
            key
        };
        let mut taken = key.clone();
        if let Some(last) = taken.names_mut().last_mut() {
            *last = name.clone();
        }
        let told = told.contains(&(&key, what));
        let from = Name::from(key.name());
        if !told && news.contains(&of_target(&name)) && !news.contains(&of_target(&from)) && !olds.contains(&taken) {
            found.push(Rename { what, key, from, to: name });
        }
    }
    found
}

/// Sorts parts before their objects, and a rename that frees a name before one that uses it.
fn ordered(mut renames: Vec<Rename>, olds: &Known) -> Result<Vec<Rename>, RenameError> {
    // The identity of a function contains the types of its arguments: functions come before types.
    renames.sort_by(|one, other| {
        let order = |own: &Rename| (own.what, !is_callable(own.key.kind));
        order(one).cmp(&order(other)).then_with(|| (&one.key, &one.from).cmp(&(&other.key, &other.from)))
    });
    let text = |rename: &Rename, name: &Name| {
        let identity = rename.identity();
        let (head, _, tail) = around(&identity);
        format!("{} {head}{}{tail}", rename.word(), ident(name))
    };
    // Renames to a name in use wait for the rename that frees it. The others keep their order.
    let mut waiting: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut ready = BinaryHeap::new();
    for (at, rename) in renames.iter().enumerate() {
        check();
        let wanted = text(rename, &rename.to);
        if olds.by_text.contains_key(&wanted) {
            waiting.entry(wanted).or_default().push(at);
        } else {
            ready.push(Reverse(at));
        }
    }
    let mut done: Vec<Rename> = Vec::with_capacity(renames.len());
    while let Some(Reverse(at)) = ready.pop() {
        check();
        let rename = &renames[at];
        ready.extend(waiting.remove(&text(rename, &rename.from)).into_iter().flatten().map(Reverse));
        done.push(rename.clone());
    }
    if let Some(rename) = waiting.values().flatten().min().and_then(|&at| renames.get(at)) {
        let what = format!("{} {}", rename.word(), rename.identity());
        return Err(RenameError::Taken { what, to: rename.to.to_string() });
    }
    done.sort_by_key(|rename| rename.what);
    Ok(done)
}
