//! Does the signature hold? Structure first, then cryptography, then trust, then what came after it.
//!
//! ```text
//! history    the revisions, read as they are written; snapshot: the objects at each of them
//! find       every signature; structure: does its range end where a revision ends, is the gap its own
//! container, cms   digest, attributes, signature value
//! signer, path, tsp   does the certificate lead to an anchor of ours, at which time is it judged
//! changes    what each later revision did, and which rule explains it; tiling: bytes that no list names
//! permissions   what earlier signers allow
//! reasons    the table of all codes and what follows from them; clerk: the verdict in words
//! needs      which validation data a file lacks
//! algorithms how long keys are long enough; revocation: lists and answers, and the time that counts
//! ```

use std::cell::RefCell;

use jiff::Timestamp;
use serde::Serialize;

use crate::document::Hashing;
use crate::error::{Clause, Error, Result, kinds};
use crate::fetch::{Fetch, Offline};
use crate::locales::Lang;
use crate::sign::Signed;

mod algorithms;
mod changes;
pub mod clerk;
mod cms;
mod container;
mod content;
mod fields;
mod find;
pub(crate) mod hidden;
mod history;
mod judge;
mod learned;
pub(crate) mod needs;
mod outline;
mod path;
mod permissions;
pub(crate) mod quick;
pub mod reasons;
pub(crate) mod revocation;
mod signer;
mod snapshot;
pub(crate) mod stamp;
mod structure;
#[cfg(test)]
mod tests;
mod tiling;
mod tlv;
pub mod trust;
mod tsp;
mod value;
mod verifier;

use content::{Begun, Content};
use learned::Learned;
use needs::{Holdings, Ledger};
use outline::{facts, refused};
use revocation::evidence::{Known, Piece, Pool};
pub use verifier::{Checked, Verifier, check};

/// Certificates that the profile and the station trust. Never taken from the file.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Anchors, DER. Empty: nothing is known and trust is `unknown`.
    pub anchors: Vec<Vec<u8>>,
    /// Helper certificates, DER, that are not trusted by themselves.
    pub intermediates: Vec<Vec<u8>>,
    /// Whether this is a drill's own workspace; elsewhere a drill document reads as `drill`.
    pub drill: bool,
    /// Smallest RSA modulus in bits.
    pub min_rsa_bits: u32,
    /// Revocation lists and answers that the station keeps, DER. They count because they are signed, not because they lie here.
    pub evidence: Vec<Vec<u8>>,
}

/// The verdict of a file or of one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything holds.
    Valid,
    /// Cannot be decided now; `reasons` and `owed` say what is missing.
    Indeterminate,
    /// No signature at all.
    Unsigned,
    /// Broken, forged or refused.
    Invalid,
}

/// Whether the signed bytes are the signed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// Digest, attributes and signature value hold.
    Intact,
    /// One of them does not.
    Broken,
}

/// How much of the file a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// To the last byte.
    EntireFile,
    /// To the end of its revision; later revisions follow.
    EntireRevision,
    /// Less: forged or damaged.
    Partial,
}

/// What was added after the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Modifications {
    /// Nothing.
    None,
    /// Validation data and document time stamps.
    LtaUpdates,
    /// Further signatures, allowed form filling.
    FormFilling,
    /// Annotations.
    Annotations,
    /// Something that no rule explains.
    Suspicious,
}

/// Whether the certificate leads to an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustState {
    /// Leads to an anchor.
    Trusted,
    /// Anchors are known and it does not lead to one.
    Untrusted,
    /// No anchors are known.
    Unknown,
}

/// Revocation of the signer's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Proven not revoked.
    Good,
    /// Revoked.
    Revoked,
    /// Not known; owed.
    Unknown,
}

/// Proof of the time of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampKind {
    /// A signature time stamp.
    Signature,
    /// A document time stamp.
    Document,
    /// None.
    None,
}

/// A reason, with a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code, snake_case; attack codes stand in the table of `verify::reasons`.
    pub code: &'static str,
    /// The sentence in the language of the report.
    pub text: String,
}

/// One signature, as in the JSON contract.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureReport {
    /// Full name of the signature field.
    pub field: String,
    /// `personal`, `organization` or `timestamp`, where the field or the workspace tells.
    pub role: Option<String>,
    /// Common name of the signer.
    pub signer: String,
    /// Organization in the signer's certificate.
    pub organization: Option<String>,
    /// What the signer states to sign for (ISO 32000-1 Table 252, /Reason); no longer than 500 characters.
    pub reason: Option<String>,
    /// Integrity.
    pub integrity: Integrity,
    /// Coverage.
    pub coverage: Coverage,
    /// Later changes.
    pub modifications: Modifications,
    /// Trust.
    pub trust: TrustState,
    /// Revocation.
    pub revocation: Revocation,
    /// Time that the signer claims.
    pub signed_at: Option<Timestamp>,
    /// Time that a service proves.
    pub timestamp_at: Option<Timestamp>,
    /// Kind of that proof.
    pub timestamp: TimestampKind,
    /// `B-B`, `B-T`, `B-LT`, `B-LTA`.
    pub level: Option<String>,
    /// Digest and signature algorithm.
    pub algorithm: String,
    /// Revision, counted from 1, that the signature closes.
    pub revision: usize,
    /// ETSI EN 319 102-1 sub-indication.
    pub sub_indication: Option<&'static str>,
    /// Until when its time can be proven from the file alone: the end of the certificate or the algorithm behind the newest time
    /// stamp over it, else of its own certificate.
    pub stands_until: Option<Timestamp>,
    /// `revocation`, `timestamp`.
    pub owed: Vec<&'static str>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The verdict on a file.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The worst signature decides; integrity and modifications beat trust.
    pub verdict: Verdict,
    /// The XMP says that the file is from a drill.
    pub drill: bool,
    /// Outage reference from the XMP.
    pub outage: Option<String>,
    /// In the order of their revisions.
    pub signatures: Vec<SignatureReport>,
}

/// A file whose signatures hold: `valid`, or `provisional` where only revocation or time proof is owed.
#[derive(Clone, Debug)]
pub struct Verified {
    signed: Signed,
    report: Report,
}

impl Verified {
    /// The file, giving the stage up.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.signed.into_bytes()
    }

    /// The file and what was read of it, giving the stage up.
    pub(crate) fn into_read(self) -> crate::pdf::Read {
        self.signed.into_read()
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        self.signed.bytes()
    }

    /// How many personal signatures hold.
    pub fn personal_signatures(&self) -> usize {
        self.report.signatures.iter().filter(|s| s.role.as_deref() == Some("personal")).count()
    }

    /// Whether revocation or time proof is owed.
    pub fn is_provisional(&self) -> bool {
        self.report.signatures.iter().any(|s| !s.owed.is_empty())
    }

    /// The report that it rests on.
    pub fn report(&self) -> &Report {
        &self.report
    }
}

impl Report {
    /// The first signature whose bytes, or what came after it, are not as they were signed; certificates are not looked at.
    pub fn broken(&self) -> Option<&SignatureReport> {
        self.signatures.iter().find(|signature| {
            signature.integrity == Integrity::Broken
                || signature.coverage == Coverage::Partial
                || signature.modifications >= Modifications::Annotations
        })
    }

    /// The last signature of a person or an organization.
    pub fn last_signature(&self) -> Option<&SignatureReport> {
        self.signatures.iter().rev().find(|signature| signature.role.as_deref() != Some("timestamp"))
    }

    /// The same report with its sentences in another language.
    pub fn in_language(mut self, lang: Lang) -> Self {
        for reason in self.signatures.iter_mut().flat_map(|signature| &mut signature.reasons) {
            *reason = reasons::reason(reason.code, lang);
        }
        self
    }
}

/// Judges every signature of a file, asking nobody.
///
/// # Errors
/// Only for bytes that are no readable PDF: [`kinds::PDF_UNREADABLE`].
pub fn report(bytes: &[u8], trust: &Trust, at: Timestamp, lang: Lang) -> Result<Report> {
    report_with(bytes, trust, at, lang, &Offline)
}

/// Judges every signature of a file; where evidence about revocation is missing, the services are asked that the certificates
/// name.
///
/// # Errors
/// As [`report`].
pub fn report_with(
    bytes: &[u8],
    trust: &Trust,
    at: Timestamp,
    lang: Lang,
    fetch: &dyn Fetch,
) -> Result<Report> {
    let by = By { trust, learned: &Learned::default(), begun: None };
    judged(bytes, &by, at, lang, fetch, None)
}

/// What a file is judged by.
#[derive(Clone, Copy)]
struct By<'b> {
    trust: &'b Trust,
    /// Of files before it.
    learned: &'b Learned,
    /// Over a beginning of this very file.
    begun: Option<&'b Hashing>,
}

/// As [`report_with`]; `wanted` takes what the file needs and holds.
fn judged(
    bytes: &[u8],
    by: &By<'_>,
    at: Timestamp,
    lang: Lang,
    fetch: &dyn Fetch,
    wanted: Option<(&Ledger, &RefCell<Holdings>)>,
) -> Result<Report> {
    let By { trust, learned, begun } = *by;
    let revisions = match history::read(bytes) {
        Ok(revisions) => revisions,
        Err(code) => return refused(bytes, code, lang),
    };
    let mut walk = changes::walk(bytes, &revisions);
    let (found, whole) = find::signatures(bytes, &revisions, &walk);
    let hidden = walk.tile(bytes, &revisions, &found);
    if found.is_empty() && (hidden || !whole) {
        // Signatures may be in what is hidden or cannot be read.
        return refused(bytes, if hidden { tiling::HIDDEN_REVISION } else { history::DAMAGED }, lang);
    }
    let (drill, outage, mut common) = facts(&walk);
    common.extend((!whole).then_some(history::DAMAGED));
    common.extend(hidden.then_some(tiling::HIDDEN_REVISION));
    common.extend(walk.snapshots.last().is_some_and(|s| s.is_exhausted()).then_some("too_much_work"));
    common.extend((drill && !trust.drill).then_some("drill_document"));
    common.extend(walk.twice.then_some("duplicate_key"));
    let covered = found.iter().filter_map(|found| found.place.as_ref()).map(|place| place.end);
    let end = covered.chain(revisions.last().map(|revision| revision.end)).max().unwrap_or(0);
    common.extend((bytes.len() > end).then_some("trailing_data"));
    let permissions = permissions::Permissions::of(&walk, &found);
    common.extend(permissions.codes.iter().copied());
    let store = walk.snapshots.last().map(Pool::of_store).unwrap_or_default();
    if let (Some((_, holdings)), Some(snapshot)) = (wanted, walk.snapshots.last()) {
        holdings.replace(Holdings::of(snapshot));
    }
    let cached = Pool::of_files(&trust.evidence);
    let gaps = found.iter().filter_map(|found| Some(found.place.as_ref()?.gap.start));
    let mut case = judge::Case {
        bytes,
        trust,
        at,
        lang,
        walk: &walk,
        common: &common,
        permissions: &permissions,
        store: &store,
        cached: &cached,
        fetch,
        learned,
        begun: &Begun::behind(begun, gaps),
        known: Known { proofs: Vec::new(), at },
        ledger: wanted.map(|(ledger, _)| ledger),
    };
    // Document time stamps first, the newest before the others: one that holds proves that everything before it existed then,
    // older time stamps too.
    for stamp in found.iter().rev().filter(|found| found.kind() == find::Kind::TimeStamp) {
        let proof = case.judge(stamp).proof;
        case.known.proofs.extend(proof);
    }
    if let Some(ledger) = case.ledger {
        ledger.clear();
    }
    let judged: Vec<_> = found.iter().map(|found| case.judge(found)).collect();
    // A time stamp by an authority that nobody knows here proves nothing and harms nothing; a forged one does.
    let counted = judged
        .iter()
        .filter(|one| one.report.role.as_deref() != Some("timestamp") || one.verdict == Verdict::Invalid);
    let verdict = counted.map(|one| one.verdict).max().unwrap_or(Verdict::Unsigned);
    Ok(Report { verdict, drill, outage, signatures: judged.into_iter().map(|one| one.report).collect() })
}

/// Reads bytes as a container, a time stamp token, a certificate, a revocation list and an answer, and throws the result away:
/// the door for bytes that somebody wants to break the readers with.
pub fn probe(bytes: &[u8]) {
    if let Ok(container) = container::parse(bytes) {
        let signer = container.signer().unwrap_or(bytes);
        for bound in [false, true] {
            let rules = cms::Rules { content_type: container.content_type, bound };
            let seen = path::Certificate::of(signer);
            drop(cms::check(
                &container,
                Content::Pieces(&[container.content.unwrap_or_default()]),
                signer,
                &seen,
                rules,
            ));
        }
        let pool = Pool::of_container(&container, 0);
        revocation::probe(&pool, signer);
        let _ = tsp::time(container.content.unwrap_or_default(), Content::Pieces(&[container.signature]));
    }
    let _ = tsp::time(bytes, Content::Pieces(&[]));
    drop((
        path::is_certificate(bytes),
        path::name(bytes),
        path::key_identifier(bytes),
        path::Certificate::of(bytes),
    ));
    let own = [bytes.to_vec()];
    let mut pool = Pool::of_files(&own);
    pool.lists.push(Piece::loose(bytes));
    pool.answers.push(Piece::loose(bytes));
    revocation::probe(&pool, bytes);
}

/// The ends of the revisions, oldest first: a file cut there is the file as it was then.
///
/// # Errors
/// [`kinds::PDF_UNREADABLE`] when the chain of revisions does not hold.
pub fn revisions(bytes: &[u8]) -> Result<Vec<usize>> {
    let revisions = history::read(bytes).map_err(unreadable)?;
    Ok(revisions.iter().map(|revision| revision.end).collect())
}

/// The file as it was at a revision, counted from 1: where a signature closes it, exactly the bytes that were signed, else to the
/// end of the line of its `%%EOF`.
///
/// # Errors
/// As [`revisions`]; [`kinds::REVISION_UNKNOWN`].
pub fn revision(bytes: &[u8], number: usize) -> Result<&[u8]> {
    let revisions = history::read(bytes).map_err(unreadable)?;
    let index = number.checked_sub(1);
    let walk = changes::walk(bytes, &revisions);
    let (found, _) = find::signatures(bytes, &revisions, &walk);
    let places = found.iter().filter_map(|found| found.place.as_ref());
    let signed = places.filter(|place| Some(place.revision) == index).map(|place| place.end).next();
    let end = index.and_then(|index| revisions.get(index)).map(|revision| signed.unwrap_or(revision.end));
    end.and_then(|end| bytes.get(..end))
        .ok_or_else(|| kinds::REVISION_UNKNOWN.with("number", number).with("count", revisions.len()))
}

/// A file whose revisions cannot be told apart; a code of the table of reasons says why.
fn unreadable(code: history::Code) -> Error {
    let reason = Clause::new(reasons::message_id(code));
    kinds::PDF_UNREADABLE.with("cause", Clause::new("why-revisions").with("code", code).with("fault", reason))
}
