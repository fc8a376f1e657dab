//! Converts text between the database's encoding and UTF-8, at the interface to the server. Costs nothing if the database
//! uses UTF-8 or the text is ASCII. Knows no SQL and no objects.

use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::{CStr, CString, c_int};

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgSqlErrorCode, function_name, pg_sys};

mod converter;
mod raised;
mod text;

pub use raised::exact;
pub use text::{Text, Texts};

use converter::{Direction, convert};

unsafe extern "C-unwind" {
    // Only reads a variable: pgrx's guard would cost more than the call.
    safe fn GetDatabaseEncoding() -> c_int;
}

const UTF8: c_int = pg_sys::pg_enc::PG_UTF8 as c_int;
const SQL_ASCII: c_int = pg_sys::pg_enc::PG_SQL_ASCII as c_int;

/// Marks an invalid byte, before its two hexadecimal digits: characters that do not occur in practice.
const MARK: &str = "\u{1}\u{2}";

/// Maximum length of a text in an error, in characters.
const SHOWN: usize = 80;

thread_local! {
    /// Whether [`decode_marked`] has marked a byte.
    static MARKED: Cell<bool> = const { Cell::new(false) };
}

/// A text that cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// The bytes are invalid, or have no equivalent in UTF-8.
    #[error("text \"{0}\" cannot be converted to UTF-8")]
    Incoming(String),
    /// The database's encoding has no equivalent for a character.
    #[error("text \"{text}\" cannot be converted to the database's encoding {encoding}")]
    Outgoing { text: String, encoding: String },
}

impl EncodingError {
    pub fn code(&self) -> PgSqlErrorCode {
        match self {
            EncodingError::Incoming(_) => incoming_code(),
            EncodingError::Outgoing { .. } => PgSqlErrorCode::ERRCODE_UNTRANSLATABLE_CHARACTER,
        }
    }

    pub fn hint(&self) -> String {
        match self {
            EncodingError::Incoming(_) => incoming_hint(),
            EncodingError::Outgoing { .. } => {
                "Use a database with the encoding UTF8, which supports all characters.".to_owned()
            }
        }
    }
}

/// Returns the SQLSTATE for text that cannot be converted to UTF-8.
pub fn incoming_code() -> PgSqlErrorCode {
    match GetDatabaseEncoding() {
        UTF8 | SQL_ASCII => PgSqlErrorCode::ERRCODE_CHARACTER_NOT_IN_REPERTOIRE,
        _ => PgSqlErrorCode::ERRCODE_UNTRANSLATABLE_CHARACTER,
    }
}

/// Returns the hint for such text.
pub fn incoming_hint() -> String {
    match GetDatabaseEncoding() {
        SQL_ASCII => "In a database with the encoding SQL_ASCII, pgmeta reads text as UTF-8. Rename or rewrite objects with text in another encoding.",
        UTF8 => "Names of roles, databases and tablespaces have the encoding of the database in which they were created. Rename the object there.",
        _ => "Rename or rewrite it with characters that UTF-8 has.",
    }
    .to_owned()
}

impl From<EncodingError> for ErrorReport {
    fn from(unfit: EncodingError) -> Self {
        let report = ErrorReport::new(unfit.code(), message(unfit.to_string()), function_name!());
        report.set_hint(message(unfit.hint()))
    }
}

/// Returns whether the database uses UTF-8, so that nothing is converted.
pub fn is_utf8() -> bool {
    GetDatabaseEncoding() == UTF8
}

/// Returns whether text of the server must be converted to UTF-8.
pub fn converts() -> bool {
    !matches!(GetDatabaseEncoding(), UTF8 | SQL_ASCII)
}

/// Finds the conversion functions now, while catalogs can be read.
pub fn prepare() {
    converter::prepare();
}

/// Converts text of the server to UTF-8.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, EncodingError> {
    if is_plain(bytes)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Ok(Cow::Borrowed(text));
    }
    let unfit = || EncodingError::Incoming(shown(&marked(bytes)).chars().take(SHOWN).collect());
    if is_plain(bytes) {
        return Err(unfit());
    }
    let converted = convert(Direction::FromServer, bytes).map_err(|_| unfit())?;
    String::from_utf8(converted).map(Cow::Owned).map_err(|_| unfit())
}

/// Converts text to UTF-8 with a mark for each invalid byte: for text that is checked as a whole later.
pub fn decode_marked(bytes: &[u8]) -> Cow<'_, str> {
    decode(bytes).unwrap_or_else(|_| {
        MARKED.set(true);
        Cow::Owned(marked(bytes))
    })
}

/// Returns whether a byte was marked, and clears the flag.
pub fn take_marked() -> bool {
    MARKED.replace(false)
}

/// Returns whether a text contains marks.
pub fn is_marked(text: &str) -> bool {
    text.contains(MARK)
}

/// Returns a text for display: marks as escapes.
pub fn shown(text: &str) -> String {
    text.replace(MARK, "\\x")
}

/// Converts UTF-8 to text of the server.
pub fn encode(text: &str) -> Result<Cow<'_, [u8]>, EncodingError> {
    if is_plain(text.as_bytes()) {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    convert(Direction::ToServer, text.as_bytes()).map(Cow::Owned).map_err(|_| outgoing(text))
}

/// Converts UTF-8 to a C string for the server's functions.
pub fn c_string(text: &str) -> Result<CString, EncodingError> {
    CString::new(encode(text)?).map_err(|_| outgoing(text))
}

fn outgoing(text: &str) -> EncodingError {
    // SAFETY: a C string of the server.
    let encoding = unsafe { CStr::from_ptr(pg_sys::GetDatabaseEncodingName()) };
    // A character that the encoding lacks cannot be displayed in it.
    let escaped = |c: char| match c.is_ascii() && c != '\0' {
        true => c.to_string(),
        false => format!("\\{:04x}", u32::from(c)),
    };
    let text = shown(text).chars().take(SHOWN).map(escaped).collect();
    EncodingError::Outgoing { text, encoding: encoding.to_string_lossy().into_owned() }
}

/// Converts a message to the database's encoding, with `?` for missing characters. Never fails, because an error is being
/// raised already.
pub fn message(text: String) -> String {
    if is_plain(text.as_bytes()) {
        return text;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match convert(Direction::ToServer, rest) {
            Ok(converted) => {
                bytes.extend(converted);
                break;
            }
            Err(stopped) => {
                bytes.extend(stopped.converted);
                bytes.push(b'?');
                rest = &rest[stopped.at..];
                let next = rest.iter().skip(1).position(|byte| byte & 0xc0 != 0x80).map_or(rest.len(), |at| at + 1);
                rest = &rest[next..];
            }
        }
    }
    // SAFETY: pgrx passes the bytes of messages to the server unchanged. Code that catches a report uses `from_message`,
    // which reads the bytes. pgrx has no other way to raise a message in another encoding.
    unsafe { String::from_utf8_unchecked(bytes) }
}

/// Replaces characters that the database's encoding lacks by `?`, for text in a result or message.
pub fn fitting(text: &str) -> Cow<'_, str> {
    match is_plain(text.as_bytes()) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(from_message(&message(text.to_owned()))),
    }
}

/// Returns the byte offset of the character that the server counts as number `count`.
pub fn place_of(text: &str, count: usize) -> Option<usize> {
    match GetDatabaseEncoding() {
        // The server counts each byte as a character.
        SQL_ASCII => text.is_char_boundary(count).then_some(count),
        _ => text.char_indices().nth(count).map(|(at, _)| at),
    }
}

/// Converts the text of a caught report to UTF-8.
pub fn from_message(text: &str) -> String {
    match decode(text.as_bytes()) {
        Ok(text) => text.into_owned(),
        Err(_) => shown(&marked(text.as_bytes())),
    }
}

/// Returns a parse tree as text in which each byte beyond ASCII is one character, so that it can be passed back unchanged.
pub fn tree(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes.is_ascii() || is_utf8() {
        true => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        false => Some(Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect())),
    }
}

/// Returns the original bytes of such a parse tree.
pub fn tree_of(text: &str) -> Option<CString> {
    match text.is_ascii() || is_utf8() {
        true => CString::new(text).ok(),
        false => {
            let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            CString::new(bytes?).ok()
        }
    }
}

/// Returns whether bytes are the same in both encodings. All server encodings contain ASCII.
fn is_plain(bytes: &[u8]) -> bool {
    matches!(GetDatabaseEncoding(), UTF8 | SQL_ASCII) || bytes.is_ascii()
}

/// Returns the text with a mark for each byte that cannot be converted.
fn marked(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mark = |text: &mut String, bytes: &[u8]| {
        bytes.iter().for_each(|byte| text.push_str(&format!("{MARK}{byte:02x}")));
    };
    if is_plain(bytes) {
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            mark(&mut text, chunk.invalid());
        }
        return text;
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        match convert(Direction::FromServer, rest) {
            Ok(converted) => {
                text.push_str(&String::from_utf8_lossy(&converted));
                break;
            }
            Err(stopped) => {
                text.push_str(&String::from_utf8_lossy(&stopped.converted));
                let (bad, after) = rest[stopped.at..].split_at(1.min(rest.len() - stopped.at));
                mark(&mut text, bad);
                rest = after;
            }
        }
    }
    text
}
