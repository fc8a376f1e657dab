//! Interruptions of a running call by others: `pg_cancel_backend`, `pg_terminate_backend`, `statement_timeout`, each after
//! a part of the call's duration.

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome, Server};

use super::Measure;
use super::calls::{CALLS, Call};
use super::random::Random;
use super::script;
use super::session::Session;

const CANCELS: usize = 3;
const TIMEOUTS: usize = 2;
const TERMINATIONS: usize = 1;

/// Counts the trials, and those that reached their call.
#[derive(Default)]
pub struct Tally {
    pub tried: usize,
    pub met: usize,
}

pub struct Signals<'a> {
    server: &'a Server,
    database: &'a Database<'a>,
    /// The session whose calls are ended.
    session: Session,
    other: Session,
    pub tally: Tally,
}

impl<'a> Signals<'a> {
    pub fn new(server: &'a Server, database: &'a Database<'a>) -> Result<Self> {
        let open = || Session::open(server, database.name());
        Ok(Self { server, database, session: open()?, other: open()?, tally: Tally::default() })
    }

    /// Ends the call in all ways.
    pub fn end(&mut self, at: usize, measure: Measure, random: &mut Random) -> Outcome {
        let call = &CALLS[at];
        self.warm(at, call)?;
        for _ in 0..CANCELS {
            self.prepare(at)?;
            let wait = part(measure, random);
            self.session.send(&script::told(call))?;
            self.other.ask(&format!(
                "SELECT pg_sleep({wait}) \\g /dev/null\nSELECT pg_cancel_backend({}) \\g /dev/null",
                self.session.pid
            ))?;
            let code = self.session.receive()?.context("a cancel has ended the session")?;
            self.check(at, "cancel", &code)?;
        }
        for _ in 0..TIMEOUTS {
            self.prepare(at)?;
            let wait = (part(measure, random) * 1000.0).ceil();
            let code = self.session.ask(&format!(
                "SET statement_timeout = '{wait}ms';\n{}\n{}",
                script::told(call),
                // On a busy machine the first ones may time out themselves.
                "RESET statement_timeout;\n".repeat(50)
            ))?;
            self.check(at, "timeout", &code)?;
        }
        for _ in 0..TERMINATIONS {
            self.prepare(at)?;
            let wait = part(measure, random);
            self.session.send(&script::told(call))?;
            self.other.ask(&format!(
                "SELECT pg_sleep({wait}) \\g /dev/null\nSELECT pg_terminate_backend({}, 60000) \\g /dev/null",
                self.session.pid
            ))?;
            self.ended(at, call)?;
            self.prepare(at)?;
            let moment = 1 + random.below(measure.moments);
            self.session.send(&format!(
                "SELECT fx.arm('die', '57P01', {moment}) \\g /dev/null\n{}\nSELECT pg_sleep(0.001);",
                script::told(call)
            ))?;
            self.ended(at, call)?;
        }
        Ok(())
    }

    /// The first call of a session does more than later ones.
    fn warm(&mut self, at: usize, call: &Call) -> Outcome {
        self.prepare(at)?;
        self.session.ask(&script::told(call))?;
        self.session.ask("SELECT fx.session() AS state \\gset").map(drop)
    }

    fn prepare(&mut self, at: usize) -> Outcome {
        self.session.ask(&format!("SELECT fx.before_{at}() \\g /dev/null")).map(drop)
    }

    /// Checks that the session works as before, and that the other session sees its commits while it continues.
    fn check(&mut self, at: usize, how: &'static str, code: &str) -> Outcome {
        self.tally.tried += 1;
        self.tally.met += usize::from(code == "57014");
        ensure!(code == "57014" || code == "00000", "{how}: the error is {code}");
        let row = format!("{at}, 'signal', {}, '{how}'", self.tally.tried);
        let changed = self.session.ask(&format!(
            "INSERT INTO fx.tried (call, context, trial, how, state) SELECT {row}, fx.same(:'state', fx.session())
             RETURNING state;"
        ))?;
        ensure!(changed == "same", "{how}: the session is another: {changed}");
        let seen = self.other.ask(&format!(
            "SELECT count(*) FROM fx.tried WHERE (context, trial) = ('signal', {});
             SELECT state FROM pg_stat_activity WHERE pid = {pid};\nSELECT count(*) FROM pg_locks WHERE pid = {pid};",
            self.tally.tried,
            pid = self.session.pid
        ))?;
        ensure!(seen == "1\nidle\n0", "{how}: another session sees rows, state and locks: {seen}");
        Ok(())
    }

    /// Checks that the server has ended only this session, and opens another one. If the call had ended already, the
    /// termination came after it.
    fn ended(&mut self, at: usize, call: &Call) -> Outcome {
        self.tally.tried += 1;
        self.tally.met += usize::from(self.session.receive()?.is_none());
        self.session = Session::open(self.server, self.database.name())?;
        self.warm(at, call)
    }
}

/// Returns a part of the call's duration, in seconds.
fn part(measure: Measure, random: &mut Random) -> f64 {
    let thousandth = u32::try_from(random.below(1000)).unwrap_or(0);
    measure.milliseconds * f64::from(thousandth) / 1_000_000.0
}
