//! Runs programs, and finds paths. Does not know PostgreSQL.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};

/// The output of a program, and whether it succeeded.
#[derive(Debug)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub ok: bool,
}

impl Output {
    /// Returns the output, or the error messages as an error.
    pub fn checked(self, what: &str) -> Result<String> {
        if self.ok { Ok(self.stdout) } else { bail!("{what} failed:\n{}", tail(&self.stderr)) }
    }
}

/// Runs a program to its end, with `input` as its standard input.
pub fn run(command: &mut Command, input: &str) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("could not start {program}"))?;
    let mut stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that ended early reads no further; its own message has the reason.
            let _ = stdin.as_mut().map(|pipe| pipe.write_all(input.as_bytes()));
        });
        child.wait_with_output()
    })?;
    Ok(Output {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        ok: output.status.success(),
    })
}

/// Returns a command of the server's operating system user: PostgreSQL refuses to run as root.
pub fn as_server(program: impl AsRef<OsStr>) -> Command {
    let is_root =
        PathBuf::from("/proc/self").metadata().is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program.as_ref()).current_dir("/");
    command
}

/// Returns the repository's folder. Cargo passes it at run time, because clones with a common build folder share this
/// program.
pub fn repository() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let here = PathBuf::from(here);
        here.ancestors().nth(2).unwrap_or(&here).to_owned()
    });
    &FOLDER
}

/// Returns the folder with oracle and corpus, if this machine has it.
pub fn shared() -> Option<PathBuf> {
    let dir = std::env::var_os("PGMETA_SHARED").map_or_else(|| repository().join("../shared"), PathBuf::from);
    dir.join("oracle").is_dir().then_some(dir)
}

/// Long output is cut at the start: the reason is at its end.
fn tail(text: &str) -> &str {
    const LONGEST: usize = 6000;
    let start = text.len().saturating_sub(LONGEST);
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[start..]
}
