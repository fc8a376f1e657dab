//! Random parts of models, and changes of them: plain values, so that they can be shrunk. Does not know SQL.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Debug)]
pub struct RawModel {
    pub schemas: Vec<(String, Option<String>)>,
    pub enums: Vec<(usize, String, Vec<String>)>,
    pub composites: Vec<(usize, String, Vec<usize>)>,
    pub domains: Vec<RawDomain>,
    pub sequences: Vec<(usize, String, bool, i64, i64, bool)>,
    pub tables: Vec<RawTable>,
    pub views: Vec<(usize, String, i32, String, Option<String>)>,
    pub functions: Vec<RawFunction>,
}

#[derive(Clone, Debug)]
pub struct RawDomain {
    pub schema: usize,
    pub name: String,
    pub base: usize,
    pub not_null: bool,
    pub default: bool,
    pub check: bool,
    pub comment: Option<String>,
}

#[derive(Clone, Debug)]
pub struct RawColumn {
    pub name: String,
    pub data_type: usize,
    pub not_null: bool,
    pub default: Option<String>,
    pub identity: bool,
    pub extra: u8,
    pub comment: Option<String>,
}

#[derive(Clone, Debug)]
pub struct RawTable {
    pub schema: usize,
    pub name: String,
    pub columns: Vec<RawColumn>,
    pub comment: Option<String>,
    pub bits: u16,
    pub checks: Vec<(String, i32)>,
    pub indexes: Vec<(String, usize, u8)>,
    pub policies: Vec<(String, u8, i32)>,
    pub reference: Option<(String, usize, u8)>,
    pub grants: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct RawFunction {
    pub schema: usize,
    pub name: String,
    pub arguments: Vec<(usize, Option<String>)>,
    pub body: String,
    pub bits: u16,
    pub comment: Option<String>,
}

/// Returns text with characters that are special in quotes, comments, psql and JSON.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a", "b", "Z", "0", "_", " ", "  ", "'", "\"", "\\", "$", "$$", "$_$", "%s", ";", "--", "/*", "*/", "\n", "\t",
        "\r", ":x", "\\q", "é", "e\u{301}", "漢", "🐘", "/", ".", "..", "(", ")", "{", "}", "[", ",", "=", "select",
        "NULL", "\u{202e}", "\u{a0}",
    ];
    vec(select(PIECES), 0..6).prop_map(|pieces| pieces.concat())
}

pub fn raw_model() -> impl Strategy<Value = RawModel> {
    let domain = (0..9usize, text(), 0..9usize, any::<[bool; 3]>(), option::of(text())).prop_map(
        |(schema, name, base, [not_null, default, check], comment)| RawDomain {
            schema,
            name,
            base,
            not_null,
            default,
            check,
            comment,
        },
    );
    let column = || {
        (
            text(),
            0..40usize,
            any::<bool>(),
            option::of(text()),
            any::<bool>(),
            any::<u8>(),
            option::weighted(0.2, text()),
        )
            .prop_map(|(name, data_type, not_null, default, identity, extra, comment)| RawColumn {
                name,
                data_type,
                not_null,
                default,
                identity,
                extra,
                comment,
            })
    };
    let table = (
        (0..9usize, text(), vec(column(), 0..6), option::of(text()), any::<u16>()),
        vec((text(), any::<i32>()), 0..3),
        vec((text(), 0..9usize, any::<u8>()), 0..3),
        vec((text(), any::<u8>(), any::<i32>()), 0..2),
        option::of((text(), 0..9usize, any::<u8>())),
        vec(any::<u8>(), 0..3),
    )
        .prop_map(|((schema, name, columns, comment, bits), checks, indexes, policies, reference, grants)| RawTable {
            schema,
            name,
            columns,
            comment,
            bits,
            checks,
            indexes,
            policies,
            reference,
            grants,
        });
    let function =
        (0..9usize, text(), vec((0..9usize, option::of(text())), 0..4), text(), any::<u16>(), option::of(text()))
            .prop_map(|(schema, name, arguments, body, bits, comment)| RawFunction {
                schema,
                name,
                arguments,
                body,
                bits,
                comment,
            });
    (
        vec((text(), option::of(text())), 1..4),
        vec((0..9usize, text(), vec(text(), 0..4)), 0..3),
        vec((0..9usize, text(), vec(0..9usize, 0..4)), 0..3),
        vec(domain, 0..3),
        vec((0..9usize, text(), any::<bool>(), 1..1000i64, 1..1000i64, any::<bool>()), 0..3),
        vec(table, 0..5),
        vec((0..9usize, text(), any::<i32>(), text(), option::of(text())), 0..3),
        vec(function, 0..3),
    )
        .prop_map(|(schemas, enums, composites, domains, sequences, tables, views, functions)| RawModel {
            schemas,
            enums,
            composites,
            domains,
            sequences,
            tables,
            views,
            functions,
        })
}

/// Returns `old` with the picked properties of `other`, under the same names, so that most differences are changes; the
/// last objects are removed if picked.
pub fn changed(old: &RawModel, other: &RawModel, picks: &[bool]) -> RawModel {
    let mut picks = picks.iter().copied().cycle();
    let mut picked = move || picks.next().unwrap_or(false);
    let mut model = old.clone();
    for (own, other) in model.schemas.iter_mut().zip(&other.schemas).filter(|_| picked()) {
        own.1.clone_from(&other.1);
    }
    for (own, other) in model.composites.iter_mut().zip(&other.composites).filter(|_| picked()) {
        own.2.iter_mut().zip(&other.2).for_each(|(own, other)| *own = *other);
    }
    for (own, other) in model.domains.iter_mut().zip(&other.domains).filter(|_| picked()) {
        *own = RawDomain { schema: own.schema, name: own.name.clone(), base: own.base, ..other.clone() };
    }
    for (own, other) in model.sequences.iter_mut().zip(&other.sequences).filter(|_| picked()) {
        *own = (own.0, own.1.clone(), other.2, other.3, other.4, other.5);
    }
    for (own, other) in model.tables.iter_mut().zip(&other.tables) {
        if picked() {
            own.comment.clone_from(&other.comment);
            own.grants.clone_from(&other.grants);
        }
        if picked() {
            own.bits = other.bits;
        }
        for (own, other) in own.columns.iter_mut().zip(&other.columns).filter(|_| picked()) {
            *own = RawColumn { name: own.name.clone(), ..other.clone() };
        }
        for (own, other) in own.checks.iter_mut().zip(&other.checks).filter(|_| picked()) {
            own.1 = other.1;
        }
        for (own, other) in own.indexes.iter_mut().zip(&other.indexes).filter(|_| picked()) {
            (own.1, own.2) = (other.1, other.2);
        }
        for (own, other) in own.policies.iter_mut().zip(&other.policies).filter(|_| picked()) {
            (own.1, own.2) = (other.1, other.2);
        }
        if picked() {
            own.reference.clone_from(&other.reference);
        }
    }
    for (own, other) in model.views.iter_mut().zip(&other.views).filter(|_| picked()) {
        *own = (own.0, own.1.clone(), other.2, other.3.clone(), other.4.clone());
    }
    for (own, other) in model.functions.iter_mut().zip(&other.functions).filter(|_| picked()) {
        *own = RawFunction { schema: own.schema, name: own.name.clone(), ..other.clone() };
    }
    if picked() {
        model.functions.pop();
    }
    if picked() {
        model.views.pop();
    }
    model
}
