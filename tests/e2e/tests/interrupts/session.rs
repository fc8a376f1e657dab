//! A psql session that stays open: statements run while the test continues.

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

    /// Sends statements without waiting for them.
    pub fn send(&mut self, statements: &str) -> Result<()> {
        match writeln!(self.input, "{statements}\n\\echo {END}") {
            // psql has ended already: `receive` reports that.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            outcome => Ok(outcome?),
        }
    }

    /// Waits for the sent statements; returns their output, or `None` if the server has ended the session.
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
