//! One link of a path by itself: where evidence about it can be asked for, and what a piece of evidence is worth. Whoever
//! embeds evidence asks here first, so that nothing is embedded that this verifier would not believe.

use std::borrow::Cow;

use super::evidence::{Known, Piece, Pool};
use super::x509::Parts;
use super::{Evidence, MAX_ANSWER, MAX_LIST, Outcome, When, crl, decide, gather, is_web, ocsp};

use crate::verify::tlv::{self, OCTETS, SEQUENCE};

const ENUMERATED: u8 = 0x0A;
/// Most addresses of one kind that are asked.
const MAX_ADDRESSES: usize = 2;

/// A question to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// Where.
    pub url: String,
    /// The request of RFC 6960 4.1 to a responder; none where a list is fetched.
    pub request: Option<Vec<u8>>,
    /// Largest answer, bytes.
    pub limit: u64,
}

/// What evidence about one certificate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not revoked at the time that counts.
    Good,
    /// Revoked, since the time that counts or before it.
    Revoked,
    /// Nothing that counts speaks about it.
    Open,
}

/// A piece of evidence as it was read, so that it is not read again for every document of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    evidence: Vec<Evidence>,
}

/// A certificate and the one that issued it, DER.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'a> {
    /// Whose revocation is in question.
    pub certificate: &'a [u8],
    /// Its issuer.
    pub issuer: &'a [u8],
}

impl Link<'_> {
    /// The questions to responders, then those for lists, as the certificate names them.
    pub fn questions(&self) -> (Vec<Question>, Vec<Question>) {
        let (Some(certificate), Some(issuer)) = (Parts::of(self.certificate), Parts::of(self.issuer)) else {
            return (Vec::new(), Vec::new());
        };
        let web = |all: Vec<String>| {
            all.into_iter().filter(|url| is_web(url)).take(MAX_ADDRESSES).collect::<Vec<_>>()
        };
        let request = ocsp::question(&certificate, &issuer);
        let ask = |url| Question { url, request: Some(request.clone()), limit: MAX_ANSWER };
        let get = |url| Question { url, request: None, limit: MAX_LIST };
        (
            web(ocsp::addresses(&certificate)).into_iter().map(ask).collect(),
            web(crl::addresses(&certificate)).into_iter().map(get).collect(),
        )
    }

    /// Reads a piece that would be embedded now; none when it says nothing about this certificate that counts.
    pub fn read(&self, der: &[u8], when: When) -> Option<Read> {
        let (certificate, issuer) = (Parts::of(self.certificate)?, Parts::of(self.issuer)?);
        let mut pool = Pool::default();
        match super::is_list(der) {
            true => pool.lists.push(Piece::loose(der)),
            false => pool.answers.push(Piece::loose(der)),
        }
        let known = Known { proofs: Vec::new(), at: when.at };
        let evidence = gather(&pool, &known, (&certificate, &issuer), when, &mut Vec::new());
        (!evidence.is_empty()).then_some(Read { evidence })
    }

    /// What pieces that were read come to.
    pub fn judge(&self, pieces: &[&Read], when: When) -> Standing {
        let Some(certificate) = Parts::of(self.certificate) else { return Standing::Open };
        let evidence: Vec<Evidence> = pieces.iter().flat_map(|read| read.evidence.iter().copied()).collect();
        match decide(&evidence, &certificate, when) {
            Outcome::Good | Outcome::RevokedLater => Standing::Good,
            Outcome::Open => Standing::Open,
            Outcome::RevokedBefore | Outcome::RevokedSometime => Standing::Revoked,
        }
    }
}

/// Whether the bytes are a revocation list.
pub(crate) fn is_list(der: &[u8]) -> bool {
    super::is_list(der)
}

/// An answer as /DSS wants it (RFC 6960 4.2.1, OCSPResponse); some services and files give the basic response in it alone.
pub(crate) fn as_response(der: &[u8]) -> Cow<'_, [u8]> {
    let outer = tlv::only(der).and_then(|outer| outer.inside(SEQUENCE)).unwrap_or_default();
    if outer.first().is_none_or(|first| first.tag == ENUMERATED) {
        return der.into();
    }
    let basic = tlv::element(0x06, &[ocsp::BASIC.as_bytes()]);
    let bytes = tlv::element(SEQUENCE, &[&basic, &tlv::element(OCTETS, &[der])]);
    tlv::element(SEQUENCE, &[&[ENUMERATED, 1, 0], &tlv::element(0xA0, &[&bytes])]).into()
}
