//! Definitions: schemas as people write them in JSON. They are read, checked, made into pgmeta-core's model, and back. No server, no
//! I/O, no clock. Prints no DDL and compares no schemas: the model's printer and planner do.

#![warn(missing_docs)]

#[macro_use]
mod macros;
mod column;
mod complexity;
mod constraint;
mod default_names;
mod definition;
mod dependencies;
mod expression;
mod from_model;
mod function;
mod grant;
mod import;
mod index;
mod object;
mod openapi;
mod pointer;
mod sequence;
mod settings;
mod table;
mod template;
mod to_model;
mod types;
mod validate;
mod view;

pub use column::{ColumnDefinition, IdentityWord};
pub use complexity::complexity;
pub use constraint::{CheckDefinition, ExclusionDefinition, ForeignKeyDefinition, KeyDefinition, Reference};
pub use definition::{Definition, DefinitionError, FORMAT_VERSION};
pub use expression::Expression;
pub use from_model::{Missing, from_model};
pub use function::{ArgumentDefinition, FunctionDefinition};
pub use grant::GrantDefinition;
pub use import::{
    ImportError, Imported, Remark, SqliteColumn, SqliteForeignKey, SqliteGenerated, SqliteIndex, SqliteIndexColumn,
    SqliteOptions, SqliteOrigin, SqliteSchema, SqliteTable, SqliteTrigger, SqliteView, from_builder, from_dbml,
    from_json_schema, from_sqlite,
};
pub use index::{IndexColumnDefinition, IndexDefinition};
pub use object::{ExtensionDefinition, SchemaDefinition};
pub use openapi::openapi;
pub use pointer::{place_of, pointer_of};
pub use sequence::{SequenceDefinition, SequenceOptions};
pub use settings::Settings;
pub use table::{Inherits, PartitionDefinition, PolicyDefinition, TableDefinition, TriggerDefinition};
pub use template::{Parameter, TEMPLATES, Template, TemplateError};
pub use to_model::{Target, to_model};
pub use types::{AttributeDefinition, CompositeDefinition, DomainDefinition, EnumDefinition};
pub use validate::{Finding, Level, MOST as MOST_FINDINGS, validate};
pub use view::{MaterializedViewDefinition, ViewColumnDefinition, ViewDefinition};
