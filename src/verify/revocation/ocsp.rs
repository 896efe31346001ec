//! Answers about one certificate (RFC 6960): by its issuer itself or by a responder to whom the issuer gave the right.

use der::oid::ObjectIdentifier;
use jiff::Timestamp;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::x509::{self, Parts, Signed};
use super::{Evidence, Revoked, State};
use crate::verify::tlv::{self, INTEGER, OCTETS, SEQUENCE, Tlv};

pub(super) const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const CUTOFF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.6");
const EXTENDED_USE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const RESPONDER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
const AT_RESPONDER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const SHA1: ObjectIdentifier = const_oid::db::rfc5912::ID_SHA_1;
const ENUMERATED: u8 = 0x0A;
/// Most answers in one response and most certificates with it.
const MAX_ANSWERS: usize = 1_000;
const MAX_CERTIFICATES: usize = 16;

/// A response.
pub(super) struct Answer<'a> {
    signed: Signed<'a>,
    responder: Tlv<'a>,
    produced: Timestamp,
    single: Vec<Tlv<'a>>,
    certificates: Vec<&'a [u8]>,
}

impl<'a> Answer<'a> {
    /// Takes a response apart: an OCSPResponse that succeeded, or the basic response in it.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let outer = tlv::only(bytes)?.inside(SEQUENCE)?;
        let basic = match outer.as_slice() {
            [status, inner] if status.of(ENUMERATED) == Some(&[0]) => {
                let inner = inner.inside(0xA0)?;
                let parts = inner.first()?.inside(SEQUENCE)?;
                let [kind, octets] = parts.as_slice() else { return None };
                (kind.oid()? == BASIC).then_some(octets.of(OCTETS)?)?
            }
            _ => bytes,
        };
        let signed = Signed::of(basic)?;
        let all = tlv::only(basic)?.inside(SEQUENCE)?;
        let certificates = match all.get(3) {
            Some(list) => list.inside(0xA0)?.first()?.inside(SEQUENCE)?.iter().map(|c| c.whole).collect(),
            None => Vec::new(),
        };
        let parts = tlv::only(signed.body)?.inside(SEQUENCE)?;
        let parts = match parts.first()?.tag {
            0xA0 => parts.get(1..)?,
            _ => parts.as_slice(),
        };
        let [responder, produced, single, ..] = parts else { return None };
        let single = single.inside(SEQUENCE)?;
        let small = single.len() <= MAX_ANSWERS && certificates.len() <= MAX_CERTIFICATES;
        let produced = x509::time(produced)?;
        small.then_some(Self { signed, responder: *responder, produced, single, certificates })
    }

    /// What the response says about a certificate of `issuer`; none when it is about others, or nobody's word. Certificates
    /// of responders have to say that they need no check of their own (4.2.2.2.1): nobody else would vouch for them.
    pub fn about(&self, certificate: &Parts, issuer: &Parts) -> Option<Evidence> {
        let single = self.single.iter().find_map(|single| {
            let parts = single.inside(SEQUENCE)?;
            is_about(parts.first()?, certificate, issuer)?.then_some(parts)
        })?;
        evidence(&single, self.spoken_until(issuer)?)
    }

    /// Until when the certificate of whoever gave the answer is valid; none when it is nobody entitled.
    fn spoken_until(&self, issuer: &Parts) -> Option<Timestamp> {
        if self.is_responder(issuer) && issuer.lives(self.produced) && self.signed.by(issuer.whole) {
            return Some(issuer.until);
        }
        let delegates = self.certificates.iter().filter_map(|certificate| Parts::of(certificate));
        let entitled = |delegate: &Parts| {
            self.is_responder(delegate)
                && delegate.issuer == issuer.subject
                && delegate.lives(self.produced)
                && delegate.extension(NO_CHECK).is_some()
                && is_entitled(delegate)
                && self.signed.by(delegate.whole)
                && delegate.signed_by(issuer.whole)
        };
        delegates.filter(entitled).map(|delegate| delegate.until).next()
    }

    /// responderID: a name, or the SHA-1 of the key.
    fn is_responder(&self, certificate: &Parts) -> bool {
        let Some(inner) = self.responder.inside(self.responder.tag) else { return false };
        let Some(id) = inner.first() else { return false };
        match self.responder.tag {
            0xA1 => id.whole == certificate.subject,
            0xA2 => id.of(OCTETS).is_some_and(|hash| hash == Sha1::digest(certificate.key).as_slice()),
            _ => false,
        }
    }
}

/// id-kp-OCSPSigning.
fn is_entitled(delegate: &Parts) -> bool {
    let uses = delegate.extension(EXTENDED_USE).and_then(tlv::only).and_then(|uses| uses.inside(SEQUENCE));
    uses.is_some_and(|uses| uses.iter().any(|usage| usage.oid() == Some(RESPONDER)))
}

/// CertID (4.1.1). SHA-1 only names the issuer here, it protects nothing.
fn is_about(id: &Tlv, certificate: &Parts, issuer: &Parts) -> Option<bool> {
    let parts = id.inside(SEQUENCE)?;
    let [algorithm, name, key, serial] = parts.as_slice() else { return None };
    let oid = algorithm.inside(SEQUENCE)?.first()?.oid()?;
    let hash = |bytes: &[u8]| match oid {
        SHA1 => Some(Sha1::digest(bytes).to_vec()),
        const_oid::db::rfc5912::ID_SHA_256 => Some(Sha256::digest(bytes).to_vec()),
        const_oid::db::rfc5912::ID_SHA_384 => Some(Sha384::digest(bytes).to_vec()),
        const_oid::db::rfc5912::ID_SHA_512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    };
    let same = serial.of(INTEGER)? == certificate.serial
        && name.of(OCTETS)? == hash(issuer.subject)?
        && key.of(OCTETS)? == hash(issuer.key)?;
    Some(same)
}

/// certStatus, thisUpdate, nextUpdate (4.2.1).
fn evidence(single: &[Tlv], spoken_until: Timestamp) -> Option<Evidence> {
    let [_, status, this, rest @ ..] = single else { return None };
    let state = match status.tag {
        0x80 => State::Good,
        0xA1 => {
            let parts = status.inside(0xA1)?;
            let reason = parts.get(1).and_then(|reason| reason.inside(0xA0)?.first()?.of(ENUMERATED));
            let reason = reason.and_then(|reason| reason.first().copied());
            State::Revoked(Revoked { at: x509::time(parts.first()?)?, reason })
        }
        0x82 => State::Unknown,
        _ => return None,
    };
    let next = match rest.iter().find(|part| part.tag == 0xA0) {
        Some(next) => Some(x509::time(next.inside(0xA0)?.first()?)?),
        None => None,
    };
    let extensions = rest.iter().find(|part| part.tag == 0xA1);
    let extensions = extensions.and_then(|list| x509::extensions(list.inside(0xA1)?.first()?));
    let keeps_expired = extensions.is_some_and(|list| list.iter().any(|e| e.oid == CUTOFF));
    let this = x509::time(this)?;
    Some(Evidence { this, next, state, keeps_expired, spoken_until, proven: true })
}

/// Where the issuer answers (RFC 5280 4.2.2.1).
pub(super) fn addresses(certificate: &Parts) -> Vec<String> {
    let list = certificate.extension(ACCESS).and_then(tlv::only).and_then(|list| list.inside(SEQUENCE));
    let uri = |access: &Tlv| {
        let parts = access.inside(SEQUENCE)?;
        let [method, place] = parts.as_slice() else { return None };
        let ours = method.oid() == Some(AT_RESPONDER) && place.tag == 0x86;
        ours.then(|| String::from_utf8(place.content.to_vec()).ok())?
    };
    list.iter().flatten().filter_map(uri).collect()
}

/// The question about a certificate (4.1), without nonce, so that prepared answers fit.
pub(super) fn question(certificate: &Parts, issuer: &Parts) -> Vec<u8> {
    let algorithm = [0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00];
    let octets = |bytes: &[u8]| tlv::element(OCTETS, &[Sha1::digest(bytes).as_slice()]);
    let id = tlv::element(
        SEQUENCE,
        &[
            &algorithm,
            &octets(issuer.subject),
            &octets(issuer.key),
            &tlv::element(INTEGER, &[certificate.serial]),
        ],
    );
    let wrap = |inner: &[u8]| tlv::element(SEQUENCE, &[inner]);
    wrap(&wrap(&wrap(&wrap(&id))))
}
