//! How much memory reading a snapshot takes, in multiples of its text.

#![allow(clippy::unwrap_used)]

mod large;

use large::peak::peak_of;
use large::{SHAPES, Work};

/// Tables of one column each, and nothing else: an empty object has attributes too.
const LITTLE_TEXT: &[&str] = &["tables that are renamed", "published tables", "children of one table", "foreign keys"];

/// What is done with a snapshot may take so many times its text, reading included; `None`: as much as its result is large.
fn most(work: Work) -> Option<f64> {
    match work {
        Work::Read => Some(6.0),
        Work::Ddl => Some(10.0),
        Work::Files | Work::Diff | Work::Plan | Work::Back => None,
    }
}

#[test]
fn reading_takes_a_few_times_the_text() {
    for shape in SHAPES.iter().filter(|shape| !LITTLE_TEXT.contains(&shape.name)) {
        let pair = (shape.make)(shape.size / 4);
        for work in Work::ALL {
            let Some(most) = most(work) else { continue };
            let (done, peak) = peak_of(|| work.run(&pair));
            done.unwrap();
            let times = peak as f64 / pair.old.len() as f64;
            assert!(times <= most, "{}: {work:?} takes {times:.1} times the text", shape.name);
        }
    }
}
