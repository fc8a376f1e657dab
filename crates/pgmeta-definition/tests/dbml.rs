//! DBML: no word is lost without a row of the report, and no text ends the process.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use pgmeta_definition::{Imported, Remark, from_dbml};

fn shop() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/shop.dbml")).unwrap()
}

/// What is made of a text: none if it is refused.
fn made(source: &str) -> Option<(serde_json::Value, Vec<Remark>)> {
    let Imported { definition, report } = from_dbml(source).ok()?;
    Some((serde_json::to_value(definition).unwrap(), report))
}

/// A word anywhere between two others is refused, taken, or reported.
#[test]
fn no_word_is_lost() {
    let source = shop();
    // What is reported as a whole is not read.
    let source =
        source.split_once("TableGroup").unwrap().0.replace(", colour: red", "").replace("headercolor: #3498DB, ", "");
    let is_read = |line: &&str| {
        !["database_type", "oops", "just made", "explode", "<>", "nowhere"].iter().any(|word| line.contains(word))
    };
    let source = source.lines().filter(is_read).collect::<Vec<_>>().join("\n");
    let all = made(&source);
    // A word in a text changes the text.
    let places: Vec<usize> = source.match_indices([' ', '(', '[', '{', ',', ':']).map(|(at, _)| at + 1).collect();
    assert!(places.len() > 100);
    let mut lost = Vec::new();
    for at in places {
        let (before, after) = source.split_at(at);
        if before.lines().last().is_some_and(|line| line.contains("//")) {
            continue;
        }
        let with = format!("{before} zzz {after}");
        if made(&with) == all {
            lost.push(format!("line {}: {:?}", before.lines().count(), before.lines().last()));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn an_enum_on_one_line_has_all_its_values() {
    let imported = from_dbml("Enum s { a b \"c d\" }").unwrap();
    let values: Vec<&str> = imported.definition.enums[0].values.iter().map(|own| &**own).collect();
    assert_eq!(values, ["a", "b", "c d"]);
    assert_eq!(imported.report.iter().map(|own| own.code).collect::<Vec<_>>(), ["UNKNOWN_WORD"]);
}

/// Each construct in itself, until a reader that recurses would overflow the stack.
#[test]
fn repetition_neither_crashes_nor_hangs() {
    let constructs = [
        "note { ",
        "note: ",
        "indexes { ",
        "checks { ",
        "Table a { ",
        "Ref: ",
        "[",
        "(",
        "{ ",
        "a [",
        "[a: ",
        "(a, ",
        "} ",
        "] ",
        ") ",
        "'",
        "'''",
        "\"",
        "`",
        "/* ",
        "a.",
        "a int ",
        "> ",
        "\\",
        ": ",
        "- ",
        "~a ",
        "Enum e { a } ",
        "Table a { b c } ",
        "Ref: a.b > a.b\n",
    ];
    let run = move || {
        for construct in constructs {
            for start in
                ["", "Table a { ", "Table a { b int ", "Table a { indexes { ", "Project a { ", "Enum a { ", "Ref { "]
            {
                let _ = from_dbml(&format!("{start}{}", construct.repeat(5_000)));
            }
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
    let message = from_dbml("Table a {\n indexes {\n note {").unwrap_err().message;
    assert_eq!(message, "line 3: \"note\" cannot stand so deep");
}
