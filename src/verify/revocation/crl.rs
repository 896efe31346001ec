//! Revocation lists (RFC 5280 5, 6.3.3). Complete lists of the issuer of the certificate count; delta, indirect and
//! reason-split ones are refused by name, because half a list proves nothing.

use der::oid::ObjectIdentifier;
use jiff::Timestamp;

use super::x509::{self, Extension, Parts, Signed};
use super::{Evidence, Revoked, State};
use crate::verify::history::Code;
use crate::verify::tlv::{self, INTEGER, SEQUENCE, Tlv};

const DELTA: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const SCOPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const EXPIRED_STAY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");
const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALID_SINCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const ENUMERATED: u8 = 0x0A;

/// A list.
pub(super) struct List<'a> {
    signed: Signed<'a>,
    issuer: &'a [u8],
    this: Timestamp,
    next: Option<Timestamp>,
    revoked: &'a [u8],
    extensions: Vec<Extension<'a>>,
}

impl<'a> List<'a> {
    /// Takes a list apart.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let signed = Signed::of(bytes)?;
        let parts = tlv::only(signed.body)?.inside(SEQUENCE)?;
        let parts = match parts.first()?.tag {
            INTEGER => parts.get(1..)?,
            _ => parts.as_slice(),
        };
        let [_, issuer, this, rest @ ..] = parts else { return None };
        let (next, rest) = match rest.split_first() {
            Some((first, rest)) if first.tag == 0x17 || first.tag == 0x18 => (Some(x509::time(first)?), rest),
            _ => (None, rest),
        };
        let (revoked, rest) = match rest.split_first() {
            Some((first, rest)) if first.tag == SEQUENCE => (first.content, rest),
            _ => (&[][..], rest),
        };
        let extensions = match rest {
            [] => Vec::new(),
            [list] => x509::extensions(list.inside(0xA0)?.first()?)?,
            _ => return None,
        };
        (issuer.tag == SEQUENCE).then_some(())?;
        Some(Self { signed, issuer: issuer.whole, this: x509::time(this)?, next, revoked, extensions })
    }

    /// Whether every entry can be read.
    pub fn is_whole(&self) -> bool {
        tlv::each(self.revoked).all(|entry| entry.is_some_and(|entry| entry.tag == SEQUENCE))
    }

    fn extension(&self, oid: ObjectIdentifier) -> Option<&'a [u8]> {
        self.extensions.iter().find(|e| e.oid == oid).map(|e| e.value)
    }

    /// What the list says about a certificate of `issuer`; none when it is about others, or nobody's word.
    pub fn about(&self, certificate: &Parts, issuer: &Parts) -> Option<Result<Evidence, Code>> {
        if self.issuer != issuer.subject || !issuer.lives(self.this) || !may_sign_lists(issuer) {
            return None;
        }
        if let Some(code) = self.refusal(certificate) {
            return Some(Err(code));
        }
        if !self.signed.by(issuer.whole) {
            return None;
        }
        let state = self.state(certificate.serial)?;
        let keeps_expired = self.extension(EXPIRED_STAY).is_some();
        let (this, next, spoken_until) = (self.this, self.next, issuer.until);
        Some(Ok(Evidence { this, next, state, keeps_expired, spoken_until, proven: true }))
    }

    /// Why a list of the right issuer does not count.
    fn refusal(&self, certificate: &Parts) -> Option<Code> {
        if self.extension(DELTA).is_some() {
            return Some("crl_delta");
        }
        let known = [SCOPE, DELTA];
        if self.extensions.iter().any(|e| e.critical && !known.contains(&e.oid)) {
            return Some("crl_unknown_extension");
        }
        scope(self.extension(SCOPE)?, certificate)
    }

    fn state(&self, serial: &[u8]) -> Option<State> {
        for entry in tlv::each(self.revoked) {
            let (number, rest) = tlv::first(entry?.content)?;
            if number.tag == INTEGER && number.content == serial {
                return revoked(rest).map(State::Revoked);
            }
        }
        Some(State::Good)
    }
}

/// Date, reason and the time since when the certificate is invalid (5.3.1, 5.3.2). An entry with a critical extension that is
/// not understood counts with its date alone: it says at least that the certificate is revoked (5.3).
fn revoked(mut rest: &[u8]) -> Option<Revoked> {
    let (date, behind) = tlv::first(rest)?;
    rest = behind;
    let mut out = Revoked { at: x509::time(&date)?, reason: None };
    if rest.is_empty() {
        return Some(out);
    }
    for extension in x509::extensions(&tlv::only(rest)?)? {
        if extension.oid == REASON {
            out.reason = tlv::only(extension.value)?.of(ENUMERATED)?.first().copied();
        }
        if extension.oid == INVALID_SINCE {
            out.at = out.at.min(x509::time(&tlv::only(extension.value)?)?);
        }
    }
    Some(out)
}

/// IssuingDistributionPoint (5.2.5) against the certificate.
fn scope(value: &[u8], certificate: &Parts) -> Option<Code> {
    let Some(parts) = tlv::only(value).and_then(|v| v.inside(SEQUENCE)) else { return Some("crl_partial") };
    let on = |tag: u8| parts.iter().any(|p| p.tag == tag && p.content != [0]);
    let is_authority = certificate
        .extension(BASIC)
        .and_then(tlv::only)
        .and_then(|basic| basic.inside(SEQUENCE))
        .is_some_and(|basic| basic.first().is_some_and(|ca| ca.tag == 1 && ca.content != [0]));
    let point = parts.iter().find(|part| part.tag == 0xA0);
    let fits = point.is_none_or(|point| {
        let name = point.inside(0xA0).and_then(|name| name.first().copied());
        let names = name.and_then(|full| full.inside(0xA0)).unwrap_or_default();
        let own = points(certificate);
        names.iter().any(|name| own.contains(&name.whole))
    });
    match () {
        () if on(0x84) => Some("crl_indirect"),
        () if parts.iter().any(|part| part.tag == 0x83) || on(0x85) || !fits => Some("crl_partial"),
        () if on(0x81) && is_authority || on(0x82) && !is_authority => Some("crl_partial"),
        () => None,
    }
}

/// Full names of the distribution points of a certificate (4.2.1.13).
fn points<'a>(certificate: &'a Parts) -> Vec<&'a [u8]> {
    let list = certificate.extension(POINTS).and_then(tlv::only).and_then(|list| list.inside(SEQUENCE));
    let names = |point: &Tlv<'a>| {
        let parts = point.inside(SEQUENCE)?;
        parts.iter().find(|part| part.tag == 0xA0)?.inside(0xA0)?.first()?.inside(0xA0)
    };
    list.iter().flatten().filter_map(names).flatten().map(|name| name.whole).collect()
}

/// Addresses under which the issuer publishes its lists.
pub(super) fn addresses(certificate: &Parts) -> Vec<String> {
    let uri = |name: &&[u8]| {
        let name = tlv::only(name)?;
        (name.tag == 0x86).then(|| String::from_utf8(name.content.to_vec()).ok())?
    };
    points(certificate).iter().filter_map(uri).collect()
}

/// cRLSign (4.2.1.3), bit 6.
fn may_sign_lists(issuer: &Parts) -> bool {
    let bits = |value| tlv::only(value).filter(|usage| usage.tag == 3).map(|usage| usage.content);
    match issuer.extension(KEY_USAGE) {
        None => true,
        Some(value) => bits(value).and_then(|bits| bits.get(1).copied()).is_some_and(|first| first & 2 != 0),
    }
}
