//! The statements that create what a definition describes, and running them.

use std::ffi::CString;
use std::time::Instant;

use pgmeta_core::ddl::{self, Item};
use pgmeta_core::diff::{move_objects, rename_schema};
use pgmeta_core::ident::{Name, ident, ident_list};
use pgmeta_core::model::{Model, ObjectKind};
use pgmeta_definition::{Definition, Target, to_model};
use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::error::Error;
use crate::executor::milliseconds;
use crate::guc::GucGuard;
use crate::interrupt;
use crate::registry::deployed::schema_names;
use crate::registry::error::RegistryError;
use crate::rights::user_name;
use crate::server;
use crate::spi::{Connection, attempt_to_the_end, execute};

/// The schema of a definition that names none.
const PUBLIC: &str = "public";

/// The statements of a definition, each with what it creates.
#[derive(Debug)]
pub struct Statements {
    pub model: Model,
    /// The schema of the objects that name none.
    pub schema: Name,
    items: Vec<Item>,
}

/// A statement that was run, or that a dry run only shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub statement: String,
    pub duration_ms: Option<f64>,
}

impl Done {
    /// Returns a statement that was not run.
    pub fn shown(statement: &str) -> Self {
        Self { statement: statement.to_owned(), duration_ms: None }
    }
}

impl Statements {
    /// Prints a definition, in another schema if one is given: then its texts name that one, too.
    pub fn of(mut definition: Definition, schema: Option<Name>) -> Result<Self, Error> {
        let from = definition.schema.clone();
        let own = schema.unwrap_or_else(|| definition.own_schema());
        // Objects that name no schema get the new one; texts, and objects that name the old one, are renamed.
        definition.schema = Some(own.clone());
        let owner = user_name(&Connection::open()?)?.as_str().into();
        let mut model = to_model(&definition, &Target { owner, server_version_num: server::version_num() });
        match from {
            Some(from) if from != own => model = rename_schema(&model, &from, &own)?,
            Some(_) => {}
            // Without a word, the schema is public, in which extensions may be, too.
            None if &*own != PUBLIC => model = move_objects(&model, PUBLIC, &own)?,
            None => {}
        }
        let mut items = Vec::with_capacity(model.len());
        let options = ddl::Options { owner: false, ..ddl::Options::default() };
        let check = || {
            interrupt::look();
            Ok::<_, Error>(())
        };
        ddl::items(&model, &options, check, |item| {
            items.push(item);
            Ok(())
        })?;
        Ok(Self { model, schema: own, items })
    }

    /// Returns the schemas in which there are, or will be, objects.
    pub fn schemas(&self) -> Vec<String> {
        schema_names(&self.model)
    }

    /// Returns the names in the search_path of its texts: its own schema, and those of its extensions.
    fn path(&self) -> Vec<&str> {
        // Not public in general: where everybody may create functions there, one of them could be found in place of the server's.
        let mut path = vec![&*self.schema];
        for extension in &self.model.extensions {
            if !path.contains(&&*extension.schema) {
                path.push(&extension.schema);
            }
        }
        path
    }

    /// Returns one script. Names in texts may have no schema, and functions may be used before they are created.
    pub fn script(&self) -> Result<String, Error> {
        let mut text = format!("SET search_path = {};\nSET check_function_bodies = false;\n", ident_list(self.path()));
        for item in &self.items {
            text.push('\n');
            text.push_str(&item.ddl);
        }
        Ok(text)
    }

    /// Returns the statements, without those that create schemas that exist.
    pub fn list(&self, existing: &[String]) -> Vec<&str> {
        let exists = |item: &&Item| {
            let key = &item.entry.key;
            key.kind == ObjectKind::Schema && existing.iter().any(|name| key.names.iter().any(|own| **own == **name))
        };
        self.items.iter().filter(|item| !exists(item)).map(|item| item.ddl.as_str()).collect()
    }

    /// Runs the statements. `at` is the number of the statement that runs.
    pub fn run(&self, existing: &[String], at: &mut usize) -> Result<Vec<Done>, Error> {
        let mut current = "";
        let result = attempt_to_the_end(|| self.run_each(existing, at, &mut current));
        result.map_err(|error| at_statement(error, *at, Some(current).filter(|own| !own.is_empty())))
    }

    fn run_each<'s>(&'s self, existing: &[String], at: &mut usize, current: &mut &'s str) -> Result<Vec<Done>, Error> {
        let _pinned = self.pin()?;
        let mut done = Vec::with_capacity(self.items.len());
        for statement in self.list(existing) {
            *at += 1;
            *current = statement;
            let start = Instant::now();
            execute(statement)?;
            let duration_ms = Some(milliseconds(start.elapsed()));
            done.push(Done { statement: statement.to_owned(), duration_ms });
        }
        Ok(done)
    }

    fn pin(&self) -> Result<GucGuard, Error> {
        let names = ["pg_catalog"].into_iter().chain(self.path()).chain(["pg_temp"]);
        let path: CString = encoding::c_string(&ident_list(names))?;
        Ok(GucGuard::defining(&path))
    }
}

/// Adds the statement to an error of the server.
pub fn at_statement(error: Error, step: usize, statement: Option<&str>) -> Error {
    match (error, statement) {
        (Error::Server { code, message, .. }, Some(statement)) => {
            RegistryError::Step { step, statement: statement.to_owned(), code, message }.into()
        }
        (other, _) => other,
    }
}

/// Returns a statement that renames a schema.
pub fn rename(from: &str, to: &str) -> String {
    format!("ALTER SCHEMA {} RENAME TO {}", ident(from), ident(to))
}
