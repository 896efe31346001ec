//! Does the signature hold? Structure first, then cryptography, then trust, then what came after it.

use jiff::Timestamp;
use serde::Serialize;

use crate::sign::Signed;

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
