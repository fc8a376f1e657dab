//! Errors of the registry. None of them shows a definition on which the caller has no right.

use pgrx::PgSqlErrorCode;

use crate::error::{AreaError, first};
use crate::registry::Right;

#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("definition \"{0}\" does not exist")]
    Missing(String),
    #[error("definition \"{0}\" is deleted")]
    Deleted(String),
    #[error("definition \"{0}\" is not deleted")]
    NotDeleted(String),
    #[error("definition \"{0}\" already exists")]
    Taken(String),
    #[error("several definitions are called \"{name}\"")]
    Ambiguous { name: String, ids: Vec<String> },
    #[error("permission denied for definition \"{name}\"")]
    Denied { name: String, right: Right },
    #[error("definition \"{name}\" has no version {version}")]
    NoVersion { name: String, version: i64, latest: i64 },
    #[error("definition \"{name}\" has version {found}, expected {expected}")]
    Conflict { name: String, found: i64, expected: i64 },
    #[error("invalid definition: {} errors", .0.len())]
    Invalid(Vec<String>),
    #[error("definition \"{name}\" is deployed to {target}")]
    DeployedElsewhere { name: String, target: String },
    #[error("definition \"{0}\" is not deployed")]
    NotDeployed(String),
    #[error("schema \"{0}\" is not empty")]
    SchemaInUse(String),
    #[error("schema \"{schema}\" contains extension \"{extension}\"")]
    ExtensionInSchema { schema: String, extension: String },
    #[error("database \"{0}\" already exists")]
    DatabaseExists(String),
    #[error("database \"{0}\" does not exist")]
    NoDatabase(String),
    #[error("the deployed schema was changed by hand: {}", first(.0))]
    Drift(Vec<String>),
    #[error("definition \"{name}\" has no place \"{path}\"")]
    NoPlace { name: String, path: String },
    #[error("comment {0} does not exist")]
    NoComment(i64),
    #[error("template \"{0}\" does not exist")]
    NoTemplate(String),
    #[error("several templates are called \"{0}\"")]
    AmbiguousTemplate(String),
    #[error("only its owner can rename definition \"{0}\"")]
    NotOwner(String),
    #[error("schema \"{0}\" belongs to the deployment of another definition")]
    SchemaOfAnother(String),
    #[error("template \"{0}\" already exists")]
    TemplateTaken(String),
    #[error("step {step} of the deployment failed: {message}")]
    Step { step: usize, statement: String, code: PgSqlErrorCode, message: String },
}

impl AreaError for RegistryError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            Self::Missing(_) | Self::Deleted(_) | Self::NoVersion { .. } | Self::NoComment(_) | Self::NoTemplate(_) => {
                ERRCODE_UNDEFINED_OBJECT
            }
            Self::NoPlace { .. } => ERRCODE_INVALID_PARAMETER_VALUE,
            Self::Taken(_) | Self::TemplateTaken(_) => ERRCODE_DUPLICATE_OBJECT,
            Self::Ambiguous { .. } | Self::AmbiguousTemplate(_) => ERRCODE_AMBIGUOUS_ALIAS,
            Self::Denied { .. } | Self::NotOwner(_) => ERRCODE_INSUFFICIENT_PRIVILEGE,
            Self::Invalid(_) => ERRCODE_INVALID_PARAMETER_VALUE,
            Self::SchemaInUse(_) | Self::SchemaOfAnother(_) => ERRCODE_DUPLICATE_SCHEMA,
            Self::DatabaseExists(_) => ERRCODE_DUPLICATE_DATABASE,
            Self::NoDatabase(_) => ERRCODE_INVALID_CATALOG_NAME,
            Self::ExtensionInSchema { .. } => ERRCODE_FEATURE_NOT_SUPPORTED,
            Self::Step { code, .. } => *code,
            Self::Conflict { .. }
            | Self::NotDeleted(_)
            | Self::DeployedElsewhere { .. }
            | Self::NotDeployed(_)
            | Self::Drift(_) => ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Invalid(errors) => Some(errors.join("\n")),
            Self::Step { statement, .. } => Some(format!("Statement: {statement}")),
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing(_) => "pgmeta_definition_list() lists the definitions that you may read.".to_owned(),
            Self::Deleted(_) => "Call pgmeta_definition_restore first.".to_owned(),
            Self::NotDeleted(_) => "Call pgmeta_definition_delete first.".to_owned(),
            Self::Taken(_) => "Choose another name, or add a version with pgmeta_definition_update.".to_owned(),
            Self::Ambiguous { ids, .. } => format!("Pass one of the IDs: {}.", first(ids)),
            Self::Denied { right, .. } => {
                format!("The right \"{}\" is required. Its owner gives it with pgmeta_definition_share.", right.word())
            }
            Self::NoVersion { latest, .. } => format!("Its versions are 1 to {latest}."),
            Self::Conflict { .. } => "Read the latest version, and make the change again.".to_owned(),
            Self::Invalid(_) => "Nothing was stored. pgmeta_definition_validate() returns the errors as rows.".to_owned(),
            Self::DeployedElsewhere { .. } => {
                "Call pgmeta_definition_undeploy first, or deploy a copy made with pgmeta_definition_copy.".to_owned()
            }
            Self::NotDeployed(_) => "Call pgmeta_definition_deploy first.".to_owned(),
            Self::AmbiguousTemplate(_) => "Store one of your own with pgmeta_template_create under another name.".to_owned(),
            Self::NotOwner(_) => "The names of its owner's definitions are unique. Ask the owner.".to_owned(),
            Self::SchemaInUse(_) | Self::SchemaOfAnother(_) => "Choose another schema with the option \"schema\".".to_owned(),
            Self::DatabaseExists(_) => "A deployment never uses an existing database. Choose another name.".to_owned(),
            Self::NoDatabase(_) => {
                "It was dropped or renamed. Rename it back, or call pgmeta_definition_undeploy and deploy again.".to_owned()
            }
            Self::ExtensionInSchema { .. } => {
                "Choose another schema with the option \"schema\", or move the extension with ALTER EXTENSION SET SCHEMA.".to_owned()
            }
            Self::Drift(_) => {
                "pgmeta_definition_status() shows the changes. Put them into a new version, or overwrite them with the option {\"overwrite_drift\": true}.".to_owned()
            }
            Self::NoPlace { .. } => "Pass a JSON pointer into its latest version, such as \"/tables/0\".".to_owned(),
            Self::NoComment(_) => "The view pgmeta.definition_comments has the comments.".to_owned(),
            Self::NoTemplate(_) => "pgmeta_template_list() lists the templates.".to_owned(),
            Self::TemplateTaken(_) => "Choose another name. Only its owner can replace a template.".to_owned(),
            Self::Step { code: PgSqlErrorCode::ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE, .. } => {
                "Nothing was changed. A label of an enum type can be used after the commit that adds it: deploy a version with the label first, and then one that uses it.".to_owned()
            }
            Self::Step { .. } => "Nothing was changed.".to_owned(),
        })
    }
}
