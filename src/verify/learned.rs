//! What files that are judged one after the other have in common: the certificates of their signers, and the paths from these to
//! the anchors. All of it follows from the bytes of certificates and from the periods of validity that a time lies in, so it
//! says of the next file what it would say of the first one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;

use super::Trust;
use super::path::{self, Certificate, Finding, Use};

/// Most certificates and most paths that are kept; one signer has one of each.
const MAX_KEPT: usize = 64;
/// Largest pool of helping certificates, bytes, whose paths are kept.
const MAX_POOL: usize = 64 << 10;

/// Certificates and paths that were judged already, all under the same [`Trust`].
#[derive(Debug, Default)]
pub struct Learned {
    certificates: Mutex<HashMap<Vec<u8>, Arc<Certificate>>>,
    paths: Mutex<HashMap<Question, Finding>>,
    /// Moments at which something about the station's own certificates changes; none where one of them cannot be read.
    moments: OnceLock<Option<Vec<i64>>>,
}

/// What the finding about a path depends on, beside the anchors.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Question {
    leaf: Vec<u8>,
    pool: Vec<Vec<u8>>,
    for_documents: bool,
    /// Between which of the moments the claimed time lies, and the time of the judgement.
    periods: [usize; 2],
}

impl Learned {
    /// What a certificate says.
    pub fn certificate(&self, der: &[u8]) -> Arc<Certificate> {
        if let Some(known) = held(&self.certificates).get(der) {
            return Arc::clone(known);
        }
        let read = Arc::new(Certificate::of(der));
        keep(&self.certificates, der.to_vec(), Arc::clone(&read));
        read
    }

    /// As [`path::judge`], with the answer of the last time where nothing can have changed.
    pub fn judge(
        &self,
        leaf: &[u8],
        pool: &[&[u8]],
        trust: &Trust,
        claimed: Timestamp,
        at: Timestamp,
        wanted: Use,
    ) -> Finding {
        let judge = || path::judge(leaf, pool, trust, claimed, at, wanted);
        let small = pool.iter().map(|der| der.len()).sum::<usize>() <= MAX_POOL;
        let Some(moments) = small.then(|| self.moments(leaf, pool, trust)).flatten() else { return judge() };
        let question = Question {
            leaf: leaf.to_vec(),
            pool: pool.iter().map(|der| der.to_vec()).collect(),
            for_documents: wanted == Use::Documents,
            periods: [claimed, at].map(|time| moments.iter().filter(|m| **m <= time.as_second()).count()),
        };
        if let Some(known) = held(&self.paths).get(&question) {
            return known.clone();
        }
        let finding = judge();
        keep(&self.paths, question, finding.clone());
        finding
    }

    /// The seconds at which a comparison with the validity of some certificate turns out another way, whether it counts the
    /// bound itself or not; and the two before which no time is one for a path. None where a certificate cannot be read.
    fn moments(&self, leaf: &[u8], pool: &[&[u8]], trust: &Trust) -> Option<Vec<i64>> {
        let own = self.moments.get_or_init(|| {
            let all = trust.anchors.iter().chain(&trust.intermediates);
            let each = all.map(|der| Some(around(Certificate::of(der).validity?)));
            Some(each.collect::<Option<Vec<_>>>()?.into_iter().flatten().chain([0, 1]).collect())
        });
        let mut moments = own.clone()?;
        for der in pool.iter().chain([&leaf]) {
            moments.extend(around(self.certificate(der).validity?));
        }
        Some(moments)
    }
}

/// The bounds of a validity, and the seconds behind them.
fn around((from, until): (i64, i64)) -> [i64; 4] {
    [from, from.saturating_add(1), until, until.saturating_add(1)]
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep<K: Eq + std::hash::Hash, V>(lock: &Mutex<HashMap<K, V>>, key: K, value: V) {
    let mut map = held(lock);
    // A crowd of signers has no use for it.
    if map.len() >= MAX_KEPT {
        map.clear();
    }
    map.insert(key, value);
}
