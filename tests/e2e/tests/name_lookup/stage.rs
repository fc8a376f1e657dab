//! A separate server with databases to copy: one without twins, one with twins, and one with twins but without the
//! extension.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use pgmeta_e2e::{Outcome, Server, server};
use tempfile::TempDir;

/// The extension, and objects for its calls.
pub const CALM: &str = "calm";
/// The same with twins.
pub const HOSTILE: &str = "hostile";
/// Twins without the extension.
pub const BARE: &str = "bare";

pub struct Stage {
    pub server: Server,
    folder: TempDir,
}

impl Stage {
    pub fn start() -> Result<Self> {
        let own = server()?.start()?;
        let set = |text: &str| own.psql("postgres", &format!("ALTER SYSTEM SET {text}"));
        set("shared_preload_libraries = 'pgmeta', 'pg_stat_statements'")?;
        set("max_worker_processes = 64")?;
        // `log.rs` reads it.
        set("log_line_prefix = '%d|%u|%b|'")?;
        // Errors of callers are not needed here.
        set("log_min_messages = log")?;
        own.restart()?;
        set("pg_stat_statements.track = 'all'")?;
        set("track_functions = 'all'")?;
        set("pgmeta.archive_interval = 1")?;
        own.restart()?;
        own.psql("postgres", "CREATE EXTENSION pg_stat_statements")?;
        Ok(Self { server: own, folder: tempfile::Builder::new().prefix("twins.").tempdir()? })
    }

    /// Creates the roles and the database without twins.
    pub fn prepare(&self) -> Outcome {
        self.server.psql("postgres", include_str!("roles.sql"))?;
        self.create(CALM)?;
        self.server.psql(CALM, include_str!("stage.sql"))?;
        self.server.psql(
            "postgres",
            "GRANT pgmeta_archive_admin TO twin_admin; GRANT pgmeta_archive_operator TO twin_operator;
            GRANT pgmeta_archive_operator, pgmeta_storage_environment TO twin_environment",
        )?;
        Ok(())
    }

    pub fn create(&self, name: &str) -> Outcome {
        self.server.psql("postgres", &format!("CREATE DATABASE \"{name}\" TEMPLATE template0"))?;
        Ok(())
    }

    /// Creates twins of all names, as a role that may create objects in schema public only.
    pub fn put_twins(&self, names: &str) -> Outcome {
        self.create(BARE)?;
        self.server.psql(BARE, "GRANT CREATE ON SCHEMA public TO twin_maker")?;
        self.server.psql("postgres", &format!("CREATE DATABASE {HOSTILE} TEMPLATE {CALM}"))?;
        for database in [BARE, HOSTILE] {
            let script = format!("{}\n{}", shadows("public", "twin_maker", names), include_str!("routines.sql"));
            self.server.run_psql(database, "twin_maker", &script)?.checked("making twins")?;
            let made = self
                .server
                .psql(database, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")?;
            ensure!(made.parse::<u32>()? > 3000, "there are only {made} twins");
        }
        Ok(())
    }

    /// Copies a database, with a separate storage and path.
    pub fn copy(&self, name: &str, template: &str, path: Option<&str>) -> Outcome {
        self.server.psql("postgres", &format!("CREATE DATABASE \"{name}\" TEMPLATE {template}"))?;
        if template != BARE {
            self.folder(&format!("{name}/slow"))?;
            let url = self.folder(&format!("{name}/cold"))?;
            let alter = |server: &str, url: &Path| {
                format!("ALTER SERVER {server} OPTIONS (SET url 'file://{}');", url.display())
            };
            self.server.psql(
                name,
                &["cold", "late", "slow"].map(|server| alter(server, &url.with_file_name(server))).concat(),
            )?;
        }
        if let Some(path) = path {
            self.server.psql("postgres", &format!("ALTER DATABASE \"{name}\" SET search_path = {path}"))?;
        }
        Ok(())
    }

    /// Returns a folder that the server may write to.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let mut folder = self.folder.path().to_owned();
        for part in std::iter::once("").chain(name.split('/')) {
            folder.push(part);
            std::fs::create_dir_all(&folder)?;
            std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
        }
        Ok(folder)
    }

    /// Returns the statements that have run so far in all databases and processes.
    pub fn statements(&self) -> Result<String> {
        self.server.psql("postgres", "SELECT query FROM pg_stat_statements")
    }

    /// Returns the functions of the extension that none of these roles could call in a database without twins, and its
    /// relations that calls.sql does not read.
    pub fn uncalled(&self, roles: &[&str]) -> Result<Vec<String>> {
        const FUNCTIONS: &str =
            "SELECT d.objid::regprocedure FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
            WHERE e.extname = 'pgmeta' AND d.deptype = 'e' AND d.classid = 'pg_proc'::regclass ORDER BY 1";
        const RELATIONS: &str = "SELECT 'pgmeta.' || relname FROM pg_class
            WHERE relnamespace = 'pgmeta'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1";
        const CALLED: &str = "SELECT funcid::regprocedure FROM pg_stat_user_functions WHERE calls > 0";
        let mut called = String::new();
        for role in roles {
            called += &self.server.psql(&format!("calm_{role}"), CALLED)?;
            called.push('\n');
        }
        let functions = self.server.psql(CALM, FUNCTIONS)?;
        let relations = self.server.psql(CALM, RELATIONS)?;
        ensure!(functions.lines().count() > 50, "the extension has few functions: {functions}");
        let text = include_str!("calls.sql");
        let reads =
            |name: &str| text.split(|c: char| !(c.is_alphanumeric() || "_.".contains(c))).any(|word| word == name);
        let functions = functions.lines().filter(|name| !called.lines().any(|other| other == *name));
        Ok(functions.chain(relations.lines().filter(|name| !reads(name))).map(str::to_owned).collect())
    }
}

/// Returns the script that creates twins of types and relations in a schema.
pub fn shadows(schema: &str, maker: &str, names: &str) -> String {
    format!(
        "SET search_path = pg_catalog;\nCREATE TEMP TABLE seen (word text);\nCOPY seen FROM STDIN;\n{names}\n\\.\n\\set where {schema}\n\\set maker {maker}\n{}",
        include_str!("shadows.sql")
    )
}
