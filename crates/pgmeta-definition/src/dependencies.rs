//! What the objects of a definition need of each other, read from the names in their texts: the printer orders statements by it. A
//! name too many does no harm. Knows no server.

use pgmeta_core::ident::{Name, unquote};
use pgmeta_core::interrupt::check;
use pgmeta_core::lexer::{self, Kind, has_word, pieces};
use pgmeta_core::model::{Column, ConstraintKind, Model, Object, ObjectKey};
use rustc_hash::FxHashMap;

use crate::to_model::names::place;

/// The objects of a model by schema and name.
struct Known {
    own_schema: Name,
    /// Relations and types.
    named: FxHashMap<(Name, Name), Vec<ObjectKey>>,
    sequences: FxHashMap<(Name, Name), ObjectKey>,
    functions: FxHashMap<(Name, Name), Vec<ObjectKey>>,
}

/// The columns of a key, and the constraint or index.
type Key = (Vec<Name>, ObjectKey);

/// A piece of a text that matters here.
#[derive(Debug, PartialEq)]
enum Token {
    Name(String),
    Dot,
    Open,
    Literal(String),
    Other,
}

/// Notes in all objects what they need.
pub(crate) fn infer(model: &mut Model, own_schema: &Name) {
    let known = Known::of(model, own_schema);
    for own in &mut model.types {
        let attributes = own.attributes.iter().flatten().map(|own| &*own.data_type);
        own.depends_on = known.types(&own.object_key(), attributes);
    }
    for own in &mut model.domains {
        let key = own.object_key();
        own.depends_on = known.all(key.clone(), own.default.as_deref());
        own.depends_on.extend(known.types(&key, [&*own.base_type]));
        own.depends_on.sort();
        own.depends_on.dedup();
        for own in &mut own.checks {
            own.depends_on = known.all(key.clone(), [&*own.expression]);
        }
    }
    for own in &mut model.tables {
        let key = own.object_key();
        own.depends_on = known.all(key.clone(), own.partition_by.as_deref());
        own.depends_on.extend(known.types(&key, own.columns.iter().map(|own| &*own.data_type)));
        own.depends_on.sort();
        own.depends_on.dedup();
        known.add_to_columns(&key, &mut own.columns);
    }
    for own in &mut model.views {
        let key = own.object_key();
        own.depends_on = known.all(key.clone(), [&*own.definition]);
        known.add_to_columns(&key, &mut own.columns);
    }
    for own in &mut model.materialized_views {
        own.depends_on = known.all(own.object_key(), [&*own.definition]);
    }
    for own in &mut model.functions {
        let types = own.arguments.iter().map(|own| &*own.data_type).chain(own.returns.as_deref());
        let defaults = own.arguments.iter().filter_map(|own| own.default.as_deref());
        let key = own.object_key();
        let mut needed = known.all(key.clone(), defaults.chain(own.sql_body.as_deref()));
        needed.extend(known.types(&key, types));
        needed.sort();
        needed.dedup();
        own.depends_on = needed;
    }
    for own in &mut model.indexes {
        let columns = own.columns.iter();
        let classes = columns.clone().filter_map(|own| own.operator_class.as_deref());
        let texts = columns.filter_map(|own| own.expression.as_deref()).chain(own.predicate.as_deref());
        own.depends_on = known.functions_in(own.object_key(), texts.chain(classes));
    }
    for own in &mut model.policies {
        let texts = [own.using.as_deref(), own.with_check.as_deref()].into_iter().flatten();
        own.depends_on = known.all(own.object_key(), texts);
    }
    for own in &mut model.triggers {
        own.depends_on = known.functions_in(own.object_key(), own.condition.as_deref());
    }
    infer_constraints(model, &known);
    infer_grouping(model);
}

/// Notes the primary keys of the tables of a view with GROUP BY, which may leave out columns that depend on the key.
fn infer_grouping(model: &mut Model) {
    let keys = model.constraints.iter().filter(|own| own.kind == ConstraintKind::PrimaryKey);
    let keys: FxHashMap<ObjectKey, ObjectKey> = keys.map(|own| (own.table_key(), own.object_key())).collect();
    let of_tables = |needs: &[ObjectKey]| needs.iter().filter_map(|key| keys.get(key).cloned()).collect::<Vec<_>>();
    for own in model.views.iter_mut().filter(|own| has_word(&own.definition, &["GROUP"])) {
        own.depends_on.extend(of_tables(&own.depends_on));
        own.depends_on.sort();
    }
    for own in model.materialized_views.iter_mut().filter(|own| has_word(&own.definition, &["GROUP"])) {
        own.depends_on.extend(of_tables(&own.depends_on));
        own.depends_on.sort();
    }
}

/// Notes what constraints need: functions in checks, and of foreign keys the key that they refer to.
fn infer_constraints(model: &mut Model, known: &Known) {
    let mut keys: FxHashMap<(Name, Name), Vec<Key>> = FxHashMap::default();
    for own in &model.constraints {
        if matches!(own.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) {
            let place = (own.schema.clone(), own.table.clone());
            keys.entry(place).or_default().push((own.columns.clone(), own.object_key()));
        }
    }
    for own in model.indexes.iter().filter(|own| own.unique) {
        let columns = own.columns.iter().filter_map(|own| own.column.clone()).collect();
        keys.entry((own.schema.clone(), own.table.clone())).or_default().push((columns, own.object_key()));
    }
    for own in &mut model.constraints {
        check();
        let expression = own.expression.as_deref();
        own.depends_on = known.functions_in(own.object_key(), expression);
        if let Some(key) = &own.foreign_key {
            let of_table = keys.get(&(key.table.schema.clone(), key.table.name.clone())).into_iter().flatten();
            let same = |columns: &[Name]| {
                columns.len() == key.columns.len() && key.columns.iter().all(|it| columns.contains(it))
            };
            let needed = of_table.filter(|(columns, _)| same(columns)).map(|(_, key)| key.clone());
            own.depends_on.extend(needed);
            own.depends_on.sort();
        }
    }
}

impl Known {
    fn of(model: &Model, own_schema: &Name) -> Self {
        let mut known = Self {
            own_schema: own_schema.clone(),
            named: FxHashMap::default(),
            sequences: FxHashMap::default(),
            functions: FxHashMap::default(),
        };
        let named = model.tables.iter().map(|own| (&own.schema, &own.name, own.key()));
        let named = named.chain(model.views.iter().map(|own| (&own.schema, &own.name, own.key())));
        let named = named.chain(model.materialized_views.iter().map(|own| (&own.schema, &own.name, own.key())));
        let named = named.chain(model.types.iter().map(|own| (&own.schema, &own.name, own.key())));
        let named = named.chain(model.domains.iter().map(|own| (&own.schema, &own.name, own.key())));
        for (schema, name, key) in named {
            check();
            known.named.entry((schema.clone(), name.clone())).or_default().push(key);
        }
        for own in &model.sequences {
            known.sequences.insert((own.schema.clone(), own.name.clone()), own.object_key());
        }
        for own in &model.functions {
            known.functions.entry((own.schema.clone(), own.name.clone())).or_default().push(own.object_key());
        }
        known
    }

    fn add_to_columns(&self, key: &ObjectKey, columns: &mut [Box<Column>]) {
        for column in columns {
            if let Some(text) = column.default.as_deref() {
                column.default_depends_on = self.all(key.clone(), [text]).into();
            }
        }
    }

    /// Returns the objects that texts name, without one.
    fn all<'t>(&self, but: ObjectKey, texts: impl IntoIterator<Item = &'t str>) -> Vec<ObjectKey> {
        self.found(&but, texts, true)
    }

    /// Returns the types that names of types mean, without one. The definition's own ones have a schema here; others are the server's,
    /// whatever is called like them.
    fn types<'t>(&self, but: &ObjectKey, names: impl IntoIterator<Item = &'t str>) -> Vec<ObjectKey> {
        let has_schema = |name: &&str| lexer::code(name).any(|(_, byte)| byte == b'.');
        self.found(but, names.into_iter().filter(has_schema), true)
    }

    /// Returns the functions that texts call.
    fn functions_in<'t>(&self, but: ObjectKey, texts: impl IntoIterator<Item = &'t str>) -> Vec<ObjectKey> {
        self.found(&but, texts, false)
    }

    fn found<'t>(&self, but: &ObjectKey, texts: impl IntoIterator<Item = &'t str>, is_any: bool) -> Vec<ObjectKey> {
        let mut keys = Vec::new();
        for text in texts {
            check();
            self.add(&tokens(text), is_any, &mut keys);
        }
        keys.sort();
        keys.dedup();
        keys.retain(|key| key != but);
        keys
    }

    fn add(&self, tokens: &[Token], is_any: bool, keys: &mut Vec<ObjectKey>) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let (named, end) = match (token, tokens.get(at + 1), tokens.get(at + 2)) {
                (Token::Name(schema), Some(Token::Dot), Some(Token::Name(name))) => {
                    ((Name::from(schema.as_str()), Name::from(name.as_str())), at + 3)
                }
                (Token::Name(name), ..) => ((self.own_schema.clone(), Name::from(name.as_str())), at + 1),
                (Token::Literal(text), ..) => {
                    keys.extend(self.sequences.get(&place(text, &self.own_schema)).cloned());
                    at += 1;
                    continue;
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            if tokens.get(end) == Some(&Token::Open) {
                keys.extend(self.functions.get(&named).into_iter().flatten().cloned());
            }
            if is_any {
                keys.extend(self.named.get(&named).into_iter().flatten().cloned());
            }
            // The first of two names may be a relation, and the second its column.
            at = if self.named.contains_key(&named) { end } else { at + 1 };
        }
    }
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for piece in pieces(sql) {
        match piece.kind {
            Kind::Name => tokens.push(Token::Name(unquote(piece.text))),
            Kind::Literal => tokens.push(Token::Literal(piece.text.trim_matches('\'').replace("''", "'"))),
            Kind::Code => code_tokens(piece.text, &mut tokens),
            _ => tokens.push(Token::Other),
        }
    }
    tokens
}

fn code_tokens(text: &str, tokens: &mut Vec<Token>) {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let is_number = first.is_ascii_digit();
            tokens.push(if is_number { Token::Other } else { Token::Name(rest[..end].to_lowercase()) });
            end
        } else {
            match first {
                '.' => tokens.push(Token::Dot),
                '(' => tokens.push(Token::Open),
                c if c.is_whitespace() => {}
                _ => tokens.push(Token::Other),
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
}
