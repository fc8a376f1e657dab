//! Conversions of single types, as clauses. The e2e test `conversions` checks their results on a server.

use super::*;
use crate::ddl::{Context, Options, plan_with};
use crate::model::Model;
use rustc_hash::FxHashSet;

/// Runs a function with the types of two models.
fn with_types<T>(old: &str, new: &str, recreated_types: &[&str], run: impl FnOnce(Types<'_, '_>) -> T) -> T {
    let model = |lists: &str| {
        let text = format!(r#"{{"format_version": 1, "server_version_num": 150000{lists}}}"#);
        Model::from_json(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    let (old, new, options) = (model(old), model(new), Options::default());
    let (old_plan, new_plan) = (plan_with(&old, FxHashSet::default()), plan_with(&new, FxHashSet::default()));
    let (old, new) = (Context::new(&old, &options, &old_plan), Context::new(&new, &options, &new_plan));
    let recreated_types = recreated_types.iter().map(|name| (*name).to_owned()).collect();
    run(Types { old: &old, new: &new, recreated_types: Some(&recreated_types) })
}

/// Returns the clause, whether rows are rewritten, whether a value may fail, and the possible losses.
fn found(conversion: &Conversion) -> (String, bool, bool, Vec<Loss>) {
    let Facts { rewrites, fails, losses } = &conversion.facts;
    (conversion.using("c").trim_start().to_owned(), *rewrites, *fails, losses.iter().copied().collect())
}

#[track_caller]
fn is(old: &str, new: &str, using: &str, rewrites: bool, fails: bool, losses: &[Loss]) {
    let conversion = with_types("", "", &[], |types| Conversion::between(old, new, types));
    assert_eq!(found(&conversion), (using.to_owned(), rewrites, fails, losses.to_vec()), "{old} to {new}");
}

const DOMAINS: &str = r#", "domains": [{"schema": "s", "name": "code", "base_type": "TYPE"}]"#;

#[test]
fn too_long_values_are_an_error() {
    is("text", "character varying(5)", "", true, true, &[Loss::Blanks]);
    is("character varying(50)", "character varying(10)", "", true, true, &[Loss::Blanks]);
    is("character varying(50)[]", "character varying(10)[]", "", true, true, &[Loss::Blanks]);
    is("text", "character(5)", "", true, true, &[Loss::Blanks]);
    is("character(10)", "character(5)", "", true, true, &[]);
    is("bit varying(20)", "bit varying(4)", "", true, true, &[]);
    is("bit(8)", "bit(4)", "", true, true, &[]);
    // An explicit cast to the type with its length would cut off the value.
    is("text", "bit varying(4)", "USING c::bit varying", true, true, &[Loss::Spelling]);
    is("text", "bit(4)", "USING c::\"bit\"", true, true, &[Loss::Spelling]);
    is("text", "character varying(5)[]", "USING c::character varying[]", true, true, &[Loss::Blanks, Loss::Spelling]);
}

#[test]
fn conversions_to_wider_types_keep_values() {
    is("character varying(10)", "character varying(20)", "", false, false, &[]);
    is("character varying(10)", "text", "", false, false, &[]);
    is("character varying(10)[]", "character varying[]", "", false, false, &[]);
    is("character varying(10)[]", "character varying(20)[]", "", true, false, &[]);
    is("numeric(10,2)", "numeric(12,2)", "", false, false, &[]);
    is("numeric(10,2)", "numeric", "", false, false, &[]);
    is("numeric(10,2)", "numeric(12,4)", "", true, false, &[]);
    is("timestamp(3) without time zone", "timestamp without time zone", "", false, false, &[]);
    is("integer", "bigint", "", true, false, &[]);
    is("integer", "text", "", true, false, &[]);
    is("integer", "character varying(11)", "", true, false, &[]);
    is("integer", "character varying(10)", "", true, true, &[]);
    is("integer", "numeric(12,2)", "", true, false, &[]);
    is("integer", "numeric(10,2)", "", true, true, &[]);
    is("bit(4)", "bit(8)", "USING c::bit(8)", true, false, &[Loss::Zeros]);
    is("bit(4)", "bit varying", "", false, false, &[]);
}

#[test]
fn lossy_conversions_are_reported() {
    is("numeric(10,4)", "numeric(10,2)", "", true, false, &[Loss::Digits]);
    is("numeric", "integer", "", true, true, &[Loss::Fraction]);
    is("double precision", "numeric(10,2)", "", true, true, &[Loss::Digits]);
    is("timestamp(6) without time zone", "timestamp(0) without time zone", "", true, false, &[Loss::Seconds]);
    is("timestamp without time zone", "date", "", true, false, &[Loss::TimeOfDay]);
    is("timestamp without time zone", "timestamp with time zone", "", true, true, &[Loss::SessionZone]);
    is("interval", "interval year", "", true, false, &[Loss::Fields]);
}

#[test]
fn existing_casts_are_used() {
    is("bit(8)", "integer", "USING c::integer", true, false, &[]);
    is("bit(40)", "integer", "USING c::integer", true, true, &[]);
    is("integer", "bit(8)", "USING c::bit(8)", true, false, &[Loss::Bits]);
    is("money", "numeric(10,2)", "", true, true, &[]);
    is("regclass", "oid", "", false, false, &[]);
    is("cidr", "inet", "", false, false, &[]);
    is("xml", "text", "", false, false, &[]);
    is("jsonb", "integer", "USING c::integer", true, true, &[Loss::Fraction]);
    is("text", "numeric(10,2)", "USING c::numeric", true, true, &[Loss::Digits, Loss::Spelling]);
    is("integer", "uuid", "USING c::text::uuid", true, true, &[Loss::Text]);
    is("numeric(10,2)[]", "numeric(10,2)", "USING c::text::numeric", true, true, &[Loss::Text]);
}

#[test]
fn user_and_extension_casts_are_used() {
    let cast = r#", "types": [{"schema": "s", "name": "lvl", "enum_labels": ["a"]}],
        "casts": [{"source": "s.lvl", "target_type": "integer", "method": "function", "function": "s.f(s.lvl)", "context": "explicit"}]"#;
    let there = with_types(cast, cast, &[], |types| Conversion::between("s.lvl", "integer", types));
    assert_eq!(found(&there), ("USING c::integer".into(), true, true, vec![Loss::Function]));
    let back = with_types(cast, cast, &[], |types| Conversion::between("integer", "s.lvl", types));
    assert_eq!(back.way, Way::ThroughText("s.lvl".into()));
    let printed = with_types(cast, cast, &[], |types| Conversion::between("s.lvl", "character varying(5)", types));
    assert_eq!(found(&printed), ("USING c::character varying".into(), true, false, vec![]));
    let extensions = r#", "extensions": [{"name": "hstore", "schema": "x", "version": "1"}, {"name": "citext", "schema": "x", "version": "1"}]"#;
    let between = |old: &str, new: &str| {
        with_types(extensions, extensions, &[], |types| found(&Conversion::between(old, new, types)))
    };
    assert_eq!(between("x.hstore", "jsonb"), ("USING c::jsonb".into(), true, false, vec![]));
    assert_eq!(between("text", "x.citext"), (String::new(), false, false, vec![Loss::Case]));
    assert_eq!(between("x.citext", "character varying(5)"), (String::new(), true, true, vec![Loss::Blanks]));
}

#[test]
fn domains_convert_like_their_base_types() {
    let side = |data_type: &str| DOMAINS.replace("TYPE", data_type);
    let (long, short) = (side("text"), side("character varying(5)"));
    let shrunk = with_types(&long, &short, &["s.code"], |types| found(&Conversion::between("s.code", "s.code", types)));
    assert_eq!(shrunk, (String::new(), true, true, vec![Loss::Blanks]));
    let column = with_types(&short, &short, &[], |types| found(&Conversion::between("text", "s.code", types)));
    assert_eq!(column, (String::new(), true, true, vec![Loss::Blanks]));
    let freed = with_types(&long, &long, &[], |types| found(&Conversion::between("s.code", "text", types)));
    assert_eq!(freed, (String::new(), false, false, vec![]));
}

#[test]
fn enum_labels_are_converted_by_text() {
    let side = |labels: &str| format!(r#", "types": [{{"schema": "s", "name": "e", "enum_labels": [{labels}]}}]"#);
    let (few, many) = (side(r#""a""#), side(r#""b", "a""#));
    let between = |old: &str, new: &str| {
        with_types(old, new, &["s.e"], |types| found(&Conversion::between("s.e[]", "s.e[]", types)))
    };
    assert_eq!(between(&few, &many), ("USING c::text::s.e[]".into(), true, false, vec![]));
    assert_eq!(between(&many, &few), ("USING c::text::s.e[]".into(), true, true, vec![]));
}
