//! The model of a definition. Names that PostgreSQL would choose are chosen here as the server does. Expressions stay as they are
//! written: only a server can print them.

pub(crate) mod constraints;
mod inheritance;
pub(crate) mod names;
mod relations;
mod routines;
pub(crate) mod tables;
mod types;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Extension, FORMAT_VERSION, Model, ObjectKind, Schema};

use crate::default_names::Taken;
use crate::definition::Definition;
use crate::grant;
use crate::to_model::names::Names;

/// What a definition does not say of the database.
#[derive(Clone, Debug)]
pub struct Target {
    /// The role that will own the objects.
    pub owner: Name,
    /// The setting `server_version_num` of the server.
    pub server_version_num: u32,
}

/// Makes the model of one definition.
struct Maker<'d> {
    definition: &'d Definition,
    target: &'d Target,
    names: Names<'d>,
    taken: Taken,
    model: Model,
}

/// Returns the model of a definition. Where the definition has errors, so has the model: `validate` finds them.
pub fn to_model(definition: &Definition, target: &Target) -> Model {
    let model =
        Model { format_version: FORMAT_VERSION, server_version_num: target.server_version_num, ..Model::default() };
    let names = Names::of(definition);
    let mut maker = Maker { definition, target, names, taken: Taken::default(), model };
    maker.add_schemas();
    maker.add_types();
    maker.add_relations();
    maker.add_functions();
    maker.add_tables();
    maker.add_inherited();
    let mut model = maker.model;
    crate::dependencies::infer(&mut model, &definition.own_schema());
    model.sort();
    model
}

/// Returns the comment that a schema has in every database.
fn comment_of(schema: &str) -> Option<String> {
    (schema == "public").then(|| "standard public schema".to_owned())
}

impl Maker<'_> {
    /// Returns the schema of an object.
    fn schema(&self, given: Option<&Name>) -> Name {
        given.cloned().unwrap_or_else(|| self.definition.own_schema())
    }

    fn owner(&self) -> Option<Name> {
        Some(self.target.owner.clone())
    }

    fn privileges(
        &self,
        grants: Option<&Vec<crate::grant::GrantDefinition>>,
        kind: ObjectKind,
    ) -> Option<Vec<pgmeta_core::model::Grant>> {
        grant::to_model(grants, kind, &self.target.owner, self.target.server_version_num)
    }

    fn add_schemas(&mut self) {
        let own = self.definition.own_schema();
        for given in &self.definition.schemas {
            check();
            let schema = Schema {
                name: given.name.clone(),
                owner: self.owner(),
                comment: given.comment.clone().or_else(|| comment_of(&given.name)),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::Schema),
                ..Schema::default()
            };
            self.model.schemas.push(schema);
        }
        if !self.definition.schemas.iter().any(|given| given.name == own) {
            let comment = comment_of(&own);
            self.model.schemas.push(Schema { name: own, owner: self.owner(), comment, ..Schema::default() });
        }
        for given in &self.definition.extensions {
            let full = given.full();
            self.model.extensions.push(Extension {
                name: full.name,
                schema: full.schema.unwrap_or_else(|| self.definition.own_schema()),
                comment: full.comment,
                ..Extension::default()
            });
        }
    }
}
