//! Was the certificate revoked (RFC 5280 6.3, RFC 6960), and does it matter for a signature that was made before (ETSI EN
//! 319 102-1 5.2.5, 5.2.11)? Path validation is done without revocation; here evidence is looked at by the time at which it was
//! issued, and a date of revocation is compared with the time at which the signature is proven to have existed.
//!
//! ```text
//! evidence   in the file (DSS, container), from the station's folder, or fetched; nobody is believed for bringing it
//! crl, ocsp  what one list or one answer says, signed by whom
//! judge      what follows for the whole path
//! ```

use jiff::{SignedDuration, Timestamp};

use super::Revocation;
use super::history::Code;
use crate::fetch::{Fetch, Fetched};

mod crl;
pub mod evidence;
pub(crate) mod link;
mod ocsp;
mod x509;

use evidence::{Known, Piece, Pool};
use x509::Parts;

/// How far clocks may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Largest list that is fetched, bytes, and largest answer.
const MAX_LIST: u64 = 32 << 20;
const MAX_ANSWER: u64 = 64 << 10;
/// Reasons of RFC 5280 5.3.1.
const CERTIFICATE_HOLD: u8 = 6;

/// Since when, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Revoked {
    at: Timestamp,
    reason: Option<u8>,
}

/// What one piece of evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Good,
    Revoked(Revoked),
    /// The responder does not know the certificate.
    Unknown,
}

/// One piece of evidence by somebody entitled to give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    this: Timestamp,
    next: Option<Timestamp>,
    state: State,
    /// It also speaks about certificates that have expired.
    keeps_expired: bool,
    /// End of the validity of whoever signed it.
    spoken_until: Timestamp,
    /// Whether it is proven to have existed before that end; afterwards the key may be anybody's.
    proven: bool,
}

/// The times that decide.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The time of the check; later evidence is not there yet.
    pub at: Timestamp,
    /// The time that the signer claims.
    pub claimed: Timestamp,
    /// The earliest time at which the signature is proven to have existed.
    pub proof: Option<Timestamp>,
}

/// What was found out about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of the whole path.
    pub state: Revocation,
    /// What is to be said about it.
    pub codes: Vec<Code>,
    /// Whether everything needed stands in the file itself.
    pub embedded: bool,
}

/// Judges a certificate as if it had issued itself, with this evidence; for [`super::probe`].
pub fn probe(pool: &Pool, certificate: &[u8]) {
    let none = Pool::default();
    let known = Known { proofs: Vec::new(), at: Timestamp::MAX };
    let sources = Sources { embedded: pool, cached: &none, known: &known, fetch: &crate::fetch::Offline };
    let when = When { at: Timestamp::MAX, claimed: Timestamp::MIN, proof: None };
    drop(judge(&[certificate, certificate], sources, when));
}

/// Whether the bytes are a revocation list.
pub fn is_list(bytes: &[u8]) -> bool {
    crl::List::of(bytes).is_some_and(|list| list.is_whole())
}

/// Whether the bytes are an answer of a responder.
pub fn is_answer(bytes: &[u8]) -> bool {
    ocsp::Answer::of(bytes).is_some()
}

/// Where evidence may be looked for, nearest first.
#[derive(Clone, Copy)]
pub struct Sources<'s> {
    /// In the file.
    pub embedded: &'s Pool<'s>,
    /// In the station's folder.
    pub cached: &'s Pool<'s>,
    /// Since when pieces of the file are proven to exist.
    pub known: &'s Known,
    /// At the services that the certificates name.
    pub fetch: &'s dyn Fetch,
}

/// Judges a path: the signer's certificate first, the anchor last; the anchor itself is trusted by decision and not looked at.
pub fn judge(path: &[&[u8]], sources: Sources, when: When) -> Finding {
    let mut finding = Finding { state: Revocation::Good, codes: Vec::new(), embedded: true };
    if path.len() > 1 && sources.embedded.is_empty() && sources.cached.is_empty() && !sources.fetch.asks() {
        // Nobody says anything, whatever the certificates are.
        return Finding { state: Revocation::Unknown, embedded: false, ..finding };
    }
    for (index, pair) in path.windows(2).enumerate() {
        let &[certificate, issuer] = pair else { continue };
        let (Some(certificate), Some(issuer)) = (Parts::of(certificate), Parts::of(issuer)) else {
            finding.state = Revocation::Unknown;
            continue;
        };
        one(&certificate, &issuer, index > 0, sources, when, &mut finding);
        if finding.state == Revocation::Revoked {
            break;
        }
    }
    finding
}

fn one(
    certificate: &Parts,
    issuer: &Parts,
    is_authority: bool,
    sources: Sources,
    when: When,
    finding: &mut Finding,
) {
    let mut notes = Vec::new();
    let mut all = gather(sources.embedded, sources.known, (certificate, issuer), when, &mut notes);
    let mut outcome = decide(&all, certificate, when);
    finding.embedded &= outcome != Outcome::Open;
    // What the station knows better counts even where the file brings good news.
    all.extend(gather(sources.cached, sources.known, (certificate, issuer), when, &mut notes));
    outcome = if sources.cached.is_empty() { outcome } else { decide(&all, certificate, when) };
    if outcome == Outcome::Open {
        let fetched = fetched(certificate, issuer, sources.fetch);
        all.extend(gather(&fetched, sources.known, (certificate, issuer), when, &mut notes));
        outcome = decide(&all, certificate, when);
    }
    let code = match (outcome, is_authority) {
        (Outcome::Good, _) => None,
        (Outcome::RevokedLater, _) => Some("revoked_later"),
        (Outcome::Open, _) => {
            finding.state = Revocation::Unknown;
            finding.codes.extend(notes);
            finding.codes.extend(undecidable(&all, certificate, when));
            return;
        }
        (Outcome::RevokedBefore, false) => Some("revoked"),
        (Outcome::RevokedSometime, false) => Some("revoked_no_poe"),
        (Outcome::RevokedBefore | Outcome::RevokedSometime, true) => Some("authority_revoked"),
    };
    if matches!(outcome, Outcome::RevokedBefore | Outcome::RevokedSometime) {
        finding.state = Revocation::Revoked;
    }
    finding.codes.extend(code);
}

/// What all evidence about one certificate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Good,
    /// Nothing that is new enough speaks about it.
    Open,
    /// The signer says himself that he signed after it.
    RevokedBefore,
    /// Nothing proves that the signature was there before.
    RevokedSometime,
    /// The signature is proven to be older.
    RevokedLater,
}

/// Why nobody will ever know better: what speaks is not proven to be old enough, or the certificate has expired, and lists and
/// responders forget those (EN 319 102-1 5.2.5, 5.6.2.4).
fn undecidable(evidence: &[Evidence], certificate: &Parts, when: When) -> Option<Code> {
    let unproven = evidence.iter().any(|e| e.state == State::Good && !e.proven);
    match unproven {
        true => Some("revocation_no_poe"),
        // Without a proof of time it is the expiry itself that is said.
        false => when.proof.filter(|_| when.at > certificate.until).map(|_| "revocation_undecidable"),
    }
}

fn gather(
    pool: &Pool,
    known: &Known,
    (certificate, issuer): (&Parts, &Parts),
    when: When,
    notes: &mut Vec<Code>,
) -> Vec<Evidence> {
    let mut out: Vec<Evidence> = Vec::new();
    let proven = |piece: &Piece, evidence: Evidence| Evidence {
        proven: known.of(piece.since) <= evidence.spoken_until,
        ..evidence
    };
    for answer in &pool.answers {
        let said = ocsp::Answer::of(&answer.der).and_then(|said| said.about(certificate, issuer));
        out.extend(said.map(|evidence| proven(answer, evidence)));
    }
    for list in &pool.lists {
        match crl::List::of(&list.der).and_then(|said| said.about(certificate, issuer)) {
            Some(Ok(evidence)) => out.push(proven(list, evidence)),
            Some(Err(code)) if !notes.contains(&code) => notes.push(code),
            _ => {}
        }
    }
    let latest = when.at.saturating_add(SKEW).unwrap_or(Timestamp::MAX);
    out.retain(|evidence| evidence.this <= latest);
    out
}

fn decide(evidence: &[Evidence], certificate: &Parts, when: When) -> Outcome {
    // A revocation stands for ever; a hold stands until newer evidence no longer knows of it.
    let newest = evidence.iter().map(|e| e.this).max();
    let revoked = evidence.iter().filter_map(|e| match e.state {
        State::Revoked(revoked) => {
            let stands = revoked.reason != Some(CERTIFICATE_HOLD) || Some(e.this) == newest;
            stands.then_some(revoked.at)
        }
        _ => None,
    });
    if let Some(since) = revoked.min() {
        return match when.proof {
            Some(proof) if proof < since => Outcome::RevokedLater,
            _ if when.claimed >= since => Outcome::RevokedBefore,
            _ => Outcome::RevokedSometime,
        };
    }
    let best = when.proof.unwrap_or(when.at);
    let speaks = |e: &&Evidence| {
        let fresh = e.this >= best || e.next.is_some_and(|next| next >= best);
        // Lists forget certificates that have expired.
        e.state == State::Good && e.proven && fresh && (e.keeps_expired || e.this <= certificate.until)
    };
    if evidence.iter().any(|e| speaks(&e)) { Outcome::Good } else { Outcome::Open }
}

/// Asks the services that the certificate names.
fn fetched(certificate: &Parts, issuer: &Parts, fetch: &dyn Fetch) -> Pool<'static> {
    let mut pool = Pool::default();
    let good = |answer: Result<Fetched, String>| {
        answer.ok().filter(|answer| answer.status == 200).map(|answer| Piece::loose(answer.body))
    };
    for url in ocsp::addresses(certificate).iter().filter(|url| is_web(url)).take(2) {
        let question = ocsp::question(certificate, issuer);
        pool.answers.extend(good(fetch.post(url, "application/ocsp-request", &question, MAX_ANSWER)));
    }
    // An answer that nobody can believe is none.
    let counts = |piece: &Piece| {
        ocsp::Answer::of(&piece.der).is_some_and(|answer| answer.about(certificate, issuer).is_some())
    };
    if pool.answers.iter().any(counts) {
        return pool;
    }
    for url in crl::addresses(certificate).iter().filter(|url| is_web(url)).take(2) {
        pool.lists.extend(good(fetch.get(url, MAX_LIST)));
    }
    pool
}

/// Addresses come from certificates of the file; nothing but the web is asked.
fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}
