//! Who is at the page. A browser gets its cookie for a one-time token and keeps it until nobody has touched the page for a
//! while. Cookies outlive a restart of the program: only their digests are kept, in a file for its owner's eyes only.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::{Sha256, hex};
use crate::error::{Error, Result, kinds};
use crate::locales::Lang;
use crate::platform;

/// Longest life of a cookie, touched or not.
const LIFE: Duration = Duration::from_secs(12 * 3_600);
/// Most browsers at a time; the oldest goes.
const MOST: usize = 32;
/// Time between two notes of the last touch.
const NOTE: Duration = Duration::from_secs(30);
/// Largest file of them.
const MAX_BYTES: u64 = 100_000;

/// Random hex digits, 256 bits.
///
/// # Errors
/// When the system has no randomness.
pub(super) fn random() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| kinds::INTERNAL.with("cause", e))?;
    Ok(hex(&bytes))
}

/// Whether two secrets are the same, in a time that tells nothing about where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (Sha256::of(one.as_bytes()), Sha256::of(other.as_bytes()));
    one.0.bytes().zip(other.0.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Session {
    lang: Lang,
    begun: Timestamp,
    touched: Timestamp,
    #[serde(default)]
    locked: bool,
}

/// The browsers that are let in.
pub(super) struct Sessions {
    path: PathBuf,
    idle: Duration,
    all: Mutex<HashMap<String, Session>>,
}

/// The person behind a request.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub lang: Lang,
    /// The token that every change has to bring along.
    pub token: String,
    digest: String,
}

impl Sessions {
    /// Those that a run before this one has let in.
    pub fn load(folder: &Path, idle: Duration) -> Self {
        let path = folder.join("sessions");
        let known = platform::read_limited(&path, MAX_BYTES).ok();
        let all = known.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { path, idle, all: Mutex::new(all) }
    }

    /// Lets a browser in, and gives its cookie.
    pub fn open(&self, lang: Lang) -> Result<String> {
        let secret = random()?;
        let now = Timestamp::now();
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| self.is_alive(session, now));
        while all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, s)| s.touched).map(|(digest, _)| digest.clone());
            oldest.and_then(|digest| all.remove(&digest));
        }
        all.insert(digest(&secret), Session { lang, begun: now, touched: now, locked: false });
        self.keep(&all)?;
        Ok(secret)
    }

    /// The person behind a cookie; none when it is unknown, too old, or nobody has touched the page for too long.
    pub fn person(&self, secret: &str, touch: bool, now: Timestamp) -> Option<Person> {
        let digest = digest(secret);
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&digest)?;
        if !self.is_alive(session, now) {
            all.remove(&digest);
            return None;
        }
        let lang = session.lang;
        if touch && apart(session.touched, now) > NOTE {
            session.touched = now;
            // The note is for a restart; without it the browser has to be let in again.
            let _ = self.keep(&all);
        }
        Some(Person { lang, token: token(secret), digest })
    }

    fn is_alive(&self, session: &Session, now: Timestamp) -> bool {
        !session.locked && apart(session.touched, now) <= self.idle && apart(session.begun, now) <= LIFE
    }

    /// Remembers the language of a browser.
    pub fn speak(&self, person: &Person, lang: Lang) -> Result<()> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = all.get_mut(&person.digest) {
            session.lang = lang;
        }
        self.keep(&all)
    }

    /// Locks a browser out.
    pub fn close(&self, person: &Person) -> Result<()> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&person.digest);
        self.keep(&all)
    }

    fn keep(&self, all: &HashMap<String, Session>) -> Result<()> {
        let bytes = serde_json::to_vec(all).map_err(|e| kinds::INTERNAL.with("cause", e))?;
        replace_private(&self.path, &bytes)
    }
}

fn apart(earlier: Timestamp, later: Timestamp) -> Duration {
    later.duration_since(earlier).try_into().unwrap_or_default()
}

fn digest(secret: &str) -> String {
    Sha256::of(secret.as_bytes()).0
}

/// The token of the pages of a cookie: nobody who has not the cookie can know it, and a restart does not change it.
fn token(secret: &str) -> String {
    Sha256::of(format!("scanseal page {secret}").as_bytes()).0
}

/// Writes one of the station's own files anew, for its owner's eyes only.
///
/// # Errors
/// A disk error.
pub(super) fn replace_private(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    let draft = path.with_extension(format!("{}.part", uuid::Uuid::now_v7().simple()));
    let write = || -> std::io::Result<()> {
        let mut file = platform::private_file().open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    };
    write().map_err(|e| {
        let _ = std::fs::remove_file(&draft);
        Error::io(path, e)
    })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn nobody_at_the_page_locks_it_and_a_restart_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = Sessions::load(folder.path(), Duration::from_secs(900));
        let secret = sessions.open(Lang::Vi).unwrap();
        let now = Timestamp::now();
        let later = |seconds| now + SignedDuration::from_secs(seconds);
        assert!(sessions.person("0", true, now).is_none());
        let person = sessions.person(&secret, true, later(800)).unwrap();
        let again = Sessions::load(folder.path(), Duration::from_secs(900));
        assert_eq!(again.person(&secret, false, later(1_600)).unwrap().token, person.token);
        assert!(again.person(&secret, false, later(1_701)).is_none(), "only a person's touch counts");
        assert!(again.person(&secret, true, later(1_000)).is_none(), "what is locked stays locked");
        let kept = std::fs::read_to_string(folder.path().join("sessions")).unwrap();
        assert!(!kept.contains(&secret), "the cookie itself is never written down");
    }

    #[test]
    fn a_cookie_ends_however_busy_its_owner_is() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = Sessions::load(folder.path(), Duration::from_secs(900));
        let secret = sessions.open(Lang::En).unwrap();
        let begun = Timestamp::now();
        let alive = (0..100).take_while(|n| {
            let now = begun + SignedDuration::from_secs(600 * n);
            sessions.person(&secret, true, now).is_some()
        });
        assert_eq!(alive.count(), 72, "less than 12 hours in steps of 10 minutes");
    }
}
