//! Is it back? One state a destination, in the store, shared by all processes.
//!
//! ```text
//! closed     works; documents go, more at a time while all goes well
//! open       away until a time; then one process asks with a canary, a read that only a working system answers
//! half_open  three canaries in a row were answered; one document goes all the way to its proof
//! ```
//!
//! A destination that was away for long is believed slowly, and stations come back one after the other: each waits a part of the
//! time for which it was away, always the same part, so that a province does not fall upon its server in one instant.

use std::time::{Duration, Instant};

use crate::document::Sha256;
use crate::error::{Error, Kept, Result, Retry};
use crate::store::{Away, Store};

use super::{Config, Shared, ask, why};

/// First pause and the longest.
const BASE: Duration = Duration::from_millis(500);
const CAP: Duration = Duration::from_secs(300);
/// A pause is no longer than the time for which it is away already, or this.
const SHORT: Duration = Duration::from_secs(5);
/// A busy system is asked again as after so many failures, behind the time that it says: within eight seconds.
const BUSY: i64 = 5;
/// So short a time is also waited by a run that waits for nothing else.
const MOMENT: Duration = Duration::from_secs(10);
/// Canaries in a row that are believed, over the time for which it was away, at most so long.
const GOOD: i64 = 3;
const SETTLE: Duration = Duration::from_secs(60);
/// Longest part of an outage over which stations come back.
const SPREAD: Duration = Duration::from_secs(600);
/// How long one process may take for a canary or for the first document, before another one takes over.
const TURN: Duration = Duration::from_secs(180);
/// Time between two looks at what other processes wrote.
const GLANCE: Duration = Duration::from_millis(500);

/// The state as this process sees it, and the way to the shared one.
pub(super) struct Breaker<'a> {
    store: &'a Store,
    config: &'a Config,
    watch: bool,
    /// Why nothing is sent.
    open: Option<Error>,
    /// It was reached in this run.
    reached: bool,
    /// The shared state says closed, as far as this process knows.
    closed: bool,
    /// Documents on their way at a time, for now.
    ramp: usize,
    looked: Instant,
    rate: Rate,
}

impl<'a> Breaker<'a> {
    /// For a run; with `watch` it waits.
    pub fn new(store: &'a Store, config: &'a Config, watch: bool) -> Self {
        let rate = Rate::new(config.per_minute);
        let looked = Instant::now();
        Self { store, config, watch, open: None, reached: false, closed: false, ramp: 1, looked, rate }
    }

    /// Whether one more may go beside those on their way, as far as the destination is concerned.
    pub async fn has_room(&mut self, flying: usize) -> bool {
        if self.looked.elapsed() > GLANCE {
            self.looked = Instant::now();
            let shared = self.store.breaker(&self.config.name).await.unwrap_or_default();
            // Another process found it away.
            if self.closed && shared.state == "open" {
                self.open = Some(shared.reason.map_or_else(|| self.away(), |reason| reason.error()));
            }
        }
        self.open.is_none() && flying < self.ramp
    }

    /// The time between two documents by the station's rate, when it may be asked for now.
    pub fn rate(&self) -> Option<Duration> {
        self.rate.each
    }

    /// Whether the station's rate keeps documents back for now.
    pub fn keeps_back(&self) -> bool {
        Instant::now() < self.rate.next
    }

    /// The next document waits so long by the station's rate.
    pub fn next_after(&mut self, wait: Duration) {
        self.rate.next = Instant::now() + wait;
    }

    /// Whether more may go at a time than so many, while it is still found out how many that are.
    pub fn is_growing(&self, flying: usize) -> bool {
        flying < self.ramp
    }

    /// Whether documents arrive, and as many go at a time as may.
    pub fn is_steady(&self) -> bool {
        self.closed && self.ramp >= self.config.parallel() && self.rate.each.is_none()
    }

    /// Whether sending has stopped.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// How long a system wants to be left alone that has only too much to do for a moment, as one does that answers so many requests
    /// in a second: whoever calls by hand waits for that too. It is tried again from one document on.
    pub fn pauses(&mut self) -> Option<Duration> {
        let wait = asked(self.open.as_ref()?).filter(|wait| *wait <= MOMENT)?;
        (self.open, self.closed, self.ramp) = (None, false, 1);
        Some(wait.max(GLANCE))
    }

    /// Why it has.
    pub fn reason(&mut self) -> Error {
        self.open.take().unwrap_or_else(|| self.away())
    }

    /// A document reached its proof, or was refused by a system that works.
    pub async fn arrived(&mut self) -> Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        self.ramp = (self.ramp * 2).min(self.config.parallel());
        if !self.closed {
            self.closed = true;
            self.store
                .set_breaker(&self.config.name, &Away { state: "closed".to_owned(), ..Away::default() })
                .await?;
        }
        Ok(())
    }

    /// It is away.
    pub async fn trip(&mut self, error: Error) -> Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let told = self.failed(&error).await;
        self.open = Some(error);
        told
    }

    /// A person has to act before anything more is sent there; no document is blamed.
    pub async fn block(&self, error: &Error) -> Result<()> {
        let shared = self.store.breaker(&self.config.name).await?;
        let since = if shared.state == "open" { shared.since } else { self.store.clock() };
        let state = "open".to_owned();
        self.store
            .set_breaker(
                &self.config.name,
                &Away { state, since, reason: Some(Kept::of(error)), ..Away::default() },
            )
            .await
    }

    /// Comes back when documents may go, or with the reason why this run ends.
    pub async fn wait_until_back(&mut self, destination: &Shared) -> Result<Option<Error>> {
        if self.reached && self.open.is_none() {
            return Ok(None);
        }
        loop {
            let shared = self.store.breaker(&self.config.name).await?;
            let now = self.store.clock();
            // Whoever calls by hand wants to know now; whoever watches waits for the turn.
            let away = shared.state == "open" || shared.state == "half_open";
            if self.watch && away && !self.my_turn(&shared, now).await? {
                tokio::time::sleep(GLANCE.min(micros(shared.until - now)).max(GLANCE / 10)).await;
                continue;
            }
            match ask(destination, |d| d.reach()).await {
                Err(error) if error.kind().retry != Retry::Later => {
                    self.block(&error).await?;
                    return Ok(Some(error));
                }
                Err(error) => {
                    self.failed(&error).await?;
                    if !self.watch {
                        return Ok(Some(error));
                    }
                }
                Ok(()) => {
                    if self.believes(shared).await? {
                        (self.open, self.reached, self.closed, self.ramp) = (None, true, false, 1);
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Whether it is time to ask, and this process that asks.
    async fn my_turn(&self, shared: &Away, now: i64) -> Result<bool> {
        Ok(shared.until <= now && self.store.take_turn(&self.config.name, shared.until, turn(now)).await?)
    }

    /// One more canary was answered. Believed at once where nothing was wrong, a person asks, or a person had to act and did.
    async fn believes(&self, shared: Away) -> Result<bool> {
        if !self.watch || shared.state.is_empty() || shared.state == "closed" || shared.until == 0 {
            return Ok(true);
        }
        let now = self.store.clock();
        let good_since = if shared.good == 0 { now } else { shared.good_since };
        let good = shared.good + 1;
        let settle = micros(good_since - shared.since).min(SETTLE);
        let wait = settle + self.offset(micros(good_since - shared.since).min(SPREAD));
        let done = good >= GOOD && micros(now - good_since) >= wait;
        // The last canaries of the wait are asked at its end, so that what is believed is fresh.
        let step = (wait / 2).min(SETTLE / 2).max(GLANCE / 5);
        let until = if done { turn(now) } else { now + micro(step) };
        let state = if done { "half_open" } else { "open" }.to_owned();
        let told = Away { state, until, good, good_since, ..shared };
        self.store.set_breaker(&self.config.name, &told).await?;
        Ok(done)
    }

    /// Remembers a failure and when it is asked again. A system that has answered since it came back and says that it has too much to
    /// do just now is waited for as long as it says, and not tried from the beginning.
    async fn failed(&self, error: &Error) -> Result<()> {
        let shared = self.store.breaker(&self.config.name).await?;
        let now = self.store.clock();
        let known = !shared.state.is_empty() && shared.state != "closed";
        let asked = asked(error);
        let busy = asked.is_some() && known && shared.good > 0;
        let failures = if busy {
            BUSY
        } else if known {
            shared.failures + 1
        } else {
            1
        };
        // Others were told the same time; they do not come all at once.
        let since = if known { shared.since } else { now };
        // After a short outage nobody is left waiting for long.
        let longest = micros(now - since).max(SHORT);
        let pause = pause(failures).min(longest) + asked.unwrap_or_default();
        let told = Away {
            state: "open".to_owned(),
            until: now + micro(pause),
            failures,
            since,
            good: if busy { shared.good } else { 0 },
            good_since: if busy { shared.good_since } else { 0 },
            reason: Some(Kept::of(error)),
        };
        self.store.set_breaker(&self.config.name, &told).await
    }

    /// The part of a time that is this station's own.
    fn offset(&self, of: Duration) -> Duration {
        let digest = Sha256::of(format!("{}\n{}", self.store.place(), self.config.name).as_bytes());
        let part = u32::from_str_radix(digest.0.get(..8).unwrap_or_default(), 16).unwrap_or(0);
        of.mul_f64(f64::from(part) / f64::from(u32::MAX))
    }

    fn away(&self) -> Error {
        why::away(&self.config.name, "–")
    }
}

/// The time that a busy system asks for.
pub(super) fn asked(error: &Error) -> Option<Duration> {
    error.arg("retry_after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs)
}

/// The pause after so many failures in a row: grown, then any part of it (full jitter), so that stations fall out of step.
fn pause(failures: i64) -> Duration {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(16);
    let grown = BASE.saturating_mul(2u32.saturating_pow(doublings)).min(CAP);
    let mut random = [0u8; 4];
    // Without randomness the pause is the whole one.
    let part = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    };
    (BASE / 2).max(grown.mul_f64(part))
}

fn turn(now: i64) -> i64 {
    now + micro(TURN)
}

fn micro(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 4)
}

pub(super) fn micros(time: i64) -> Duration {
    Duration::from_micros(u64::try_from(time).unwrap_or(0))
}

/// At most so many a minute, evenly, as far as this process knows; see [`Store::take_slot`].
struct Rate {
    each: Option<Duration>,
    next: Instant,
}

impl Rate {
    fn new(per_minute: Option<u32>) -> Self {
        let each = per_minute.filter(|rate| *rate > 0).map(|rate| Duration::from_secs(60) / rate);
        Self { each, next: Instant::now() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_below_the_cap() {
        for failures in 1..40 {
            let pauses: Vec<Duration> = (0..50).map(|_| pause(failures)).collect();
            assert!(pauses.iter().all(|pause| *pause >= BASE / 2 && *pause <= CAP));
        }
        let longest = (0..200).map(|_| pause(12)).max().unwrap();
        assert!(longest > CAP / 2, "{longest:?}");
        assert!((0..200).all(|_| pause(1) <= BASE));
    }
}
