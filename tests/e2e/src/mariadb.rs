//! A MariaDB server that a test starts: as user mysql, in a temporary folder, on a socket only.

use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::command::{Output, run};

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Mariadb {
    process: Child,
    folder: TempDir,
}

impl Mariadb {
    pub fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("pgmeta-mariadb.").tempdir()?;
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777))?;
        let data = format!("--datadir={}", folder.path().join("data").display());
        let mut install = as_mysql("mariadb-install-db");
        install.args(["--no-defaults", &data, "--auth-root-authentication-method=normal", "--skip-test-db"]);
        run(&mut install, "").context("run scripts/setup_dialect_tools.sh")?.checked("mariadb-install-db")?;
        let mut server = as_mysql("mariadbd");
        server.args(["--no-defaults", &data, "--skip-networking", "--character-set-server=utf8mb4"]);
        server.args(["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"]);
        server.arg(format!("--socket={}", folder.path().join("socket").display()));
        server.arg(format!("--pid-file={}", folder.path().join("pid").display()));
        let log = std::fs::File::create(folder.path().join("log"))?;
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let started = Self { process: server.spawn().context("mariadbd does not start")?, folder };
        started.wait()?;
        Ok(started)
    }

    fn wait(&self) -> Result<()> {
        let begun = Instant::now();
        while !self.run("SELECT 1", &[])?.ok {
            let log = std::fs::read_to_string(self.folder.path().join("log"))?;
            ensure!(begun.elapsed() < Duration::from_secs(30), "MariaDB does not listen: {log}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Runs a script with the server's own client.
    pub fn run(&self, script: &str, options: &[&str]) -> Result<Output> {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "-u", "root", "--default-character-set=utf8mb4", "--binary-mode", "-N", "--raw"]);
        run(client.arg(self.socket()).args(options), script)
    }

    /// Returns the option of clients that names the socket.
    pub fn socket(&self) -> String {
        format!("--socket={}", self.folder.path().join("socket").display())
    }
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns a command of user mysql: MariaDB refuses to run as root.
fn as_mysql(program: &str) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=mysql", "--regid=mysql", "--clear-groups", program]).current_dir("/");
    command
}
