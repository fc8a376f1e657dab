//! The arguments that all families share, decoded once, and the model that they ask for.

use std::collections::BTreeSet;

use pgmeta_core::catalog_rows::Wanted;
use pgmeta_core::ddl::{Options, Secrets};
use pgmeta_core::model::{EXTENSION, Model, Object, ObjectKey, ObjectKind, has_type, type_words};
use pgmeta_core::pattern;
use pgmeta_core::words;
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::api::filter::Matcher;
use crate::api::options;
use crate::catalog::{Outcome, Scope, read};
use crate::document::Document;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::message::tell;

/// The five arguments of every export function.
#[derive(Debug, Default)]
pub struct Args {
    pub schemas: Option<Vec<String>>,
    pub types: Option<Vec<Option<String>>>,
    pub name_pattern: Option<String>,
    pub on_error: Option<String>,
    pub options: Options,
}

impl Args {
    pub fn new(
        schemas: Option<Texts>,
        types: Option<Texts>,
        name_pattern: Option<Text>,
        on_error: Option<Text>,
        options: Option<Document>,
    ) -> Result<Self, Error> {
        Ok(Self {
            schemas: schemas.map(schema_names).transpose()?.flatten(),
            types: types.map(|types| types.0),
            name_pattern: name_pattern.map(Text::into_string),
            on_error: on_error.map(Text::into_string),
            options: parse_options(options)?,
        })
    }

    /// Reads the model that the arguments describe: filtered, and masked unless secrets are asked for.
    pub fn read(&self) -> Result<Outcome, Error> {
        let tolerant = match self.on_error.as_deref() {
            None => false,
            Some(word) if word.eq_ignore_ascii_case("fail") => false,
            Some(word) if word.eq_ignore_ascii_case("warn") => true,
            Some(other) => {
                let hint = "Supported values are 'fail' and 'warn'.".to_owned();
                return Err(Error::BadArgument { name: "on_error", value: other.to_owned(), hint });
            }
        };
        let types = self.types.as_ref().map(|types| known_types(types)).transpose()?;
        let wants_cluster = |types: &BTreeSet<String>| {
            let cluster = ["role", "role membership", "tablespace", "database", "parameter ACL"];
            cluster.iter().any(|kind| types.contains(*kind))
        };
        let scope = Scope {
            schemas: self.schemas.clone(),
            relations: Vec::new(),
            wanted: Wanted {
                in_schemas: true,
                relations: true,
                global: self.schemas.is_none(),
                cluster: self.options.cluster || types.as_ref().is_some_and(wants_cluster),
                dependencies: true,
            },
            tolerant,
        };
        let mut outcome = read(&scope)?;
        self.remove_own(&mut outcome.model);
        filter(&mut outcome.model, types.as_ref(), self.name_pattern.as_deref(), &self.options.exclude)?;
        mask(&mut outcome, &self.options);
        Ok(outcome)
    }

    /// Leaves pgmeta's own out, unless it is asked for: by the option, or by the name of its schema.
    fn remove_own(&self, model: &mut Model) {
        let named = self.schemas.iter().flatten().any(|name| name == EXTENSION);
        if !self.options.own && !named {
            model.remove_own();
        }
    }

    /// Filters and masks a model that was not read from this database.
    pub fn shape(&self, model: &mut Model) -> Result<(), Error> {
        let types = self.types.as_ref().map(|types| known_types(types)).transpose()?;
        self.remove_own(model);
        filter(model, types.as_ref(), self.name_pattern.as_deref(), &self.options.exclude)?;
        if self.options.secrets == Secrets::Mask {
            model.mask_secrets();
        }
        Ok(())
    }
}

/// Leaves out of a model what is not of the types, has another name, or is excluded by a psql pattern.
pub fn filter(
    model: &mut Model,
    types: Option<&BTreeSet<String>>,
    name_pattern: Option<&str>,
    exclude: &[String],
) -> Result<(), Error> {
    if types.is_none() && name_pattern.is_none() && exclude.is_empty() {
        return Ok(());
    }
    let mut matcher = Matcher::default();
    let patterns: Vec<_> = exclude.iter().map(|text| pattern::parse(text)).collect();
    let entries: Vec<_> = model.objects().map(|object| (object, object.object().key(), object.parent())).collect();
    for (_, key, parent) in &entries {
        if name_pattern.is_some() {
            matcher.add(key.name());
        }
        for key in [Some(key), parent.as_ref()].into_iter().flatten() {
            matcher.add(key.name());
            matcher.add(key.schema().map_or("", |schema| schema));
        }
    }
    let named = name_pattern.map(|regex| matcher.matching(regex)).transpose()?;
    if let (Some(regex), Some(named)) = (name_pattern, &named)
        && named.is_empty()
        && regex.contains('%')
    {
        let message =
            format!("no name matches \"{regex}\": name_pattern is a regular expression, not a pattern of LIKE");
        tell(PgLogLevel::NOTICE, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, message);
    }
    let mut excluded = Vec::new();
    for pattern in &patterns {
        let schema = matcher.matching(&pattern.schema)?;
        let name = pattern.name.as_ref().map(|name| matcher.matching(name)).transpose()?;
        excluded.push((schema, name));
    }
    let is_excluded = |key: &ObjectKey| {
        excluded.iter().any(|(schema, name)| {
            let in_schema = key.schema().is_some_and(|own| schema.contains(&**own));
            // A pattern for names is about what lies in the schema, not the schema.
            in_schema && name.as_ref().is_none_or(|name| key.kind != ObjectKind::Schema && name.contains(key.name()))
        })
    };
    let keep = entries.iter().filter(|(object, key, parent)| {
        types.is_none_or(|types| has_type(*object, types))
            && named.as_ref().is_none_or(|named| named.contains(key.name()))
            && !is_excluded(key)
            && !parent.as_ref().is_some_and(is_excluded)
    });
    let keys = keep.map(|(_, key, _)| key.clone()).collect();
    drop(entries);
    model.keep(&keys);
    Ok(())
}

/// Hides secrets unless the options ask for them.
pub fn mask(outcome: &mut Outcome, options: &Options) {
    if options.secrets == Secrets::Mask {
        outcome.model.mask_secrets();
    }
}

/// Reads options; NULL stands for none.
pub fn parse_options(options: Option<Document>) -> Result<Options, Error> {
    Options::from_value(options::read(options, r#"{"comments": false}"#)?).map_err(Error::Options)
}

/// Reads an array of schema names: NULL or `{ALL}`, in any case, are all. None at all is what an unset variable of a script comes
/// to, and an error: it would be an export of nothing.
pub fn schema_names(Texts(names): Texts) -> Result<Option<Vec<String>>, Error> {
    let null = || Error::BadArgument {
        name: "schemas",
        value: "NULL".into(),
        hint: "An array of schemas may not contain NULL; pass NULL instead of the array for all schemas.".into(),
    };
    let names = names.into_iter().map(|name| name.ok_or_else(null)).collect::<Result<Vec<_>, _>>()?;
    match names.as_slice() {
        [] => Err(no_schema()),
        [name] if name.eq_ignore_ascii_case("all") => Ok(None),
        _ => Ok(Some(names)),
    }
}

/// Returns the error about a list of schemas that is empty.
pub fn no_schema() -> Error {
    Error::BadArgument {
        name: "schemas",
        value: String::new(),
        hint: "Name at least one schema, or pass NULL or 'ALL' for all of them.".into(),
    }
}

/// Reads the text form of `schemas` or `types`: `ALL`, a list with commas, or an array literal.
pub fn list(text: Option<Text>) -> Option<Texts> {
    text.map(|text| Texts(words::list(&text).into_iter().map(Some).collect()))
}

/// Reads types in the words of `pg_identify_object`, in any case and number.
pub fn known_types(types: &[Option<String>]) -> Result<BTreeSet<String>, Error> {
    let known = |word: &String| match words::find(word, type_words()) {
        Some(known) => Ok(known.to_owned()),
        None => Err(Error::UnknownType(word.clone())),
    };
    types.iter().flatten().map(known).collect()
}

/// Returns the keys that are in the model under an address.
pub fn key_at(outcome: &Outcome, class: u32, oid: u32) -> Option<ObjectKey> {
    let found = outcome.addresses.iter().find(|(_, address)| (address.class, address.oid) == (class, oid));
    let key = found.map(|(key, _)| key.clone())?;
    outcome.model.objects().any(|object| Object::key(object.object()) == key).then_some(key)
}
