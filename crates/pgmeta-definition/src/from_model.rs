//! The definition of a model: what belongs to a table is put into it, and what PostgreSQL would choose itself is left out. What a
//! definition cannot say is listed.

mod columns;
mod constraints;
mod names;
mod parts;
mod tables;

use std::collections::BTreeSet;

use pgmeta_core::ident::{Name, ident, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Model, ModelIndex, ObjectKey, ObjectKind, ObjectRef};
use serde_json::Value;

use crate::column::serial_of;
use crate::constraint::{CheckDefinition, FullCheck, Word};
use crate::definition::Definition;
use crate::expression::Expression;
use crate::from_model::parts::{index, trigger, view_columns};
use crate::function::{ArgumentDefinition, FunctionDefinition, has_columns, result_of};
use crate::grant::{self, GrantDefinition};
use crate::import::Remark;
use crate::object::{ExtensionDefinition, FullExtension, SchemaDefinition};
use crate::sequence::{SequenceDefinition, SequenceOptions};
use crate::settings::Settings;
use crate::to_model::names::short_collation;
use crate::to_model::{Target, to_model};
use crate::types::{AttributeDefinition, CompositeDefinition, DomainDefinition, EnumDefinition};
use crate::validate::Level;
use crate::view::{MaterializedViewDefinition, ViewDefinition};

/// An object, or attributes of it, that a definition does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The object.
    pub key: ObjectKey,
    /// The attributes, by name. Empty: the object is missing.
    pub attributes: Vec<String>,
}

impl Missing {
    /// Returns what a definition has not: `no type app.span`.
    pub fn lack(&self) -> String {
        let what = format!("{} {}", self.key.kind.word(), self.key.identity());
        match self.attributes.is_empty() {
            true => format!("no {what}"),
            false => format!("no {} of {what}", self.attributes.join(", ")),
        }
    }

    /// Returns the remark of an import.
    pub fn remark(&self) -> Remark {
        Remark {
            path: String::new(),
            code: "NOT_TAKEN",
            level: Level::Warning.word(),
            message: format!("A definition has {}.", self.lack()),
        }
    }
}

/// Reads one model.
struct Reader<'m> {
    model: &'m Model,
    index: ModelIndex<'m>,
    /// The schema of objects that name none.
    schema: Name,
}

/// Returns the definition of a model, and what it lacks. `schema` is the schema of objects that name none; absent: the only one, or
/// public.
pub fn from_model(model: &Model, schema: Option<&str>) -> (Definition, Vec<Missing>) {
    let schema = schema.map_or_else(|| own_schema(model), Name::from);
    let reader = Reader { model, index: ModelIndex::of(model), schema: schema.clone() };
    let mut definition = Definition {
        schema: (&*schema != "public").then(|| schema.clone()),
        schemas: reader.schemas(),
        extensions: reader.extensions(),
        enums: reader.enums(),
        composites: reader.composites(),
        domains: reader.domains(),
        sequences: reader.sequences(),
        tables: model.tables.iter().filter(|own| own.foreign.is_none()).map(|own| reader.table(own)).collect(),
        views: reader.views(),
        materialized_views: reader.materialized_views(),
        functions: reader.functions(),
        ..Definition::default()
    };
    names::leave_out(&mut definition);
    let missing = missing(model, &definition);
    (definition, missing)
}

/// Returns the only schema with tables, or the only schema, or public.
fn own_schema(model: &Model) -> Name {
    let with_tables: BTreeSet<&Name> = model.tables.iter().map(|own| &own.schema).collect();
    match (with_tables.len(), with_tables.first(), &*model.schemas) {
        (1, Some(only), _) => (*only).clone(),
        (0, _, [only]) => only.name.clone(),
        _ => "public".into(),
    }
}

/// Returns the attributes that the definition's model does not have as the model has them.
fn missing(model: &Model, definition: &Definition) -> Vec<Missing> {
    const DERIVED: [&str; 6] = ["depends_on", "owner", "default_depends_on", "version", "populated", "invalid_indexes"];
    let owner = model.objects().find_map(|object| object.object().shared().owner.cloned());
    let target =
        Target { owner: owner.unwrap_or_else(|| "owner".into()), server_version_num: model.server_version_num };
    let made = to_model(definition, &target);
    let made = ModelIndex::of(&made);
    let mut all = Vec::new();
    for object in model.objects() {
        check();
        let key = object.object().key();
        let attributes = match made.get(&key) {
            // Every database has it.
            None if matches!(object, ObjectRef::Schema(own) if own.is_public()) => continue,
            None => Vec::new(),
            Some(own) => {
                let (one, other) = (without(object.to_value(), &DERIVED), without(own.to_value(), &DERIVED));
                let mut differing = differing(&one, &other);
                // The columns of a view are those of its query.
                let is_view = matches!(object, ObjectRef::View(_) | ObjectRef::MaterializedView(_));
                // The owner of public is a role of its own.
                let is_public = matches!(object, ObjectRef::Schema(own) if own.is_public());
                let shared = object.object().shared();
                let has_default = shared.privileges.zip(shared.owner).is_some_and(|(privileges, owner)| {
                    grant::is_default(privileges, key.kind, owner, model.server_version_num)
                });
                differing.retain(|key| {
                    !(is_view && key == "columns")
                        && !(key == "privileges" && (is_public || has_default))
                        && !(is_public && key == "comment")
                });
                if differing.is_empty() {
                    continue;
                }
                differing
            }
        };
        all.push(Missing { key, attributes });
    }
    all
}

/// Returns a value without some keys, at any depth.
fn without(mut value: Value, keys: &[&str]) -> Value {
    match &mut value {
        Value::Object(map) => {
            map.retain(|key, _| !keys.contains(&key.as_str()));
            map.values_mut().for_each(|own| *own = without(own.take(), keys));
        }
        Value::Array(list) => list.iter_mut().for_each(|own| *own = without(own.take(), keys)),
        _ => {}
    }
    value
}

fn differing(one: &Value, other: &Value) -> Vec<String> {
    let (Value::Object(one), Value::Object(other)) = (one, other) else { return Vec::new() };
    let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let same = |key: &String| match (one.get(key), other.get(key)) {
        (Some(Value::String(one)), Some(Value::String(other))) => query(one) == query(other),
        (one, other) => one == other,
    };
    keys.into_iter().filter(|key| !same(key)).cloned().collect()
}

impl Reader<'_> {
    /// Returns a schema, if it is not the definition's own.
    fn other_schema(&self, schema: &Name) -> Option<Name> {
        (*schema != self.schema).then(|| schema.clone())
    }

    /// Returns the name of an object as SQL, without the definition's own schema.
    fn sql_name(&self, schema: &Name, name: &Name) -> String {
        if *schema == self.schema { ident(name) } else { qualified(schema, name) }
    }

    fn grants(&self, object: ObjectRef<'_>, kind: ObjectKind) -> Option<Vec<GrantDefinition>> {
        let shared = object.object().shared();
        let is_public = matches!(object, ObjectRef::Schema(own) if own.is_public());
        if is_public && shared.privileges.is_some_and(grant::is_default_of_public) {
            return None;
        }
        grant::from_model(shared.privileges, kind, shared.owner, self.model.server_version_num)
    }

    fn schemas(&self) -> Vec<SchemaDefinition> {
        let all = self.model.schemas.iter().map(|own| SchemaDefinition {
            name: own.name.clone(),
            // Every database has it with this comment.
            comment: own.comment.clone().filter(|text| !(own.is_public() && text == "standard public schema")),
            grants: self.grants(ObjectRef::Schema(own), ObjectKind::Schema),
        });
        let says_more = |own: &SchemaDefinition| {
            (own.name != self.schema && &*own.name != "public") || own.comment.is_some() || own.grants.is_some()
        };
        all.filter(says_more).collect()
    }

    fn extensions(&self) -> Vec<ExtensionDefinition> {
        let full = self.model.extensions.iter().map(|own| FullExtension {
            name: own.name.clone(),
            schema: self.other_schema(&own.schema),
            comment: own.comment.clone(),
        });
        full.map(ExtensionDefinition::short).collect()
    }

    fn enums(&self) -> Vec<EnumDefinition> {
        let one = |own: &pgmeta_core::model::Type| {
            Some(EnumDefinition {
                name: own.name.clone(),
                values: own.enum_labels.clone()?,
                schema: self.other_schema(&own.schema),
                comment: own.comment.clone(),
                grants: self.grants(ObjectRef::Type(own), ObjectKind::Type),
            })
        };
        self.model.types.iter().filter_map(one).collect()
    }

    fn composites(&self) -> Vec<CompositeDefinition> {
        let attribute = |own: &pgmeta_core::model::Attribute| AttributeDefinition {
            name: own.name.clone(),
            r#type: own.data_type.clone(),
            collation: own.collation.as_ref().map(|own| short_collation(&own.schema, &own.name)),
            comment: own.comment.clone(),
        };
        let one = |own: &pgmeta_core::model::Type| {
            Some(CompositeDefinition {
                name: own.name.clone(),
                attributes: own.attributes.as_ref()?.iter().map(attribute).collect(),
                schema: self.other_schema(&own.schema),
                comment: own.comment.clone(),
                grants: self.grants(ObjectRef::Type(own), ObjectKind::Type),
            })
        };
        self.model.types.iter().filter_map(one).collect()
    }

    fn domains(&self) -> Vec<DomainDefinition> {
        let one = |own: &pgmeta_core::model::Domain| {
            let check = |check: &pgmeta_core::model::DomainCheck| {
                CheckDefinition(FullCheck {
                    expression: check.expression.clone(),
                    name: Some(check.name.clone()),
                    not_valid: check.not_valid,
                    comment: check.comment.clone(),
                    ..FullCheck::default()
                })
            };
            let mut checks: Vec<CheckDefinition> = own.checks.iter().map(check).collect();
            if let [only] = &mut *checks
                && only.0.name.as_deref() == Some(&*format!("{}_check", own.name))
            {
                only.0.name = None;
            }
            DomainDefinition {
                name: own.name.clone(),
                r#type: own.base_type.clone(),
                schema: self.other_schema(&own.schema),
                not_null: own.not_null.is_some(),
                default: own.default.as_deref().map(Expression::from),
                collation: own.collation.as_ref().map(|own| short_collation(&own.schema, &own.name)),
                checks,
                comment: own.comment.clone(),
                grants: self.grants(ObjectRef::Domain(own), ObjectKind::Type),
            }
        };
        self.model.domains.iter().map(one).collect()
    }

    /// Returns the sequences that no serial or identity column makes.
    fn sequences(&self) -> Vec<SequenceDefinition> {
        let by_column = |own: &pgmeta_core::model::Sequence| {
            let table = own.owned_by.as_ref().and_then(|by| self.index.table(&by.schema, &by.table).zip(Some(by)));
            table.is_some_and(|(table, by)| {
                columns::sequence_of(&self.index, table, &by.column).is_some_and(|it| it == own)
            })
        };
        let one = |own: &pgmeta_core::model::Sequence| SequenceDefinition {
            name: own.name.clone(),
            schema: self.other_schema(&own.schema),
            r#type: (&*own.data_type != "bigint").then(|| own.data_type.clone()),
            options: SequenceOptions::from_model(own),
            owned_by: own.owned_by.as_ref().map(|by| match by.schema == own.schema {
                true => format!("{}.{}", ident(&by.table), ident(&by.column)),
                false => format!("{}.{}", qualified(&by.schema, &by.table), ident(&by.column)),
            }),
            comment: own.comment.clone(),
            grants: self.grants(ObjectRef::Sequence(own), ObjectKind::Sequence),
        };
        self.model.sequences.iter().filter(|own| !by_column(own)).map(one).collect()
    }

    fn views(&self) -> Vec<ViewDefinition> {
        let one = |own: &pgmeta_core::model::View| ViewDefinition {
            name: own.name.clone(),
            query: query(&own.definition),
            schema: self.other_schema(&own.schema),
            columns: view_columns(&own.columns),
            options: Settings(own.options.clone()),
            triggers: self.triggers(&own.schema, &own.name),
            comment: own.comment.clone(),
            grants: self.grants(ObjectRef::View(own), ObjectKind::View),
            ..ViewDefinition::default()
        };
        self.model.views.iter().map(one).collect()
    }

    fn materialized_views(&self) -> Vec<MaterializedViewDefinition> {
        let one = |own: &pgmeta_core::model::MaterializedView| MaterializedViewDefinition {
            name: own.name.clone(),
            query: query(&own.definition),
            schema: self.other_schema(&own.schema),
            columns: view_columns(&own.columns),
            indexes: self.index.indexes_of(&own.schema, &own.name).iter().map(|own| index(own)).collect(),
            options: Settings(own.options.clone()),
            comment: own.comment.clone(),
            grants: self.grants(ObjectRef::MaterializedView(own), ObjectKind::MaterializedView),
            ..MaterializedViewDefinition::default()
        };
        self.model.materialized_views.iter().map(one).collect()
    }

    fn triggers(&self, schema: &Name, table: &Name) -> Vec<crate::table::TriggerDefinition> {
        let own = self.model.triggers.iter().filter(|own| own.schema == *schema && own.table == *table);
        own.filter(|own| own.inherited_from.is_empty()).map(|own| trigger(own, self)).collect()
    }

    fn functions(&self) -> Vec<FunctionDefinition> {
        let argument = |own: &pgmeta_core::model::Argument| ArgumentDefinition {
            r#type: own.data_type.clone(),
            name: own.name.clone(),
            mode: Word(own.mode),
            default: own.default.as_deref().map(Expression::from),
        };
        let one = |own: &pgmeta_core::model::Function| FunctionDefinition {
            name: own.name.clone(),
            language: own.language.clone(),
            schema: self.other_schema(&own.schema),
            kind: own.kind,
            arguments: own.arguments.iter().map(argument).collect(),
            // What the arguments say need not be said twice.
            returns: own.returns.clone().filter(|own_type| result_of(&own.arguments).as_ref() != Some(own_type)),
            returns_set: own.returns_set && !has_columns(&own.arguments),
            body: own.definition.clone(),
            sql_body: own.sql_body.clone(),
            volatility: Word(own.volatility),
            parallel: Word(own.parallel),
            strict: own.strict,
            security_definer: own.security_definer,
            leakproof: own.leakproof,
            cost: own.cost,
            rows: own.rows,
            settings: Settings(own.settings.clone()),
            comment: own.comment.clone(),
            grants: self.grants(ObjectRef::Function(own), own.object_key().kind),
        };
        // A function of the languages c and internal is the server's.
        let functions =
            self.model.functions.iter().filter(|own| own.object_file.is_none() && &*own.language != "internal");
        functions.map(one).collect()
    }

    /// Returns the serial type of a column, if a sequence as serial makes it gives its default.
    fn serial_type(
        &self,
        table: &pgmeta_core::model::Table,
        column: &pgmeta_core::model::Column,
    ) -> Option<&'static str> {
        columns::sequence_of(&self.index, table, &column.name).filter(|own| !own.identity)?;
        serial_of(&column.data_type)
    }
}

/// Returns a query without the semicolon and blanks around it.
fn query(text: &str) -> String {
    text.trim().trim_end_matches(';').to_owned()
}
