//! Computes when a policy's workers start: from a cron expression, in the local time of the policy's time zone. Reads no
//! clock.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime};
use croner::Cron;

/// A cron expression.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: Cron,
}

impl Schedule {
    /// Reads five or six fields, or a word such as `@daily`; `None` if it is not a cron expression.
    pub fn cron(text: &str) -> Option<Self> {
        Cron::from_str(text).ok().map(|cron| Self { cron })
    }

    /// Returns the first start after a point in time, both in seconds of local time since 1970; `None` if there is none.
    pub fn next_after(&self, seconds: i64) -> Option<i64> {
        let after: NaiveDateTime = DateTime::from_timestamp(seconds, 0)?.naive_utc();
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(next.and_utc().timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_match_the_cron_expression() {
        // 2024-03-01 12:00:00, a Friday.
        const NOON: i64 = 1_709_294_400;
        let next = |text: &str| Schedule::cron(text).and_then(|schedule| schedule.next_after(NOON));
        assert_eq!(next("*/5 * * * *"), Some(NOON + 300));
        assert_eq!(next("0 12 * * *"), Some(NOON + 86_400));
        assert_eq!(next("30 3 * * SUN"), Some(NOON + 39 * 3600 + 1800));
        assert_eq!(next("@daily"), Some(NOON + 12 * 3600));
        for text in ["", "1 hour", "61 * * * *", "* * * *"] {
            assert!(Schedule::cron(text).is_none(), "{text}");
        }
    }
}
