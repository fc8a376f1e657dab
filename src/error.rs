//! All errors as data, with their text for the user: message, SQLSTATE, detail, hint.

use std::sync::OnceLock;

use pgmeta_core::cells::RowError;
use pgmeta_core::diff::RenameError;
use pgmeta_core::model::JsonError;
use pgmeta_core::plan::format::Refusal;
use pgmeta_core::plan::{Hazard, PlanError, UsingError};
use pgmeta_definition::DefinitionError;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgSqlErrorCode, function_name};

use crate::encoding::{self, EncodingError};

mod definition;
mod dialect;
mod json;
mod lint;

/// An error of an area that has its own enum.
pub trait AreaError: std::error::Error + Send + Sync {
    fn sqlstate(&self) -> PgSqlErrorCode;

    fn detail(&self) -> Option<String> {
        None
    }

    fn hint(&self) -> Option<String>;
}

impl<E: AreaError + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Error::Area(Box::new(error))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Area(Box<dyn AreaError>),
    #[error("could not run a catalog query: SPI status {0}")]
    Spi(i32),
    #[error("a catalog query does not return the columns {0}")]
    QueryShape(String),
    #[error("query returned no row with the columns {0}")]
    NoRow(String),
    #[error("query names \"{0}\", which nothing fills in")]
    Placeholder(String),
    #[error("could not read the catalog ({query}): {source}")]
    Row { query: &'static str, source: RowError },
    #[error(transparent)]
    BareRow(#[from] RowError),
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// An error of the server that was caught.
    #[error("{message}")]
    Server { code: PgSqlErrorCode, message: String, detail: Option<String>, hint: Option<String> },
    /// An object that the server could not read.
    #[error("could not read {what}: {message}")]
    Object { what: String, code: PgSqlErrorCode, message: String },
    #[error("{}", missing_schemas(.names))]
    MissingSchemas { names: Vec<String>, hint: String },
    #[error("unrecognized object type \"{}\"", cut(.0.clone(), VALUE))]
    UnknownType(String),
    #[error("invalid options: {}", without_place(.0))]
    Options(serde_json::Error),
    #[error("invalid option \"renames\": {0}")]
    Rename(#[from] RenameError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("invalid value \"{}\" for {name}", cut(.value.clone(), VALUE))]
    BadArgument { name: &'static str, value: String, hint: String },
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("could not write JSON: {0}")]
    WriteJson(#[from] serde_json::Error),
    #[error("{what} does not exist")]
    Missing { what: String, hint: String, code: PgSqlErrorCode },
    #[error("objects of type \"{0}\" have no DDL of their own")]
    NotPrintable(String),
    #[error("{what} has no DDL of its own")]
    NotPrinted { what: String, hint: String },
    #[error("{what} is not unique")]
    Ambiguous { what: String, hint: String },
    #[error("output of {what} is {bytes} bytes long, which exceeds the maximum size of a value")]
    TooLong { what: &'static str, bytes: usize },
    #[error("permission denied to {0}")]
    Privilege(String),
    /// An error of another process.
    #[error("{message}")]
    Remote { code: PgSqlErrorCode, message: String, detail: Option<String>, hint: Option<String> },
    #[error("{0} cannot run inside a transaction block, or be called by a function")]
    InTransaction(String),
    #[error("incorrect binary data format")]
    BinaryFormat,
    #[error("text of the archive is not one statement")]
    NotOneStatement,
    #[error("cannot pass a snapshot as the type with OID {0}")]
    SnapshotType(u32),
    #[error("schema \"pgmeta\" does not have the tables of extension pgmeta")]
    NoTables,
    #[error("another table is called {0} now")]
    OtherTable(String),
    #[error("could not start a background worker")]
    NoWorker,
    #[error("cannot compare a schema with a snapshot: \"{source_name}\", \"{target_name}\"")]
    UnlikeSides { source_name: String, target_name: String },
    #[error("schema or saved snapshot {} does not exist", .0.join(" or "))]
    UnknownSides(Vec<String>),
    /// A thread or process that ended without a result.
    #[error("{0} ended without a result")]
    NoResult(&'static str),
    #[error("script ends inside a transaction block")]
    OpenTransaction,
    #[error("cannot PREPARE a transaction that has archived a partition")]
    Prepared,
    #[error("cannot PREPARE a transaction that has deployed a definition to another database")]
    PreparedDeployment,
    #[error("work in another database waits for a lock of this transaction")]
    WaitsForItself,
    #[error("function belongs to an earlier version of pgmeta than the library")]
    RemovedFunction,
    #[error("background worker terminated unexpectedly")]
    WorkerEnded,
    #[error("too many background workers: {running} of {most} are running, {wanted} more were requested")]
    TooManyWorkers { wanted: u32, running: u32, most: u32 },
    #[error("permission denied to {action}")]
    Denied { action: String, hint: String },
    #[error("cannot execute {function}() {}", when_read_only(.standby))]
    ReadOnly { function: &'static str, standby: bool },
    /// A statement of a plan failed.
    #[error("step {step} failed: {message}")]
    Step { step: i32, statement: String, code: PgSqlErrorCode, message: String, detail: Option<String> },
    #[error("step {step} must run outside of a transaction")]
    OutsideTransaction { step: i32, statement: String },
    #[error("unrecognized hazard \"{}\"", cut(.0.clone(), VALUE))]
    UnknownHazard(String),
    #[error("the plan has hazards that are not allowed: {}", .hazards.join(", "))]
    Hazards { hazards: Vec<&'static str>, statements: Vec<String> },
    #[error("fingerprint of the schema is {found}, expected {expected}")]
    Fingerprint { found: String, expected: String },
    #[error("after the plan the schema would still differ from the target: {0}")]
    StillDiffers(String),
    #[error(transparent)]
    Migration(#[from] Refusal),
    #[error("files that pgmeta did not write already exist: {}", first(.0))]
    ForeignFiles(Vec<String>),
    /// An export would remove files whose objects may still exist.
    #[error("export with another selection of objects would delete {} files", .0.len())]
    FilesOfOthers(Vec<String>),
    #[error("could not {action} \"{path}\": {source}")]
    Io { action: &'static str, path: String, source: std::io::Error },
}

impl Error {
    pub fn code(&self) -> PgSqlErrorCode {
        use PgSqlErrorCode::*;
        match self {
            Error::Area(error) => error.sqlstate(),
            Error::Spi(_)
            | Error::NoResult(_)
            | Error::QueryShape(_)
            | Error::NoRow(_)
            | Error::Placeholder(_)
            | Error::WriteJson(_) => ERRCODE_INTERNAL_ERROR,
            Error::Row { source, .. } | Error::BareRow(source) => match source {
                RowError::ConcurrentChange(_) | RowError::Vanished(..) => ERRCODE_T_R_SERIALIZATION_FAILURE,
                RowError::Encoding(_) => encoding::incoming_code(),
                _ => ERRCODE_INTERNAL_ERROR,
            },
            Error::Encoding(unfit) => unfit.code(),
            Error::MissingSchemas { .. } => ERRCODE_INVALID_SCHEMA_NAME,
            Error::UnknownType(_)
            | Error::Options(_)
            | Error::Rename(_)
            | Error::Plan(PlanError::Using(_))
            | Error::BadArgument { .. } => ERRCODE_INVALID_PARAMETER_VALUE,
            Error::Plan(PlanError::CannotCopy { .. } | PlanError::InUse { .. }) => ERRCODE_FEATURE_NOT_SUPPORTED,
            Error::Json(_) | Error::Definition(DefinitionError::Invalid(_)) => ERRCODE_INVALID_TEXT_REPRESENTATION,
            Error::Definition(DefinitionError::TooNew(_)) => ERRCODE_FEATURE_NOT_SUPPORTED,
            Error::Missing { code, .. }
            | Error::Server { code, .. }
            | Error::Object { code, .. }
            | Error::Remote { code, .. } => *code,
            Error::OpenTransaction | Error::InTransaction(_) => ERRCODE_ACTIVE_SQL_TRANSACTION,
            Error::BinaryFormat => ERRCODE_INVALID_BINARY_REPRESENTATION,
            Error::NotOneStatement => ERRCODE_SYNTAX_ERROR,
            Error::SnapshotType(_) => ERRCODE_DATATYPE_MISMATCH,
            Error::NoTables => ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            Error::OtherTable(_) => ERRCODE_T_R_SERIALIZATION_FAILURE,
            Error::UnlikeSides { .. } => ERRCODE_INVALID_PARAMETER_VALUE,
            Error::UnknownSides(_) => ERRCODE_INVALID_SCHEMA_NAME,
            Error::TooManyWorkers { .. } | Error::NoWorker => ERRCODE_INSUFFICIENT_RESOURCES,
            Error::WaitsForItself => ERRCODE_T_R_DEADLOCK_DETECTED,
            Error::WorkerEnded | Error::RemovedFunction => ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
            Error::NotPrintable(_)
            | Error::NotPrinted { .. }
            | Error::Migration(_)
            | Error::Prepared
            | Error::PreparedDeployment => ERRCODE_FEATURE_NOT_SUPPORTED,
            Error::Ambiguous { .. } => ERRCODE_AMBIGUOUS_FUNCTION,
            Error::TooLong { .. } => ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            Error::Privilege(_) | Error::Denied { .. } => ERRCODE_INSUFFICIENT_PRIVILEGE,
            Error::Io { source, .. } if source.kind() == std::io::ErrorKind::OutOfMemory => ERRCODE_OUT_OF_MEMORY,
            Error::Io { .. } => ERRCODE_IO_ERROR,
            Error::ForeignFiles(_) => ERRCODE_DUPLICATE_FILE,
            Error::ReadOnly { .. } => ERRCODE_READ_ONLY_SQL_TRANSACTION,
            Error::Step { code, .. } => *code,
            Error::UnknownHazard(_) => ERRCODE_INVALID_PARAMETER_VALUE,
            Error::FilesOfOthers(_)
            | Error::OutsideTransaction { .. }
            | Error::Hazards { .. }
            | Error::Fingerprint { .. }
            | Error::StillDiffers(_) => ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
        }
    }

    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Row { source: RowError::ConcurrentChange(_) | RowError::Vanished(..), .. } => {
                Some("Another session changed the schema during the call. Run the call again.".into())
            }
            Error::Row { source: RowError::Encoding(_), .. } | Error::BareRow(RowError::Encoding(_)) => {
                Some(encoding::incoming_hint())
            }
            Error::Encoding(unfit) => Some(unfit.hint()),
            Error::Object { .. } => {
                Some("Repair or drop the object, or pass on_error => 'warn' to skip it.".into())
            }
            Error::UnknownType(_) => {
                Some(format!("Supported types are: {}. Pass several schemas in one argument: 'app, auth'.", known_types()))
            }
            Error::BadArgument { hint, .. }
            | Error::MissingSchemas { hint, .. }
            | Error::Missing { hint, .. }
            | Error::NotPrinted { hint, .. }
            | Error::Denied { hint, .. }
            | Error::Ambiguous { hint, .. } => (!hint.is_empty()).then(|| hint.clone()),
            Error::Rename(error) => Some(rename_hint(error).into()),
            Error::Plan(error) => Some(plan_hint(error).into()),
            Error::Server { hint, .. } | Error::Remote { hint, .. } => hint.clone(),
            Error::Area(error) => error.hint(),
            Error::Definition(DefinitionError::Invalid(_)) => Some("pgmeta_definition_validate() lists all faults.".into()),
            Error::Definition(DefinitionError::TooNew(_)) => Some("Use a later version of pgmeta.".into()),
            Error::InTransaction(_) => Some("It commits as it goes: call it by itself.".into()),
            Error::NotOneStatement => Some("The text of the archive says more than it should.".into()),
            Error::NoTables => {
                Some("Nothing else in their place is used. CREATE EXTENSION pgmeta makes them.".into())
            }
            Error::OtherTable(_) => {
                Some("Another session renamed or dropped it meanwhile. Run the call again.".into())
            }
            Error::NoWorker => Some("Wait for others to end, or raise max_worker_processes.".into()),
            Error::UnlikeSides { .. } => {
                Some("Compare two schemas, two snapshots, or a snapshot with 'live', the current database.".into())
            }
            Error::UnknownSides(_) => Some(
                "Pass the names of two schemas, or of two saved snapshots, which the view pgmeta.snapshots lists. 'live' is the current database."
                    .into(),
            ),
            Error::OpenTransaction => Some("Add COMMIT.".into()),
            Error::Migration(_) => {
                Some("Use the format plain, or run the plan with apply.sql.".into())
            }
            Error::TooManyWorkers { .. } => Some(
                "Wait until other workers end, or increase pgmeta.max_workers and max_worker_processes.".into(),
            ),
            Error::WorkerEnded => Some("See the server's log for the reason.".into()),
            Error::RemovedFunction => Some("Run ALTER EXTENSION pgmeta UPDATE.".into()),
            Error::PreparedDeployment => Some("Use COMMIT instead of PREPARE TRANSACTION.".into()),
            Error::WaitsForItself => Some("Commit first: what this transaction has changed is locked until it ends.".into()),
            Error::Prepared => Some("Use COMMIT instead of PREPARE TRANSACTION, or archive in a separate transaction.".into()),
            Error::Privilege(_) => Some(
                "The privileges of role pg_write_server_files are required. The psql scripts export.sql and document.sql write on the client."
                    .into(),
            ),
            Error::ForeignFiles(_) => {
                Some("Nothing was written. Move these files, or export into another directory.".into())
            }
            Error::FilesOfOthers(_) => {
                Some("Nothing was written. Export into another directory, or pass the option {\"prune\": true}.".into())
            }
            Error::TooLong { .. } => Some("Use pgmeta_objects or pgmeta_export_files, which return rows.".into()),
            Error::ReadOnly { function: "pgmeta_rehearse" | "pgmeta_apply", .. } => Some(
                "A rehearsal runs the plan and rolls it back. On a standby, and in a read-only transaction, \
                 use pgmeta_plan_live."
                    .into(),
            ),
            Error::ReadOnly { standby: true, .. } => Some("This server is a standby. Call it on the primary.".into()),
            Error::ReadOnly { standby: false, .. } => {
                Some("Run SET TRANSACTION READ WRITE at the beginning of the transaction.".into())
            }
            Error::Step { code: PgSqlErrorCode::ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE, .. } => Some(
                "A new label can be used only after it is committed. Run the plan with the psql script apply.sql, which \
                 runs its transactions one after another."
                    .into(),
            ),
            Error::OutsideTransaction { .. } => Some(
                "Pass the option {\"concurrently\": false} for a plan that runs in one transaction, or run this one \
                 with the psql script apply.sql."
                    .into(),
            ),
            Error::UnknownHazard(_) => {
                let words: Vec<&str> = Hazard::ALL.iter().map(|hazard| hazard.word()).collect();
                Some(format!("The hazards are: {}.", words.join(", ")))
            }
            Error::Hazards { .. } => {
                Some("Allow them with the option \"allow_hazards\". pgmeta_plan shows the hazards of each step.".into())
            }
            Error::Fingerprint { .. } => {
                Some("Check the plan again, then pass the current result of pgmeta_fingerprint.".into())
            }
            Error::StillDiffers(_) => Some("Nothing was changed. pgmeta_rehearse shows each step.".into()),
            _ => None,
        }
    }

    /// Returns details that are too long for the message: the server's detail, or the statements.
    pub fn detail(&self) -> Option<String> {
        match self {
            Error::Area(error) => error.detail(),
            Error::Server { detail, .. } | Error::Remote { detail, .. } => detail.clone(),
            Error::Step { statement, detail, .. } => {
                let servers = detail.as_ref().map_or_else(String::new, |detail| format!("{detail}\n"));
                Some(format!("{servers}Statement: {statement}"))
            }
            Error::OutsideTransaction { statement, .. } => Some(format!("Statement: {statement}")),
            Error::Hazards { statements, .. } => Some(statements.join("\n")),
            Error::FilesOfOthers(paths) => Some(first(paths)),
            _ => None,
        }
    }
}

/// Returns the five characters of an SQLSTATE.
pub fn sqlstate(code: PgSqlErrorCode) -> String {
    let packed = code as u32;
    (0..5).filter_map(|at| char::from_u32(((packed >> (6 * at)) & 0x3f) + u32::from(b'0'))).collect()
}

/// The function that qualifies names in hints. It is set from outside because it reads the catalog, which this module must
/// not.
static HINTS: OnceLock<fn(String) -> String> = OnceLock::new();

/// Sets the function that every hint passes through. Only the first call has an effect.
pub fn set_hints(naming: fn(String) -> String) {
    HINTS.get_or_init(|| naming);
}

impl From<Error> for ErrorReport {
    fn from(error: Error) -> Self {
        let text = |text: String, most: usize| encoding::message(cut(encoding::shown(&text), most));
        let message = match &error {
            Error::Options(_) | Error::Json(_) | Error::Definition(_) | Error::Rename(RenameError::Json(_)) => {
                json::said(&error.to_string())
            }
            _ => error.to_string(),
        };
        let report = ErrorReport::new(error.code(), text(message, MESSAGE), function_name!());
        let report = match error.detail() {
            Some(detail) => report.set_detail(text(detail, DETAIL)),
            None => report,
        };
        let named = |hint: String| match HINTS.get() {
            Some(naming) => naming(hint),
            None => hint,
        };
        match error.hint().map(named) {
            Some(hint) => report.set_hint(text(hint, MESSAGE)),
            None => report,
        }
    }
}

/// Maximum length of a value in a message, in bytes.
const VALUE: usize = 200;

/// Maximum length of a message or hint, and of a detail, in bytes.
const MESSAGE: usize = 2_000;
const DETAIL: usize = 20_000;

/// Shortens a text to a maximum length.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

/// Maximum number of names in a message.
const NAMED: usize = 10;

/// Returns the first names of a list, and the number of others.
pub fn first(names: &[String]) -> String {
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED) {
        None | Some(0) => named,
        Some(more) => format!("{named}, and {more} more"),
    }
}

/// Removes line and column from an error about well-formed JSON: it was one line, which the caller never saw.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(at) if error.is_data() => message.get(..at).unwrap_or(&message).to_owned(),
        _ => message,
    }
}

fn when_read_only(standby: &bool) -> &'static str {
    if *standby { "during recovery" } else { "in a read-only transaction" }
}

fn missing_schemas(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    if let [name] = quoted.as_slice() {
        format!("schema {name} does not exist")
    } else {
        format!("schemas {} do not exist", first(&quoted))
    }
}

fn known_types() -> String {
    let words: Vec<&str> = pgmeta_core::model::type_words().collect();
    words.join(", ")
}

fn plan_hint(error: &PlanError) -> &'static str {
    match error {
        PlanError::CannotCopy { .. } => {
            "No ALTER makes the change, so the rows must be copied into a new table. Change the option or the target to allow this."
        }
        PlanError::InUse { .. } => {
            "PostgreSQL has no ALTER TYPE for this change. Convert the columns to another type first, such as text, and back with a second plan."
        }
        PlanError::Using(UsingError::UnknownColumn(_)) => {
            "Keys are columns of the target's tables, \"schema.table.column\" quoted as in SQL; values are expressions."
        }
        PlanError::Using(UsingError::NotAnExpression(_)) => {
            "The plan writes the expression in parentheses after USING: it must have balanced parentheses and quotes, and no comments or semicolons."
        }
    }
}

fn rename_hint(error: &RenameError) -> &'static str {
    match error {
        RenameError::Ambiguous { .. } => "Write the type before the identity.",
        RenameError::BadName { .. } => {
            "Pass only the new name, of at most 63 bytes. A rename does not move an object to another schema or table."
        }
        RenameError::Unsupported(_) => {
            "Only schemas, relations, columns, types, enum labels, functions, constraints, indexes, triggers, rules and policies can be renamed."
        }
        RenameError::Taken { .. } => "Rename or drop the object with that name first, in a separate plan.",
        RenameError::Missing(_) | RenameError::NotInTarget { .. } | RenameError::Json(_) => {
            "Keys are identities as pgmeta_diff shows them, columns \"schema.table.column\"; values are names of the target."
        }
    }
}
