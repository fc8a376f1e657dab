//! Trials of a call as psql scripts: bare, in an exception block, in a loop, in a procedure that commits. Each trial leaves
//! a row in `fx.tried`, committed after the error in the same session.

use super::calls::{Call, Kind};

/// Ways to end a call, and the SQLSTATE of each.
pub const WAYS: [(&str, &str); 6] = [
    ("error", "57014"),
    ("cancel", "57014"),
    ("error", "57P01"),
    ("error", "53200"),
    ("error", "40001"),
    ("message", "57014"),
];

pub const CONTEXTS: [&str; 4] = ["bare", "block", "loop", "commit"];

/// One call that will be ended.
pub struct Trial {
    pub context: &'static str,
    pub how: &'static str,
    pub code: &'static str,
    pub moment: usize,
}

/// Returns the script that measures all calls: index, milliseconds, moments, messages. The first of two calls fills caches.
pub fn measure(calls: &[Call]) -> String {
    let measured = calls.iter().enumerate().map(|(at, call)| {
        let (before, statement) = (before(at), bare(call));
        format!(
            "{before}{statement}\n{before}SELECT clock_timestamp() AS begun, fx.arm('nothing', '00000', 0) \\gset\n{statement}\n\
             SELECT {at}, extract(epoch FROM clock_timestamp() - :'begun') * 1000, fx.seen(), fx.messages(), :'SQLSTATE';\n"
        )
    });
    format!("\\set ON_ERROR_STOP off\n{}", measured.collect::<String>())
}

/// Returns the script of a call's trials, which prints nothing.
pub fn trials(at: usize, call: &Call, trials: &[Trial]) -> String {
    // The first call of a session does more than later ones.
    let mut script =
        format!("\\set ON_ERROR_STOP off\n{}{}\nSELECT fx.session() AS state \\gset\n", before(at), bare(call));
    let of = |context: &str| -> Vec<(usize, &Trial)> {
        trials.iter().enumerate().filter(|(_, trial)| trial.context == context).collect()
    };
    for (number, trial) in of("bare") {
        script += &bare_trial(at, call, number, trial);
    }
    for (number, trial) in of("block") {
        let body = loop_body(at, call, "block", "");
        script += &format!(
            "DO $do$ DECLARE t record; outcome text; before text; hit bool; BEGIN\n{}{body}END LOOP; END $do$;\n",
            each(&[(number, trial)])
        );
        script += IS_IDLE;
    }
    if call.kind == Kind::Procedure {
        script += &commits(at, call, &of("commit"));
        return script;
    }
    for (context, commit) in [("loop", ""), ("commit", "COMMIT;")] {
        let chosen = of(context);
        if chosen.is_empty() {
            continue;
        }
        let body = loop_body(at, call, context, commit);
        let each = each(&chosen);
        script += &format!(
            "CREATE OR REPLACE PROCEDURE fx.looped() LANGUAGE plpgsql AS $do$ DECLARE t record; outcome text; before text; hit bool;\n\
             BEGIN\n{each}{body}END LOOP; END $do$;\nCALL fx.looped();\n{IS_IDLE}"
        );
    }
    script
}

/// Records a row, and shows that the session is in no transaction and has its former state.
const IS_IDLE: &str = "INSERT INTO fx.tried SELECT NULL, 'after', NULL, NULL, NULL, NULL, NULL, NULL, \
    fx.same(:'state', fx.session());\n";

fn before(at: usize) -> String {
    format!("SELECT fx.before_{at}() \\g /dev/null\n")
}

fn bare(call: &Call) -> String {
    match call.kind {
        Kind::Procedure => format!("CALL {};", call.call),
        _ => format!("SELECT * FROM {} \\g /dev/null", call.call),
    }
}

/// Returns the call alone, with a query that prints the SQLSTATE of its end.
pub fn told(call: &Call) -> String {
    format!("{}\n\\echo :SQLSTATE", bare(call))
}

fn bare_trial(at: usize, call: &Call, number: usize, trial: &Trial) -> String {
    let Trial { context, how, code, moment } = trial;
    format!(
        "{}SELECT fx.arm('{how}', '{code}', {moment}) \\g /dev/null\n{}\n\
         INSERT INTO fx.tried SELECT {at}, '{context}', {number}, '{how}', '{code}', {moment}, :'SQLSTATE', fx.fired(), \
         fx.same(:'state', fx.session());\n",
        before(at),
        bare(call)
    )
}

fn each(trials: &[(usize, &Trial)]) -> String {
    let rows: Vec<String> = trials
        .iter()
        .map(|(number, trial)| format!("({number}, '{}', '{}', {})", trial.how, trial.code, trial.moment))
        .collect();
    format!("FOR t IN SELECT * FROM (VALUES {}) t (number, how, code, moment) LOOP\n", rows.join(", "))
}

/// The error is caught. If the call did not process a cancel, the next statement does.
/// A trial that met fewer moments than were measured is disarmed before the block ends.
fn loop_body(at: usize, call: &Call, context: &str, commit: &str) -> String {
    let statement = match call.kind {
        Kind::Procedure => format!("CALL {}", call.call),
        _ => format!("PERFORM * FROM {}", call.call),
    };
    format!(
        "PERFORM fx.before_{at}();
         outcome := '00000';
         before := fx.state();
         BEGIN
             PERFORM fx.arm(t.how, t.code, t.moment);
             {statement};
             NULL;
             hit := fx.fired();
             PERFORM fx.arm('nothing', '00000', 0);
         EXCEPTION WHEN query_canceled OR OTHERS THEN
             outcome := SQLSTATE;
             hit := fx.fired();
         END;
         INSERT INTO fx.tried SELECT {at}, '{context}', t.number, t.how, t.code, t.moment, outcome, hit, fx.same(before, fx.state());
         {commit}\n"
    )
}

/// A procedure that commits calls another one that commits: an error ends both.
fn commits(at: usize, call: &Call, trials: &[(usize, &Trial)]) -> String {
    let mut script = format!(
        "CREATE OR REPLACE PROCEDURE fx.committed(how text, code text, moment int) LANGUAGE plpgsql AS $do$ BEGIN\n\
         PERFORM fx.before_{at}(); COMMIT; PERFORM fx.arm(how, code, moment); CALL {}; COMMIT; END $do$;\n",
        call.call
    );
    for (number, Trial { context, how, code, moment }) in trials {
        script += &format!(
            "CALL fx.committed('{how}', '{code}', {moment});\n\
             INSERT INTO fx.tried SELECT {at}, '{context}', {number}, '{how}', '{code}', {moment}, :'SQLSTATE', fx.fired(), \
             fx.same(:'state', fx.session());\n"
        );
    }
    script
}
