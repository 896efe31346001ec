//! One question to a time-stamp service and a look at its answer (RFC 3161, RFC 5816, ETSI EN 319 422). Nothing is embedded
//! that does not answer this very question, in this very minute, by an authority that the office trusts.

use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Decode, Encode, Sequence};
use jiff::{SignedDuration, Timestamp};
use spki::AlgorithmIdentifierOwned;

use crate::error::{Clause, Error, Result, kinds};
use crate::fetch::Fetch;
use crate::sign::Digest;
use crate::verify::{Verifier, stamp};

/// Media types of RFC 3161 3.4.
const QUERY: &str = "application/timestamp-query";
const REPLY: &str = "application/timestamp-reply";
/// Largest answer, bytes; with a chain of certificates they are below 10 KB.
const MAX_ANSWER: u64 = 128 << 10;
/// Bytes of the nonce. The first is kept positive and above zero, so that its DER form has always the same length.
const NONCE: usize = 8;
/// How far the clocks of the service and of this machine may differ.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// MessageImprint (RFC 3161 2.4.1).
#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

/// TimeStampReq (2.4.1) without extensions.
#[derive(Sequence)]
struct Query {
    version: u8,
    imprint: Imprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    nonce: der::asn1::Int,
    certificate_wanted: bool,
}

/// PKIStatusInfo (2.4.2).
#[derive(Sequence)]
struct Status {
    status: u32,
    #[asn1(optional = "true")]
    text: Option<Vec<Any>>,
    #[asn1(optional = "true")]
    failure: Option<der::asn1::BitString>,
}

/// TimeStampResp (2.4.2).
#[derive(Sequence)]
struct Answer {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

/// A time stamp token that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The token, a ContentInfo, as the service spelled it.
    pub der: Vec<u8>,
    /// The time that it proves.
    pub time: Timestamp,
}

/// Asks one service for a stamp over `pieces`, one behind the other.
///
/// # Errors
/// [`kinds::TIMESTAMP_AWAY`] without an answer, [`kinds::TIMESTAMP_REFUSED`] for a refusal, [`kinds::TIMESTAMP_WRONG`] for an
/// answer that is not one to this question or that nobody can believe, [`kinds::CLOCK_WRONG`].
pub(super) fn ask(url: &str, fetch: &dyn Fetch, pieces: &[&[u8]], verifier: &Verifier) -> Result<Token> {
    let nonce = nonce()?;
    let query =
        query(pieces, &nonce).map_err(|e| kinds::INTERNAL.with("cause", format!("time stamp: {e}")))?;
    let answer = fetch.post(url, QUERY, &query, MAX_ANSWER);
    let answer = answer.map_err(|cause| kinds::TIMESTAMP_AWAY.with("url", url).with("cause", cause))?;
    if answer.status != 200 {
        let cause = format!("HTTP {}", answer.status);
        return Err(kinds::TIMESTAMP_AWAY.with("url", url).with("cause", cause));
    }
    if answer.media_type != REPLY {
        return Err(refused(
            url,
            Clause::new("why-stamp-media").with("name", format!("{:?}", answer.media_type)),
        ));
    }
    let der = granted(url, &answer.body)?;
    check(url, &der, pieces, &nonce, verifier, Timestamp::now()).map(|time| Token { der, time })
}

fn wrong(url: &str, cause: &str) -> Error {
    refused(url, Clause::technical(cause))
}

/// The first rule that a token does not keep.
fn stamp_fault(code: &str) -> Clause {
    Clause::new("why-stamp").with("code", code)
}

fn refused(url: &str, cause: Clause) -> Error {
    kinds::TIMESTAMP_WRONG.with("url", url).with("cause", cause)
}

fn nonce() -> Result<[u8; NONCE]> {
    let mut nonce = [0; NONCE];
    let filled = getrandom::fill(&mut nonce);
    filled.map_err(|e| kinds::INTERNAL.with("cause", format!("random numbers: {e}")))?;
    nonce[0] = nonce[0] & 0x7F | 0x40;
    Ok(nonce)
}

fn query(pieces: &[&[u8]], nonce: &[u8]) -> der::Result<Vec<u8>> {
    let imprint = Imprint {
        algorithm: Digest::Sha256.identifier(),
        digest: OctetString::new(Digest::Sha256.of(pieces))?,
    };
    let nonce = der::asn1::Int::new(nonce)?;
    Query { version: 1, imprint, policy: None, nonce, certificate_wanted: true }.to_der()
}

/// The token of an answer that grants one (status 0, or 1 with modifications).
fn granted(url: &str, body: &[u8]) -> Result<Vec<u8>> {
    let answer = Answer::from_der(body).map_err(|e| wrong(url, &e.to_string()))?;
    if answer.status.status > 1 {
        let texts = answer.status.text.unwrap_or_default();
        let texts: Vec<String> =
            texts.iter().map(|text| String::from_utf8_lossy(text.value()).into_owned()).collect();
        let cause = format!("status {} {}", answer.status.status, texts.join(" "));
        return Err(kinds::TIMESTAMP_REFUSED.with("url", url).with("cause", cause.trim()));
    }
    let token = answer.token.ok_or_else(|| refused(url, Clause::new("why-stamp-none")))?;
    token.to_der().map_err(|e| wrong(url, &e.to_string()))
}

/// Imprint, nonce, signature, certificate and trust of a token, and whether its time is now.
fn check(
    url: &str,
    der: &[u8],
    pieces: &[&[u8]],
    nonce: &[u8],
    verifier: &Verifier,
    now: Timestamp,
) -> Result<Timestamp> {
    let seen = stamp::look(der, pieces, verifier, now).map_err(|code| refused(url, stamp_fault(code)))?;
    if seen.nonce.as_deref() != Some(nonce) {
        return Err(refused(url, stamp_fault("nonce")));
    }
    let apart = now.duration_since(seen.time);
    if apart > TOLERANCE || apart < -TOLERANCE {
        return Err(kinds::CLOCK_WRONG.with("source", url).with("there", seen.time).with("here", now));
    }
    Ok(seen.time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_always_the_same_length() {
        let lengths: std::collections::BTreeSet<usize> =
            (0..64).map(|_| query(&[b"x"], &nonce().unwrap()).unwrap().len()).collect();
        assert_eq!(lengths.len(), 1);
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_the_service() {
        let text = Any::new(der::Tag::Utf8String, b"not today".to_vec()).unwrap();
        let status = Status { status: 2, text: Some(vec![text]), failure: None };
        let body = Answer { status, token: None }.to_der().unwrap();
        let error = granted("u", &body).unwrap_err();
        assert_eq!(error.code(), "timestamp_refused");
        assert!(error.message(crate::locales::Lang::En).contains("not today"));
        let status = Status { status: 0, text: None, failure: None };
        let body = Answer { status, token: None }.to_der().unwrap();
        assert_eq!(granted("u", &body).unwrap_err().code(), "timestamp_wrong");
        assert_eq!(granted("u", b"<html>").unwrap_err().code(), "timestamp_wrong");
    }
}
