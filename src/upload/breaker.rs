//! Is it back? One state a destination, shared by all processes through the store.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::store::Store;

use super::Config;

/// First pause; looking at a folder is cheap.
const BASE: Duration = Duration::from_millis(500);
/// Longest pause.
const CAP: Duration = Duration::from_secs(60);

/// Growing pauses with jitter, so that the stations of a province do not come back in one instant.
pub(super) struct Wait {
    failures: u32,
    offset: u64,
}

impl Wait {
    /// The jitter is stable for a destination and a process.
    pub fn new(destination: &str) -> Self {
        let seed = format!("{destination}{}", std::process::id());
        let offset = crate::document::Sha256::of(seed.as_bytes())
            .0
            .bytes()
            .fold(0u64, |sum, b| sum * 31 % 1000 + u64::from(b));
        Self { failures: 0, offset }
    }

    /// The next pause.
    pub fn next(&mut self) -> Duration {
        let grown = BASE.saturating_mul(2u32.saturating_pow(self.failures.min(10))).min(CAP);
        self.failures = self.failures.saturating_add(1);
        grown / 2 + grown.mul_f64((self.offset % 1000) as f64 / 2000.0)
    }

    /// It works.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Remembers that a destination is away, why, and when it is tried again.
pub(super) async fn open(store: &Store, config: &Config, error: &Error, pause: Duration) -> Result<()> {
    let until = jiff::Timestamp::now().as_microsecond() + i64::try_from(pause.as_micros()).unwrap_or(0);
    store.set_breaker(&config.name, "open", until, Some(&error.to_string())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_below_the_cap() {
        let mut wait = Wait::new("dms");
        let pauses: Vec<Duration> = (0..20).map(|_| wait.next()).collect();
        assert!(pauses[0] <= BASE && pauses[5] > pauses[0]);
        assert!(pauses.iter().all(|p| *p <= CAP));
    }
}
