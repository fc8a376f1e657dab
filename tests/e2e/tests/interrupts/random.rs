//! Random numbers that are the same in every run. `PGMETA_SEED` (a number, or `random`) selects others.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

const SEED: u64 = 20_261_128;

/// Returns the seed of this run.
pub fn seed() -> Result<u64> {
    Ok(match std::env::var("PGMETA_SEED").ok().as_deref() {
        None => SEED,
        Some("random") => u64::from(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos()),
        Some(number) => number.parse()?,
    })
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// Chooses `count` moments from 1 on, or all if there are fewer.
    pub fn moments(&mut self, of: usize, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (1..=of).collect();
        for at in 0..count.min(of) {
            let other = at + self.below(of - at);
            all.swap(at, other);
        }
        all.truncate(count);
        all
    }
}
