//! Time stamps for a batch of signatures: several services, the first that answers well; one that does not is left alone for a
//! while, so that an outage costs one wait and not one a document (rule 8: sign now, owe the proof).

use std::sync::Mutex;
use std::time::{Duration, Instant};

mod exchange;

pub use exchange::Token;

use crate::error::{Error, Result, kinds};
use crate::fetch::Fetch;
use crate::verify::{Trust, Verifier};

/// How long a service that failed is left alone.
const REST: Duration = Duration::from_secs(60);
/// What the trial stamp of a batch is over; no document, and the words say so.
const TRIAL: &[u8] = b"scanseal: trial time stamp, without any meaning";
/// Bytes by which tokens of one service differ: serial number and fractions of a second grow.
const SLACK: usize = 24;

/// The time-stamp services of a station, for one batch.
pub struct Services {
    fetch: Box<dyn Fetch>,
    verifier: Verifier,
    services: Vec<Service>,
    state: Mutex<State>,
}

struct Service {
    url: String,
    rests_until: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct State {
    length: usize,
    notes: Vec<Error>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.services.iter().map(|service| &service.url)).finish()
    }
}

impl Services {
    /// The services at `urls`, in this order.
    ///
    /// # Errors
    /// [`kinds::TIMESTAMP_NOT_NAMED`] when there are none.
    pub fn new(urls: &[String], fetch: Box<dyn Fetch>, trust: &Trust) -> Result<Self> {
        if urls.is_empty() {
            return Err(kinds::TIMESTAMP_NOT_NAMED.error());
        }
        let service = |url: &String| Service { url: url.clone(), rests_until: Mutex::new(None) };
        Ok(Self {
            fetch,
            verifier: Verifier::new(trust.clone()),
            services: urls.iter().map(service).collect(),
            state: Mutex::default(),
        })
    }

    /// Room that a token needs, bytes, by a trial stamp the first time: it also compares this machine's clock with the
    /// service's before anything is signed. None while no service is there.
    ///
    /// # Errors
    /// [`kinds::CLOCK_WRONG`]: whatever is signed now would state a wrong time.
    pub fn room(&self) -> Result<Option<usize>> {
        let known = lock(&self.state).length;
        if known == 0 {
            return Ok(self.stamp(&[TRIAL])?.map(|token| token.der.len() + SLACK));
        }
        Ok(self.services.iter().any(Service::is_awake).then_some(known + SLACK))
    }

    /// A stamp over `pieces`, one behind the other, by the first service that gives a good one; none when none does, and the proof is owed.
    ///
    /// # Errors
    /// [`kinds::CLOCK_WRONG`] when a service whose stamp is good in all else has another time.
    pub fn stamp(&self, pieces: &[&[u8]]) -> Result<Option<Token>> {
        for service in self.services.iter().filter(|service| service.is_awake()) {
            match exchange::ask(&service.url, self.fetch.as_ref(), pieces, &self.verifier) {
                Ok(token) => {
                    let mut state = lock(&self.state);
                    state.length = state.length.max(token.der.len());
                    return Ok(Some(token));
                }
                Err(error) if error.code() == kinds::CLOCK_WRONG.code => return Err(error),
                Err(error) => {
                    *lock(&service.rests_until) = Some(Instant::now() + REST);
                    lock(&self.state).notes.push(error);
                }
            }
        }
        Ok(None)
    }

    /// What went wrong since the last call, for the person: once a service and rest, not once a document.
    pub fn notes(&self) -> Vec<Error> {
        std::mem::take(&mut lock(&self.state).notes)
    }
}

impl Service {
    fn is_awake(&self) -> bool {
        lock(&self.rests_until).is_none_or(|until| Instant::now() >= until)
    }
}

/// A lock that another thread left behind in a panic still guards whole values here.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
