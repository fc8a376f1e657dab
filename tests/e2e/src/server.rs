//! The server of `with_server.sh`, and further servers that a test starts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::command::{Output, as_server, run};

/// A running server, reached through a socket.
#[derive(Debug)]
pub struct Server {
    host: String,
    port: String,
    bin: PathBuf,
    /// The folder of a server that was started here; it is stopped and removed at the end.
    own: Option<TempDir>,
    /// Additional environment variables of the server.
    variables: &'static [(&'static str, &'static str)],
}

static PORTS: AtomicU32 = AtomicU32::new(54400);

/// Returns the server that all tests share.
pub fn server() -> Result<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| Server::from_environment().map_err(|error| format!("{error:#}")));
    server.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
}

impl Server {
    fn from_environment() -> Result<Self> {
        let variable =
            |name| std::env::var(name).with_context(|| format!("no {name}: run me under scripts/with_server.sh"));
        let config = variable("PG_CONFIG")?;
        let bin = run(Command::new(config).arg("--bindir"), "")?.checked("pg_config")?;
        Ok(Self {
            host: variable("PGHOST")?,
            port: variable("PGPORT")?,
            bin: bin.trim().into(),
            own: None,
            variables: &[],
        })
    }

    /// Starts another server of the same installation, with an empty cluster.
    pub fn start(&self) -> Result<Self> {
        self.start_with(&[])
    }

    /// Likewise, with variables in its environment.
    pub fn start_with(&self, variables: &'static [(&'static str, &'static str)]) -> Result<Self> {
        let folder = folder()?;
        let data = folder.path().join("data");
        let initdb = self
            .server_program("initdb")
            .args(["-E", "UTF8", "--locale=C", "-U", "postgres", "-A", "trust"])
            .args(["--no-sync", "-D"])
            .arg(&data)
            .output()?;
        anyhow::ensure!(initdb.status.success(), "initdb failed: {}", String::from_utf8_lossy(&initdb.stderr));
        self.launch(folder, variables)
    }

    /// Starts a hot standby of this server.
    pub fn standby(&self) -> Result<Self> {
        let folder = folder()?;
        let mut backup = self.server_program("pg_basebackup");
        backup.args([
            "-h",
            &self.host,
            "-p",
            &self.port,
            "-U",
            "postgres",
            "-R",
            "--checkpoint=fast",
            "--no-sync",
            "-D",
        ]);
        run(backup.arg(folder.path().join("data")), "")?.checked("pg_basebackup")?;
        self.launch(folder, &[])
    }

    fn launch(&self, folder: TempDir, variables: &'static [(&'static str, &'static str)]) -> Result<Self> {
        let port = PORTS.fetch_add(1, Ordering::Relaxed).to_string();
        let host = folder.path().to_string_lossy().into_owned();
        let server = Self { host, port, bin: self.bin.clone(), own: Some(folder), variables };
        anyhow::ensure!(server.start_again()?, "the server did not start: {}", server.log()?);
        Ok(server)
    }

    /// Starts a stopped server of the test; returns whether it runs now.
    pub fn start_again(&self) -> Result<bool> {
        let Self { host, port, .. } = self;
        let options = format!("-c unix_socket_directories={host} -c listen_addresses= -c fsync=off -p {port}");
        let mut pg_ctl = self.server_program("pg_ctl");
        pg_ctl.arg("-D").arg(self.folder()?.join("data")).arg("-l").arg(self.folder()?.join("log"));
        // Without pipes: the server would keep them open.
        pg_ctl.args(["-s", "-w", "-t", "60", "-o", &options, "start"]).stdout(std::process::Stdio::null());
        Ok(pg_ctl.status()?.success())
    }

    /// Kills only the postmaster with SIGKILL: the other processes stay. Returns its process ID.
    pub fn kill_postmaster(&self) -> Result<String> {
        let file = std::fs::read_to_string(self.folder()?.join("data/postmaster.pid"))?;
        let pid = file.lines().next().context("no number in postmaster.pid")?;
        let killed = Command::new("kill").args(["-9", pid]).status()?;
        anyhow::ensure!(killed.success(), "there was no postmaster to kill");
        Ok(pid.to_owned())
    }

    /// Kills the postmaster with SIGKILL, and starts the server again when its other processes have ended.
    pub fn crash(&self) -> Result<()> {
        let postmaster = self.kill_postmaster()?;
        let start = std::time::Instant::now();
        // A zombie keeps its process ID; the server refuses to start while processes use its shared memory.
        while Path::new("/proc").join(&postmaster).exists() || !self.start_again()? {
            anyhow::ensure!(start.elapsed().as_secs() < 60, "the server does not start: {}", self.log()?);
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Ok(())
    }

    /// Restarts a server of the test.
    pub fn restart(&self) -> Result<()> {
        let mut pg_ctl = self.server_program("pg_ctl");
        pg_ctl.arg("-D").arg(self.folder()?.join("data")).arg("-l").arg(self.folder()?.join("log"));
        let status = pg_ctl.args(["-s", "-w", "-m", "fast", "restart"]).stdout(std::process::Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "the server did not restart");
        Ok(())
    }

    /// Returns the log of a server of the test.
    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.folder()?.join("log"))?)
    }

    fn folder(&self) -> Result<&Path> {
        self.own.as_ref().map(TempDir::path).context("not a server of its own")
    }

    /// Returns the major version.
    pub fn major(&self) -> Result<u32> {
        let number: u32 = self.psql("postgres", "SHOW server_version_num")?.parse()?;
        Ok(number / 10_000)
    }

    /// Returns a program of the installation that connects to this server.
    pub fn program(&self, name: &str) -> Command {
        self.reached_by(Command::new(self.bin.join(name)))
    }

    /// Returns any program that uses libpq, with the address of this server.
    pub fn reached_by(&self, mut command: Command) -> Command {
        command.env("PGHOST", &self.host).env("PGPORT", &self.port).env("PGUSER", "postgres");
        command
    }

    /// Returns the address of a database in the form for Go programs.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@/{database}?host={}&port={}&sslmode=disable", self.host, self.port)
    }

    /// Runs a psql script as the superuser and returns its bare output.
    pub fn psql(&self, database: &str, script: &str) -> Result<String> {
        let text = self.run_psql(database, "postgres", script)?.checked(&format!("psql in {database}"))?;
        Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }

    /// Runs a psql script as any role; returns its output even if it fails.
    pub fn run_psql(&self, database: &str, role: &str, script: &str) -> Result<Output> {
        let mut psql = self.program("psql");
        psql.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-U", role, "-f", "-"]);
        psql.env("PGCLIENTENCODING", "UTF8");
        run(&mut psql, script)
    }

    fn server_program(&self, name: &str) -> Command {
        let mut command = as_server(self.bin.join(name));
        command.envs(self.variables.iter().copied());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(folder) = &self.own {
            let data = folder.path().join("data");
            let _ = self
                .server_program("pg_ctl")
                .arg("-D")
                .arg(data)
                .args(["-s", "-w", "-m", "immediate", "stop"])
                .output();
        }
    }
}

/// Returns a folder that the server's user may write to, with a short path: a socket's path is limited.
fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("pgmeta-e2e.").tempdir()?;
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
    Ok(folder)
}
