//! How much memory reading a snapshot takes, in multiples of its text.

mod large;

use large::peak::peak_of;
use large::{SHAPES, Shape, Work};

/// Hardly more than punctuation: words of a few letters, tables of one column. Each word and each table has room of its own.
const LITTLE_TEXT: &[&str] = &[
    "tables that are renamed",
    "labels that are renamed",
    "enum labels that come",
    "members of extensions",
    "published tables",
    "attributes",
    "constraints",
    "overloads",
];

/// What is done with a snapshot may take so many times its text, reading included; `None`: as much as its result is large.
fn most(work: Work, shape: &Shape) -> Option<f64> {
    let little = LITTLE_TEXT.contains(&shape.name);
    match work {
        Work::Read => Some(if little { 9.0 } else { 6.0 }),
        Work::Ddl => Some(if little { 15.0 } else { 10.0 }),
        Work::Files | Work::Diff | Work::Plan | Work::Back => None,
    }
}

#[test]
fn reading_needs_a_small_multiple_of_the_text() -> Result<(), Box<dyn std::error::Error>> {
    for shape in SHAPES {
        let pair = (shape.make)(shape.size / 4);
        for work in Work::ALL {
            let Some(most) = most(work, shape) else { continue };
            let (done, peak) = peak_of(|| work.run(&pair));
            done?;
            let times = peak as f64 / pair.old.len() as f64;
            assert!(times <= most, "{}: {work:?} takes {times:.1} times the text", shape.name);
        }
    }
    Ok(())
}
