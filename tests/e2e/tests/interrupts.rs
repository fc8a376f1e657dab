//! Events that end a call in the middle: a cancel, a timeout, the end of the session, lack of memory, a serialization
//! failure. Afterwards the session works as before, and its commits are visible to others.

mod calls;
mod fixture;
mod random;
mod script;
mod session;
mod signals;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use calls::{CALLS, Call, Kind};
use fixture::{Fixture, nothing_is_left, nothing_odd_in};
use pgmeta_e2e::archives::{TABLE, wait_for, with_storage};
use pgmeta_e2e::{Database, Outcome, server};
use random::{Random, seed};
use script::{CONTEXTS, Trial, WAYS};
use session::Session;
use signals::Signals;

/// Number of moments for each way to end a call, in each context. `PGMETA_E2E_MOMENTS` overrides it, and then also applies
/// to slow calls.
const MOMENTS: usize = 8;

/// Calls with more moments than this are slow: they are tried in half of the contexts. So are further forms of a function.
const MANY: usize = 100;
const FEWER: usize = 3;

/// Duration of a call, and its number of moments and messages.
#[derive(Clone, Copy)]
struct Measure {
    milliseconds: f64,
    moments: usize,
    messages: usize,
}

#[test]
fn every_function_and_procedure_has_a_call() -> Outcome {
    let database = Database::with_pgmeta("routines")?;
    let routines = database.psql(
        "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
            JOIN pg_extension e ON e.oid = d.refobjid AND d.deptype = 'e'
         WHERE e.extname = 'pgmeta' AND p.proname LIKE 'pgmeta\\_%'",
    )?;
    let there: BTreeSet<&str> = routines.lines().collect();
    let called: BTreeSet<&str> = CALLS.iter().map(|call| call.routine).collect();
    ensure!(there == called, "differ: {:?}", there.symmetric_difference(&called));
    let names = |kinds: &[Kind]| -> BTreeSet<&str> {
        let chosen = CALLS.iter().filter(|call| kinds.contains(&call.kind));
        chosen.filter_map(|call| call.routine.split('(').next()).collect()
    };
    let forms_only: Vec<_> = names(&[Kind::Form]).difference(&names(&[Kind::Function])).copied().collect();
    ensure!(forms_only.is_empty(), "only forms are called: {forms_only:?}");
    Ok(())
}

#[test]
fn an_error_at_any_moment_leaves_the_session_as_it_was() -> Outcome {
    let seed = seed()?;
    let fixture = Fixture::start()?;
    let databases = [fixture.database("raised")?, fixture.database("raised")?];
    let measures = measure(&databases[0])?;
    // The longest first, so that both sessions end at about the same time.
    let mut order: Vec<usize> = (0..CALLS.len()).collect();
    order.sort_by(|a, b| measures[*b].milliseconds.total_cmp(&measures[*a].milliseconds));
    let next = AtomicUsize::new(0);
    let told = Mutex::new((String::new(), 0, 0));
    std::thread::scope(|scope| {
        for database in &databases {
            scope.spawn(|| {
                while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tried = try_moments(database, at, measures[at], seed);
                    let Ok(mut told) = told.lock() else { return };
                    match tried {
                        Ok((tried, fired)) => {
                            told.1 += tried;
                            told.2 += fired;
                        }
                        Err(error) => told.0 += &format!("\n{}: {error:#}", CALLS[at].routine),
                    }
                }
            });
        }
    });
    let (faults, tried, fired) = told.into_inner().ok().context("a thread has panicked")?;
    let moments: usize = measures.iter().map(|measure| measure.moments).sum();
    let messages: usize = measures.iter().map(|measure| measure.messages).sum();
    println!(
        "{} calls have {moments} moments and {messages} messages; {fired} of {tried} trials have ended a call",
        CALLS.len()
    );
    ensure!(faults.is_empty(), "seed {seed}:{faults}");
    nothing_odd_in(&fixture.server.log()?)?;
    for database in &databases {
        nothing_is_left(&fixture, database).with_context(|| format!("seed {seed}"))?;
    }
    Ok(())
}

#[test]
fn a_signal_at_any_time_leaves_the_session_as_it_was() -> Outcome {
    let seed = seed()?;
    let fixture = Fixture::start()?;
    let database = fixture.database("signals")?;
    let measures = measure(&database)?;
    let mut signals = Signals::new(&fixture.server, &database)?;
    let mut random = Random(seed);
    for (at, call) in CALLS.iter().enumerate() {
        signals.end(at, measures[at], &mut random).with_context(|| format!("{}, seed {seed}", call.routine))?;
    }
    println!("{} of {} signals have met their call", signals.tally.met, signals.tally.tried);
    ensure!(signals.tally.met * 3 >= signals.tally.tried, "few signals have met their call");
    nothing_odd_in(&fixture.server.log()?)?;
    nothing_is_left(&fixture, &database).with_context(|| format!("seed {seed}"))
}

/// An attempt that waits for another session is recorded as interrupted; if it has not begun, there is no record. The
/// session still works.
#[test]
fn a_run_that_is_cancelled_while_it_waits_is_interrupted() -> Outcome {
    let (database, _folder) = with_storage("run_waits")?;
    database.psql(TABLE)?;
    database.psql(
        "CREATE TABLE kept (a int);
         SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 year', '{\"retire\": \"drop\", \"lock_timeout\": 60000}')",
    )?;
    let mut session = Session::open(server()?, database.name())?;
    let mut other = Session::open(server()?, database.name())?;
    let mut recorded = String::new();
    let locks = ["INSERT INTO ev VALUES (0, '2024-01-02', 'late')", "LOCK TABLE ev_old IN ACCESS EXCLUSIVE MODE"];
    for (round, lock) in locks.iter().cycle().take(6).enumerate() {
        other.ask(&format!("BEGIN;\n{lock};"))?;
        session.send("CALL pgmeta_archive_run();\n\\echo :SQLSTATE")?;
        let pid = &session.pid;
        let waits = format!("SELECT count(*) FROM pg_stat_activity WHERE pid = {pid} AND wait_event_type = 'Lock'");
        wait_for(&database, "the run waits", &waits, "1")?;
        database.psql(&format!("SELECT pg_cancel_backend({pid})"))?;
        let code = session.receive()?.context("the session has ended")?;
        other.ask("ROLLBACK;")?;
        let idle = session.ask("INSERT INTO kept VALUES (1);\nSELECT pg_current_xact_id_if_assigned() IS NULL;")?;
        ensure!((code.as_str(), idle.as_str()) == ("57014", "t"), "{lock}: {code}, {idle}");
        if round % 2 == 0 {
            recorded += "failed|interrupted\n";
        }
        let states =
            database.psql("SELECT state, class FROM pgmeta.archives ORDER BY id; SELECT count(*) FROM kept")?;
        ensure!(states == format!("{recorded}{}", round + 1), "{lock}: {states}");
    }
    let state =
        session.ask("CALL pgmeta_archive_run();\nSELECT state FROM pgmeta.archives ORDER BY id DESC LIMIT 1;")?;
    ensure!(state == "retired", "{state}");
    Ok(())
}

fn measure(database: &Database<'_>) -> Result<Vec<Measure>> {
    let output = database.run_as("postgres", &script::measure(CALLS))?;
    let mut measures = Vec::new();
    let mut wrong = String::new();
    for (line, call) in output.stdout.lines().filter(|line| !line.is_empty()).zip(CALLS) {
        let fields: Vec<&str> = line.split('|').collect();
        let [_, milliseconds, moments, messages, code] = fields[..] else { anyhow::bail!("{line}") };
        measures.push(Measure {
            milliseconds: milliseconds.parse()?,
            moments: moments.parse()?,
            messages: messages.parse()?,
        });
        if code != "00000" || moments == "0" {
            writeln!(wrong, "{}: {line}", call.routine)?;
        }
    }
    ensure!(wrong.is_empty() && measures.len() == CALLS.len(), "{wrong}{}", output.stderr);
    Ok(measures)
}

/// Returns the number of trials, and of calls that they ended.
fn try_moments(database: &Database<'_>, at: usize, measure: Measure, seed: u64) -> Result<(usize, usize)> {
    let call = &CALLS[at];
    let trials = choose(call, measure, Random(seed ^ (u64::try_from(at)? << 32)))?;
    let output = database.run_as("postgres", &script::trials(at, call, &trials))?;
    let of = format!("FROM fx.tried WHERE call = {at}");
    let kept =
        database.psql(&format!("SELECT count(DISTINCT (context, trial)), count(*) FILTER (WHERE fired) {of}"))?;
    let (kept, fired) = kept.split_once('|').context("no counts")?;
    let told = || {
        output
            .stderr
            .lines()
            .filter(|line| line.contains("aborted") || line.contains("FATAL"))
            .take(3)
            .collect::<Vec<_>>()
    };
    ensure!(kept == trials.len().to_string(), "of {} rows {kept} are there: {:?}", trials.len(), told());
    let (kept, fired): (usize, usize) = (kept.parse()?, fired.parse()?);
    let changed = database.psql(&format!(
        "SELECT concat_ws(' ', context, how, code, moment, state) {of} AND state <> 'same' ORDER BY trial LIMIT 5"
    ))?;
    ensure!(changed.is_empty(), "the session is another:\n{changed}");
    // Errors in a run are recorded and reported as warnings; in an exception block it cannot commit.
    let also = if call.kind == Kind::Procedure { ", '00000', '2D000'" } else { "" };
    let others = database.psql(&format!(
        "SELECT context, how, code, moment, outcome {of} AND fired AND outcome NOT IN (code{also}) ORDER BY trial LIMIT 5"
    ))?;
    ensure!(others.is_empty(), "the error is another:\n{others}");
    // A call that was successful may have less to do the next time.
    let least = if call.kind == Kind::Procedure { 50 } else { 90 };
    ensure!(fired * 100 >= kept * least, "only {fired} of {kept} trials have ended a call");
    nothing_odd_in(&output.stderr)?;
    Ok((kept, fired))
}

fn choose(call: &Call, measure: Measure, mut random: Random) -> Result<Vec<Trial>> {
    let wanted = std::env::var("PGMETA_E2E_MOMENTS").ok().map(|number| number.parse::<usize>()).transpose()?;
    let mut trials = Vec::new();
    for context in CONTEXTS {
        if call.kind == Kind::Procedure && context == "loop" {
            continue;
        }
        let fewer = call.kind == Kind::Form || (measure.moments > MANY && matches!(context, "block" | "commit"));
        let count = wanted.unwrap_or(if fewer { FEWER } else { MOMENTS });
        for (how, code) in WAYS {
            let of = if how == "message" { measure.messages } else { measure.moments };
            let chosen = random.moments(of, count);
            trials.extend(chosen.into_iter().map(|moment| Trial { context, how, code, moment }));
        }
    }
    Ok(trials)
}
