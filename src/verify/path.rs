//! Does the signer's certificate lead to an anchor (RFC 5280 6)? Candidates are gathered by name; each one is judged by
//! certval. Certificates out of the file only help to build a path, they are never its end.

use certval::{
    CertificationPath, CertificationPathResults, CertificationPathSettings, PDVCertificate,
    PDVTrustAnchorChoice, PathValidationStatus, PkiEnvironment, TimeOfInterest, validate_path_rfc5280,
};
use const_oid::db::rfc5912;
use der::oid::ObjectIdentifier;
use jiff::Timestamp;
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};

use super::container::identity;
use super::history::Code;
use super::tlv::{self, INTEGER, SEQUENCE};
use super::{Trust, TrustState};
use crate::sign::certificate::MIN_RSA_BITS;

/// Longest chain between leaf and anchor, and most candidates that are tried: a mesh of cross-certificates must not cost for ever.
const MAX_DEPTH: usize = 8;
const MAX_PATHS: usize = 32;
const MAX_STEPS: usize = 2_000;
/// Largest certificate, bytes.
const MAX_CERTIFICATE: usize = 64 << 10;

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Signing documents.
    Documents,
    /// Time stamps (RFC 3161 2.3).
    TimeStamps,
}

/// Extended key usages with which documents may be signed: any, e-mail, client authentication (what national authorities put
/// into signing tokens), document signing (RFC 9336 and its two older private forms).
const DOCUMENT_USES: [&str; 6] = [
    "2.5.29.37.0",
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.2",
    "1.3.6.1.5.5.7.3.36",
    "1.3.6.1.4.1.311.10.3.12",
    "1.2.840.113583.1.1.5",
];
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// What was found out about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it leads to an anchor.
    pub trust: TrustState,
    /// Codes of what does not hold.
    pub codes: Vec<Code>,
    /// The certificates from the signer's to the anchor where the path holds, DER.
    pub chain: Vec<Vec<u8>>,
}

impl Finding {
    fn without_path(trust: TrustState, codes: Vec<Code>) -> Self {
        Self { trust, codes, chain: Vec::new() }
    }
}

fn read(der: &[u8]) -> Option<PDVCertificate> {
    (der.len() <= MAX_CERTIFICATE).then(|| PDVCertificate::try_from(der).ok())?
}

/// Whether the bytes are a certificate.
pub fn is_certificate(der: &[u8]) -> bool {
    read(der).is_some() && identity(der).is_some()
}

/// What a certificate says; nothing where it cannot be read.
#[derive(Debug, Default)]
pub struct Certificate {
    /// See [`name`].
    pub name: Option<String>,
    /// The organization in the subject, for people.
    pub organization: Option<String>,
    /// The public key.
    pub key: Option<SubjectPublicKeyInfoOwned>,
    /// Length of the modulus of an RSA key.
    pub modulus_bits: Option<usize>,
    /// First and last second of its validity, counted from 1970 UTC.
    pub validity: Option<(i64, i64)>,
}

impl Certificate {
    /// Reads it once for all that is asked of it.
    pub fn of(der: &[u8]) -> Self {
        let Some(certificate) = read(der) else { return Self::default() };
        let tbs = certificate.decoded().tbs_certificate();
        let key = tbs.subject_public_key_info();
        Self {
            name: Some(name_of(&certificate)),
            organization: organization_of(&certificate),
            modulus_bits: rsa_bits(key),
            key: Some(key.clone()),
            validity: Some(validity(&certificate)),
        }
    }
}

/// The subject key identifier of a certificate.
pub fn key_identifier(der: &[u8]) -> Option<Vec<u8>> {
    let certificate = read(der)?;
    let (_, id) = certificate.decoded().tbs_certificate().get_extension::<SubjectKeyIdentifier>().ok()??;
    Some(id.0.as_bytes().to_vec())
}

/// The name for people: common name, else the whole subject.
pub fn name(der: &[u8]) -> Option<String> {
    read(der).as_ref().map(name_of)
}

fn name_of(certificate: &PDVCertificate) -> String {
    let subject = certificate.decoded().tbs_certificate().subject();
    match subject.common_name() {
        Ok(Some(name)) => name.value().into_owned(),
        _ => subject.to_string(),
    }
}

/// The organization in the subject, for people.
fn organization_of(certificate: &PDVCertificate) -> Option<String> {
    let subject = certificate.decoded().tbs_certificate().subject();
    match subject.organization() {
        Ok(Some(name)) => Some(name.value().into_owned()),
        _ => None,
    }
}

/// Judges the signer's certificate at the time that the signer claims and at `at`. A claimed time is no proof: what was good
/// then and is expired now needs a time stamp (EN 319 102-1 5.2.6, OUT_OF_BOUNDS_NO_POE).
pub fn judge(
    leaf: &[u8],
    pool: &[&[u8]],
    trust: &Trust,
    claimed: Timestamp,
    at: Timestamp,
    wanted: Use,
) -> Finding {
    let Some(certificate) = read(leaf) else {
        return Finding::without_path(TrustState::Untrusted, vec!["path_invalid"]);
    };
    let mut codes = own_codes(&certificate, trust, wanted);
    codes.extend(times(&certificate, claimed, at));
    if trust.anchors.is_empty() {
        codes.push("no_anchors");
        return Finding::without_path(TrustState::Unknown, codes);
    }
    // One that is an anchor itself needs no path; its use and its times were judged above like any other's.
    if trust.anchors.iter().any(|anchor| anchor == leaf) {
        return Finding::without_path(TrustState::Trusted, codes);
    }
    let paths = candidates(leaf, pool, trust);
    let (held, code) = best(&paths, &certificate, trust, claimed, at);
    if let Some(code) = code {
        add(&mut codes, code);
    }
    let chain = held.map(|path| {
        let between = path.between.iter().map(|der| der.to_vec());
        [leaf.to_vec()].into_iter().chain(between).chain([path.anchor.to_vec()]).collect()
    });
    let state = if chain.is_some() { TrustState::Trusted } else { TrustState::Untrusted };
    Finding { trust: state, codes, chain: chain.unwrap_or_default() }
}

fn add(codes: &mut Vec<Code>, code: Code) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}

/// Rules for the certificate itself: what it may be used for and how long its key is.
fn own_codes(certificate: &PDVCertificate, trust: &Trust, wanted: Use) -> Vec<Code> {
    let tbs = certificate.decoded().tbs_certificate();
    let mut codes = Vec::new();
    let usage = match tbs.get_extension::<KeyUsage>() {
        Ok(None) => true,
        Ok(Some((_, usage))) => usage.digital_signature() || usage.non_repudiation(),
        Err(_) => false,
    };
    let extended = match tbs.get_extension::<ExtendedKeyUsage>() {
        Ok(None) => wanted == Use::Documents,
        Ok(Some((critical, uses))) => match wanted {
            Use::Documents => uses.0.iter().any(|oid| DOCUMENT_USES.contains(&oid.to_string().as_str())),
            Use::TimeStamps => critical && uses.0 == [TIME_STAMPING],
        },
        Err(_) => false,
    };
    if !usage || !extended {
        codes.push("key_usage_wrong");
    }
    if rsa_bits(tbs.subject_public_key_info()).is_some_and(|bits| bits < usize::from(minimum(trust))) {
        codes.push("key_too_short");
    }
    codes
}

fn minimum(trust: &Trust) -> u16 {
    let bits = if trust.min_rsa_bits == 0 { MIN_RSA_BITS } else { trust.min_rsa_bits };
    u16::try_from(bits).unwrap_or(u16::MAX)
}

/// Length of the modulus of an RSA key (RFC 8017 A.1.1).
pub fn rsa_bits(info: &SubjectPublicKeyInfoOwned) -> Option<usize> {
    if info.algorithm.oid != rfc5912::RSA_ENCRYPTION && info.algorithm.oid != rfc5912::ID_RSASSA_PSS {
        return None;
    }
    let parts = tlv::only(info.subject_public_key.raw_bytes())?.inside(SEQUENCE)?;
    let modulus = parts.first()?.of(INTEGER)?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(zeros)?;
    Some((modulus.len() - zeros) * 8 - usize::try_from(first.leading_zeros()).ok()?)
}

fn validity(certificate: &PDVCertificate) -> (i64, i64) {
    let validity = certificate.decoded().tbs_certificate().validity();
    let second =
        |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    (second(&validity.not_before), second(&validity.not_after))
}

/// The certificate's own times. A future claim is refused by the caller.
fn times(certificate: &PDVCertificate, claimed: Timestamp, at: Timestamp) -> Option<Code> {
    let (from, until) = validity(certificate);
    match () {
        () if claimed.as_second() < from || at.as_second() < from => Some("certificate_not_yet_valid"),
        () if claimed.as_second() > until => Some("expired_at_signing"),
        () if at.as_second() > until => Some("expired_no_poe"),
        () => None,
    }
}

/// Certificates between the leaf and an anchor, issuer of the leaf first, then the anchor.
struct Candidate<'a> {
    between: Vec<&'a [u8]>,
    anchor: &'a [u8],
}

fn candidates<'a>(leaf: &'a [u8], pool: &[&'a [u8]], trust: &'a Trust) -> Vec<Candidate<'a>> {
    let helpers: Vec<&[u8]> = pool
        .iter()
        .copied()
        .chain(trust.intermediates.iter().map(Vec::as_slice))
        .filter(|c| *c != leaf)
        .collect();
    let mut out = Vec::new();
    let mut waiting = vec![Vec::new()];
    for _ in 0..MAX_STEPS {
        let Some(chain) = waiting.pop() else { break };
        let last = chain.last().copied().unwrap_or(leaf);
        let Some((issuer, _, _)) = identity(last) else { continue };
        let issued_by = |c: &[u8]| identity(c).is_some_and(|(_, _, subject)| subject == issuer);
        for anchor in trust.anchors.iter().filter(|anchor| issued_by(anchor)) {
            out.push(Candidate { between: chain.clone(), anchor });
        }
        if out.len() >= MAX_PATHS {
            break;
        }
        if chain.len() < MAX_DEPTH {
            let next = helpers.iter().filter(|c| issued_by(c) && !chain.contains(c));
            waiting.extend(next.map(|c| [&chain[..], &[*c]].concat()));
        }
    }
    out
}

/// The path that holds now, or that held at the claimed time; and the code of the best that can be said.
fn best<'p, 'a>(
    paths: &'p [Candidate<'a>],
    leaf: &PDVCertificate,
    trust: &Trust,
    claimed: Timestamp,
    at: Timestamp,
) -> (Option<&'p Candidate<'a>>, Option<Code>) {
    let mut old = None;
    let mut worst: Code = "untrusted";
    for path in paths {
        match validate(path, leaf, trust, at) {
            Ok(()) => return (Some(path), None),
            Err(PathValidationStatus::InvalidNotAfterDate) => match validate(path, leaf, trust, claimed) {
                Ok(()) => old = old.or(Some(path)),
                Err(_) => worst = "expired_at_signing",
            },
            Err(status) if worst != "expired_at_signing" => worst = code(status, worst),
            Err(_) => {}
        }
    }
    match old {
        Some(path) => (Some(path), Some("expired_no_poe")),
        None => (None, Some(worst)),
    }
}

/// What is wrong with a path, by name where that helps; the first name stays.
fn code(status: PathValidationStatus, known: Code) -> Code {
    use PathValidationStatus as S;
    match (status, known) {
        (_, known) if !matches!(known, "untrusted" | "path_invalid") => known,
        (S::NameConstraintsViolation, _) => "path_names",
        (S::InvalidPathLength, _) => "path_too_long",
        (S::NullPolicySet, _) => "path_policies",
        (S::UnprocessedCriticalExtension, _) => "path_unknown_extension",
        (S::InvalidNotBeforeDate, _) => "certificate_not_yet_valid",
        _ => "path_invalid",
    }
}

/// RFC 5280 6.1 for one path at one time, without revocation, which is owed.
fn validate(
    path: &Candidate,
    leaf: &PDVCertificate,
    trust: &Trust,
    at: Timestamp,
) -> Result<(), PathValidationStatus> {
    let damaged = PathValidationStatus::EncodingError;
    let seconds = u64::try_from(at.as_second()).ok().filter(|seconds| *seconds > 0).ok_or(damaged)?;
    let time = TimeOfInterest::from_unix_secs(seconds).map_err(|_| damaged)?;
    let anchor = PDVTrustAnchorChoice::try_from(path.anchor).map_err(|_| damaged)?;
    // certval counts from the anchor down.
    let between =
        path.between.iter().rev().map(|der| read(der)).collect::<Option<Vec<_>>>().ok_or(damaged)?;
    let mut environment = PkiEnvironment::default();
    environment.add_verify_signature_message_callback(super::quick::in_path);
    environment.populate_5280_pki_environment();
    let mut settings = CertificationPathSettings::new();
    settings.set_time_of_interest(time);
    settings.set_require_ta_store(false);
    settings.set_enforce_trust_anchor_validity(true);
    settings.set_enforce_trust_anchor_constraints(true);
    settings.set_min_rsa_modulus_bits(minimum(trust));
    let path = CertificationPath::new(anchor, between, leaf.clone());
    let mut results = CertificationPathResults::new();
    validate_path_rfc5280(&environment, &settings, &path, &mut results).map_err(|error| match error {
        certval::Error::PathValidation(status) => status,
        _ => damaged,
    })
}
