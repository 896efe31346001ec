//! The few parts of certificates, lists and answers that revocation needs, read where they stand (RFC 5280 4.1, 5.1).

use der::asn1::BitString;
use der::oid::ObjectIdentifier;
use jiff::Timestamp;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::verify::tlv::{self, INTEGER, OCTETS, SEQUENCE, Tlv};
use crate::verify::{cms, fields};

const BIT_STRING: u8 = 0x03;
const BOOLEAN: u8 = 0x01;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// An extension (RFC 5280 4.2).
pub(super) struct Extension<'a> {
    pub oid: ObjectIdentifier,
    pub critical: bool,
    pub value: &'a [u8],
}

/// The extensions in a `[n] EXPLICIT SEQUENCE OF Extension`, or in the sequence itself.
pub(super) fn extensions<'a>(list: &Tlv<'a>) -> Option<Vec<Extension<'a>>> {
    list.inside(SEQUENCE)?
        .iter()
        .map(|item| match item.inside(SEQUENCE)?.as_slice() {
            [oid, value] => Some(Extension { oid: oid.oid()?, critical: false, value: value.of(OCTETS)? }),
            [oid, critical, value] => Some(Extension {
                oid: oid.oid()?,
                critical: critical.of(BOOLEAN)? != [0],
                value: value.of(OCTETS)?,
            }),
            _ => None,
        })
        .collect()
}

/// UTCTime or GeneralizedTime in the form that RFC 5280 4.1.2.5 wants.
pub(super) fn time(element: &Tlv) -> Option<Timestamp> {
    let text = std::str::from_utf8(element.content).ok()?.strip_suffix('Z')?;
    let full = match element.tag {
        UTC_TIME if text.len() == 12 => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED_TIME if text.len() >= 14 => text.get(..14)?.to_owned(),
        _ => return None,
    };
    full.bytes().all(|b| b.is_ascii_digit()).then(|| fields::date(full.as_bytes()))?
}

/// The bits of a BIT STRING of whole bytes.
pub(super) fn bits<'a>(element: &Tlv<'a>) -> Option<&'a [u8]> {
    element.of(BIT_STRING)?.strip_prefix(&[0])
}

/// A certificate, as far as revocation looks at it.
pub(super) struct Parts<'a> {
    pub whole: &'a [u8],
    pub serial: &'a [u8],
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    pub from: Timestamp,
    pub until: Timestamp,
    /// Subject public key, the bits alone.
    pub key: &'a [u8],
    pub extensions: Vec<Extension<'a>>,
    signed: Signed<'a>,
}

/// The parts of the body of a certificate behind its version (RFC 5280 4.1).
fn parts(body: &[u8]) -> Option<Vec<Tlv<'_>>> {
    let mut parts = tlv::only(body)?.inside(SEQUENCE)?;
    if parts.first()?.tag == 0xA0 {
        parts.remove(0);
    }
    Some(parts)
}

impl<'a> Parts<'a> {
    pub fn of(certificate: &'a [u8]) -> Option<Self> {
        let signed = Signed::of(certificate)?;
        let parts = parts(signed.body)?;
        let [serial, _, issuer, validity, subject, key, rest @ ..] = parts.as_slice() else { return None };
        let (validity, key) = (validity.inside(SEQUENCE)?, key.inside(SEQUENCE)?);
        let list = rest.iter().find(|part| part.tag == 0xA3);
        Some(Self {
            whole: certificate,
            serial: serial.of(INTEGER)?,
            issuer: issuer.whole,
            subject: subject.whole,
            from: time(validity.first()?)?,
            until: time(validity.get(1)?)?,
            key: bits(key.get(1)?)?,
            extensions: match list {
                Some(list) => extensions(list.inside(0xA3)?.first()?)?,
                None => Vec::new(),
            },
            signed,
        })
    }

    pub fn extension(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        self.extensions.iter().find(|e| e.oid == oid).map(|e| e.value)
    }

    pub fn lives(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.until
    }

    /// Whether the key of `issuer` signed this certificate.
    pub fn signed_by(&self, issuer: &[u8]) -> bool {
        self.signed.by(issuer)
    }
}

/// What certificates, lists and answers have in common: a body, an algorithm, a signature over the body.
pub(super) struct Signed<'a> {
    pub body: &'a [u8],
    algorithm: AlgorithmIdentifierOwned,
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Takes `SEQUENCE { body, algorithm, BIT STRING, ... }` apart.
    pub fn of(whole: &'a [u8]) -> Option<Self> {
        let parts = tlv::only(whole)?.inside(SEQUENCE)?;
        let [body, algorithm, signature, ..] = parts.as_slice() else { return None };
        Some(Self {
            body: (body.tag == SEQUENCE).then_some(body.whole)?,
            algorithm: der::Decode::from_der(algorithm.whole).ok()?,
            signature: bits(signature)?,
        })
    }

    /// Whether the key of the certificate made the signature, by an algorithm that is good enough.
    pub fn by(&self, certificate: &[u8]) -> bool {
        let check = || {
            let parts = parts(Signed::of(certificate)?.body)?;
            let key: SubjectPublicKeyInfoOwned = der::Decode::from_der(parts.get(5)?.whole).ok()?;
            let signature = BitString::from_bytes(self.signature).ok()?;
            Some(cms::holds(self.body, &signature, &self.algorithm, &key))
        };
        check() == Some(true)
    }
}
