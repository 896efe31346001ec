//! Which validation data a file needs: the paths that its signatures and time stamps rest on, kept while they are judged, and
//! what /DSS holds already. Whoever completes a file completes exactly what this verifier looks at.

use std::cell::RefCell;
use std::fmt::Write as _;

use jiff::Timestamp;
use sha1::{Digest, Sha1};

use super::find::Found;
use super::path::{self, Use};
use super::revocation::When;
use super::snapshot::Snapshot;
use super::value::Value;
use super::{Trust, Verifier};
use crate::error::Result;
use crate::fetch::Offline;
use crate::locales::Lang;

/// Most streams of a store that are looked at, and the largest of them, bytes.
const MAX_STREAMS: usize = 10_000;
const MAX_STREAM: usize = 32 << 20;

/// A path that has to be proven not revoked.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    /// Key of the signature's entry in /VRI (ETSI EN 319 142-1 5.4.2.3): upper-case SHA-1 of its /Contents.
    pub entry: String,
    /// From the signer's or the time-stamp authority's certificate to the anchor, DER.
    pub chain: Vec<Vec<u8>>,
    /// Certificates that the container brings along, DER.
    pub carried: Vec<Vec<u8>>,
    /// Whether it is the path of a time-stamp authority.
    pub stamps: bool,
    /// The times that decide.
    pub when: When,
    /// Whether the file holds enough evidence already.
    pub embedded: bool,
}

/// Collects needs while a file is judged.
#[derive(Debug, Default)]
pub(crate) struct Ledger(RefCell<Vec<Need>>);

impl Ledger {
    /// Remembers a path once.
    pub fn note(&self, need: Need) {
        let mut needs = self.0.borrow_mut();
        if !needs.iter().any(|known| known.entry == need.entry && known.chain == need.chain) {
            needs.push(need);
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

/// A stream of the store.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Its object.
    pub number: u32,
    /// Its content, DER.
    pub der: Vec<u8>,
}

/// What /DSS of a file holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    /// /Certs.
    pub certificates: Vec<Kept>,
    /// /OCSPs.
    pub answers: Vec<Kept>,
    /// /CRLs.
    pub lists: Vec<Kept>,
    /// Keys of /VRI.
    pub entries: Vec<String>,
}

impl Holdings {
    /// Of the newest revision.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let store = snapshot.get(&snapshot.catalog(), "DSS");
        let streams = |key: &str| {
            let list = snapshot.get(&store, key);
            let numbers = list.array().unwrap_or_default().iter().take(MAX_STREAMS);
            let kept = |number| Some(Kept { number, der: snapshot.content(number, MAX_STREAM)? });
            numbers.filter_map(Value::reference).filter_map(kept).collect()
        };
        let entries = snapshot.get(&store, "VRI");
        let keys = entries.dict().into_iter().flat_map(|dict| dict.keys());
        Self {
            certificates: streams("Certs"),
            answers: streams("OCSPs"),
            lists: streams("CRLs"),
            entries: keys.map(|key| String::from_utf8_lossy(key).into_owned()).collect(),
        }
    }
}

/// What a file needs and holds.
#[derive(Debug)]
pub(crate) struct Survey {
    /// Paths, in the order of the signatures.
    pub needs: Vec<Need>,
    /// What is there.
    pub holdings: Holdings,
}

/// Looks at a file as a verdict does, asking nobody, and says what it needs.
///
/// # Errors
/// As [`super::report`].
pub(crate) fn survey(bytes: &[u8], verifier: &Verifier, at: Timestamp) -> Result<Survey> {
    let (ledger, holdings) = (Ledger::default(), RefCell::default());
    super::judged(bytes, &verifier.by(None), at, Lang::En, &Offline, Some((&ledger, &holdings)))?;
    Ok(Survey { needs: ledger.0.into_inner(), holdings: holdings.into_inner() })
}

/// The path from a certificate to an anchor as it holds now, DER; empty where none does.
pub(crate) fn path(certificate: &[u8], pool: &[&[u8]], trust: &Trust, now: Timestamp) -> Vec<Vec<u8>> {
    path::judge(certificate, pool, trust, now, now, Use::Documents).chain
}

/// Why nobody here would accept a signature by this certificate now, in words; none where it would be accepted, or where no anchor
/// is known and its own use and times are right.
pub(crate) fn objection(
    certificate: &[u8],
    pool: &[&[u8]],
    trust: &Trust,
    now: Timestamp,
    lang: Lang,
) -> Option<String> {
    let mut codes = path::judge(certificate, pool, trust, now, now, Use::Documents).codes;
    codes.retain(|code| *code != "no_anchors");
    if super::reasons::verdict(&codes).0 == super::Verdict::Valid {
        return None;
    }
    Some(codes.iter().map(|code| super::reasons::reason(code, lang).text).collect::<Vec<_>>().join(" "))
}

/// The name on a certificate for people.
pub(crate) fn name(certificate: &[u8]) -> String {
    path::name(certificate).unwrap_or_default()
}

/// The key of a signature's entry in /VRI: over the whole string, the zeros behind the container included, because that is the
/// value of the entry.
pub(super) fn entry_key(found: &Found) -> String {
    let contents = found.dictionary.get("Contents").and_then(Value::text).unwrap_or_default();
    let mut key = String::with_capacity(40);
    for byte in Sha1::digest(contents) {
        let _ = write!(key, "{byte:02X}");
    }
    key
}
