//! Which objects the caller's words mean, what goes along with them, and in which order. Changes nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::rename::token_length;
use crate::diff::renames::{Rename, RenameError, Renamed, Wanted, typed_after};
use crate::ident::{Name, ident};
use crate::model::{Model, ObjectKey, ObjectKind, ObjectRef};

/// The length of PostgreSQL's names, in bytes.
const LENGTH: usize = 63;

/// Returns the renames that are wanted and still to be done, in the order in which they can be done.
pub fn all(old: &Model, new: &Model, wanted: &Wanted) -> Result<Vec<Rename>, RenameError> {
    let (olds, news) = (Known::of(old), Known::of(new));
    let mut renames = Vec::new();
    for (text, value) in wanted {
        renames.extend(one(text, value, &olds, wanted)?);
    }
    let implied = implied(old, new, &renames);
    renames.extend(implied);
    let renames = ordered(renames, &olds)?;
    for rename in &renames {
        if !news.by_text.contains_key(&typed_after(rename, &renames)) {
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

/// All that has a name, by its identity, with and without its type.
struct Known {
    by_text: FxHashMap<String, Vec<Rename>>,
    unsupported: FxHashSet<String>,
}

impl Known {
    fn of(model: &Model) -> Self {
        let mut known = Self { by_text: FxHashMap::default(), unsupported: FxHashSet::default() };
        for object in model.objects() {
            let key = object.object().key();
            let what = match object {
                ObjectRef::Table(table) => {
                    known.add_parts(Renamed::Column, &key, table.columns.iter().map(|column| &column.name));
                    Renamed::Object
                }
                ObjectRef::View(view) => {
                    known.add_parts(Renamed::Column, &key, view.columns.iter().map(|column| &column.name));
                    Renamed::Object
                }
                ObjectRef::MaterializedView(view) => {
                    known.add_parts(Renamed::Column, &key, view.columns.iter().map(|column| &column.name));
                    Renamed::Object
                }
                ObjectRef::Type(own) => {
                    let attributes = own.attributes.iter().flatten();
                    known.add_parts(Renamed::Attribute, &key, attributes.map(|attribute| &attribute.name));
                    known.add_parts(Renamed::Label, &key, own.enum_labels.iter().flatten());
                    Renamed::Object
                }
                ObjectRef::Domain(_) => Renamed::Domain,
                ObjectRef::Sequence(_) | ObjectRef::Index(_) | ObjectRef::Function(_) | ObjectRef::Aggregate(_) => {
                    Renamed::Object
                }
                ObjectRef::Constraint(_) | ObjectRef::Trigger(_) | ObjectRef::Rule(_) | ObjectRef::Policy(_) => {
                    Renamed::Child
                }
                ObjectRef::Schema(_) => Renamed::Schema,
                _ => {
                    known.unsupported.extend([key.identity(), key.to_string()]);
                    continue;
                }
            };
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
        let identity = rename.identity();
        self.by_text.entry(format!("{} {identity}", rename.word())).or_default().push(rename.clone());
        self.by_text.entry(identity).or_default().push(rename);
    }
}

/// Finds what one entry means; nothing where it has been done before.
fn one(text: &str, value: &str, olds: &Known, wanted: &Wanted) -> Result<Option<Rename>, RenameError> {
    let bad = || RenameError::BadName { what: text.into(), to: value.into() };
    let to = own_name(value, text).filter(|to| !to.is_empty() && to.len() <= LENGTH).ok_or_else(bad)?;
    // The table of a column may have its new name already.
    let moved = wanted.iter().filter(|(other, _)| *other != text).filter_map(|(other, value)| {
        let (before, _, after) = around(other);
        let name = own_name(value, other)?;
        let new = format!("{before}{}{after}", ident(&name));
        let bare = |text: &str| text.rsplit(' ').next().unwrap_or_default().to_owned();
        let (other, new) = (bare(other), bare(&new));
        let column = text.replace(&format!("{other}."), &format!("{new}."));
        if column != text {
            Some(column)
        } else {
            text.strip_suffix(&format!(" on {other}")).map(|head| format!("{head} on {new}"))
        }
    });
    let mut texts = vec![text.to_owned()];
    texts.extend(moved);
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

/// Splits an identity into what stands before the object's own name, the name as it is written, and what follows.
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

/// Returns the name that a value gives: as it is, in double quotes, or with what stands around it in the identity.
fn own_name(value: &str, text: &str) -> Option<String> {
    let (before, _, after) = around(text);
    // The type need not be said again.
    let bare = before.rsplit(' ').next().unwrap_or_default();
    let own = [before, bare].iter().find_map(|before| value.strip_prefix(before)?.strip_suffix(after)).unwrap_or(value);
    if own.starts_with('"') && token_length(own, "") == Some(own.len()) {
        return Some(own[1..own.len() - 1].replace("\"\"", "\""));
    }
    // Another schema or table; a name with a dot in it needs the quotes.
    (!own.contains('.')).then(|| own.to_owned())
}

/// Constraints, indexes and sequences that are called after a renamed table, where the target has them called after the
/// table's new name.
fn implied(old: &Model, new: &Model, renames: &[Rename]) -> Vec<Rename> {
    let keys = |model: &Model| model.objects().map(|object| object.object().key()).collect::<FxHashSet<_>>();
    let (olds, news) = (keys(old), keys(new));
    let tables = renames.iter().filter(|rename| {
        rename.what == Renamed::Object && matches!(rename.key.kind, ObjectKind::Table | ObjectKind::ForeignTable)
    });
    let tables: FxHashMap<_, _> =
        tables.map(|rename| ((&*rename.key.names[0], &*rename.key.names[1]), &*rename.to)).collect();
    let mut found = Vec::new();
    for object in old.objects() {
        let (schema, table, what) = match object {
            ObjectRef::Constraint(own) => (&own.schema, &own.table, Renamed::Child),
            ObjectRef::Index(own) => (&own.schema, &own.table, Renamed::Object),
            ObjectRef::Sequence(own) => match &own.owned_by {
                Some(owner) => (&owner.schema, &owner.table, Renamed::Object),
                None => continue,
            },
            _ => continue,
        };
        let Some(to) = tables.get(&(&**schema, &**table)) else { continue };
        let key = object.object().key();
        let Some(rest) = key.name().strip_prefix(&**table).filter(|rest| rest.starts_with('_')) else { continue };
        let name = Name::from(format!("{to}{rest}"));
        let of_target = |name: &Name| {
            let mut key = key.clone();
            if what == Renamed::Child {
                key.names[1] = Name::from(*to);
            }
            if let Some(last) = key.names.last_mut() {
                *last = name.clone();
            }
            key
        };
        let mut taken = key.clone();
        if let Some(last) = taken.names.last_mut() {
            *last = name.clone();
        }
        let told = renames.iter().any(|rename| rename.key == key && rename.what == what);
        let from = Name::from(key.name());
        if !told && news.contains(&of_target(&name)) && !news.contains(&of_target(&from)) && !olds.contains(&taken) {
            found.push(Rename { what, key, from, to: name });
        }
    }
    found
}

/// Puts parts before what they are parts of, and what frees a name before what takes it.
fn ordered(mut renames: Vec<Rename>, olds: &Known) -> Result<Vec<Rename>, RenameError> {
    renames.sort_by(|one, other| (one.what, &one.key, &one.from).cmp(&(other.what, &other.key, &other.from)));
    let text = |rename: &Rename, name: &Name| {
        let identity = rename.identity();
        let (head, _, tail) = around(&identity);
        format!("{} {head}{}{tail}", rename.word(), ident(name))
    };
    let mut done: Vec<Rename> = Vec::with_capacity(renames.len());
    let mut freed: FxHashSet<String> = FxHashSet::default();
    while !renames.is_empty() {
        let free = |rename: &Rename| {
            let wanted = text(rename, &rename.to);
            !olds.by_text.contains_key(&wanted) || freed.contains(&wanted)
        };
        let Some(at) = renames.iter().position(free) else {
            let rename = &renames[0];
            let what = format!("{} {}", rename.word(), rename.identity());
            return Err(RenameError::Taken { what, to: rename.to.to_string() });
        };
        let rename = renames.remove(at);
        freed.insert(text(&rename, &rename.from));
        done.push(rename);
    }
    done.sort_by_key(|rename| rename.what);
    Ok(done)
}
