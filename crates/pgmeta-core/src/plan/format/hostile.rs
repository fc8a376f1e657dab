//! Names, literals, predicates, bodies, comments and reasons that contain the tools' own directives, in every spelling. The tests
//! read each format's files by the rules of its tool, which are written down here again: the server must get exactly the tokens of
//! the plan's statements.

use super::batches::{NOTHING, batches, hide};
use super::hide::{BLIND, Tool};
use super::*;
use crate::ident::{dollar_quoted, ident, literal};
use crate::lexer::{Kind, pieces};
use crate::model::{ObjectKey, ObjectKind};
use crate::plan::{Run, Statement, Timeouts, numbered};

const DASHES: &[&str] = &["--", "---", "----", "-- --", "-", "- -", "/*", "/* ", "-- /*", "--*/"];
const BEFORE: &[&str] = &["", "", " ", "\t", "\u{feff}", "\u{a0}", "\u{b}", "x "];
const GAPS: &[&str] = &["", " ", "  ", "\t", "\n", "\r\n", "\n\n ", "\u{a0}"];
const ENDS: &[&str] =
    &["\n", "\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "*/\n", ";\n", ""];
const WORDS: &[&str] = &[
    "+goose Up",
    "+goose Down",
    "+goose StatementBegin",
    "+goose StatementEnd",
    "+goose NO TRANSACTION",
    "+goose ENVSUB ON",
    "+goose ENVSUBST ON",
    "+goose ENVSUB OFF",
    "+goose",
    "x +goose Down",
    "migrate:up",
    "migrate:down",
    "migrate:down transaction:false",
    "migrate:up-section",
    "liquibase formatted sql",
    "liquibase rollback",
    "changeset a:b runInTransaction:false",
    "changeset",
    "changesetId:x changesetAuthor:pgmeta",
    "rollback DROP TABLE app.secrets;",
    "rollback",
    "rollback empty",
    "comment: x",
    "comments x",
    "property name:x value:y",
    "preconditions onFail:MARK_RAN",
    "precondition-sql-check expectedResult:1 SELECT 1",
    "validCheckSum: 1:any",
    "ignoreLines:start",
    "ignoreLines:2",
    "ignore:x",
    "include file:x",
    "${user.home}",
    "${flyway:user}",
    "$${x}",
    "\\! touch x",
    ":'PORT' :\"PORT\" :PORT",
    "$$; $_$ $run$ $f$",
    "'; DROP TABLE app.secrets; --",
    "\"; DROP TABLE app.secrets; --",
    "BEGIN ATOMIC",
    "END;",
    "COMMIT;",
];

/// Pseudo-random numbers, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(4) {
            let word = self.of(WORDS);
            let word = match self.below(4) {
                0 => word.to_lowercase(),
                1 => word.to_uppercase(),
                _ => word.to_owned(),
            };
            let batches = [self.of(ENDS), self.of(BEFORE), self.of(DASHES), self.of(GAPS), &word, self.of(ENDS)];
            text.extend(batches);
            if self.below(3) == 0 {
                text.push_str("DROP TABLE app.secrets;\n");
            }
        }
        text
    }

    /// Returns a statement with a hostile text in one of the places that a plan fills.
    fn statement(&mut self) -> Statement {
        let text = self.text();
        let (name, value) = (ident(&text), literal(&text));
        // As the server prints a literal with a backslash.
        let printed = format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
        let body = dollar_quoted(&text);
        let sql = match self.below(10) {
            0 => format!("CREATE INDEX CONCURRENTLY i ON app.t USING btree (a) WHERE (note <> {value}::text)"),
            1 => format!("CREATE INDEX CONCURRENTLY {name} ON app.{name} USING btree (a) WHERE (note <> {printed})"),
            2 => format!("CREATE TABLE app.{name} (\n    {name} integer DEFAULT {value},\n    b integer\n)"),
            3 => format!("CREATE FUNCTION app.{name}() RETURNS text LANGUAGE plpgsql AS {body}"),
            4 => format!(
                "CREATE FUNCTION app.f(a integer) RETURNS text LANGUAGE sql\nBEGIN ATOMIC\n SELECT {value} WHERE ($1 > 0);\n SELECT {printed};\nEND"
            ),
            5 => format!("COMMENT ON TABLE app.t IS {value}"),
            6 => format!(
                "CREATE VIEW app.v AS\n SELECT a[1:\"PORT\"], b[1:registry], c[:{name}],\n - rollback AS changesetid,\n mychangesetid::text,\n {value} -- {}\n FROM app.t",
                text.replace(['\n', '\r'], " ")
            ),
            7 => format!("DO {body}"),
            8 => format!(
                "ALTER TABLE app.t ADD CONSTRAINT {name} CHECK ((note <> {value}) AND (note <> {printed})) NOT VALID"
            ),
            _ => "SELECT 1 + 1".to_owned(),
        };
        let run = match self.below(3) {
            _ if sql.contains("CONCURRENTLY") => Run::Outside,
            0 => Run::Alone,
            _ => Run::Together,
        };
        let reason = if self.below(3) == 0 { self.text() } else { String::new() };
        let key = ObjectKey::in_schema(ObjectKind::Table, &"app".into(), &"t".into());
        Statement::new(&key, sql).run(run).reason(reason)
    }

    fn plan(&mut self) -> Vec<Step> {
        let count = self.below(4);
        numbered((0..count).map(|_| self.statement()).collect(), Timeouts::default())
    }
}

/// A token as the server reads it: a word, an operator, a string, a name.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Code(String),
    Text(String),
    Name(String),
}

/// Returns the tokens of the sent texts, by statement; the statements that a DO block executes are taken out of it.
fn statements(texts: &[String]) -> Vec<Vec<Token>> {
    let mut all = Vec::new();
    for text in texts {
        let mut tokens = Vec::new();
        for piece in pieces(text) {
            match piece.kind {
                Kind::Comment => {}
                Kind::Code => code(piece.text, &mut tokens),
                Kind::Literal => tokens.push(Token::Text(piece.text[1..piece.text.len() - 1].replace("''", "'"))),
                Kind::Escaped => tokens.push(Token::Text(unescaped(&piece.text[2..piece.text.len() - 1]))),
                Kind::Body => {
                    let tag = piece.text[1..].find('$').unwrap() + 2;
                    tokens.push(Token::Text(piece.text[tag..piece.text.len() - tag].to_owned()));
                }
                Kind::Name => push_name(&piece.text[1..piece.text.len() - 1].replace("\"\"", "\""), &mut tokens),
                Kind::Other => {
                    let name = piece.text.strip_prefix("U&\"").and_then(|rest| rest.strip_suffix('"')).unwrap();
                    push_name(&unicode(&name.replace("\"\"", "\"")), &mut tokens);
                }
            }
        }
        let end = Token::Code(";".into());
        for chunk in tokens.split(|token| *token == end).filter(|chunk| !chunk.is_empty()) {
            match chunk {
                [Token::Code(word), Token::Text(block)] if word == "do" && block.starts_with("BEGIN EXECUTE ") => {
                    let inner = block["BEGIN EXECUTE ".len()..].strip_suffix("; END").unwrap();
                    let sent = match statements(&[inner.to_owned()]).remove(0).remove(0) {
                        Token::Text(sent) => sent,
                        other => panic!("executes {other:?}"),
                    };
                    all.extend(statements(&[sent]));
                }
                _ => all.push(chunk.to_vec()),
            }
        }
    }
    all
}

/// A name that needs no quotes is the same token with and without them.
fn push_name(name: &str, tokens: &mut Vec<Token>) {
    let plain = ident(name) == name;
    tokens.push(if plain { Token::Code(name.to_owned()) } else { Token::Name(name.to_owned()) });
}

fn code(text: &str, tokens: &mut Vec<Token>) {
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' || c == '$' {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            tokens.push(Token::Code(std::mem::take(&mut word)));
        }
        if !c.is_whitespace() {
            tokens.push(Token::Code(c.to_string()));
        }
    }
    if !word.is_empty() {
        tokens.push(Token::Code(word));
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '\'' {
            rest = rest.strip_prefix(c).unwrap();
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let next = rest.chars().next().unwrap();
        rest = &rest[next.len_utf8()..];
        let digits = match next {
            'x' => 2,
            'u' => 4,
            _ => 0,
        };
        out.push(match next {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ if digits > 0 => coded(&rest[..digits]),
            other => other,
        });
        rest = &rest[digits..];
    }
    out
}

fn coded(digits: &str) -> char {
    char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap()
}

fn unicode(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            out.push(c);
        } else if let Some(after) = rest.strip_prefix('\\') {
            out.push('\\');
            rest = after;
        } else {
            out.push(coded(&rest[..4]));
            rest = &rest[4..];
        }
    }
    out
}

/// Returns whether pgmeta added a statement to those of the plan.
fn is_own(statement: &[Token]) -> bool {
    let words: Vec<&str> = statement
        .iter()
        .map_while(|token| if let Token::Code(word) = token { Some(word.as_str()) } else { None })
        .collect();
    matches!(words.as_slice(), ["set" | "reset", ..] | ["begin" | "commit"] | ["select", "1"])
}

/// The texts that a tool sends, up or down; an error if it would reject the file.
type Sent = Result<Vec<String>, String>;

/// internal/sqlparser/parser.go, with the annotations of the newest version.
fn goose(file: &str, up: bool) -> Sent {
    let (mut state, mut whole, mut ended) = ("start", false, false);
    let (mut buffer, mut sent) = (String::new(), Vec::new());
    for line in file.strip_suffix('\n').unwrap_or(file).split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().starts_with("--") && line.contains("+goose") {
            if line.starts_with([' ', '\t']) {
                return Err(format!("leading blank: {line}"));
            }
            let command = line.replace("--", "").replacen("+goose", "", 1).trim().to_lowercase();
            match command.as_str() {
                "up" if state == "start" => state = "up",
                "down" if state == "up" && buffer.trim().is_empty() && !whole => state = "down",
                "statementbegin" if state != "start" && !whole => whole = true,
                "statementend" if whole => (whole, ended) = (false, true),
                "no transaction" => {}
                _ => return Err(format!("annotation: {line}")),
            }
            if !ended {
                continue;
            }
        }
        if buffer.is_empty() && !ended && (line.trim().starts_with("--") || line.is_empty()) {
            continue;
        }
        if !ended {
            buffer.push_str(line);
            buffer.push('\n');
        }
        if state == "start" {
            return Err(format!("before the first annotation: {line}"));
        }
        let last = line.split_whitespace().take_while(|word| !word.starts_with("--")).last();
        if ended || (!whole && last.is_some_and(|word| word.ends_with(';'))) {
            if up == (state == "up") {
                sent.push(buffer.trim().to_owned());
            }
            buffer.clear();
            ended = false;
        }
    }
    if whole || !buffer.trim().is_empty() { Err(format!("unfinished: {buffer}")) } else { Ok(sent) }
}

/// pkg/dbmate/migration.go: `^--\s*migrate:WORD(\s*$|\s+\S+)`
fn dbmate(file: &str, up: bool) -> Sent {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let find = |word: &str| {
        let starts = std::iter::once(0).chain(file.match_indices('\n').map(|(at, _)| at + 1));
        let found: Vec<usize> = starts
            .filter(|at| {
                let rest = file[*at..].strip_prefix("--").map(|rest| rest.trim_start_matches(blank));
                let rest = rest.and_then(|rest| rest.strip_prefix("migrate:")?.strip_prefix(word));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(blank))
            })
            .collect();
        found
    };
    let (ups, downs) = (find("up"), find("down"));
    match (ups.as_slice(), downs.as_slice()) {
        ([start], [end]) if start < end => {
            if !file[..*start].lines().all(|line| line.is_empty() || line.starts_with("--")) {
                return Err("statements before".into());
            }
            Ok(vec![if up { file[*start..*end].to_owned() } else { file[*end..].to_owned() }])
        }
        _ => Err(format!("{} times up, {} times down", ups.len(), downs.len())),
    }
}

/// AbstractFormattedChangeLogParser.java: lines as Java reads them.
fn liquibase(file: &str, up: bool) -> Sent {
    let (mut sent, mut rollbacks): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    if file.contains("${") {
        return Err("an expression".into());
    }
    let file = file.replace("\r\n", "\n").replace('\r', "\n");
    for (at, line) in file.lines().enumerate() {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}');
        let trimmed = line.trim_start_matches(blank);
        let lower = trimmed.to_lowercase();
        let dashes = lower.len() - lower.trim_start_matches('-').len();
        let word = lower.trim_start_matches('-').trim_start_matches(blank);
        let starts = |words: &[&str]| words.iter().any(|other| word.starts_with(other));
        if at == 0 {
            assert_eq!(line, "--liquibase formatted sql");
        } else if dashes > 0 && starts(&["changeset "]) && line.starts_with("--changeset pgmeta:") {
            sent.push(String::new());
            rollbacks.push(String::new());
        } else if dashes == 2 && starts(&["rollback "]) {
            let text = &trimmed[trimmed.len() - word.len() + "rollback ".len()..];
            if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
                return Err(format!("a rollback of more than a line: {line}"));
            }
            let rollback = rollbacks.last_mut().unwrap();
            rollback.push_str(text);
            rollback.push('\n');
        } else if dashes > 0
            && starts(&[
                "changeset",
                "rollback",
                "property",
                "precondition",
                "comment",
                "validchecksum",
                "ignore",
                "liquibase",
            ])
        {
            return Err(format!("line {at}: {line}"));
        } else if lower.starts_with("/*") && lower[2..].trim_start_matches(blank).starts_with("liquibase") {
            return Err(format!("a rollback of many lines: {line}"));
        } else if let Some(change) = sent.last_mut() {
            change.push_str(line);
            change.push('\n');
        }
    }
    for rollback in &mut rollbacks {
        if rollback.to_lowercase().contains("changesetid") {
            return Err(format!("names another changeset: {rollback}"));
        }
        if rollback.trim() == "empty" {
            rollback.clear();
        }
    }
    rollbacks.reverse();
    let texts = if up { sent } else { rollbacks };
    // The driver splits the text.
    texts.iter().map(|text| pgjdbc(text)).collect::<Result<Vec<_>, _>>().map(|texts| texts.concat())
}

/// org/postgresql/core/Parser.java: an SQL-standard body swallows the statements after it.
fn pgjdbc(text: &str) -> Sent {
    let code: String =
        pieces(text).iter().map(|piece| if piece.kind == Kind::Code { piece.text } else { " " }).collect();
    let words: Vec<String> = code.split_whitespace().map(str::to_lowercase).collect();
    if words.windows(2).any(|pair| pair == ["begin", "atomic"]) {
        return Err(format!("a body in SQL: {text}"));
    }
    Ok(vec![text.to_owned()])
}

/// Parser.java and PostgreSQLParser.java: where statements end.
fn flyway(file: &str, replaces: bool) -> Sent {
    if replaces && file.contains("${") {
        return Err("a placeholder".into());
    }
    let chars: Vec<char> = file.chars().collect();
    let (mut sent, mut start, mut at, mut depth) = (Vec::new(), 0, 0, 0_i32);
    let text = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    let word_before = |at: usize| at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    while at < chars.len() {
        let quoted = |from: usize, quote: char, escape: bool| -> Result<usize, String> {
            let mut at = from;
            while at < chars.len() {
                let twice = chars[at] == quote && chars.get(at + 1) == Some(&quote);
                if twice || (escape && chars[at] == '\\') {
                    at += 2;
                } else if chars[at] == quote {
                    return Ok(at + 1);
                } else {
                    at += 1;
                }
            }
            Err(format!("never ends: {}", text(from, chars.len())))
        };
        match (chars[at], chars.get(at + 1)) {
            ('$', _) => {
                let end = (at + 1..chars.len()).find(|end| chars[*end] == '$').ok_or("no tag")?;
                let tag = &chars[at..=end];
                let after = (end + 1..chars.len()).find(|from| chars[*from..].starts_with(tag)).ok_or("no end")?;
                at = after + tag.len();
            }
            ('E', Some('\'')) if !word_before(at) => at = quoted(at + 2, '\'', true)?,
            ('\'', _) => at = quoted(at + 1, '\'', false)?,
            ('"', _) => at = quoted(at + 1, '"', false)?,
            ('-', Some('-')) => {
                at = (at..chars.len()).find(|end| matches!(chars[*end], '\n' | '\r')).unwrap_or(chars.len())
            }
            ('/', Some('*')) => return Err("a comment".into()),
            (';', _) if depth == 0 => {
                sent.push(text(start, at));
                at += 1;
                start = at;
            }
            (c, _) => {
                depth += i32::from(c == '(') - i32::from(c == ')');
                at += 1;
            }
        }
    }
    sent.push(text(start, chars.len()));
    if let Some(atomic) = sent.iter().find(|text| pgjdbc(text).is_err()) {
        return Err(format!("depends on the version: {atomic}"));
    }
    Ok(sent)
}

/// psqlscan.l: no command and no variable outside of quotes.
fn psql(file: &str) -> Sent {
    let all = pieces(file);
    for (at, piece) in all.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Code) {
        let quote = all.get(at + 1).and_then(|next| next.text.chars().next());
        let plain = piece.text.replace("::", "  ").replace(":=", "  ");
        let mut chars = plain.chars().chain(quote).peekable();
        while let Some(c) = chars.next() {
            let variable = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '"' | '{');
            if c == '\\' || (c == ':' && chars.peek().is_some_and(variable)) {
                return Err(format!("psql reads {}", piece.text));
            }
        }
    }
    Ok(vec![file.to_owned()])
}

/// Returns the texts that the tool of a format sends for its files, in the order of the direction.
fn sent(format: Format, files: &[File], up: bool) -> Sent {
    let mut files: Vec<&File> = files.iter().filter(|file| !file.path.ends_with(".conf")).collect();
    let direction = if up { "up" } else { "down" };
    let letter = if up { "V" } else { "U" };
    files.retain(|file| match format {
        Format::Plain | Format::GolangMigrate => file.path.ends_with(&format!(".{direction}.sql")),
        Format::Flyway => file.path.starts_with(letter),
        Format::Sqitch => file.path.starts_with(if up { "deploy/" } else { "revert/" }),
        Format::Goose | Format::Dbmate | Format::Liquibase => true,
    });
    if !up {
        files.reverse();
    }
    let texts = files.iter().map(|file| match format {
        Format::Plain | Format::Sqitch => psql(&file.content),
        Format::GolangMigrate => Ok(vec![file.content.clone()]),
        Format::Goose => goose(&file.content, up),
        Format::Dbmate => dbmate(&file.content, up),
        Format::Liquibase => liquibase(&file.content, up),
        Format::Flyway => flyway(&file.content, false),
    });
    texts.collect::<Result<Vec<_>, _>>().map(|texts| texts.concat())
}

fn planned(steps: &[Step]) -> Vec<Vec<Token>> {
    let texts: Vec<String> = steps.iter().map(|step| step.statement.sql.clone()).collect();
    statements(&texts)
}

fn check(format: Format, up: &[Step], down: &[Step]) {
    let whole = Migration { name: "m", version: Some("1"), up, down };
    let files = migration(format, &whole).unwrap_or_else(|refusal| panic!("{refusal}: {up:?} {down:?}"));
    for (steps, is_up) in [(up, true), (down, false)] {
        let texts = sent(format, &files, is_up).unwrap_or_else(|error| panic!("{format:?}: {error}\n{files:#?}"));
        let found: Vec<_> = statements(&texts).into_iter().filter(|statement| !is_own(statement)).collect();
        assert_eq!(found, planned(steps), "{format:?}\n{files:#?}");
    }
    if format == Format::Flyway {
        for file in files.iter().filter(|file| file.content.contains("${")) {
            let conf = files.iter().find(|other| other.path == format!("{}.conf", file.path)).unwrap();
            assert!(conf.content.contains("placeholderReplacement=false\n"));
        }
    }
}

#[test]
fn tools_read_no_directive_from_a_plan() {
    let mut random = Random(1);
    for _ in 0..400 {
        let (up, down) = (random.plan(), random.plan());
        for format in Format::ALL {
            check(*format, &up, &down);
        }
    }
}

/// Each word alone in each place, behind each kind of dashes.
#[test]
fn every_directive_is_tested_behind_all_dashes() {
    let mut random = Random(2);
    for word in WORDS {
        for dashes in DASHES {
            for _ in 0..2 {
                let gap = random.of(GAPS);
                let text = format!("x\n{}{dashes}{gap}{word}{}y", random.of(BEFORE), random.of(ENDS));
                let (name, value) = (ident(&text), literal(&text));
                let step = |sql: String, run| {
                    numbered(
                        vec![Statement::new(&ObjectKey::default(), sql).run(run).reason(text.clone())],
                        Timeouts::default(),
                    )
                };
                let index =
                    format!("CREATE INDEX CONCURRENTLY {name} ON app.t USING btree (a) WHERE (note <> {value})");
                let body = format!("CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS {}", dollar_quoted(&text));
                for format in Format::ALL {
                    check(*format, &step(index.clone(), Run::Outside), &step(body.clone(), Run::Together));
                    check(*format, &step(body.clone(), Run::Together), &step(index.clone(), Run::Outside));
                }
            }
        }
    }
}

/// The rules above find a text that is not hidden.
#[test]
fn the_rules_detect_unhidden_directives() {
    let file = |line: &str| {
        format!(
            "-- +goose Up\n-- +goose StatementBegin\nSELECT '\n{line}\n';\n-- +goose StatementEnd\n\n-- +goose Down\n{NOTHING}"
        )
    };
    for line in
        ["-- +goose Down", "-- -- +goose ENVSUB ON", "----+goose StatementEnd", " -- +goose Down", "-- x +goose"]
    {
        assert!(goose(&file(line), true).is_err(), "{line}");
    }
    assert!(goose(&file("+goose Down --"), true).is_ok());
    let file = |line: &str| format!("-- migrate:up\nSELECT '\n{line}\n';\n\n-- migrate:down\n{NOTHING}");
    for line in ["-- migrate:down", "--migrate:up x:y", "--\n\n migrate:down"] {
        assert!(dbmate(&file(line), true).is_err(), "{line}");
    }
    assert!(dbmate(&file("-- migrated:down"), true).is_ok());
    let file = |line: &str| {
        format!(
            "--liquibase formatted sql\n\n--changeset pgmeta:1-01\nSELECT '\n{line}\n';\n--rollback SELECT '\n--rollback {line}\n--rollback ';\n"
        )
    };
    for line in [
        " -- Changeset a:b",
        "-rollback x",
        "/* liquibase rollback",
        "${x}",
        "a\u{2028}b",
        "changesetid",
        "--comment x",
    ] {
        assert!(liquibase(&file(line), true).is_err() || liquibase(&file(line), false).is_err(), "{line}");
    }
    assert!(liquibase(&file("--rollback DROP TABLE t;"), false).unwrap().concat().contains("DROP"));
    assert!(flyway("SELECT $1; SELECT 2;", true).is_err() && flyway("SELECT '${x}'", true).is_err());
    assert!(
        psql("SELECT a[1:\"PORT\"]").is_err()
            && psql("SELECT 1 \\! x").is_err()
            && psql("SELECT a[1: b]::text").is_ok()
    );
}

#[test]
fn directives_that_cannot_be_hidden_are_errors() {
    let never = Tool { reads: |sql| sql.starts_with("CREATE"), ..BLIND };
    let key = ObjectKey::in_schema(ObjectKind::Index, &"app".into(), &"i".into());
    let plan = |run| numbered(vec![Statement::new(&key, "CREATE INDEX").run(run)], Timeouts::default());
    let refusal = hide(batches(&plan(Run::Outside), false), Format::Goose, &never).unwrap_err();
    assert_eq!(refusal.to_string(), "index app.i contains text that goose would interpret");
    assert!(hide(batches(&plan(Run::Together), false), Format::Goose, &never).is_ok());
}
