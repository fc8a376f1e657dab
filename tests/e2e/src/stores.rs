//! Object stores that a test starts, each with an empty bucket `cold`: the programs that `setup_stores.sh` installed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::command::repository;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Amazon S3, simulated by s3s-fs: objects are files.
    S3,
    /// Azure Blob Storage, simulated by Azurite.
    Az,
    /// Google Cloud Storage, simulated by `fixtures/gcs_stub.py`.
    Gs,
}

/// A running store; it ends when this is dropped.
#[derive(Debug)]
pub struct Store {
    pub kind: Kind,
    process: Child,
    port: u16,
    folder: TempDir,
    /// The key of a fictitious service account for Google's store.
    account: Option<String>,
}

/// Keys that must not appear in any text.
pub const SECRETS: &[&str] = &["AKIDpgmetatest", "S3secret0pgmeta0test", AZURE_KEY];

/// The key of Azurite's only account.
const AZURE_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// Returns a program that `setup_stores.sh` has installed.
pub fn tool(path: &str) -> Result<PathBuf> {
    let cache = std::env::var("PGMETA_CACHE").unwrap_or_else(|_| "/var/cache/pgmeta".into());
    let found = Path::new(&cache).join("tools").join(path);
    ensure!(found.exists(), "{} is not there: run scripts/setup_stores.sh", found.display());
    Ok(found)
}

impl Store {
    pub fn start(kind: Kind) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Self::launch(kind, port, folder.path())?;
        let account = if kind == Kind::Gs { Some(service_account()?) } else { None };
        let store = Self { kind, process, port, folder, account };
        store.wait()?;
        if kind == Kind::Az {
            store.make_container()?;
        }
        Ok(store)
    }

    fn launch(kind: Kind, port: u16, folder: &Path) -> Result<Child> {
        let port = port.to_string();
        let mut command = match kind {
            Kind::S3 => {
                std::fs::create_dir_all(folder.join("cold"))?;
                let mut command = Command::new(tool("bin/s3s-fs")?);
                command.args(["--host", "127.0.0.1", "--port", &port]);
                command.args(["--access-key", SECRETS[0], "--secret-key", SECRETS[1]]).arg(folder);
                command
            }
            Kind::Az => {
                let mut command = Command::new(tool("azurite/node_modules/.bin/azurite-blob")?);
                command.args(["--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", &port]);
                command.args(["--skipApiVersionCheck", "--disableTelemetry", "--silent"]);
                command
            }
            Kind::Gs => {
                let mut command = Command::new("python3");
                command.arg(repository().join("tests/e2e/fixtures/gcs_stub.py")).arg(&port);
                command
            }
        };
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().with_context(|| format!("{kind:?} does not start"))
    }

    fn wait(&self) -> Result<()> {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            ensure!(begun.elapsed() < Duration::from_secs(30), "{:?} does not listen", self.kind);
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Creates the container, which Azurite does not have at first, by a signed request.
    fn make_container(&self) -> Result<()> {
        const MAKE: &str = "import base64, hashlib, hmac, sys, urllib.request, email.utils\n\
            port, key = sys.argv[1:]\n\
            date = email.utils.formatdate(usegmt=True)\n\
            text = 'PUT' + '\\n' * 12 + f'x-ms-date:{date}\\nx-ms-version:2021-08-06\\n/devstoreaccount1/devstoreaccount1/cold\\nrestype:container'\n\
            sign = base64.b64encode(hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()).decode()\n\
            request = urllib.request.Request(f'http://127.0.0.1:{port}/devstoreaccount1/cold?restype=container', method='PUT', headers={\n\
                'x-ms-date': date, 'x-ms-version': '2021-08-06', 'Authorization': f'SharedKey devstoreaccount1:{sign}', 'Content-Length': '0'})\n\
            urllib.request.urlopen(request).read()";
        let made = Command::new("python3").args(["-c", MAKE, &self.port.to_string(), AZURE_KEY]).output()?;
        ensure!(made.status.success(), "no container: {}", String::from_utf8_lossy(&made.stderr));
        Ok(())
    }

    /// Returns the statements that create the storage `cold` with the keys of a role.
    pub fn ddl(&self, role: &str) -> String {
        let port = self.port;
        let (options, keys) = match self.kind {
            Kind::S3 => (
                format!(
                    "url 's3://cold/below', endpoint 'http://127.0.0.1:{port}', region 'us-east-1', allow_http 'true'"
                ),
                format!("access_key_id '{}', secret_access_key '{}'", SECRETS[0], SECRETS[1]),
            ),
            Kind::Az => (
                format!(
                    "url 'az://cold/below', endpoint 'http://127.0.0.1:{port}/devstoreaccount1', account_name 'devstoreaccount1', allow_http 'true'"
                ),
                format!("account_key '{AZURE_KEY}'"),
            ),
            Kind::Gs => (
                format!("url 'gs://cold/below', endpoint 'http://127.0.0.1:{port}', allow_http 'true'"),
                format!("service_account_key '{}'", self.account.as_deref().unwrap_or_default()),
            ),
        };
        format!(
            "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS ({options});
            CREATE USER MAPPING FOR {role} SERVER cold OPTIONS ({keys});"
        )
    }

    /// Returns the files of S3's bucket.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut waiting = vec![self.folder.path().join("cold")];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() { waiting.push(path) } else { found.push(path) }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Makes Google's stub misbehave: `fail/N`, `unconditional`.
    pub fn misbehave(&self, how: &str) -> Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(
            format!("POST /{how} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        ensure!(answer.contains(" 200 "), "{answer}");
        Ok(())
    }

    /// Makes the store accept connections without an answer, or resume.
    pub fn freeze(&self, frozen: bool) -> Result<()> {
        let signal = if frozen { "-STOP" } else { "-CONT" };
        let done = Command::new("kill").args([signal, &self.process.id().to_string()]).status()?;
        ensure!(done.success(), "kill {signal} failed");
        Ok(())
    }

    /// Ends the store like a power failure.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts the store again with its data.
    pub fn restart(&mut self) -> Result<()> {
        self.process = Self::launch(self.kind, self.port, self.folder.path())?;
        self.wait()
    }
}

/// Returns the key of a service account in the format of Google's console, with parts that clients must ignore.
pub fn service_account() -> Result<String> {
    let made = Command::new("openssl").args(["genpkey", "-quiet", "-algorithm", "RSA"]).output();
    let made = made.context("openssl, which makes the key of a service account, is not installed")?;
    ensure!(made.status.success(), "no key: {}", String::from_utf8_lossy(&made.stderr));
    let pem = String::from_utf8(made.stdout)?.trim_end().replace('\n', "\\n");
    Ok(format!(
        "{{\"type\": \"service_account\", \"client_email\": \"pgmeta@test.invalid\", \"private_key_id\": \"pgmetaprivatekeyid\", \
        \"private_key\": \"{pem}\", \"token_uri\": \"http://127.0.0.1:1/token\", \"gcs_base_url\": \"http://127.0.0.1:1\", \
        \"disable_oauth\": true}}"
    ))
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.freeze(false);
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
