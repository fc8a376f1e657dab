//! Choices from a list of numbers, lists of a seed, and the smallest list with which something is wrong.

/// The numbers that are still to be used. After the last one all are 0.
pub struct Choices<'c> {
    numbers: std::slice::Iter<'c, u16>,
}

impl<'c> Choices<'c> {
    pub fn of(numbers: &'c [u16]) -> Self {
        Self { numbers: numbers.iter() }
    }

    /// Returns numbers that look random, the same ones for a seed (SplitMix64).
    pub fn of_seed(seed: u64, count: usize) -> Vec<u16> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) >> 32) as u16
        };
        (0..count).map(|_| next()).collect()
    }

    fn next(&mut self) -> u16 {
        self.numbers.next().copied().unwrap_or(0)
    }

    /// Returns a number below another one.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.next()) % end
    }

    /// Returns true in so many of 100 cases.
    pub fn chance(&mut self, percent: u16) -> bool {
        self.next() % 100 >= 100 - percent
    }

    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// Returns the smallest list with which something still fails, and how, starting with one with which it does.
pub fn smallest<E>(numbers: Vec<u16>, error: E, mut test: impl FnMut(&[u16]) -> Result<(), E>) -> (Vec<u16>, E) {
    // Enough for a list of thousands; a server takes part in some tests.
    const MOST: usize = 400;
    let (mut best, mut tried) = ((numbers, error), 0);
    let mut size = best.0.len();
    while size > 0 && tried < MOST {
        let mut at = 0;
        while at < best.0.len() && tried < MOST {
            let end = (at + size).min(best.0.len());
            let without = [&best.0[..at], &best.0[end..]].concat();
            let mut zeros = best.0.clone();
            zeros[at..end].fill(0);
            let zeros = Some(zeros).filter(|zeros| *zeros != best.0);
            let mut found = false;
            for candidate in [Some(without), zeros].into_iter().flatten() {
                tried += 1;
                if let Err(error) = test(&candidate) {
                    best = (candidate, error);
                    found = true;
                    break;
                }
            }
            if !found {
                at += size;
            }
        }
        size /= 2;
    }
    best
}
