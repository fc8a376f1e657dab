//! All work on large snapshots calls the interrupt check regularly, and ends when the check unwinds.

mod large;

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use large::peak::blocks;
use large::{Pair, SHAPES, Work};
use pgmeta_core::interrupt::{check_now, set_question};

/// A part of what is worth measuring: these tests are not optimized.
const PART: usize = 40;

/// So many blocks of memory may be asked for between two questions. A pass asks for a few dozen, and 512 passes go without one.
const MOST_BLOCKS: usize = 100_000;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
    static SINCE: Cell<usize> = const { Cell::new(0) };
    static LONGEST: Cell<usize> = const { Cell::new(0) };
    static LEFT: RefCell<Option<usize>> = const { RefCell::new(None) };
}

fn count() {
    let now = blocks();
    LONGEST.set(LONGEST.get().max(now - SINCE.replace(now)));
    ASKED.set(ASKED.get() + 1);
    let end = LEFT.with_borrow_mut(|left| match left {
        Some(0) => true,
        Some(left) => {
            *left -= 1;
            false
        }
        None => false,
    });
    if end {
        resume_unwind(Box::new("the end"));
    }
}

/// Returns how often it was asked, and how many blocks were asked for meanwhile at most.
fn ask(work: Work, pair: &Pair) -> Result<(usize, usize), Box<dyn Error>> {
    SINCE.set(blocks());
    ASKED.set(0);
    LONGEST.set(0);
    work.run(pair)?;
    check_now();
    Ok((ASKED.get() - 1, LONGEST.get()))
}

#[test]
fn all_work_on_large_snapshots_can_be_interrupted() -> Result<(), Box<dyn Error>> {
    set_question(count);
    for shape in SHAPES {
        let size = shape.size / PART;
        let [single, double] = [size, size * 2].map(shape.make);
        let grown = (double.old.len() + double.new.len()) as f64 / (single.old.len() + single.new.len()) as f64;
        for work in Work::ALL {
            let what = format!("{}: {work:?}", shape.name);
            let (before, _) = ask(work, &single)?;
            let (asked, blocks) = ask(work, &double)?;
            assert!(blocks < MOST_BLOCKS, "{what} asks for {blocks} blocks of memory without a question");
            // More to do is more to ask, but not by far: passes are what is counted.
            assert!(
                asked as f64 <= 2.0 * grown * (before + 10) as f64,
                "{what} asks {before} times, then {asked} times"
            );
            if asked > 20 {
                LEFT.set(Some(asked / 2));
                let ended = catch_unwind(AssertUnwindSafe(|| work.run(&double).map(|_| ())));
                LEFT.set(None);
                let end = ended.err().and_then(|end| end.downcast_ref().copied());
                assert_eq!(end, Some("the end"), "{what} goes on");
            }
        }
    }
    Ok(())
}
