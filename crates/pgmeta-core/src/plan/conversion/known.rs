//! The casts of the server and of the extensions that come with it, from `pg_cast` of PostgreSQL 14 to 18, with their effects on
//! values. The e2e test `conversions` compares every line with a server. Knows no model.

use crate::model::{CastContext, CastMethod};
use crate::plan::conversion::loss::Loss::{self, *};
use CastContext::{Assignment as A, Explicit as E, Implicit as I};
use CastMethod::{Binary as B, Function as F, InOut as T};

/// A cast: source and target type, context, method, whether it may fail on a value, and what values may lose without an error.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub context: CastContext,
    pub method: CastMethod,
    pub fails: bool,
    pub losses: &'static [Loss],
}

type Line = (&'static str, &'static str, CastContext, CastMethod, bool, &'static [Loss]);

const TIME: &str = "time without time zone";
const TIMETZ: &str = "time with time zone";
const TIMESTAMP: &str = "timestamp without time zone";
const TIMESTAMPTZ: &str = "timestamp with time zone";
const VARCHAR: &str = "character varying";
const VARBIT: &str = "bit varying";
const FLOAT: &str = "double precision";
/// The one-byte type, which accepts any text.
pub const ONE_BYTE: &str = "\"char\"";

/// All casts, except those of the types that represent an OID.
const CASTS: &[Line] = &[
    ("smallint", "integer", I, F, false, &[]),
    ("smallint", "bigint", I, F, false, &[]),
    ("smallint", "numeric", I, F, false, &[]),
    ("smallint", "real", I, F, false, &[]),
    ("smallint", FLOAT, I, F, false, &[]),
    ("integer", "smallint", A, F, true, &[]),
    ("integer", "bigint", I, F, false, &[]),
    ("integer", "numeric", I, F, false, &[]),
    ("integer", "real", I, F, false, &[Digits]),
    ("integer", FLOAT, I, F, false, &[]),
    ("integer", "money", A, F, false, &[]),
    ("integer", "boolean", E, F, false, &[Truth]),
    ("integer", ONE_BYTE, E, F, true, &[]),
    ("integer", "bit", E, F, false, &[]),
    ("bigint", "smallint", A, F, true, &[]),
    ("bigint", "integer", A, F, true, &[]),
    ("bigint", "numeric", I, F, false, &[]),
    ("bigint", "real", I, F, false, &[Digits]),
    ("bigint", FLOAT, I, F, false, &[Digits]),
    ("bigint", "money", A, F, true, &[]),
    ("bigint", "bit", E, F, false, &[]),
    ("numeric", "smallint", A, F, true, &[Fraction]),
    ("numeric", "integer", A, F, true, &[Fraction]),
    ("numeric", "bigint", A, F, true, &[Fraction]),
    ("numeric", "real", I, F, true, &[Digits]),
    ("numeric", FLOAT, I, F, true, &[Digits]),
    ("numeric", "money", A, F, true, &[Digits]),
    ("real", "smallint", A, F, true, &[Fraction]),
    ("real", "integer", A, F, true, &[Fraction]),
    ("real", "bigint", A, F, true, &[Fraction]),
    ("real", "numeric", A, F, false, &[Digits]),
    ("real", FLOAT, I, F, false, &[]),
    (FLOAT, "smallint", A, F, true, &[Fraction]),
    (FLOAT, "integer", A, F, true, &[Fraction]),
    (FLOAT, "bigint", A, F, true, &[Fraction]),
    (FLOAT, "numeric", A, F, false, &[Digits]),
    (FLOAT, "real", A, F, true, &[Digits]),
    ("money", "numeric", A, F, false, &[]),
    ("boolean", "integer", E, F, false, &[]),
    ("boolean", "text", A, F, false, &[]),
    ("boolean", VARCHAR, A, F, false, &[]),
    ("boolean", "character", A, F, false, &[]),
    ("xid8", "xid", E, F, false, &[Epoch]),
    ("text", VARCHAR, I, B, false, &[]),
    ("text", "character", I, B, false, &[Blanks]),
    ("text", "name", I, F, false, &[NameEnd]),
    ("text", ONE_BYTE, A, F, false, &[FirstByte]),
    ("text", "xml", E, F, true, &[]),
    ("text", "regclass", I, F, true, &[Spelling]),
    (VARCHAR, "text", I, B, false, &[]),
    (VARCHAR, "character", I, B, false, &[Blanks]),
    (VARCHAR, "name", I, F, false, &[NameEnd]),
    (VARCHAR, ONE_BYTE, A, F, false, &[FirstByte]),
    (VARCHAR, "xml", E, F, true, &[]),
    (VARCHAR, "regclass", I, F, true, &[Spelling]),
    ("character", "text", I, F, false, &[]),
    ("character", VARCHAR, I, F, false, &[]),
    ("character", "name", I, F, false, &[NameEnd]),
    ("character", ONE_BYTE, A, F, false, &[FirstByte]),
    ("character", "xml", E, F, true, &[]),
    ("name", "text", I, F, false, &[]),
    ("name", VARCHAR, A, F, false, &[]),
    ("name", "character", A, F, false, &[Blanks]),
    (ONE_BYTE, "text", I, F, false, &[]),
    (ONE_BYTE, VARCHAR, A, F, false, &[]),
    (ONE_BYTE, "character", A, F, false, &[]),
    (ONE_BYTE, "integer", E, F, false, &[]),
    ("xml", "text", A, B, false, &[]),
    ("xml", VARCHAR, A, B, false, &[]),
    ("xml", "character", A, B, false, &[]),
    ("bit", VARBIT, I, B, false, &[]),
    ("bit", "integer", E, F, true, &[]),
    ("bit", "bigint", E, F, true, &[]),
    (VARBIT, "bit", I, B, false, &[]),
    ("date", TIMESTAMP, I, F, true, &[]),
    ("date", TIMESTAMPTZ, I, F, true, &[SessionZone]),
    (TIME, "interval", I, F, false, &[]),
    (TIME, TIMETZ, I, F, false, &[SessionZone]),
    (TIMETZ, TIME, A, F, false, &[Zone]),
    (TIMESTAMP, "date", A, F, false, &[TimeOfDay]),
    (TIMESTAMP, TIME, A, F, false, &[Day]),
    (TIMESTAMP, TIMESTAMPTZ, I, F, true, &[SessionZone]),
    (TIMESTAMPTZ, "date", A, F, false, &[TimeOfDay, SessionZone]),
    (TIMESTAMPTZ, TIME, A, F, false, &[Day, SessionZone]),
    (TIMESTAMPTZ, TIMETZ, A, F, false, &[Day, SessionZone]),
    (TIMESTAMPTZ, TIMESTAMP, A, F, true, &[SessionZone]),
    ("interval", TIME, A, F, false, &[WholeDays]),
    ("inet", "cidr", A, F, false, &[HostBits]),
    ("inet", "text", A, F, false, &[]),
    ("inet", VARCHAR, A, F, false, &[]),
    ("inet", "character", A, F, false, &[]),
    ("cidr", "inet", I, B, false, &[]),
    ("cidr", "text", A, F, false, &[]),
    ("cidr", VARCHAR, A, F, false, &[]),
    ("cidr", "character", A, F, false, &[]),
    ("macaddr", "macaddr8", I, F, false, &[]),
    ("macaddr8", "macaddr", I, F, true, &[]),
    ("json", "jsonb", A, T, true, &[Keys]),
    ("jsonb", "json", A, T, false, &[]),
    ("jsonb", "boolean", E, F, true, &[]),
    ("jsonb", "smallint", E, F, true, &[Fraction]),
    ("jsonb", "integer", E, F, true, &[Fraction]),
    ("jsonb", "bigint", E, F, true, &[Fraction]),
    ("jsonb", "numeric", E, F, true, &[]),
    ("jsonb", "real", E, F, true, &[Digits]),
    ("jsonb", FLOAT, E, F, true, &[Digits]),
    ("point", "box", A, F, false, &[]),
    ("lseg", "point", E, F, false, &[Outline]),
    ("path", "polygon", A, F, true, &[]),
    ("box", "point", E, F, false, &[Outline]),
    ("box", "lseg", E, F, false, &[]),
    ("box", "polygon", A, F, false, &[]),
    ("box", "circle", E, F, false, &[Outline]),
    ("polygon", "point", E, F, false, &[Outline]),
    ("polygon", "path", A, F, false, &[]),
    ("polygon", "box", E, F, false, &[Outline]),
    ("polygon", "circle", E, F, false, &[Outline]),
    ("circle", "point", E, F, false, &[Outline]),
    ("circle", "box", E, F, false, &[Outline]),
    ("circle", "polygon", E, F, true, &[Outline]),
    ("int4range", "int4multirange", E, F, false, &[]),
    ("int8range", "int8multirange", E, F, false, &[]),
    ("numrange", "nummultirange", E, F, false, &[]),
    ("daterange", "datemultirange", E, F, false, &[]),
    ("tsrange", "tsmultirange", E, F, false, &[]),
    ("tstzrange", "tstzmultirange", E, F, false, &[]),
    ("pg_node_tree", "text", I, B, false, &[]),
    ("pg_ndistinct", "bytea", I, B, false, &[]),
    ("pg_ndistinct", "text", I, T, false, &[]),
    ("pg_dependencies", "bytea", I, B, false, &[]),
    ("pg_dependencies", "text", I, T, false, &[]),
    ("pg_mcv_list", "bytea", I, B, false, &[]),
    ("pg_mcv_list", "text", I, T, false, &[]),
];

/// The casts that a major after 14 added.
const ADDED: &[(u32, Line)] = &[
    (18, ("smallint", "bytea", E, F, false, &[])),
    (18, ("integer", "bytea", E, F, false, &[])),
    (18, ("bigint", "bytea", E, F, false, &[])),
    (18, ("bytea", "smallint", E, F, true, &[Spelling])),
    (18, ("bytea", "integer", E, F, true, &[Spelling])),
    (18, ("bytea", "bigint", E, F, true, &[Spelling])),
];

/// The casts that a major removed.
const REMOVED: &[(u32, Line)] = &[(15, ("path", "point", E, F, true, &[Outline]))];

/// The casts of extensions; the names of their types begin with the extension.
const EXTENSIONS: &[Line] = &[
    ("citext.citext", "text", I, B, false, &[]),
    ("citext.citext", VARCHAR, I, B, false, &[]),
    ("citext.citext", "character", A, B, false, &[Blanks]),
    ("text", "citext.citext", A, B, false, &[Case]),
    (VARCHAR, "citext.citext", A, B, false, &[Case]),
    ("character", "citext.citext", A, F, false, &[Case]),
    ("boolean", "citext.citext", A, F, false, &[]),
    ("inet", "citext.citext", A, F, false, &[]),
    ("hstore.hstore", "json", E, F, false, &[]),
    ("hstore.hstore", "jsonb", E, F, false, &[]),
    ("text[]", "hstore.hstore", E, F, true, &[Keys]),
    ("isn.isbn", "isn.ean13", A, B, false, &[]),
    ("isn.isbn", "isn.isbn13", A, B, false, &[]),
    ("isn.isbn13", "isn.ean13", A, B, false, &[]),
    ("isn.isbn13", "isn.isbn", A, B, false, &[]),
    ("isn.ismn", "isn.ean13", A, B, false, &[]),
    ("isn.ismn", "isn.ismn13", A, B, false, &[]),
    ("isn.ismn13", "isn.ean13", A, B, false, &[]),
    ("isn.ismn13", "isn.ismn", A, B, false, &[]),
    ("isn.issn", "isn.ean13", A, B, false, &[]),
    ("isn.issn", "isn.issn13", A, B, false, &[]),
    ("isn.issn13", "isn.ean13", A, B, false, &[]),
    ("isn.issn13", "isn.issn", A, B, false, &[]),
    ("isn.upc", "isn.ean13", A, B, false, &[]),
    ("isn.ean13", "isn.isbn", E, F, true, &[]),
    ("isn.ean13", "isn.isbn13", E, F, true, &[]),
    ("isn.ean13", "isn.ismn", E, F, true, &[]),
    ("isn.ean13", "isn.ismn13", E, F, true, &[]),
    ("isn.ean13", "isn.issn", E, F, true, &[]),
    ("isn.ean13", "isn.issn13", E, F, true, &[]),
    ("isn.ean13", "isn.upc", E, F, true, &[]),
];

/// The types of extensions in these casts.
const EXTENSION_TYPES: &[(&str, &str)] = &[
    ("citext", "citext"),
    ("hstore", "hstore"),
    ("isn", "ean13"),
    ("isn", "isbn"),
    ("isn", "isbn13"),
    ("isn", "ismn"),
    ("isn", "ismn13"),
    ("isn", "issn"),
    ("isn", "issn13"),
    ("isn", "upc"),
];

/// Types that are OIDs with names: they all have the same casts.
const OID_NAMES: &[&str] = &[
    "regproc",
    "regprocedure",
    "regoper",
    "regoperator",
    "regclass",
    "regtype",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regrole",
    "regcollation",
];

/// The second type is the first one with arguments.
const OID_VARIANTS: &[(&str, &str)] = &[("regproc", "regprocedure"), ("regoper", "regoperator")];

/// Returns the types of extensions, with the extension that creates them.
pub fn extension_types() -> impl Iterator<Item = (&'static str, &'static str)> {
    EXTENSION_TYPES.iter().copied()
}

fn lines(major: u32) -> impl Iterator<Item = &'static Line> {
    let added = ADDED.iter().filter(move |(since, _)| *since <= major).map(|(_, line)| line);
    let removed = REMOVED.iter().filter(move |(since, _)| *since > major).map(|(_, line)| line);
    CASTS.iter().chain(EXTENSIONS).chain(added).chain(removed)
}

/// Returns the cast between two types in a major version.
pub fn cast(source: &str, target: &str, major: u32) -> Option<Known> {
    if let Some(known) = of_oid(source, target) {
        return Some(known);
    }
    let found = lines(major).find(|(from, to, ..)| *from == source && *to == target)?;
    let &(_, _, context, method, fails, losses) = found;
    Some(Known { context, method, fails, losses })
}

fn of_oid(source: &str, target: &str) -> Option<Known> {
    let is_name = |name: &str| OID_NAMES.contains(&name);
    let is_oid = |name: &str| name == "oid" || is_name(name);
    let known = |context, method, fails, losses| Some(Known { context, method, fails, losses });
    match (source, target) {
        ("smallint", target) if is_oid(target) => known(I, F, false, &[Sign]),
        ("integer", target) if is_oid(target) => known(I, B, false, &[Sign]),
        ("bigint", target) if is_oid(target) => known(I, F, true, &[]),
        (source, "integer") if is_oid(source) => known(A, B, false, &[Sign]),
        (source, "bigint") if is_oid(source) => known(A, F, false, &[]),
        ("oid", target) if is_name(target) => known(I, B, false, &[]),
        (source, "oid") if is_name(source) => known(I, B, false, &[]),
        _ if OID_VARIANTS.contains(&(source, target)) || OID_VARIANTS.contains(&(target, source)) => {
            known(I, B, false, &[])
        }
        _ => None,
    }
}

/// Types with a maximum length of their text, in characters.
const SHORT: &[(&str, i32)] = &[
    ("boolean", 5),
    ("smallint", 6),
    ("integer", 11),
    ("bigint", 20),
    ("oid", 10),
    ("xid", 10),
    ("cid", 10),
    ("xid8", 20),
    ("pg_lsn", 17),
    ("uuid", 36),
    ("macaddr", 17),
    ("macaddr8", 23),
    ("name", 63),
    ("date", 13),
    (TIME, 15),
    ("real", 15),
    ("tid", 18),
    (ONE_BYTE, 4),
];

/// Returns the maximum length of the text of a type's values, if it is short.
pub fn longest_text(name: &str) -> Option<i32> {
    SHORT.iter().find(|(own, _)| *own == name).map(|(_, length)| *length)
}

/// Returns whether the server has the type in its string category, which converts any value through its text.
pub fn is_string(name: &str) -> bool {
    matches!(name, "text" | VARCHAR | "character" | "name" | "citext.citext")
}

/// Returns whether the text of a value may end with significant blanks. Users' types may have any text.
pub fn may_end_with_blanks(name: &str) -> bool {
    is_string(name) && name != "character" || matches!(name, "json" | "xml") || name.contains('.')
}

/// Returns whether the type stores a text unchanged.
pub fn keeps_letters(name: &str) -> bool {
    is_string(name) || matches!(name, "json" | "xml")
}

/// Returns whether `=` of `pg_catalog` distinguishes all values of a type that differ for their readers.
pub fn has_exact_equality(name: &str) -> bool {
    matches!(
        name,
        "smallint"
            | "integer"
            | "bigint"
            | "numeric"
            | "real"
            | FLOAT
            | "money"
            | "boolean"
            | "oid"
            | "uuid"
            | "bytea"
            | "date"
            | TIME
            | TIMETZ
            | TIMESTAMP
            | TIMESTAMPTZ
            | "interval"
            | "inet"
            | "cidr"
            | "macaddr"
            | "macaddr8"
            | "bit"
            | VARBIT
            | "jsonb"
            | "pg_lsn"
            | "xid8"
    )
}

/// Returns all pairs of types with a cast in a major version.
pub fn pairs(major: u32) -> Vec<(&'static str, &'static str)> {
    let mut pairs: Vec<_> = lines(major).map(|line| (line.0, line.1)).collect();
    let integers = ["smallint", "integer", "bigint", "oid"];
    for source in OID_NAMES.iter().chain(&integers).copied() {
        let targets = OID_NAMES.iter().chain(&integers).copied();
        pairs.extend(targets.filter(|target| of_oid(source, target).is_some()).map(|target| (source, target)));
    }
    pairs
}
