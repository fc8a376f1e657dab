//! A psql that stays open: what is sent runs while the test does something else.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result};
use pgmeta_e2e::Server;

const END: &str = "= the end of what was sent =";

pub struct Session {
    psql: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub pid: String,
}

impl Session {
    pub fn open(server: &Server, database: &str) -> Result<Self> {
        let mut psql = server.program("psql");
        psql.args(["-XqAt", "-d", database]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut psql = psql.spawn()?;
        let input = psql.stdin.take().context("no input")?;
        let output = BufReader::new(psql.stdout.take().context("no output")?);
        let mut session = Self { psql, input, output, pid: String::new() };
        session.pid = session.ask("SELECT pg_backend_pid();")?;
        Ok(session)
    }

    /// Sends statements and does not wait for them.
    pub fn send(&mut self, statements: &str) -> Result<()> {
        match writeln!(self.input, "{statements}\n\\echo {END}") {
            // It has ended already: what it says is that nothing comes any more.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            outcome => Ok(outcome?),
        }
    }

    /// Waits for what was sent, and returns what it has printed; `None` where the server has ended the session.
    pub fn receive(&mut self) -> Result<Option<String>> {
        let mut lines = Vec::new();
        for line in self.output.by_ref().lines() {
            let line = line?;
            if line == END {
                return Ok(Some(lines.join("\n")));
            }
            lines.push(line);
        }
        Ok(None)
    }

    pub fn ask(&mut self, statements: &str) -> Result<String> {
        self.send(statements)?;
        self.receive()?.with_context(|| format!("the session has ended in: {statements}"))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.psql.kill();
        let _ = self.psql.wait();
    }
}
