//! A time stamp token looked at by itself, before it goes into a file (RFC 3161 2.2, 2.3, 2.4.2; EN 319 422 5.2).

use const_oid::db::rfc5911;
use der::Decode;
use der::oid::ObjectIdentifier;
use jiff::Timestamp;
use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::content::Content;
use super::history::Code;
use super::path::Use;
use super::tlv::{self, INTEGER, SEQUENCE};
use super::{By, TrustState, Verifier, cms, container, tsp};

/// id-aa-signingCertificate (RFC 2634 5.4); RFC 3161 2.4.2 wants it or its successor (RFC 5816).
const ESS_V1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const RULES: cms::Rules = cms::Rules { content_type: tsp::TST_INFO, bound: false };

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// genTime.
    pub time: Timestamp,
    /// Nonce, contents of the integer.
    pub nonce: Option<Vec<u8>>,
}

/// Looks at a token over `pieces`. Without any anchor nobody is believed or disbelieved; else its authority has to lead to one.
///
/// # Errors
/// The code of the first rule that does not hold.
pub(crate) fn look(der: &[u8], pieces: &[&[u8]], verifier: &Verifier, now: Timestamp) -> Result<Stamp, Code> {
    let By { trust, learned, .. } = verifier.by(None);
    let token = container::parse(der)?;
    let info = token.content.ok_or("container_unreadable")?;
    let time = tsp::time(info, Content::Pieces(pieces)).ok_or("digest_mismatch")?;
    let authority = token.signer().ok_or("signer_certificate_missing")?;
    cms::check(&token, Content::Pieces(&[info]), authority, &learned.certificate(authority), RULES)?;
    if !token.has(ESS_V1) && !token.has(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2) {
        return Err("certificate_not_bound");
    }
    if !only_stamps(authority) {
        return Err("key_usage_wrong");
    }
    let finding = learned.judge(authority, &token.certificates, trust, time, now, Use::TimeStamps);
    let known = finding.codes.iter().find(|code| **code != "no_anchors");
    match (known, finding.trust) {
        (Some(code), _) => Err(code),
        (None, TrustState::Untrusted) => Err("untrusted"),
        _ => Ok(Stamp { time, nonce: nonce(info) }),
    }
}

/// The extended key usage is critical and names time stamping alone (RFC 3161 2.3).
fn only_stamps(authority: &[u8]) -> bool {
    let certificate = x509_cert::Certificate::from_der(authority);
    certificate.is_ok_and(|certificate| {
        let usage = certificate.tbs_certificate().get_extension::<ExtendedKeyUsage>();
        matches!(usage, Ok(Some((true, uses))) if uses.0.len() == 1)
    })
}

/// The optional integer behind genTime, accuracy and ordering.
fn nonce(info: &[u8]) -> Option<Vec<u8>> {
    let parts = tlv::only(info)?.inside(SEQUENCE)?;
    parts.iter().skip(5).find_map(|part| part.of(INTEGER)).map(<[u8]>::to_vec)
}
