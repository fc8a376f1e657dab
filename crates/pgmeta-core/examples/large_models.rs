//! Measures what large snapshots of every kind cost at a size and at its double: seconds, how much more for the double,
//! and the most memory in multiples of the JSON. Ends with 1 where a bound is broken.
//!
//! `cargo run --release -p pgmeta-core --example large_models [-- WORD…]`, for the kinds whose names hold a word.

#[path = "../tests/large/mod.rs"]
mod large;

use std::process::ExitCode;

use large::peak::peak_of;
use large::{Pair, SHAPES, Work};

/// Twice the text takes n log n's double and what caches add.
const MOST_GROWTH: f64 = 1.5;
/// What is done sooner is noise.
const WORTH_COMPARING: f64 = 0.2;
/// Of what is hardly more than punctuation; tests/memory.rs has 6 for all else.
const MOST_MEMORY_OF_READING: f64 = 9.0;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted =
        SHAPES.iter().filter(|shape| words.is_empty() || words.iter().any(|word| shape.name.contains(word.as_str())));
    let mut broken = 0;
    for shape in wanted {
        let [single, double] = [shape.size, shape.size * 2].map(shape.make);
        println!("{} ({}), {:.1} MB of JSON", shape.name, shape.size * 2, double.old.len() as f64 / 1e6);
        let text = |pair: &Pair| (pair.old.len() + pair.new.len()) as f64;
        let more = text(&double) / text(&single);
        for work in Work::ALL {
            let ((before, _), (after, memory)) = (measure(work, &single), measure(work, &double));
            let growth = after / before;
            let wrong = (growth > MOST_GROWTH * more && after > WORTH_COMPARING)
                || (work == Work::Read && memory > MOST_MEMORY_OF_READING);
            broken += usize::from(wrong);
            let mark = if wrong { "  BROKEN" } else { "" };
            println!("  {:<6} {after:>7.3} s  x {growth:>4.1}  memory x {memory:>5.1}{mark}", format!("{work:?}"));
        }
    }
    println!("{broken} bounds are broken");
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns seconds, and memory in multiples of the JSON that is read.
fn measure(work: Work, pair: &Pair) -> (f64, f64) {
    let begin = seconds();
    let (result, peak) = peak_of(|| work.run(pair));
    let seconds = seconds() - begin;
    if let Err(error) = result {
        println!("  {work:?}: {error}");
    }
    let read = if matches!(work, Work::Read | Work::Ddl | Work::Files) {
        pair.old.len()
    } else {
        pair.old.len() + pair.new.len()
    };
    (seconds, peak as f64 / read as f64)
}

/// Returns how long this process has had a processor: others may be at work beside it.
fn seconds() -> f64 {
    let times = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    times.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
